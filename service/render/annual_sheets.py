"""The annual report's figures as a workbook: a sheet for each table, numbers as numbers."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from service.domain.annual.report import AnnualReport, Entry
from service.domain.survey.figures import Figures
from service.domain.survey.year import Cell
from service.render.documents import words
from service.render.documents.labels import Labels
from service.render.documents.xml import clean, sealed

Value = str | int | Fraction | None

_MOST_IN_A_CELL = 32_767
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_FILL = "#1F5B4A"
_WIDEST, _NARROWEST = 60, 10


@dataclass(frozen=True, kw_only=True)
class _Sheet:
    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


def annual_workbook(report: AnnualReport, labels: Labels) -> bytes:
    """Write the figures as xlsx; equal input gives equal bytes, and no cell is a formula."""
    out = BytesIO()
    book = Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    title = labels.frame.subject.format(network=report.network, year=report.year)
    created = report.made.replace(tzinfo=None, microsecond=0)
    book.set_properties({"title": clean(title), "created": created})
    for sheet in _sheets(report, labels):
        _write(book, sheet, report.rules.decimals)
    book.close()
    return sealed(out.getvalue())


def _sheets(report: AnnualReport, labels: Labels) -> Iterator[_Sheet]:
    said = labels.figures
    yield _Sheet(
        name=said.indicators,
        header=(said.indicator, said.value, said.note),
        rows=tuple(_indicators(report, labels)),
    )
    yield _Sheet(
        name=said.meetings,
        header=_meeting_header(labels),
        rows=tuple(_meeting(entry, report, labels) for entry in report.entries),
    )
    yield _Sheet(
        name=said.groups,
        header=(
            labels.indicators.group,
            labels.indicators.number_activities,
            labels.indicators.number_participants,
        ),
        rows=tuple((one.name, one.activities, one.participants) for one in report.sections),
    )
    yield _Sheet(
        name=said.questions,
        header=_question_header(report, labels),
        rows=tuple(_questions(report, labels)),
    )
    if report.yearly is not None:
        yield _Sheet(
            name=said.yearly,
            header=(said.question, said.year, labels.groups.n, said.mean),
            rows=tuple(
                (trend.question, point.year, point.n, point.mean)
                for trend in report.yearly.trends
                for point in trend.points
            ),
        )
    yield _Sheet(
        name=said.members,
        header=(labels.members.heading, said.via, said.joined, said.left),
        rows=tuple(
            (one.name, one.via, said.yes if one.joined else None, said.yes if one.left else None)
            for one in report.members
        ),
    )


def _indicators(report: AnnualReport, labels: Labels) -> Iterator[tuple[Value, ...]]:
    said, counted = labels.indicators, report.indicators
    of = counted.satisfaction
    yield (
        said.activities,
        counted.activities,
        said.activities_note.format(distinct=counted.distinct),
    )
    note = said.satisfaction_note.format(highest=of.scale.high, n=of.n) if of else ""
    yield said.satisfaction, of.mean if of else None, note
    yield (
        said.municipalities,
        counted.municipalities,
        said.municipalities_note.format(federated=counted.federated),
    )
    yield said.participants, counted.participants, said.participants_note


def _meeting_header(labels: Labels) -> tuple[str, ...]:
    said, of = labels.figures, labels.groups
    return (
        of.date,
        said.last_date,
        said.title,
        of.place,
        said.form,
        said.groups,
        of.participants,
        of.n,
        said.rate,
        of.satisfaction,
        of.usefulness,
    )


def _meeting(entry: Entry, report: AnnualReport, labels: Labels) -> tuple[Value, ...]:
    """Each meeting once, whichever groups it was for."""
    result = entry.evaluation
    few = labels.groups.withheld.format(least=report.rules.least_answers)
    rate = entry.response_rate
    return (
        entry.first_day.isoformat(),
        entry.last_day.isoformat(),
        entry.title,
        words.place(entry, labels),
        words.kind(entry, labels),
        ", ".join((entry.told_under, *entry.joint_with)),
        entry.participants,
        result.n if result else few if entry.withheld else None,
        _percent(rate),
        _mean(result.satisfaction) if result else None,
        _mean(result.usefulness) if result else None,
    )


def _mean(figures: Figures | None) -> Fraction | None:
    return figures.mean if figures else None


def _question_header(report: AnnualReport, labels: Labels) -> tuple[str, ...]:
    said, of, scale = labels.figures, labels.sheet, report.rules.scale
    return (
        labels.groups.date,
        said.title,
        said.question,
        of.invited,
        said.rate,
        of.n,
        of.mean,
        of.median,
        of.top_share.format(points=_span(scale.top)) + " (%)",
        *(_span(points) for points in scale.classes if points),
    )


def _questions(report: AnnualReport, labels: Labels) -> Iterator[tuple[Value, ...]]:
    """Of each meeting, each group, the year, and the yearly survey."""
    said, year = labels.figures, report.figures
    rates = {entry.id: entry.response_rate for entry in report.entries}
    for one in year.meetings:
        of = one.meeting
        head = (of.first_day.isoformat(), of.title)
        yield from _cells(head, one.cells, report, labels, one.invited, rates.get(of.id))
    for section, group in zip(report.sections, year.groups, strict=True):
        yield from _cells((None, section.name), group.cells, report, labels)
    yield from _cells((None, said.whole_year), year.whole.cells, report, labels)
    if year.yearly is not None and report.yearly is not None:
        asked, rate = year.yearly, report.yearly.response_rate
        yield from _cells((None, said.yearly), asked.cells, report, labels, asked.invited, rate)


def _cells(  # noqa: PLR0913 - a row's beginning is all of it
    head: tuple[Value, Value],
    cells: Iterable[Cell],
    report: AnnualReport,
    labels: Labels,
    invited: int | None = None,
    rate: Fraction | None = None,
) -> Iterator[tuple[Value, ...]]:
    """Shares and merged classes only where no class tells of a few."""
    few = labels.groups.withheld.format(least=report.rules.least_answers)
    standing = {
        "satisfaction": labels.groups.satisfaction,
        "usefulness": labels.groups.usefulness,
    }
    for cell in cells:
        question = cell.text or standing.get(cell.key, cell.key)
        start = (*head, question, invited, _percent(rate))
        if not cell.shown:
            yield *start, few
            continue
        figures, classes = cell.figures, cell.classes or ()
        yield *start, figures.n, figures.mean, cell.median, _percent(cell.top_share), *classes


def _percent(share: Fraction | None) -> int | None:
    return None if share is None else int(words.percent(share))


def _span(points: Sequence[int]) -> str:
    return f"{points[0]}–{points[-1]}" if len(points) > 1 else str(points[0])


# ---------------------------------------------------------------- cells


def _write(book: Workbook, sheet: _Sheet, decimals: int) -> None:
    page = book.add_worksheet(sheet.name)
    top = book.add_format({"bold": True, "font_color": "#FFFFFF", "bg_color": _FILL})
    base = {"text_wrap": True, "valign": "top"}
    plain = book.add_format(base)
    # Says to Excel that the cell is text, even when somebody edits it.
    quoted = book.add_format({**base, "quote_prefix": True})
    mean = book.add_format({"valign": "top", "num_format": "0." + "0" * decimals})
    for column, name in enumerate(sheet.header):
        page.write_string(0, column, clean(name), top)
        longest = max((len(_text(row, column)) for row in sheet.rows), default=0)
        page.set_column(column, column, max(_NARROWEST, min(_WIDEST, longest + 2, 60)))
    for number, row in enumerate(sheet.rows, start=1):
        for column, value in enumerate(row):
            look = mean if isinstance(value, Fraction) else plain
            if isinstance(value, str) and value.startswith(_FORMULA):
                look = quoted
            _cell(page, number, column, value, look)
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, max(len(sheet.rows), 1), len(sheet.header) - 1)


def _text(row: Sequence[Value], column: int) -> str:
    return str(row[column]) if column < len(row) and isinstance(row[column], str) else ""


def _cell(page: Worksheet, row: int, column: int, value: Value, look: object) -> None:
    match value:
        case None | "":
            return
        case str():
            page.write_string(row, column, clean(value)[:_MOST_IN_A_CELL], look)
        case int() | Fraction():
            page.write_number(row, column, float(value), look)
