"""One slide, 16:9, to be shown at the end of a meeting."""

from io import BytesIO

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR
from pptx.text.text import TextFrame
from pptx.util import Inches, Pt

from service.render.documents.xml import clean, sealed
from service.render.room.sign import Sign, qr_code

_WIDTH, _HEIGHT = 13.333, 7.5
_LEFT, _COLUMN = 0.7, 6.2
_CODE = 5.3
_TITLE_ONLY = 5
"""Layout of the library's own template that has a title and nothing else."""
_INK: RGBColor = RGBColor.from_string("22302B")  # type: ignore[no-untyped-call]
_ACCENT: RGBColor = RGBColor.from_string("1F5B4A")  # type: ignore[no-untyped-call]
_SHORT = 40
"""Characters of a link that stand on one line below the code; a longer one is smaller."""


def slide(sign: Sign) -> bytes:
    """Write it as pptx; equal input gives equal bytes."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(_WIDTH), Inches(_HEIGHT)
    deck.core_properties.title = clean(f"{sign.heading} {sign.meeting}")
    deck.core_properties.language = sign.language
    page = deck.slides.add_slide(deck.slide_layouts[_TITLE_ONLY])
    title = page.shapes.title
    assert title is not None
    title.left, title.top, title.width, title.height = map(Inches, (_LEFT, 0.6, _COLUMN, 1.1))
    _write(title.text_frame, [(sign.heading, 48, True, _ACCENT)], sign)
    frame = page.shapes.add_textbox(
        Inches(_LEFT), Inches(1.8), Inches(_COLUMN), Inches(4.9)
    ).text_frame
    _write(
        frame,
        [
            (sign.meeting, 26, True, _INK),
            (sign.when, 20, False, _INK),
            *((question, 26, False, _INK) for question in sign.questions),
            (sign.minute, 20, False, _INK),
        ],
        sign,
    )
    left = _WIDTH - _CODE - 0.6
    picture = page.shapes.add_picture(
        BytesIO(qr_code(sign.link)), Inches(left), Inches(0.5), Inches(_CODE), Inches(_CODE)
    )
    picture.name = "QR"
    picture._element.nvPicPr.cNvPr.set("descr", clean(sign.code))
    below = page.shapes.add_textbox(
        Inches(left), Inches(_CODE + 0.55), Inches(_CODE), Inches(1.3)
    ).text_frame
    size = 22 if len(sign.typed) <= _SHORT else 13
    _write(below, [(sign.scan, 18, False, _INK), (sign.typed, size, True, _ACCENT)], sign)
    out = BytesIO()
    deck.save(out)
    return sealed(out.getvalue())


def _write(frame: TextFrame, lines: list[tuple[str, int, bool, RGBColor]], sign: Sign) -> None:
    frame.word_wrap = True
    frame.vertical_anchor = MSO_ANCHOR.TOP
    for number, (text, size, bold, colour) in enumerate(lines):
        if number:
            frame.add_paragraph()  # type: ignore[no-untyped-call]
        paragraph = frame.paragraphs[-1]
        paragraph.space_after = Pt(14)
        run = paragraph.add_run()
        run.text = clean(text)
        run.font.size, run.font.bold = Pt(size), bold
        run.font.color.rgb = colour
        run._r.get_or_add_rPr().set("lang", sign.language)
