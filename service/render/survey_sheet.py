"""An evaluation, or the yearly survey, as a workbook for coordinators: nothing is withheld."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from io import BytesIO
from zoneinfo import ZoneInfo

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from service.domain.survey.figures import Figures, rounded
from service.domain.survey.responses import SourceKind, SourceRead
from service.render.charts import distribution_bars
from service.render.documents import words
from service.render.documents.labels import Labels
from service.render.sheets import (
    Looks,
    Value,
    closed,
    for_print,
    heading_look,
    looks,
    open_book,
    table,
    write,
)

_PICTURE_ROW = 68
_WIDTHS = (60, 8, 12, 9, 12, 42, 36)
_OF_SOURCES = (22, 44, 48, 68, 18, 9, 14)


@dataclass(frozen=True, kw_only=True)
class QuestionLine:
    """A question and what was answered."""

    text: str
    n: int
    figures: Figures | None = None
    """Of a rating."""
    options: tuple[tuple[str, int], ...] = ()
    """Of a choice: how often each was chosen."""

    @property
    def distribution(self) -> tuple[tuple[str, int], ...]:
        """Answer and number, in order; empty for free text."""
        if self.figures is None:
            return self.options
        return tuple((str(point), n) for point, n in self.figures.by_point)


@dataclass(frozen=True, kw_only=True)
class SurveySheet:
    title: str
    held: date | None
    """None: of a whole year."""
    made: datetime
    time_zone: str
    decimals: int
    """Of means, half up; shares are whole per cent."""
    top: str
    """The two best points, as "5–6"."""
    responses: int
    invited: int | None
    response_rate: Fraction | None
    questions: tuple[QuestionLine, ...]
    header: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    """Verbatim. Times are written as they stand on a clock in the time zone given."""
    sources: tuple[SourceRead, ...] = ()


def survey_workbook(sheet: SurveySheet, labels: Labels) -> bytes:
    """
    Write it as xlsx: figures, answers, sources. Equal input gives equal bytes.

    Without `header` there is no sheet of answers: they were deleted.
    """
    out = BytesIO()
    book = open_book(out, sheet.title, sheet.made, labels.language)
    _summary(book, sheet, labels)
    if sheet.header:
        table(book, labels.sheet.answers, sheet.header, sheet.rows, labels=labels)
    _sources(book, sheet, labels)
    return closed(book, out)


def _summary(book: Workbook, sheet: SurveySheet, labels: Labels) -> None:
    said, plain = labels.sheet, looks(book)
    page = book.add_worksheet(said.summary)
    for column, width in enumerate(_WIDTHS):
        page.set_column(column, column, width)
    top = book.add_format({"bold": True, "font_size": 14})
    write(page, (0, 0), sheet.title, Looks(plain=top, quoted=top))
    facts = tuple(_facts(sheet, labels))
    for place, (name, value) in enumerate(facts, 1):
        write(page, (place, 0), name, plain)
        write(page, (place, 1), value, plain)
    first = len(facts) + 2
    look = heading_look(book)
    share = said.top_share.format(points=sheet.top)
    for column, name in enumerate(
        (said.question, said.n, said.mean, said.median, share, said.distribution)
    ):
        page.write_string(first, column, name, look)
    for row, question in enumerate(sheet.questions, first + 1):
        write(page, (row, 0), question.text, plain)
        write(page, (row, 1), question.n, plain)
        _figures(page, row, question, sheet, _Numbers.of(book, sheet.decimals))
        _distribution(page, row, question, labels, plain)
    page.freeze_panes(first + 1, 1)
    page.repeat_rows(first)
    for_print(page, labels)


def _facts(sheet: SurveySheet, labels: Labels) -> Iterator[tuple[str, Value]]:
    said, rate = labels.sheet, sheet.response_rate
    if sheet.held is not None:
        yield words.day(sheet.held, labels, year=True), ""
    yield said.made, words.local_day(sheet.made, sheet.time_zone, labels)
    yield said.responses, sheet.responses
    yield said.invited, words.NOTHING if sheet.invited is None else sheet.invited
    yield said.rate, words.NOTHING if rate is None else f"{words.percent(rate)} %"


@dataclass(frozen=True)
class _Numbers:
    mean: Format
    half: Format
    share: Format

    @classmethod
    def of(cls, book: Workbook, decimals: int) -> "_Numbers":
        mean = f"0.{'0' * decimals}" if decimals else "0"
        forms = ({"num_format": form, "valign": "top"} for form in (mean, "0.0", "0 %"))
        return cls(*map(book.add_format, forms))


def _figures(
    page: Worksheet, row: int, question: QuestionLine, sheet: SurveySheet, numbers: _Numbers
) -> None:
    """Rounded half up here, since Excel would round what a float has made of it."""
    figures = question.figures
    if figures is None or figures.mean is None:
        return
    assert figures.median is not None
    assert figures.top_share is not None
    page.write_number(row, 2, float(rounded(figures.mean, sheet.decimals, ".")), numbers.mean)
    page.write_number(row, 3, float(figures.median), numbers.half)
    page.write_number(row, 4, float(rounded(figures.top_share, 2, ".")), numbers.share)


def _distribution(
    page: Worksheet, row: int, question: QuestionLine, labels: Labels, plain: Looks
) -> None:
    """In words, for those who search and listen, and beside them as a picture."""
    if not question.distribution:
        return
    points = ", ".join(f"{answer}: {number}" for answer, number in question.distribution)
    write(page, (row, 5), points, plain)
    if question.figures is None:
        return
    page.set_row_pixels(row, _PICTURE_ROW)
    page.insert_image(
        row,
        6,
        f"{row}.png",
        {
            "image_data": BytesIO(distribution_bars(question.distribution)),
            "description": labels.sheet.distribution_alt.format(points=points),
            "x_scale": 0.75,
            "y_scale": 0.75,
            "y_offset": 2,
        },
    )


def _sources(book: Workbook, sheet: SurveySheet, labels: Labels) -> None:
    said, zone = labels.sheet, ZoneInfo(sheet.time_zone)
    kinds = {
        SourceKind.WORKBOOK: said.workbook,
        SourceKind.LIST: said.list,
        SourceKind.EXPORT: said.export,
    }
    header = (said.kind, said.name, said.address, said.sha256, said.read, said.raw_rows, said.used)
    rows = [
        (
            kinds[one.kind],
            one.name,
            one.url,
            one.sha256,
            one.read.astimezone(zone),
            one.raw_rows,
            one.used,
        )
        for one in sheet.sources
    ]
    table(book, said.sources, header, rows, widths=_OF_SOURCES, labels=labels)
