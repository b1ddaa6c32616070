"""The Word document, read back."""

import re
import tomllib
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZipFile

import docx
import pytest
from docx.oxml.ns import qn

from service.domain.annual import EvaluationFigures
from service.domain.meeting import Status
from service.domain.survey.figures import Figures
from service.render.documents import annual_report_docx, labels_from
from service.shipped import shipped

LANGUAGES = ("sv", "nb", "en")


def opened(made: bytes):
    return docx.Document(BytesIO(made))


def words_of(document) -> str:
    """Every word of the body, tables too, a line a paragraph."""
    lines = ("".join(text.text for text in one.iter(qn("w:t"))) for one in _paragraphs(document))
    return "\n".join(lines).replace("\N{NO-BREAK SPACE}", " ")


def _paragraphs(document):
    return document.element.body.iter(qn("w:p"))


def rows_of(table) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


@pytest.fixture(scope="module")
def made(year, labels):
    return annual_report_docx(year.altered("2023-03-08", quotes="Bra dag.").report(), labels("sv"))


@pytest.fixture(scope="module")
def document(made):
    return opened(made)


@pytest.fixture(scope="module")
def brief(year):
    """The year without its survey, whose chart takes most of the time."""
    return year._replace(yearly=None, history=())


def test_the_boxes_hold_the_published_indicators(document):
    """The four figures of the year are the published ones, the mean with its n."""
    numbers = [cell.paragraphs[0].text for cell in document.tables[0].rows[0].cells]
    assert numbers == ["18", "5,11", "39", "620"]
    assert "n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}63" in document.tables[0].rows[0].cells[1].text


def test_every_evaluation_reads_as_published(document, published):
    """A group's table has the published means, which may have had fewer decimals."""
    rows = [row for table in document.tables for row in rows_of(table) if len(row) == 7]
    for fact in published["meetings"]:
        title = fact["title"] + (" (gemensam)" if len(fact["groups"]) > 1 else "")
        found = [row for row in rows if row[1] == title]
        assert len(found) == len(fact["groups"])
        said = fact.get("published", {"satisfaction": "–", "usefulness": "–"})
        for row in found:
            assert row[3].startswith(str(sum(fact["participants"])))
            assert _as_said(row[5], said["satisfaction"])
            assert _as_said(row[6], said["usefulness"])


def _as_said(printed: str, said: str) -> bool:
    if said == "–":
        return printed == "–"
    decimals = len(said.partition(",")[2])
    hundredths = int(printed.replace(",", ""))
    rounded = (hundredths + (5 if decimals == 1 else 0)) // 10 ** (2 - decimals)
    return rounded == int(said.replace(",", ""))


def test_the_sums_and_the_note_on_the_joint_meeting_are_there(document):
    """The tables add to 692, and the reader is told why that is not 620."""
    sums = [rows_of(table)[-1][3] for table in document.tables if len(table.columns) == 7]
    assert sums == ["335", "347", "10"]
    text = words_of(document)
    assert "692 (335 + 347 + 10)" in text
    assert "692 = 335 + 347 + 10" in text
    assert "Natur i stadsplanering, 8 mars (72 deltagare)" in text


def test_a_year_without_joint_meetings_has_no_note(brief, labels):
    """Where the tables add to the total there is nothing to explain."""
    alone = brief.altered("2023-03-08", groups=("naturvard",)).report()
    text = words_of(opened(annual_report_docx(alone, labels("sv"))))
    assert "Gruppernas summa" not in text
    assert "eftersom gemensamma träffar" not in text


def test_the_trend_is_the_published_one(document, published):
    """The table of the yearly survey has the published means and numbers of answers."""
    table = rows_of(document.tables[-2])
    assert table[0][1:] == ["2019", "2020", "2021", "2022", "2023"]
    for row, said in zip(table[1:5], published["published"]["annual_survey"], strict=True):
        assert said["question"] in row[0]
        assert row[1:5] == [said["means"][str(past)] for past in range(2019, 2023)]
        assert _as_said(row[5], said["means"]["2023"])
    assert table[5][1:] == ["62", "52", "40", "53", "63"]


def test_a_cancelled_meeting_is_not_mentioned(brief, labels):
    """Nothing of a cancelled meeting is in the document, not even its title."""
    report = brief.altered("2023-09-13", status=Status.CANCELLED).report()
    assert "Hållbar upphandling" not in words_of(opened(annual_report_docx(report, labels("sv"))))


def test_four_answers_are_withheld(brief, labels):
    """Neither the mean nor the number of four answers is printed, and the reader is told."""
    four = Figures(n=4, total=21, distribution=(0, 0, 0, 0, 3, 1))
    only = {"2023-03-08": EvaluationFigures(n=4, satisfaction=four, usefulness=four)}
    made = opened(annual_report_docx(brief.report(evaluations=only), labels("sv")))
    row = next(
        row for table in made.tables for row in rows_of(table) if row[1:2] and "Natur i" in row[1]
    )
    assert row[4:] == ["under 5", "–", "–"]
    assert "5,25" not in words_of(made)
    assert "Under fem svar visas varken" in words_of(made)


