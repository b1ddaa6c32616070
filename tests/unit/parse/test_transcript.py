"""Captions carry what was said and no names; transcripts tell who said what, and when."""

from datetime import timedelta

import pytest
import webvtt

from service.domain.transcript import SILENCE
from service.errors import UnreadableFile
from service.parse.transcript import LONG, PAUSE, captions, turns

TEAMS = (
    b"\xef\xbb\xbfWEBVTT\r\n\r\nNOTE made for Kim Prov\r\n\r\n"
    b"1a2b/12-0\r\n00:00:01.000 --> 00:00:04.200\r\n"
    b"<v Kim Prov>Hej och v\xc3\xa4lkomna.</v>\r\n\r\n"
    b"1a2b/12-1\r\n00:00:04.200 --> 00:00:06.000\r\n<v Kim Prov>Vi b\xc3\xb6rjar.</v>\r\n\r\n"
    b"1a2b/13-0\r\n00:00:06.000 --> 00:00:09.000 align:start\r\n"
    b"<v Lo Prov &amp; Co>5 &lt; 6 &amp; s\xc3\xa5</v>\r\n\r\n"
    b"1a2b/14-0\r\n00:00:09.000 --> 00:00:10.000\r\n<v Kim Prov></v>\r\n"
)
SECOND = timedelta(seconds=1)


def vtt(*cues: tuple[timedelta, str]) -> bytes:
    """Cues of a second each, from these times on."""
    blocks = ["WEBVTT"]
    for start, text in cues:
        times = (f"0{moment}.000" for moment in (start, start + SECOND))
        blocks.append(f"{' --> '.join(times)}\n{text}")
    return "\n\n".join(blocks).encode()


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


def test_captions_by_another_reader() -> None:
    """Another library, told to be strict, reads every cue of three hours, arrows in them too."""
    hours = [(n * 5 * SECOND, f"<v Kim>Ord {n} --> så\n\nutanför</v>") for n in range(2160)]
    read = webvtt.from_string(captions(vtt(*hours)).decode(), strict=True)

    assert len(read) == 2160
    assert (read[-1].start, read[-1].text) == ("02:59:55.000", "Ord 2159 --&gt; så")
    assert all(cue.voice is None for cue in read)


def test_turns() -> None:
    """A speaker's cues are one turn, from the first one's beginning; markup is undone."""
    kim, lo = turns(TEAMS)

    assert (kim.speaker, kim.paragraphs) == ("Kim Prov", ("Hej och välkomna. Vi börjar.",))
    assert (kim.start, kim.end) == (SECOND, 6 * SECOND)
    assert (lo.speaker, lo.paragraphs) == ("Lo Prov & Co", ("5 < 6 & så",))


def test_two_voices_in_a_cue() -> None:
    """Each has a turn; what precedes the first is nobody's."""
    found = turns(vtt((SECOND, "ja <v Kim>nej</v> <v.loud Lo>kanske</v>")))
    assert [(turn.speaker, *turn.paragraphs) for turn in found] == [
        ("", "ja"),
        ("Kim", "nej"),
        ("Lo", "kanske"),
    ]


def test_in_order_of_time() -> None:
    """A cue that stands too late in the file is said when it was said."""
    found = turns(vtt((9 * SECOND, "<v Kim>två"), (SECOND, "<v Kim>ett")))
    assert [turn.paragraphs for turn in found] == [("ett", "två")]


@pytest.mark.parametrize(
    ("pause", "parts"),
    [
        (PAUSE - SECOND, [("a b",)]),
        (PAUSE, [("a", "b")]),
        (SILENCE - SECOND, [("a", "b")]),
        (SILENCE, [("a",), ("b",)]),
    ],
)
def test_pauses(pause: timedelta, parts: list[tuple[str, ...]]) -> None:
    """A pause begins a paragraph, a silence a turn, of the same speaker too."""
    found = turns(vtt((SECOND, "<v Kim>a"), (2 * SECOND + pause, "<v Kim>b")))
    assert [turn.paragraphs for turn in found] == parts


def test_long_speeches() -> None:
    """Somebody who never pauses is given paragraphs, which end with a sentence."""
    said = "ord och åter ord, "
    (turn,) = turns(vtt(*[(n * SECOND, f"<v Kim>{said * 9}slut.") for n in range(50)]))

    assert len(turn.paragraphs) > 5
    assert all(LONG <= len(text) < LONG + 200 for text in turn.paragraphs[:-1])
    assert all(text.endswith("slut.") for text in turn.paragraphs)


def test_nothing_said() -> None:
    """A transcript without words has no turns."""
    assert turns(b"WEBVTT\n") == ()


@pytest.mark.parametrize("content", [b"", b"hej", b"WEBVTTX", b"\xff\xfe\x00"])
def test_refused(content: bytes) -> None:
    """What is no WebVTT is refused with a reason."""
    for read in (captions, turns):
        with pytest.raises(UnreadableFile):
            read(content)
