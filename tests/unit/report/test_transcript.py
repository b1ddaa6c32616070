"""The transcript as a document: title, note, speakers, times, silences."""

import tomllib
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import docx
import pytest

from service.domain.transcript import Turn
from service.render.documents import Labels, labels_from
from service.render.transcript import Occasion, transcript_document
from service.shipped import shipped

HELD = Occasion(title="Natur i stadsplanering", held=date(2023, 3, 8), network="Nätverket")
MINUTE = timedelta(minutes=1)


def labels(language: str = "sv") -> Labels:
    return labels_from(tomllib.loads(shipped("report", f"{language}.toml").read_text("utf-8")))


def turn(minute: float, *paragraphs: str, speaker: str = "Kim Prov") -> Turn:
    start = minute * MINUTE
    end = start + timedelta(seconds=20)
    return Turn(speaker=speaker, start=start, end=end, paragraphs=paragraphs or ("Hej.",))


def written(spoken: Iterable[Turn], of: Occasion = HELD) -> list[tuple[str, str]]:
    """Style and text of every paragraph."""
    document = docx.Document(BytesIO(transcript_document(tuple(spoken), of, labels())))
    return [(each.style.name, each.text) for each in document.paragraphs]


def test_a_short_one() -> None:
    """Title, day and a note, then a paragraph for the speaker with the time, and the words."""
    lines = written([turn(0.1, "Hej.", "Välkomna."), turn(0.9, speaker="")])

    assert lines[:3] == [
        ("Subtitle", "Transkript"),
        ("Title", "Natur i stadsplanering"),
        ("Caption", "8 mars 2023, Nätverket"),
    ]
    assert "framställt automatiskt" in lines[3][1]
    assert lines[4:] == [
        ("Transcript speaker", "Kim Prov  00:06"),
        ("Normal", "Hej."),
        ("Normal", "Välkomna."),
        ("Transcript speaker", "Okänd talare  00:54"),
        ("Normal", "Hej."),
    ]


def test_silences() -> None:
    """Long ones are folded to a line, one before the first word too; short ones are not told."""
    lines = written([turn(2.5), turn(4), turn(16.9)])
    assert [text for style, text in lines if style == "Transcript silence"] == [
        "… 2\N{NO-BREAK SPACE}minuters tystnad …",
        "… 12\N{NO-BREAK SPACE}minuters tystnad …",
    ]


def test_a_long_one() -> None:
    """Headings to move by, one a quarter of an hour in which somebody speaks; hours throughout."""
    lines = written([turn(1), turn(16), turn(17), turn(61)])

    assert [text for style, text in lines if style == "Heading 1"] == [
        "0:00:00–0:15:00",
        "0:15:00–0:30:00",
        "1:00:00–1:15:00",
    ]
    assert lines[-2] == ("Transcript speaker", "Kim Prov  1:01:00")


def test_a_part() -> None:
    """Which of several it is."""
    second = Occasion(title="Natur", held=date(2023, 3, 8), network="Nätverket", part=2)
    assert written([turn(0)], second)[2][1] == "8 mars 2023, del 2, Nätverket"


def test_nothing_said() -> None:
    """A document without words says that there are none."""
    assert written([])[4:] == [("Normal", "Inget tal har återgetts i transkriptet.")]


def test_names_and_words_of_others() -> None:
    """Markup is text, and what XML cannot hold is left out."""
    of = Occasion(title="A <b>& \x00B", held=date(2023, 3, 8), network="N\x01")
    lines = written([turn(0, "<w:p/>\x0b\x00 &amp;", speaker="Kim\t<i>\x1f\n")], of)

    assert lines[1] == ("Title", "A <b>& B")
    assert lines[4:] == [("Transcript speaker", "Kim <i>  00:00"), ("Normal", "<w:p/> &amp;")]


def test_equal_bytes() -> None:
    """The same words make the same file; its date is the meeting's and its language is set."""
    spoken = (turn(0), turn(3))
    made = transcript_document(spoken, HELD, labels())
    core = docx.Document(BytesIO(made)).core_properties

    assert made == transcript_document(spoken, HELD, labels())
    assert core.title == "Transkript: Natur i stadsplanering, 8 mars 2023"
    assert (core.language, core.created) == ("sv-SE", datetime(2023, 3, 8, tzinfo=UTC))


@pytest.mark.parametrize(("language", "word"), [("nb", "minutters"), ("en", "minutes of")])
def test_languages(language: str, word: str) -> None:
    """Every word is the network's language."""
    document = docx.Document(BytesIO(transcript_document((turn(3),), HELD, labels(language))))
    said = "\n".join(each.text for each in document.paragraphs)
    assert f"3\N{NO-BREAK SPACE}{word}" in said
    assert "Transkript\n" not in said
