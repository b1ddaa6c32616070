"""Captions carry what was said and no names; transcripts carry both."""

import pytest

from service.errors import UnreadableFile
from service.parse.transcript import captions, plain_transcript

TEAMS = (
    b"\xef\xbb\xbfWEBVTT\r\n\r\nNOTE made for Kim Prov\r\n\r\n"
    b"1a2b/12-0\r\n00:00:01.000 --> 00:00:04.200\r\n"
    b"<v Kim Prov>Hej och v\xc3\xa4lkomna.</v>\r\n\r\n"
    b"1a2b/12-1\r\n00:00:04.200 --> 00:00:06.000\r\n<v Kim Prov>Vi b\xc3\xb6rjar.</v>\r\n\r\n"
    b"1a2b/13-0\r\n00:00:06.000 --> 00:00:09.000 align:start\r\n"
    b"<v Lo Prov &amp; Co>5 &lt; 6 &amp; s\xc3\xa5</v>\r\n\r\n"
    b"1a2b/14-0\r\n00:00:09.000 --> 00:00:10.000\r\n<v Kim Prov></v>\r\n"
)


def test_captions() -> None:
    """Voices, notes and identifiers are gone, times and escapes stand, empty cues are left out."""
    assert captions(TEAMS).decode() == (
        "WEBVTT\n\n00:00:01.000 --> 00:00:04.200\nHej och välkomna.\n\n"
        "00:00:04.200 --> 00:00:06.000\nVi börjar.\n\n"
        "00:00:06.000 --> 00:00:09.000 align:start\n5 &lt; 6 &amp; så\n"
    )
    assert captions(captions(TEAMS)) == captions(TEAMS)


def test_no_name_in_captions() -> None:
    """No speaker's name is left in the bytes."""
    assert b"Prov" not in captions(TEAMS)


def test_plain_transcript() -> None:
    """One paragraph a turn, with the speaker and without markup."""
    assert plain_transcript(TEAMS) == (
        "Kim Prov: Hej och välkomna. Vi börjar.\n\nLo Prov & Co: 5 < 6 & så\n"
    )


@pytest.mark.parametrize("content", [b"", b"hej", b"WEBVTTX", b"\xff\xfe\x00"])
def test_refused(content: bytes) -> None:
    """What is no WebVTT is refused with a reason."""
    with pytest.raises(UnreadableFile):
        captions(content)
