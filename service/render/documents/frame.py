"""The empty document: paper, styles, language, header and footer; and its bytes when done."""

from datetime import UTC, datetime
from io import BytesIO

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

from service.render.documents import xml

FONT = "Arial"
"""On every Windows and Mac; elsewhere Liberation Sans has the same widths."""
ACCENT = "1F5B4A"
INK = "22302B"
MUTED = "4F5E58"
TINT = "EDF3F0"
RULE = "BFCBC5"
WIDTH_CM = 16.0
"""Between the margins."""

# name: parent, size, bold, colour, space before, space after (points)
_STYLES: dict[str, tuple[str, float, bool, str, float, float]] = {
    "Heading 1": ("Normal", 20, True, ACCENT, 26, 8),
    "Heading 2": ("Normal", 15, True, ACCENT, 20, 5),
    "Heading 3": ("Normal", 11.5, True, INK, 15, 1),
    "Title": ("Normal", 40, True, ACCENT, 0, 10),
    "Subtitle": ("Normal", 14, False, MUTED, 0, 0),
    "Caption": ("Normal", 9, False, MUTED, 10, 5),
    "Quote": ("Normal", 10.5, False, INK, 3, 3),
    "Report network": ("Normal", 18, True, INK, 150, 18),
    "Report contents": ("Normal", 20, True, ACCENT, 0, 12),
    "Report lead": ("Normal", 10.5, False, MUTED, 0, 6),
    "Report kept": ("Normal", 10.5, False, INK, 0, 7),
    "Report facts": ("Normal", 9.5, False, MUTED, 0, 4),
    "Report figures": ("Normal", 9.5, True, ACCENT, 2, 4),
    "Report table": ("Normal", 9, False, INK, 0, 0),
    "Report number": ("Normal", 27, True, ACCENT, 0, 0),
    "Report unit": ("Normal", 10, True, INK, 6, 0),
    "Report note": ("Normal", 8.5, False, MUTED, 0, 4),
    "Report remark": ("Normal", 9, False, MUTED, 5, 10),
    "Report picture": ("Normal", 9, False, INK, 6, 0),
    "List Bullet": ("Normal", 10.5, False, INK, 0, 3),
    "List Number": ("Normal", 10.5, False, INK, 0, 5),
    "Report draft": ("Normal", 9.5, False, INK, 215, 0),
    "Report method": ("Normal", 9.5, False, INK, 0, 5),
    "toc 1": ("Normal", 11, True, INK, 7, 2),
    "toc 2": ("Normal", 10.5, False, INK, 0, 2),
}
_KEPT_WITH_NEXT = (
    "Heading 1",
    "Heading 2",
    "Heading 3",
    "Report contents",
    "Report facts",
    "Report lead",
    "Report kept",
    "Report picture",
    "Quote",
)


def blank(*, language: str, title: str, author: str, made: datetime) -> Document:
    """Make an A4 document with every style that the report uses."""
    document = docx.Document()
    _drop_thumbnail(document)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin, section.bottom_margin = Cm(2.6), Cm(2.4)
    section.header_distance = section.footer_distance = Cm(1.2)
    _styles(document)
    xml.set_language(document, language)
    xml.leave_compatibility_mode(document)
    _properties(document, title, author, made)
    document.core_properties.language = language
    return document


def running_lines(document: Document, *, left: str, right: str, page: str) -> None:
    """Put the header and, with the number of the page, the footer; none on the title page."""
    section = document.sections[0]
    section.different_first_page_header_footer = True
    header = section.header.paragraphs[0]
    header.style = "Header"
    for tabs in document.styles["Header"].element.iter(qn("w:tabs")):
        tabs.getparent().remove(tabs)
    header.paragraph_format.tab_stops.add_tab_stop(Cm(WIDTH_CM), WD_TAB_ALIGNMENT.RIGHT)
    header.add_run(xml.clean(f"{left}\t{right}"))
    footer = section.footer.paragraphs[0]
    footer.style = "Footer"
    footer.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _page_of(footer, page)


def packed(document: Document) -> bytes:
    """Return the bytes of the document, the same for the same content."""
    out = BytesIO()
    document.save(out)
    return xml.sealed(out.getvalue())


