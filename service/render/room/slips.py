"""A sheet of slips to cut out and lay on the tables."""

from io import BytesIO

from docx import Document
from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from service.render.charts import FONTS
from service.render.documents.xml import (
    clean,
    describe_picture,
    element,
    leave_compatibility_mode,
    sealed,
    set_font,
    set_language,
)
from service.render.room.sign import Sign, qr_code

_ROWS, _ACROSS = 4, 2
_MARGIN, _TALL, _CODE = 1.0, 6.7, 3.3


def slips(sign: Sign) -> bytes:
    """Write an A4 sheet of eight slips as docx; equal input gives equal bytes."""
    document = Document()
    document.core_properties.title = clean(f"{sign.heading} {sign.meeting}")
    document.core_properties.language = sign.language
    set_language(document, sign.language)
    leave_compatibility_mode(document)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(_MARGIN)
    section.top_margin = section.bottom_margin = Cm(_MARGIN)
    set_font(document.styles["Normal"], FONTS[0])
    table = document.add_table(rows=_ROWS, cols=_ACROSS)
    table.autofit = False
    _to_cut(table._tbl.tblPr)
    picture = qr_code(sign.link)
    for row in table.rows:
        row.height, row.height_rule = Cm(_TALL), WD_ROW_HEIGHT_RULE.EXACTLY
        for cell in row.cells:
            cell.width = Cm((21 - 2 * _MARGIN) / _ACROSS)
            _slip(cell, sign, picture)
    # Word wants a paragraph below a table: one that does not begin a page.
    document.add_paragraph().paragraph_format.line_spacing = Pt(1)
    out = BytesIO()
    document.save(out)
    return sealed(out.getvalue())


def _slip(cell: _Cell, sign: Sign, picture: bytes) -> None:
    first = cell.paragraphs[0]
    first.paragraph_format.space_before = Pt(6)
    _line(first, sign.heading, 15, bold=True)
    _line(cell.add_paragraph(), sign.meeting, 9.5)
    _line(cell.add_paragraph(), sign.when, 9.5)
    code = cell.add_paragraph()
    code.paragraph_format.space_after = Pt(0)
    run = code.add_run()
    run.add_picture(BytesIO(picture), width=Cm(_CODE))
    describe_picture(run, sign.code, "QR")
    _line(cell.add_paragraph(), sign.typed, 11, bold=True)
    _line(cell.add_paragraph(), sign.minute, 9.5)


def _line(paragraph: Paragraph, text: str, size: float, *, bold: bool = False) -> None:
    paragraph.paragraph_format.space_after = Pt(2)
    run = paragraph.add_run(clean(text))
    run.font.size, run.font.bold = Pt(size), bold


def _to_cut(properties: BaseOxmlElement) -> None:
    """Draw dashed lines between the slips, and leave room inside them."""
    borders = element("tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        borders.append(element(side, val="dashed", sz="4", space="0", color="808080"))
    after = ("w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook", "w:tblCaption")
    properties.insert_element_before(borders, *after)
    inside = element("tblCellMar")
    for side in ("left", "right"):
        inside.append(element(side, w="227", type="dxa"))
    properties.insert_element_before(inside, *after[3:])
