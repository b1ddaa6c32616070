"""Tables that can be read aloud, printed in grey and broken over pages."""

from collections.abc import Sequence
from dataclasses import dataclass

from docx.document import Document
from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, RGBColor
from docx.table import Table, _Cell, _Row

from service.render.documents.frame import ACCENT, RULE, TINT, WIDTH_CM
from service.render.documents.xml import clean, element, shade

_KEPT_WHOLE = 14
"""A table of so few rows moves to the next page rather than being broken."""
_BOX = ("Report unit", "Report number", "Report note")
_AFTER_LAYOUT = ("w:tblCellMar", "w:tblLook", "w:tblCaption", "w:tblDescription")


@dataclass(frozen=True, kw_only=True)
class Column:
    heading: str
    width_cm: float
    number: bool = False
    """Figures stand to the right, under each other."""


def add_table(  # noqa: PLR0913 - a table has many sides; keywords only
    document: Document,
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    *,
    description: str,
    total: Sequence[str] = (),
    noted: bool = False,
) -> Table:
    """
    Add a table whose first row is repeated on every page, with a sum below if given.

    `noted`: a remark follows it, which is never alone on a page.
    """
    everything = [[column.heading for column in columns], *rows, *([total] if total else [])]
    table: Table = document.add_table(rows=len(everything), cols=len(columns))
    _frame(table, [column.width_cm for column in columns], clean(description))
    whole = len(everything) <= _KEPT_WHOLE
    for place, (row, words) in enumerate(zip(table.rows, everything, strict=True)):
        _unbroken(row)
        last = place == len(everything) - 1
        for cell, text, column in zip(row.cells, words, columns, strict=True):
            _fill(
                cell, text, number=column.number, with_next=noted if last else whole or place == 0
            )
        if place == 0:
            _heading_row(row)
        elif last and total:
            _total_row(row)
    return table


def add_boxes(
    document: Document, boxes: Sequence[tuple[str, str, str]], *, description: str
) -> None:
    """Add figures side by side: what is counted, the number, and a note below."""
    table = document.add_table(rows=3, cols=len(boxes))
    _frame(table, [WIDTH_CM / len(boxes)] * len(boxes), clean(description), boxed=True)
    table.rows[0]._tr.get_or_add_trPr().append(element("tblHeader"))
    for place, (row, style) in enumerate(zip(table.rows, _BOX, strict=True)):
        _unbroken(row)
        for cell, box in zip(row.cells, boxes, strict=True):
            shade(cell._tc.get_or_add_tcPr(), TINT)
            cell.paragraphs[0].style = style
            cell.paragraphs[0].add_run(clean(box[place]))
            cell.paragraphs[0].paragraph_format.keep_with_next = place < len(_BOX) - 1


def _fill(cell: _Cell, text: str, *, number: bool, with_next: bool) -> None:
    cell.vertical_alignment = WD_ALIGN_VERTICAL.TOP
    paragraph = cell.paragraphs[0]
    paragraph.style = "Report table"
    paragraph.add_run(clean(text))
    paragraph.paragraph_format.keep_with_next = with_next
    if number:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _heading_row(row: _Row) -> None:
    row._tr.get_or_add_trPr().append(element("tblHeader"))
    for cell in row.cells:
        shade(cell._tc.get_or_add_tcPr(), ACCENT)
        cell.vertical_alignment = WD_ALIGN_VERTICAL.BOTTOM
        for run in cell.paragraphs[0].runs:
            run.font.bold = True
            run.font.color.rgb = RGBColor(0xFF, 0xFF, 0xFF)


def _total_row(row: _Row) -> None:
    for cell in row.cells:
        shade(cell._tc.get_or_add_tcPr(), TINT)
        for run in cell.paragraphs[0].runs:
            run.font.bold = True


def _unbroken(row: _Row) -> None:
    row._tr.get_or_add_trPr().append(element("cantSplit"))


def _frame(
    table: Table, widths_cm: Sequence[float], description: str, *, boxed: bool = False
) -> None:
    """Set fixed widths, lines between the rows (or white between boxes) and the description."""
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.LEFT
    properties = table._tbl.tblPr
    for grid, width in zip(table._tbl.tblGrid.findall(qn("w:gridCol")), widths_cm, strict=True):
        grid.set(qn("w:w"), str(Cm(width).twips))
    for row in table.rows:
        for cell, width in zip(row.cells, widths_cm, strict=True):
            cell.width = Cm(width)
    borders = element("tblBorders")
    sides = ("insideV",) if boxed else ("top", "bottom", "insideH")
    for side in sides:
        size, colour = ("48", "FFFFFF") if boxed else ("4", RULE)
        borders.append(element(side, val="single", sz=size, space="0", color=colour))
    properties.insert_element_before(borders, "w:shd", "w:tblLayout", *_AFTER_LAYOUT)
    margins = element("tblCellMar")
    for side, width in (("top", 55), ("left", 85), ("bottom", 55), ("right", 85)):
        margins.append(element(side, w=str(width), type="dxa"))
    properties.insert_element_before(margins, *_AFTER_LAYOUT[1:])
    for look in properties.findall(qn("w:tblLook")):
        properties.remove(look)
    properties.append(element("tblLook", val="0020", firstRow="1", lastRow="0"))
    properties.append(element("tblDescription", val=description))
