"""The annual report's figures as a workbook: a sheet for each table, numbers as numbers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from service.domain.annual.report import AnnualReport, Entry
from service.domain.survey.disclosure import merged_distribution
from service.domain.survey.figures import Figures
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
    low, middle, high = report.rules.scale.classes
    yield _Sheet(
        name=said.distribution,
        header=(
            labels.groups.date,
            said.title,
            said.question,
            labels.groups.n,
            said.mean,
            *(_span(points) for points in (low, middle, high) if points),
        ),
        rows=tuple(_distributions(report)),
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
        int(words.percent(rate)) if rate is not None else None,
        _mean(result.satisfaction) if result else None,
        _mean(result.usefulness) if result else None,
    )


def _mean(figures: Figures | None) -> Fraction | None:
    return figures.mean if figures else None


def _distributions(report: AnnualReport) -> Iterator[tuple[Value, ...]]:
    """Merged classes, and those only where no class tells of a few."""
    for entry in report.entries:
        for one in entry.evaluation.questions if entry.evaluation else ():
            classes = merged_distribution(one.figures, report.rules) or ()
            day = entry.first_day.isoformat()
            yield day, entry.title, one.text, one.figures.n, one.figures.mean, *classes


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
