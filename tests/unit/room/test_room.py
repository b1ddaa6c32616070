"""The slide and the slips for the room, and when they are laid ready."""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO

import pytest
import segno
from docx import Document
from pptx import Presentation
from pptx.util import Emu

from service.domain.actions import RefreshFile, Shelf
from service.domain.meeting import Form, Meeting, Status
from service.domain.survey.rules import OwnQuestion, SurveyRules
from service.jobs.prepare_room import Observed, plan
from service.render.room import Sign, slips
from service.render.room.sign import qr_code
from service.render.room.slide import slide
from tests.unit.effects.world import meeting, network, texts

LINK = "https://forms.office.com/e/Utvardering0510"
COMING = replace(meeting(), status=Status.INVITED, survey_link=LINK)
SIGN = Sign(
    language="sv-SE",
    network="Kommunnätverket",
    meeting="Natur i stadsplanering",
    when="onsdag 8 mars",
    heading="Vad tyckte du?",
    questions=("Hur nöjd är du?", "Till vilken nytta?"),
    scan="Rikta kameran hit:",
    minute="Svara senast onsdag 15 mars.",
    link=LINK,
    code=f"QR-kod: {LINK}",
)


def pictures() -> Iterator[bytes]:
    for shape in Presentation(BytesIO(slide(SIGN))).slides[0].shapes:
        if hasattr(shape, "image"):
            yield shape.image.blob
    document = Document(BytesIO(slips(SIGN)))
    for part in document.part.related_parts.values():
        if part.content_type == "image/png":
            yield part.blob


