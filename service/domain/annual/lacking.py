"""What a year's report still lacks: a list for the coordinators, never a part of the report."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from service.domain.annual.report import AnnualReport, Entry
from service.domain.gaps import Cannot, Expiring, Missing, Row, Thing, Waits
from service.domain.plan.planned import PlannedRow
from service.domain.survey.figures import Figures, rounded


class Lack(StrEnum):
    """By the name of its text."""

    PARTICIPANTS = "participants"
    DAYS = "days"
    ATTENDED_FROM = "attended_from"
    UNKNOWN = "unknown"
    SUMMARY = "summary"
    SPEAKERS = "speakers"
    EVALUATION = "evaluation"
    FEW_ANSWERS = "few_answers"
    TOLD_OTHERWISE = "told_otherwise"
    QUOTES = "quotes"
    RECORDING = "recording"


class Common(StrEnum):
    """What the year as a whole lacks, by the name of its text."""

    NO_SURVEY = "no_survey"
    FEW_IN_SURVEY = "few_in_survey"
    NO_QUOTES = "no_quotes"
    NO_CHAPTERS = "no_chapters"
    NO_INTRODUCTION = "no_introduction"
    NO_MEMBERS = "no_members"


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A row of the register that no meeting came of."""

    title: str
    day: date


@dataclass(frozen=True, kw_only=True)
class Told:
    """The figures of a meeting that members were told last; None: none of that question."""

    satisfaction: Figures | None = None
    usefulness: Figures | None = None


@dataclass(frozen=True, kw_only=True)
class Beside:
    """What the list knows that the report does not tell, by meeting id."""

    rows: Mapping[str, Row] = field(default_factory=dict)
    """What each meeting has and lacks."""
    unknown: Mapping[str, int] = field(default_factory=dict)
    """Participants of whom Teams does not tell the organisation."""
    told: Mapping[str, Told] = field(default_factory=dict)
    planned: tuple[Planned, ...] = ()
    """Never held, though their day has passed."""


@dataclass(frozen=True)
class Wanting:
    """One thing that a meeting lacks, and the numbers or words that belong in its text."""

    lack: Lack
    said: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ToComplete:
    """The list: what a person can still add before the report is handed out."""

    year: int
    network: str
    time_zone: str
    made: datetime
    common: tuple[tuple[Common, Mapping[str, str]], ...]
    meetings: tuple[tuple[Entry, tuple[Wanting, ...]], ...]
    """By date; those that lack something."""
    planned: tuple[Planned, ...]

    @property
    def count(self) -> int:
        of_meetings = sum(len(wanting) for _, wanting in self.meetings)
        return len(self.common) + of_meetings + len(self.planned)


def to_complete(report: AnnualReport, beside: Beside, decimal_mark: str) -> ToComplete:
    """Find what is missing; figures in it are written with the decimal mark."""
    found = (
        (entry, tuple(_wanting(entry, report, beside, decimal_mark))) for entry in report.entries
    )
    return ToComplete(
        year=report.year,
        network=report.network,
        time_zone=report.time_zone,
        made=report.made,
        common=tuple(_common(report)),
        meetings=tuple((entry, wanting) for entry, wanting in found if wanting),
        planned=beside.planned,
    )


def _common(report: AnnualReport) -> Iterator[tuple[Common, Mapping[str, str]]]:
    if report.yearly is None or (report.yearly.n is None and not report.yearly.withheld):
        yield Common.NO_SURVEY, {}
    elif report.yearly.withheld:
        yield Common.FEW_IN_SURVEY, {"least": str(report.rules.least_answers)}
    if report.entries and not any(entry.quotes for entry in report.entries):
        yield Common.NO_QUOTES, {}
    if not report.chapters:
        yield Common.NO_CHAPTERS, {}
    for section in report.sections:
        if not section.introduction.strip():
            yield Common.NO_INTRODUCTION, {"group": section.name}
    if not report.members:
        yield Common.NO_MEMBERS, {}


def _wanting(
    entry: Entry, report: AnnualReport, beside: Beside, decimal_mark: str
) -> Iterator[Wanting]:
    yield from _people(entry, beside)
    if not entry.summary:
        yield Wanting(Lack.SUMMARY)
    if not entry.speakers:
        yield Wanting(Lack.SPEAKERS)
    row = beside.rows.get(entry.id)
    if entry.withheld:
        yield Wanting(Lack.FEW_ANSWERS, {"least": str(report.rules.least_answers)})
    elif entry.evaluation is None and _lacks(row, Thing.EVALUATION):
        yield Wanting(Lack.EVALUATION)
    yield from _told_otherwise(entry, report, beside, decimal_mark)
    if entry.evaluation is not None and not entry.quotes:
        yield Wanting(Lack.QUOTES)
    if _lacks(row, Thing.RECORDING):
        yield Wanting(Lack.RECORDING)


def _people(entry: Entry, beside: Beside) -> Iterator[Wanting]:
    row = beside.rows.get(entry.id)
    state = row.states.get(Thing.PARTICIPANTS) if row else None
    if entry.participants is None:
        yield Wanting(Lack.PARTICIPANTS)
    elif isinstance(state, Missing) and state.days:
        yield Wanting(Lack.DAYS, {"days": ", ".join(str(day) for day in state.days)})
    if not entry.attended_from:
        yield Wanting(Lack.ATTENDED_FROM)
    if unknown := beside.unknown.get(entry.id):
        yield Wanting(Lack.UNKNOWN, {"n": str(unknown)})


def _lacks(row: Row | None, thing: Thing) -> bool:
    state = row.states.get(thing) if row else None
    return isinstance(state, Missing | Expiring | Cannot | Waits)


def _told_otherwise(
    entry: Entry, report: AnnualReport, beside: Beside, decimal_mark: str
) -> Iterator[Wanting]:
    told, result = beside.told.get(entry.id), entry.evaluation
    if told is None or result is None:
        return
    pairs = ((told.satisfaction, result.satisfaction), (told.usefulness, result.usefulness))
    if any(then is not None and then != now for then, now in pairs):
        before, after = (
            " / ".join(_mean(figures, report, decimal_mark) for figures in side)
            for side in zip(*pairs, strict=True)
        )
        yield Wanting(Lack.TOLD_OTHERWISE, {"told": before, "now": after})


def _mean(figures: Figures | None, report: AnnualReport, decimal_mark: str) -> str:
    if figures is None or figures.mean is None:
        return "–"
    return f"{rounded(figures.mean, report.rules.decimals, decimal_mark)} (n = {figures.n})"


def never_held(rows: Sequence[PlannedRow], year: int, today: date) -> tuple[Planned, ...]:
    """Rows of the year whose day has passed without a meeting, and nobody cancelled; by date."""
    return tuple(
        Planned(title=row.title or "–", day=row.first_day)
        for row in rows
        if row.first_day and row.year == year and row.first_day < today and not row.cancelled
    )
