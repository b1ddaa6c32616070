"""What whoever listens to the report, prints it or goes on editing it relies on."""

from itertools import pairwise

import pytest
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from service.render.documents import annual_report_docx
from tests.unit.report.reading import opened


@pytest.mark.parametrize(("language", "tag"), [("sv", "sv-SE"), ("nb", "nb-NO"), ("en", "en-GB")])
def test_the_language_is_set_on_document_and_styles(brief, labels, language, tag):
    """Screen readers and spelling are told the language, and no style says another."""
    made = opened(annual_report_docx(brief.report(), labels(language)))
    root = made.styles.element
    said = [lang.get(qn("w:val")) for lang in root.iter(qn("w:lang"))]
    assert said
    assert set(said) == {tag}
    assert root.find(qn("w:docDefaults")).find(f".//{qn('w:lang')}") is not None
    of_paragraphs = [
        one for one in root.iter(qn("w:style")) if one.get(qn("w:type")) == "paragraph"
    ]
    assert all(one.find(f".//{qn('w:lang')}") is not None for one in of_paragraphs)


def test_every_picture_is_described_in_words(document):
    """The chart's alternative text holds every figure that the chart shows."""
    described = [one.get("descr") for one in document.element.iter(qn("wp:docPr"))]
    assert len(described) == 1
    assert described[0].count("2019: ") == 4
    assert "2023: 5,11" in described[0]


def test_tables_repeat_their_heading_and_break_no_row(document):
    """Every table has a first row that is repeated, a caption before it and a description."""
    assert len(document.tables) == 6
    for table in document.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
        assert table._tbl.tblPr.find(qn("w:tblDescription")).get(qn("w:val"))
        assert Paragraph(table._tbl.getprevious(), None).text.startswith("Tabell ")
        assert all(cell.text for cell in table.rows[0].cells)


def test_captions_are_numbered(document):
    """Tables and figures have numbers of their own, from 1, as fields that Word counts anew."""
    captions = [one.text for one in document.paragraphs if one.style.name == "Caption"]
    assert [one.split(".")[0] for one in captions if one.startswith("Tabell")] == [
        f"Tabell {number}" for number in range(1, 7)
    ]
    assert [one.split(".")[0] for one in captions if one.startswith("Figur")] == ["Figur 1"]


def test_headings_skip_no_level_and_none_is_empty(document):
    """Whoever listens moves from heading to heading: 1, 2, 3, never from 1 to 3."""
    headings = [one for one in document.paragraphs if one.style.name.startswith("Heading")]
    levels = [int(one.style.name[-1]) for one in headings]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert all(one.text.strip() for one in headings)


def test_no_paragraph_is_there_for_its_space(document):
    """Space is the styles'; an empty paragraph would be read aloud as one."""
    empty = [
        one
        for one in document.paragraphs
        if not one.text.strip() and one._p.find(f".//{qn('w:drawing')}") is None
    ]
    assert empty == []


def test_lists_are_lists(document):
    """Members and questions are list styles with numbering, in columns of a section."""
    bullets = [one.text for one in document.paragraphs if one.style.name == "List Bullet"]
    assert len(bullets) == 39
    assert len([one for one in document.paragraphs if one.style.name == "List Number"]) == 4
    columns = [one.get(qn("w:num")) for one in document.element.iter(qn("w:cols"))]
    assert columns == ["1", "3", None]


# Of ISO/IEC 29500, the children that the report uses, in the order that its schema wants.
ORDER = {
    "w:pPr": "pStyle keepNext keepLines pageBreakBefore widowControl numPr pBdr shd tabs spacing"
    " ind contextualSpacing jc outlineLvl sectPr",
    "w:tblPr": "tblStyle tblStyleRowBandSize tblStyleColBandSize tblW jc tblInd tblBorders shd"
    " tblLayout tblCellMar tblLook tblDescription",
    "w:tcPr": "tcW tcBorders shd vAlign",
    "w:sectPr": "headerReference footerReference type pgSz pgMar cols titlePg docGrid",
    "w:rPr": "rStyle rFonts b bCs i iCs caps smallCaps color spacing kern sz szCs u vertAlign lang",
}


@pytest.mark.parametrize("parent", ORDER)
def test_properties_are_in_the_order_of_the_schema(document, parent):
    """Word calls a file damaged whose properties stand in another order."""
    order = [qn(f"w:{name}") for name in ORDER[parent].split()]
    for root in (document.element, document.styles.element):
        for one in root.iter(qn(parent)):
            places = [order.index(child.tag) for child in one]
            assert places == sorted(places), [child.tag for child in one]


def test_headings_are_real_and_in_the_contents(document):
    """Chapters and groups are heading styles; the contents is a field that shows them already."""
    headings = [
        one.text for one in document.paragraphs if one.style.name in {"Heading 1", "Heading 2"}
    ]
    listed = [one for one in document.paragraphs if one.style.name in {"toc 1", "toc 2"}]
    shown = ["".join(text.text for text in one._p.iter(qn("w:t"))).strip() for one in listed]
    assert shown == headings
    codes = [one.text for one in document.element.iter(qn("w:instrText"))]
    assert codes[0].split()[0] == "TOC"
    kinds = [one.get(qn("w:fldCharType")) for one in document.element.iter(qn("w:fldChar"))]
    assert kinds.count("begin") == kinds.count("separate") == kinds.count("end")
    names = {one.get(qn("w:name")) for one in document.element.iter(qn("w:bookmarkStart"))}
    assert {one.get(qn("w:anchor")) for one in document.element.iter(qn("w:hyperlink"))} == names
    for level in (1, 2, 3):
        assert document.styles[f"Heading {level}"].paragraph_format.keep_with_next


def test_the_copy_for_pdf_has_no_field_round_its_contents(brief, labels):
    """LibreOffice computes page numbers only outside a table of contents."""
    made = opened(annual_report_docx(brief.report(), labels("sv"), for_pdf=True))
    codes = [one.text.split()[0] for one in made.element.iter(qn("w:instrText"))]
    assert set(codes) == {"PAGEREF", "SEQ"}


def test_the_page_is_a4_with_numbers(document):
    """A4, the number of the page in the footer, and nothing of it on the title page."""
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    codes = [one.text.strip() for one in section.footer._element.iter(qn("w:instrText"))]
    assert codes == ["PAGE", "NUMPAGES"]
    assert section.footer.paragraphs[0].text == "Sida 1 av 1"
    assert [one.different_first_page_header_footer for one in document.sections] == [
        True,
        False,
        False,
    ]
