"""Workbooks for coordinators: an evaluation with its answers as they came, plain tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from fractions import Fraction
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from service.render.charts import distribution_bars
from service.render.documents import words
from service.render.documents.labels import Labels
from service.render.documents.xml import clean, sealed

MOST_IN_A_CELL = 32_767
"""Excel holds no more characters, and would call the file damaged."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_HEADER_FILL = "#1F5B4A"
_PICTURE_ROW = 68
_NO_TIME = datetime(2000, 1, 1, tzinfo=UTC)
"""Of a table whose making date says nothing: equal input gives equal bytes."""

Value = str | int | float | datetime | None


@dataclass(frozen=True, kw_only=True)
class QuestionLine:
    """A question and what was answered."""

    text: str
    n: int
    mean: Fraction | None = None
    distribution: tuple[tuple[str, int], ...] = ()
    """Answer and number, in order; empty for free text."""


@dataclass(frozen=True, kw_only=True)
class SurveySheet:
    """One evaluation, for the coordinator alone: nothing is withheld here."""

    title: str
    held: date
    made: datetime
    time_zone: str
    responses: int
    response_rate: Fraction | None
    questions: tuple[QuestionLine, ...]
    header: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    """Verbatim. Times are written as they stand on a clock in the time zone given."""


def survey_workbook(sheet: SurveySheet, labels: Labels) -> bytes:
    """Write the evaluation as xlsx; equal input gives equal bytes, and no cell is a formula."""
    out = BytesIO()
    book = _book(out, sheet.title, sheet.made)
    _summary(book, sheet, labels)
    _table(book, labels.sheet.answers, sheet.header, sheet.rows)
    book.close()
    return sealed(out.getvalue())


def table_workbook(
    *, title: str, name: str, header: Sequence[str], rows: Sequence[Sequence[Value]]
) -> bytes:
    """Write one table on one sheet as xlsx; equal input gives equal bytes, none is a formula."""
    out = BytesIO()
    book = _book(out, title, _NO_TIME)
    _table(book, name, header, rows)
    book.close()
    return sealed(out.getvalue())


def _book(out: BytesIO, title: str, made: datetime) -> Workbook:
    book = Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_date_format": "yyyy-mm-dd hh:mm",
        },
    )
    created = made.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    book.set_properties({"title": clean(title), "created": created})
    return book


def _summary(book: Workbook, sheet: SurveySheet, labels: Labels) -> None:
    said = labels.sheet
    page = book.add_worksheet(said.summary)
    page.set_column(0, 0, 60)
    page.set_column(1, 2, 13)
    page.set_column(3, 3, 42)
    page.set_column(4, 4, 36)
    top = book.add_format({"bold": True, "font_size": 14})
    _write(page, (0, 0), sheet.title, _Looks(plain=top, quoted=top))
    looks = _looks(book)
    rate = "" if sheet.response_rate is None else f"{words.percent(sheet.response_rate)} %"
    facts: tuple[tuple[str, Value], ...] = (
        (words.day(sheet.held, labels, year=True), ""),
        (said.made, words.local_day(sheet.made, sheet.time_zone, labels)),
        (said.responses, sheet.responses),
        (said.rate, rate or words.NOTHING),
    )
    for place, (name, value) in enumerate(facts, 1):
        _write(page, (place, 0), name, looks)
        _write(page, (place, 1), value, looks)
    first = len(facts) + 2
    _header(book, page, first, (said.question, said.n, said.mean, said.distribution))
    figure = book.add_format({"num_format": "0.00", "valign": "top"})
    for row, question in enumerate(sheet.questions, first + 1):
        _write(page, (row, 0), question.text, looks)
        _write(page, (row, 1), question.n, looks)
        if question.mean is not None:
            page.write_number(row, 2, float(question.mean), figure)
        _distribution(page, row, question, labels, looks)


def _distribution(
    page: Worksheet, row: int, question: QuestionLine, labels: Labels, looks: "_Looks"
) -> None:
    """In words, for those who search and listen, and beside them as a picture."""
    if not question.distribution:
        return
    points = ", ".join(f"{answer}: {number}" for answer, number in question.distribution)
    _write(page, (row, 3), points, looks)
    page.set_row_pixels(row, _PICTURE_ROW)
    page.insert_image(
        row,
        4,
        f"{row}.png",
        {
            "image_data": BytesIO(distribution_bars(question.distribution)),
            "description": labels.sheet.distribution_alt.format(points=points),
            "x_scale": 0.75,
            "y_scale": 0.75,
            "y_offset": 2,
        },
    )


def _table(
    book: Workbook, name: str, header: Sequence[str], rows: Sequence[Sequence[Value]]
) -> None:
    page = book.add_worksheet(name)
    looks = _looks(book)
    _header(book, page, 0, header)
    page.set_column(0, max(len(header) - 1, 0), 24)
    for row, values in enumerate(rows, 1):
        for column, value in enumerate(values):
            _write(page, (row, column), value, looks)
    page.freeze_panes(1, 0)
    if header:
        page.autofilter(0, 0, max(len(rows), 1), len(header) - 1)


@dataclass(frozen=True)
class _Looks:
    plain: Format
    quoted: Format
    """Says to Excel that the cell is text, even when somebody edits it."""


def _looks(book: Workbook) -> _Looks:
    base = {"text_wrap": True, "valign": "top"}
    return _Looks(
        plain=book.add_format(base), quoted=book.add_format({**base, "quote_prefix": True})
    )


def _header(book: Workbook, page: Worksheet, row: int, names: Sequence[str]) -> None:
    form = {"bold": True, "font_color": "#FFFFFF", "bg_color": _HEADER_FILL, "text_wrap": True}
    look = book.add_format(form)
    for column, name in enumerate(names):
        _write(page, (row, column), name, _Looks(plain=look, quoted=look))


def _write(page: Worksheet, cell: tuple[int, int], value: Value, looks: _Looks) -> None:
    match value:
        case None | "":
            return
        case str():
            text = clean(value)[:MOST_IN_A_CELL]
            look = looks.quoted if text.startswith(_FORMULA) else looks.plain
            page.write_string(*cell, text, look)
        case datetime():
            page.write_datetime(*cell, value.replace(tzinfo=None))
        case int() | float():
            page.write_number(*cell, value, looks.plain)
