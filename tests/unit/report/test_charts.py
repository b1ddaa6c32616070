"""Charts and workbooks, read back."""

import warnings
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from io import BytesIO

import matplotlib as mpl
import openpyxl
import pytest
from matplotlib._pylab_helpers import Gcf

from service.domain.survey.figures import Figures
from service.domain.survey.responses import SourceKind, SourceRead
from service.render.charts import Point, Series, distribution_bars, trend_chart
from service.render.survey_sheet import QuestionLine, SurveySheet, survey_workbook

SERIES = Series(
    title="Hur nöjd är du?",
    points=(
        Point(year=2022, value=Fraction(52, 10), words="5,2"),
        Point(year=2023, value=Fraction(322, 63), words="5,11"),
    ),
    scale=(1, 6),
)


@pytest.mark.parametrize("number", [1, 2, 3, 5])
def test_any_number_of_questions_makes_a_picture(number):
    """One question or five, in however many panels: a PNG, the same when made again."""
    made = trend_chart([SERIES] * number)
    assert made.startswith(b"\x89PNG")
    assert made == trend_chart([SERIES] * number)


def test_a_question_asked_for_the_first_time_makes_a_picture():
    """A single year, years in which it was not asked, or another scale are no obstacle."""
    fresh = Series(title="Ny fråga?", points=SERIES.points[1:], scale=(1, 5))
    assert trend_chart([SERIES, fresh]).startswith(b"\x89PNG")


def test_charts_leave_nothing_behind_in_matplotlib():
    """No setting is changed, and no figure is kept by the module that keeps them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        before = dict(mpl.rcParams)
    trend_chart([SERIES])
    distribution_bars([("1", 0), ("2", 3)])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert dict(mpl.rcParams) == before
    assert not Gcf.figs


def test_bars_of_no_answers_are_drawn():
    """All noughts are a picture too."""
    assert distribution_bars([("1–2", 0), ("3–4", 0), ("5–6", 0)]).startswith(b"\x89PNG")


@pytest.fixture
def sheet():
    return SurveySheet(
        title="Natur i stadsplanering",
        held=date(2023, 3, 8),
        made=datetime(2023, 3, 15, 9, tzinfo=UTC),
        time_zone="Europe/Stockholm",
        decimals=2,
        top="5–6",
        responses=3,
        invited=90,
        response_rate=Fraction(3, 72),
        questions=(
            QuestionLine(
                text="Hur nöjd är du?",
                n=3,
                figures=Figures(n=3, total=14, distribution=(0, 0, 0, 1, 2, 0)),
            ),
            QuestionLine(text="Övrigt", n=1),
        ),
        header=("Sluttid", "Hur nöjd är du?", "Övrigt"),
        rows=(
            (datetime(2023, 3, 8, 16, 2, tzinfo=UTC), 5, '=HYPERLINK("https://x.example")'),
            (None, 4, "+46 70"),
            (None, 5, "x" * 40_000),
        ),
    )


def test_the_workbook_has_figures_and_answers(sheet, labels):
    """The first sheet has every figure, to the network's decimals, the second the answers."""
    book = openpyxl.load_workbook(BytesIO(survey_workbook(sheet, labels("sv"))))
    assert book.sheetnames == ["Sammanställning", "Svar", "Källor"]
    cells = [[cell.value for cell in row[:6]] for row in book["Sammanställning"].iter_rows()]
    line = next(row for row in cells if row[0] == "Hur nöjd är du?")
    assert line[1:] == [3, 4.67, 5, 0.67, "1: 0, 2: 0, 3: 0, 4: 1, 5: 2, 6: 0"]
    rows = list(book["Svar"].iter_rows(values_only=True))
    assert rows[0] == sheet.header
    assert rows[1][0] == datetime(2023, 3, 8, 16, 2)  # noqa: DTZ001 - a cell has no zone
    assert rows[2][:2] == (None, 4)


def test_no_answer_becomes_a_formula(sheet, labels):
    """What begins like a formula is text, and stays so when a person edits the cell."""
    book = openpyxl.load_workbook(BytesIO(survey_workbook(sheet, labels("sv"))))
    for row in (2, 3):
        cell = book["Svar"].cell(row, 3)
        assert cell.data_type == "s"
        assert cell.quotePrefix
    assert book["Svar"].cell(2, 3).value == '=HYPERLINK("https://x.example")'


def test_an_answer_longer_than_a_cell_is_cut_not_lost(sheet, labels):
    """Excel holds 32 767 characters; the rest of a longer answer goes, the answer stays."""
    book = openpyxl.load_workbook(BytesIO(survey_workbook(sheet, labels("sv"))))
    assert len(book["Svar"].cell(4, 3).value) == 32_767


def test_sources_can_be_asked(sheet, labels):
    """Each with its checksum, when it was read, and the rows that it gave."""
    source = SourceRead(
        kind=SourceKind.WORKBOOK,
        id="i1",
        name="Utvärdering (1-25).xlsx",
        url="https://exempel.sharepoint.com/x",
        sha256="ab" * 32,
        read=datetime(2023, 3, 15, 9, tzinfo=UTC),
        raw_rows=4,
        used=3,
    )
    made = survey_workbook(replace(sheet, sources=(source,)), labels("sv"))
    header, line = openpyxl.load_workbook(BytesIO(made))["Källor"].iter_rows(values_only=True)
    assert header[3] == "Kontrollsumma (SHA-256)"
    assert line[:4] == ("arbetsbok från Forms", source.name, source.url, source.sha256)
    assert line[4:] == (datetime(2023, 3, 15, 10), 4, 3)  # noqa: DTZ001 - a cell has no zone


def test_tables_can_be_listened_to_and_printed(sheet, labels):
    """Headings are a table's own, unlike, frozen and on every page; A4 across, one page wide."""
    alike = replace(sheet, header=("Sluttid", "Övrigt\n", "övrigt"), decimals=1)
    book = openpyxl.load_workbook(BytesIO(survey_workbook(alike, labels("sv"))))
    page = book["Svar"]
    [table] = page.tables.values()
    assert [one.name for one in table.tableColumns] == ["Sluttid", "Övrigt", "övrigt (3)"]
    assert (page.freeze_panes, page.print_title_rows) == ("A2", "$1:$1")
    assert (page.page_setup.orientation, page.page_setup.fitToHeight) == ("landscape", 0)
    assert book.custom_doc_props["Language"].value == "sv-SE"
    assert book["Sammanställning"]["C9"].number_format == "0.0"


def test_the_workbook_is_the_same_when_made_again(sheet, labels):
    """Equal input gives equal bytes."""
    assert survey_workbook(sheet, labels("nb")) == survey_workbook(sheet, labels("nb"))