def bits(png: bytes) -> list[list[int]]:
    """Read a PNG of one bit a pixel, by its specification alone; 1 is black."""
    width, height, depth, colour = struct.unpack(">IIBB", png[16:26])
    assert (depth, colour) == (1, 0)
    data, place = b"", 8
    while place < len(png):
        (length,) = struct.unpack(">I", png[place : place + 4])
        if png[place + 4 : place + 8] == b"IDAT":
            data += png[place + 8 : place + 8 + length]
        place += length + 12
    raw, stride = zlib.decompress(data), (width + 7) // 8
    before, found = bytes(stride), []
    for row in range(height):
        start = row * (stride + 1)
        kind, line = raw[start], raw[start + 1 : start + 1 + stride]
        assert kind in (0, 2)  # as it is, or the difference to the line above
        if kind == 2:
            line = bytes((one + other) % 256 for one, other in zip(line, before, strict=True))
        before = line
        found.append([1 - (line[x // 8] >> (7 - x % 8) & 1) for x in range(width)])
    return found


def test_the_code_is_the_link() -> None:
    """Each picture, sampled in the middle of every module, is the link's code with its border."""
    wanted = [
        [int(bool(module)) for module in row]
        for row in segno.make(LINK, error="q", micro=False).matrix_iter(scale=1, border=4)
    ]
    found = list(pictures())
    assert len(found) == 2
    for png in found:
        image = bits(png)
        module = len(image) // len(wanted)
        middle = range(module // 2, len(image), module)
        assert [[image[y][x] for x in middle] for y in middle] == wanted


def test_the_slide() -> None:
    """16:9, titled, everything within it, a code of 13 cm that is told to those who listen."""
    deck = Presentation(BytesIO(slide(SIGN)))
    assert deck.slide_width is not None
    assert deck.slide_height is not None
    assert round(deck.slide_width / deck.slide_height, 2) == 1.78
    shapes = list(deck.slides[0].shapes)
    assert deck.slides[0].shapes.title is not None
    said = "\n".join(shape.text_frame.text for shape in shapes if shape.has_text_frame)
    for part in (SIGN.heading, SIGN.meeting, SIGN.when, *SIGN.questions, SIGN.scan, SIGN.typed):
        assert part in said
    [code] = [shape for shape in shapes if hasattr(shape, "image")]
    assert code._element.nvPicPr.cNvPr.get("descr") == SIGN.code
    assert Emu(code.width).cm > 13
    for shape in shapes:
        assert shape.left + shape.width <= deck.slide_width
        assert shape.top + shape.height <= deck.slide_height


def test_the_slips() -> None:
    """Eight on an A4 sheet, each whole: what for, when, the code, the link."""
    document = Document(BytesIO(slips(SIGN)))
    [table] = document.tables
    cells = [cell for row in table.rows for cell in row.cells]
    assert len(cells) == 8
    assert {cell.text for cell in cells} == {
        "\n".join((SIGN.heading, SIGN.meeting, SIGN.when, "", SIGN.typed, SIGN.minute))
    }
    tall = sum(row.height.cm for row in table.rows if row.height is not None)
    assert tall < document.sections[0].page_height.cm - 2  # type: ignore[union-attr]
    described = document.element.xpath("//wp:docPr/@descr")
    assert described == [SIGN.code] * 8


def test_they_are_the_same_when_made_again() -> None:
    """Equal input gives equal bytes."""
    assert (slide(SIGN), slips(SIGN)) == (slide(SIGN), slips(SIGN))


def test_a_long_link_is_drawn_too() -> None:
    """Forms' own long addresses: a larger code, still readable."""
    long = f"https://forms.office.com/Pages/ResponsePage.aspx?id={'DQSIkWdsW0' * 12}"
    assert len(bits(qr_code(long))) > len(bits(qr_code(LINK)))
    assert slide(replace(SIGN, link=long)).startswith(b"PK")


# ---------------------------------------------------------------- when


def planned(of: Meeting, now: datetime, rules: SurveyRules | None = None) -> list[RefreshFile]:
    plain = network() if rules is None else replace(network(), survey=rules)
    seen = Observed(network=plain, meetings=(of,), words=texts(), language="sv-SE")
    found = plan(seen, now)
    assert all(isinstance(one, RefreshFile) for one in found)
    return [one for one in found if isinstance(one, RefreshFile)]


@pytest.mark.parametrize(("days", "files"), [(15, 0), (14, 2), (1, 2), (-1, 0)])
def test_a_fortnight_before(days: int, files: int) -> None:
    """From two weeks before a meeting until it is over; never afterwards."""
    assert len(planned(COMING, COMING.start - timedelta(days=days))) == files


def test_in_the_coordinators_folder() -> None:
    """Beside what else belongs to the meeting and is not for members."""
    found = planned(COMING, COMING.start)
    assert [one.name for one in found] == [
        "Enkätbild med QR-kod.pptx",
        "Enkätlappar med QR-kod.docx",
    ]
    assert {one.folder.shelf for one in found} == {Shelf.COORDINATION}
    assert {one.folder.path for one in found} == {"Underlag/2023/2023-03-08 Natur i stadsplanering"}
    assert all(one.source.make().startswith(b"PK") for one in found)


@pytest.mark.parametrize(
    ("of", "files"),
    [
        (replace(COMING, survey_link=""), 0),
        (replace(COMING, survey_link="http://plain.exempel.se"), 0),
        (replace(COMING, status=Status.CANCELLED), 0),
        (replace(COMING, status=Status.PLANNED), 0),
        (replace(COMING, form=Form.DIGITAL), 1),
    ],
)
def test_only_where_people_are_asked(of: Meeting, files: int) -> None:
    """No link, no meeting: nothing. Without a room there is nowhere to lay slips."""
    assert len(planned(of, of.start)) == files


def test_they_follow_what_changes() -> None:
    """Another link or title, another file; another day for answers, too."""
    marks = {
        one.source.fingerprint
        for of in (
            COMING,
            replace(COMING, title="Vattenvård"),
            replace(COMING, survey_link=f"{LINK}2"),
            replace(COMING, survey_closes=COMING.last_day),
        )
        for one in planned(of, of.start)
    }
    assert len(marks) == 4


def test_the_networks_own_questions() -> None:
    """As it asks them; a wording for any occasion is said in words that fit every meeting."""
    rules = SurveyRules(
        questions=(
            OwnQuestion(key="satisfaction", meaning="satisfaction", wordings=("Hvor fornøyd?",)),
            OwnQuestion(key="usefulness", meaning="usefulness", wordings=("Nytte av {occasion}?",)),
        )
    )
    [shown, _] = planned(COMING, COMING.start, rules)
    deck = Presentation(BytesIO(shown.source.make()))
    said = "\n".join(one.text_frame.text for one in deck.slides[0].shapes if one.has_text_frame)
    assert "Hvor fornøyd?" in said
    assert "{occasion}" not in said