def test_equal_input_makes_equal_bytes(year, labels, made):
    """Made twice it is the same file to the last byte, with no time of the day in it."""
    again = year.altered("2023-03-08", quotes="Bra dag.").report()
    assert annual_report_docx(again, labels("sv")) == made
    with ZipFile(BytesIO(made)) as packed:
        assert {one.date_time for one in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_properties_tell_the_time_of_the_report(document):
    """Created and changed are the report's own time, and the title says what it is."""
    core = document.core_properties
    assert core.created == core.modified == datetime(2023, 12, 31, 22, tzinfo=UTC)
    assert core.title == "Kommunnätverket för hållbar utveckling, årsrapport 2023"


@pytest.mark.parametrize(("language", "tag"), [("sv", "sv-SE"), ("nb", "nb-NO"), ("en", "en-GB")])
def test_the_language_is_set_on_document_and_styles(brief, labels, language, tag):
    """Screen readers and spelling are told the language, and no style says another."""
    made = opened(annual_report_docx(brief.report(), labels(language)))
    root = made.styles.element
    said = [lang.get(qn("w:val")) for lang in root.iter(qn("w:lang"))]
    assert said
    assert set(said) == {tag}
    assert root.find(qn("w:docDefaults")).find(f".//{qn('w:lang')}") is not None
    assert made.styles["Normal"].element.find(f".//{qn('w:lang')}") is not None


def test_every_picture_is_described_in_words(document):
    """The chart's alternative text holds every figure that the chart shows."""
    described = [one.get("descr") for one in document.element.iter(qn("wp:docPr"))]
    assert len(described) == 1
    assert described[0].count("2019: ") == 4
    assert "2023: 5,11" in described[0]


def test_tables_repeat_their_heading_and_break_no_row(document):
    """All tables of figures repeat their first row; no row is split; every one is described."""
    boxes, columns = document.tables[0]._tbl, document.tables[-1]._tbl
    for table in document.tables:
        first = table.rows[0]._tr.trPr
        assert (first.find(qn("w:tblHeader")) is not None) is (table._tbl not in {boxes, columns})
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
        assert table._tbl.tblPr.find(qn("w:tblDescription")).get(qn("w:val"))


# Of ISO/IEC 29500, the children that the report uses, in the order that its schema wants.
ORDER = {
    "w:pPr": "pStyle keepNext keepLines pageBreakBefore widowControl numPr pBdr shd tabs spacing"
    " ind contextualSpacing jc outlineLvl sectPr",
    "w:tblPr": "tblStyle tblStyleRowBandSize tblStyleColBandSize tblW jc tblInd tblBorders shd"
    " tblLayout tblCellMar tblLook tblDescription",
    "w:tcPr": "tcW tcBorders shd vAlign",
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
    assert set(codes) == {"PAGEREF"}


def test_the_page_is_a4_with_numbers(document):
    """A4, the number of the page in the footer, and nothing of it on the title page."""
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    codes = [one.text.strip() for one in section.footer._element.iter(qn("w:instrText"))]
    assert codes == ["PAGE", "NUMPAGES"]
    assert section.different_first_page_header_footer


def test_members_of_a_federation_are_marked(document):
    """The four that take part through a federation carry its mark, which is explained."""
    marked = [
        one.text
        for cell in document.tables[-1].rows[0].cells
        for one in cell.paragraphs
        if one.style.name == "Report member"
    ]
    assert len(marked) == 39
    assert [one.split()[0] for one in marked if one.endswith("1)")] == [
        "Bengtsfors",
        "Dals-Ed",
        "Färgelanda",
        "Mellerud",
    ]
    assert "1) deltar genom Dalslands miljö- och energiförbund" in words_of(document)


def test_pasted_control_characters_do_no_harm(brief, labels):
    """Text from anywhere, with characters that XML cannot hold, still makes a document."""
    odd = brief.altered("2023-02-01", summary="AB\x00C\ud800D", title="T\x1bX").report()
    text = words_of(opened(annual_report_docx(odd, labels("sv"))))
    assert "ABCD" in text
    assert "TX" in text


def test_an_empty_year_makes_a_document(year, labels):
    """No meetings, no survey, no members, no chapters: still a document that opens."""
    bare = replace(year.network, members=(), chapters=())
    report = year.report(network=bare, meetings=(), evaluations={}, yearly=None, history=())
    assert "inga träffar" in words_of(opened(annual_report_docx(report, labels("sv"))))


def test_missing_counts_are_in_the_draft_note(brief, labels):
    """The coordinator is told on the first page what is still missing."""
    report = brief.altered("2023-09-13", day_counts=()).report()
    text = words_of(opened(annual_report_docx(report, labels("sv"))))
    assert "Deltagarantal saknas för: Hållbar upphandling (13 september)." in text


def _flat(table: dict, before: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in table.items():
        name = f"{before}.{key}"
        found.update(_flat(value, name) if isinstance(value, dict) else {name: value})
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_languages_have_the_same_keys_and_blanks(language):
    """Every language says everything, with the same words filled in; `one` may leave out n."""
    swedish, other = (
        _flat(tomllib.loads(shipped("report", f"{one}.toml").read_text(encoding="utf-8")))
        for one in ("sv", language)
    )
    assert list(swedish) == list(other)
    for key, text in swedish.items():
        assert set(re.findall(r"{(\w+)}", text)) == set(re.findall(r"{(\w+)}", other[key])), key


@pytest.mark.parametrize("fault", ["missing", "unknown"])
def test_words_that_lack_a_key_or_have_another_are_refused(fault):
    """A file of words with a slip in it is refused with the place, not printed with a hole."""
    parsed = tomllib.loads(shipped("report", "sv.toml").read_text(encoding="utf-8"))
    if fault == "missing":
        del parsed["groups"]["heading"]
    else:
        parsed["groups"]["haeding"] = "x"
    with pytest.raises(ValueError, match="groups"):
        labels_from(parsed)
