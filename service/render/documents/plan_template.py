"""
Makes `config/templates/plan.docx`, the template that networks begin their own from:

    python -m service.render.documents.plan_template > config/templates/plan.docx

What stands in braces is filled in; a line that begins with {%p or {%tr goes itself.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

from docx import Document
from docx.document import Document as Docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table
from docx.text.paragraph import Paragraph

from service.render.documents import xml
from service.render.documents.frame import ACCENT, FONT, INK, MUTED, RULE, WIDTH_CM

_MARK = "8A4B08"
_KEPT_WITH_NEXT = ("Heading 1", "Heading 2", "Heading 3", "When", "Audience")
# name: size, colour, bold, space before, space after (points)
_STYLES: dict[str, tuple[float, str, bool, float, float]] = {
    "Normal": (10.5, INK, False, 0, 7),
    "Title": (28, ACCENT, True, 0, 2),
    "Subtitle": (13, MUTED, False, 0, 2),
    "Made": (9, MUTED, False, 0, 14),
    "Heading 1": (16, ACCENT, True, 22, 6),
    "Heading 2": (13, ACCENT, True, 16, 4),
    "Heading 3": (11, INK, True, 12, 1),
    "When": (10.5, ACCENT, False, 0, 1),
    "Facts": (10, MUTED, False, 0, 4),
    "Audience": (10.5, MUTED, False, 0, 6),
    "Cell": (9.5, INK, False, 2, 2),
    "Cell head": (9.5, "FFFFFF", True, 3, 3),
    "List Bullet": (10.5, INK, False, 0, 3),
    "Footer": (8.5, MUTED, False, 0, 0),
}
# width in centimetres, heading, contents of a row of the year's table
_COLUMNS = (
    (2.2, "{{ words.month }}", "{{ row.month }}"),
    (2.6, "{{ words.date }}", "{{ row.date }}"),
    (5.6, "{{ words.meeting }}", "{{ row.title }}"),
    (3.4, "{{ words.group }}", "{{ row.group }}"),
    (2.2, "{{ words.place }}", "{{ row.place }}"),
)
_TITLE = 2
_TABLE_ORDER = (
    *("tblStyle", "tblW", "jc", "tblBorders", "tblLayout", "tblCellMar", "tblLook"),
    *("tblCaption", "tblDescription"),
)


def plan_template() -> bytes:
    """Build the template; it is the same each time."""
    document = Document()
    _page(document)
    _styles(document)
    _front(document)
    _year(document)
    _groups(document)
    _end(document)
    _footer(document)
    out = BytesIO()
    document.save(out)
    return xml.sealed(out.getvalue())


def _page(document: Docx) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin = section.bottom_margin = Cm(2.4)
    section.header_distance = section.footer_distance = Cm(1.2)
    xml.leave_compatibility_mode(document)
    core = document.core_properties
    core.title, core.subject = "{{ title }}", "{{ subject }}"
    core.author = core.last_modified_by = "{{ network }}"
    core.comments, core.revision = "", 1
    relations = document.part.package.rels
    for key in [key for key, one in relations.items() if one.reltype.endswith("/thumbnail")]:
        del relations[key]


def _styles(document: Docx) -> None:
    there = {style.name for style in document.styles}
    for name, (size, colour, bold, before, after) in _STYLES.items():
        if name not in there:
            document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style = document.styles[name]
        for old in ("w:pBdr", "w:tabs", "w:spacing"):
            for one in list(style.element.iter(qn(old))):
                one.getparent().remove(one)
        xml.set_font(style, FONT)
        style.font.size, style.font.bold, style.font.italic = Pt(size), bold, False
        style.font.color.rgb = RGBColor.from_string(colour)
        space = style.paragraph_format
        space.space_before, space.space_after = Pt(before), Pt(after)
        space.line_spacing = 1.0 if name.startswith("Cell") else 1.15
        space.keep_with_next = name in _KEPT_WITH_NEXT
    mark = document.styles.add_style("Mark", WD_STYLE_TYPE.CHARACTER)
    mark.font.italic, mark.font.bold = True, False
    mark.font.color.rgb = RGBColor.from_string(_MARK)


# ---------------------------------------------------------------- chapters


def _front(document: Docx) -> None:
    title = document.add_paragraph("{{ title }}", "Title")
    xml.paragraph_borders(title._p.get_or_add_pPr(), {"top": (36, 10, ACCENT)})
    document.add_paragraph("{{ network }}{% if region %}, {{ region }}{% endif %}", "Subtitle")
    document.add_paragraph("{{ made }}", "Made")
    with _block(document, "if about"):
        document.add_paragraph("{{ about }}", "Heading 1")
        _each(document, "about_lines")
    document.add_paragraph("{{ words.read }}", "Heading 1")
    _each(document, "read_lines")


def _year(document: Docx) -> None:
    document.add_paragraph("{{ words.overview }}", "Heading 1")
    lead = document.add_paragraph("{{ overview_lead }}")
    lead.paragraph_format.keep_with_next = True
    with _block(document, "if rows"):
        _table(document)


def _groups(document: Docx) -> None:
    document.add_paragraph("{{ words.groups }}", "Heading 1")
    with _block(document, "for section in sections"):
        document.add_paragraph("{{ section.name }}", "Heading 2")
        _if_any(document, "section.audience", "Audience")
        _each(document, "section.introduction")
        with _block(document, "if not section.meetings"):
            document.add_paragraph("{{ words.nothing }}")
        _meetings(document, "section.meetings")
    with _block(document, "if of_all"):
        document.add_paragraph("{{ words.of_all }}", "Heading 2")
        document.add_paragraph("{{ words.of_all_lead }}")
        _meetings(document, "of_all")


def _meetings(document: Docx, name: str) -> None:
    with _block(document, f"for meeting in {name}"):
        _marked(document.add_paragraph("{{ meeting.title }}", "Heading 3"), "meeting.mark")
        document.add_paragraph("{{ meeting.when }}", "When")
        _if_any(document, "meeting.facts", "Facts")
        _each(document, "meeting.summary")
        _if_any(document, "meeting.speakers")
        with _block(document, "if meeting.registration"):
            _linked(document.add_paragraph("{{ meeting.registration }}"), "meeting.link")
        _if_any(document, "meeting.terms")


def _end(document: Docx) -> None:
    document.add_paragraph("{{ words.unset }}", "Heading 1")
    with _block(document, "if unset"):
        lead = document.add_paragraph("{{ words.unset_lead }}")
        lead.paragraph_format.keep_with_next = True
        _each(document, "unset", "List Bullet")
        document.add_paragraph("{%p else %}")
        document.add_paragraph("{{ words.unset_nothing }}")
    document.add_paragraph("{{ words.join }}", "Heading 1")
    _each(document, "join_lines")
    document.add_paragraph("{{ contact }}")


def _footer(document: Docx) -> None:
    footer = document.sections[0].footer.paragraphs[0]
    footer.paragraph_format.tab_stops.add_tab_stop(Cm(WIDTH_CM), WD_TAB_ALIGNMENT.RIGHT)
    footer.add_run("{{ subject }}\t{{ words.page }} ")
    xml.add_field(footer.add_run(), "PAGE", "1")
    footer.add_run(" {{ words.of }} ")
    xml.add_field(footer.add_run(), "NUMPAGES", "1")


# ---------------------------------------------------------------- parts


@contextmanager
def _block(document: Docx, opening: str) -> Iterator[None]:
    document.add_paragraph(f"{{%p {opening} %}}")
    yield
    document.add_paragraph(f"{{%p end{opening.partition(' ')[0]} %}}")


def _each(document: Docx, name: str, style: str = "Normal") -> None:
    with _block(document, f"for line in {name}"):
        document.add_paragraph("{{ line }}", style)


def _if_any(document: Docx, name: str, style: str = "Normal") -> None:
    with _block(document, f"if {name}"):
        document.add_paragraph(f"{{{{ {name} }}}}", style)


def _marked(paragraph: Paragraph, name: str) -> None:
    """What is provisional is said in words, and in another colour."""
    paragraph.add_run(f"{{% if {name} %}} ({{{{ {name} }}}}){{% endif %}}", "Mark")


def _linked(paragraph: Paragraph, name: str) -> None:
    """An address that can be followed, and that is read on paper, too."""
    paragraph.add_run(f"{{% if {name} %}} ")
    opening = paragraph.add_run()
    xml.add_field(opening, f'HYPERLINK "{{{{ {name} }}}}"')
    closing = opening._r[-1]
    shown = paragraph.add_run(f"{{{{ {name} }}}}")
    shown.font.color.rgb, shown.font.underline = RGBColor.from_string(ACCENT), True
    paragraph.add_run()._r.append(closing)
    paragraph.add_run("{% endif %}")


def _table(document: Docx) -> None:
    table = document.add_table(rows=4, cols=len(_COLUMNS))
    table.autofit = False
    _describe(table)
    for grid, (width, _, _) in zip(table.columns, _COLUMNS, strict=True):
        grid.width = Cm(width)
    for row in table.rows:
        row._tr.get_or_add_trPr().append(xml.element("cantSplit"))
        for cell, (width, _, _) in zip(row.cells, _COLUMNS, strict=True):
            cell.width = Cm(width)
    heads, loop, shown, end = table.rows
    heads._tr.get_or_add_trPr().append(xml.element("tblHeader"))
    loop.cells[0].paragraphs[0].add_run("{%tr for row in rows %}")
    end.cells[0].paragraphs[0].add_run("{%tr endfor %}")
    for number, (_, head, contents) in enumerate(_COLUMNS):
        above, below = heads.cells[number], shown.cells[number]
        above.paragraphs[0].add_run(head)
        above.paragraphs[0].style = document.styles["Cell head"]
        xml.shade(above._tc.get_or_add_tcPr(), ACCENT)
        below.paragraphs[0].style = document.styles["Cell"]
        below.paragraphs[0].add_run(contents).bold = number == 0
    _marked(shown.cells[_TITLE].paragraphs[0], "row.mark")


def _describe(table: Table) -> None:
    """Lines between rows alone, room in the cells, and words for those who hear it."""
    properties = table._tbl.tblPr
    for old in properties.findall(qn("w:tblLook")):
        properties.remove(old)
    borders, margins = xml.element("tblBorders"), xml.element("tblCellMar")
    for side in ("top", "bottom", "insideH"):
        borders.append(xml.element(side, val="single", sz="4", space="0", color=RULE))
    for side in ("left", "right"):
        margins.append(xml.element(side, w="85", type="dxa"))
    for one in (
        borders,
        margins,
        xml.element("tblLook", val="0020", firstRow="1", noHBand="1", noVBand="1"),
        xml.element("tblCaption", val="{{ words.overview }}"),
        xml.element("tblDescription", val="{{ words.overview_description }}"),
    ):
        properties.append(one)
    _in_order(properties)


def _in_order(properties: BaseOxmlElement) -> None:
    """The order that the schema wants; Word calls a file with another one damaged."""
    for child in sorted(properties, key=lambda one: _TABLE_ORDER.index(one.tag.split("}")[1])):
        properties.remove(child)
        properties.append(child)


if __name__ == "__main__":
    sys.stdout.buffer.write(plan_template())