def _page_of(paragraph: Paragraph, text: str) -> None:
    """Put fields where the words name them."""
    before, _, rest = text.partition("{page}")
    between, _, after = rest.partition("{pages}")
    paragraph.add_run(before)
    xml.add_field(paragraph.add_run(), "PAGE", "1")
    paragraph.add_run(between)
    xml.add_field(paragraph.add_run(), "NUMPAGES", "1")
    paragraph.add_run(after)


def _styles(document: Document) -> None:
    normal = document.styles["Normal"]
    assert isinstance(normal, ParagraphStyle)
    _look(normal, size=10.5, colour=INK)
    normal.paragraph_format.space_after = Pt(7)
    normal.paragraph_format.line_spacing = 1.2
    normal.paragraph_format.widow_control = True
    for name, (parent, size, bold, colour, before, after) in _STYLES.items():
        style = xml.style_named(document, name)
        style.base_style = document.styles[parent]
        _look(style, size=size, colour=colour, bold=bold)
        style.paragraph_format.space_before, style.paragraph_format.space_after = (
            Pt(before),
            Pt(after),
        )
        style.paragraph_format.keep_with_next = name in _KEPT_WITH_NEXT
    for name in ("Header", "Footer"):
        _look(xml.style_named(document, name), size=8.5, colour=MUTED)
    _finish(document)


def _finish(document: Document) -> None:
    """What some styles have beyond size and space."""
    for name in ("Title", "Heading 1", "Heading 2", "Heading 3"):
        properties = document.styles[name].element.get_or_add_pPr()
        for border in properties.findall(qn("w:pBdr")):
            properties.remove(border)
    for name in ("Report table", "Report number", "Title", "Report contents"):
        xml.style_named(document, name).paragraph_format.line_spacing = 1.05
    figures = xml.style_named(document, "Report figures").element.get_or_add_pPr()
    xml.paragraph_borders(figures, {"left": (24, 6, ACCENT)})
    xml.shade(figures, TINT)
    quote = xml.style_named(document, "Quote")
    quote.font.italic = True
    quote.paragraph_format.left_indent = Cm(0.5)
    quote.paragraph_format.keep_together = True
    xml.paragraph_borders(quote.element.get_or_add_pPr(), {"left": (12, 8, RULE)})
    for name, indent in (("toc 1", 0.0), ("toc 2", 0.6)):
        style = xml.style_named(document, name)
        style.paragraph_format.left_indent = Cm(indent)
        style.paragraph_format.tab_stops.add_tab_stop(Cm(WIDTH_CM), WD_TAB_ALIGNMENT.RIGHT)
    for spacing in xml.style_named(document, "List Number").element.iter(qn("w:contextualSpacing")):
        spacing.set(qn("w:val"), "0")
    draft = xml.style_named(document, "Report draft").element.get_or_add_pPr()
    box = xml.style_named(document, "Report draft").paragraph_format
    box.left_indent = box.right_indent = Cm(0.3)
    xml.paragraph_borders(draft, dict.fromkeys(("top", "left", "bottom", "right"), (6, 8, RULE)))
    network = xml.style_named(document, "Report network").element.get_or_add_pPr()
    xml.paragraph_borders(network, {"top": (48, 18, ACCENT)})


def _look(style: ParagraphStyle, *, size: float, colour: str, bold: bool = False) -> None:
    xml.set_font(style, FONT)
    style.font.size = Pt(size)
    style.font.bold = bold
    style.font.italic = False
    style.font.color.rgb = RGBColor.from_string(colour)


def _properties(document: Document, title: str, author: str, made: datetime) -> None:
    core = document.core_properties
    at = made.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    core.title, core.author, core.last_modified_by = title, author, author
    core.created = core.modified = at
    core.comments = core.keywords = core.category = ""
    core.subject = title
    core.revision = 1


def _drop_thumbnail(document: Document) -> None:
    """The template's picture of itself would be shown for the report."""
    relations = document.part.package.rels
    for key in [key for key, one in relations.items() if one.reltype.endswith("/thumbnail")]:
        del relations[key]
