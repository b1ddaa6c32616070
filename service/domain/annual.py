"""
The year in figures and texts: everything that the annual report shows, counted once.

Only held meetings of the year count. Means stay exact until they are printed, and what
came from too few answers is left out here already, so that no renderer can show it.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Protocol

from service.domain.indicators import Year, indicators, response_rate, yearly_response_rate
from service.domain.meeting import Form, Kind, Meeting
from service.domain.network import Chapter, FocusGroup, Network
from service.domain.survey.disclosure import may_publish_mean
from service.domain.survey.figures import Figures

# ---------------------------------------------------------------- what it is made from


@dataclass(frozen=True, kw_only=True)
class EvaluationFigures:
    """What came out of a meeting's evaluation."""

    n: int
    """Responses after deduplication."""
    satisfaction: Figures | None = None
    usefulness: Figures | None = None


@dataclass(frozen=True, kw_only=True)
class YearlyFigures:
    """What came out of this year's survey; the first question is the satisfaction."""

    n: int
    questions: tuple[tuple[str, Figures], ...]
    asked: int | None = None
    """To how many it was sent; None: not known, and no response rate is shown."""


@dataclass(frozen=True, kw_only=True)
class Filed:
    """What of a meeting lies on the network's site, open to members."""

    materials: int = 0
    recording: bool = False


class PastMean(Protocol):
    """The mean of one question in an earlier year, as published."""

    @property
    def year(self) -> int: ...
    @property
    def question(self) -> str: ...
    @property
    def mean(self) -> str: ...
    @property
    def n(self) -> int: ...


# ---------------------------------------------------------------- what the report shows


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A meeting as one of its groups reports it."""

    id: str
    title: str
    first_day: date
    last_day: date
    place: str
    form: Form
    kind: Kind
    joint_with: tuple[str, ...]
    """Names of the other groups."""
    told_under: str
    """Name of the group that tells of it at length: the first of a joint meeting's."""
    day_counts: tuple[int, ...]
    participants: int | None
    evaluation: EvaluationFigures | None
    withheld: bool
    """There was an evaluation, with too few answers to show."""
    response_rate: Fraction | None
    summary: str
    speakers: str
    attended_from: str
    quotes: tuple[str, ...]
    filed: Filed


@dataclass(frozen=True, kw_only=True)
class Section:
    """A focus group's year."""

    id: str
    name: str
    audience: str
    introduction: str
    entries: tuple[Entry, ...]

    @property
    def activities(self) -> int:
        return len(self.entries)

    @property
    def participants(self) -> int:
        """Joint meetings in full."""
        return sum(entry.participants or 0 for entry in self.entries)


@dataclass(frozen=True, kw_only=True)
class Indicators:
    """The four figures by which the network is followed, and what belongs beside them."""

    activities: int
    """Once for each group."""
    distinct: int
    """Each meeting once."""
    satisfaction: Figures | None
    municipalities: int
    federated: int
    """Of them, those that take part through a federation."""
    participants: int
    """Each meeting once, all its days."""


@dataclass(frozen=True, kw_only=True)
class YearPoint:
    year: int
    n: int
    mean: Fraction
    as_published: str = ""
    """The words of an earlier report; empty: computed now."""


@dataclass(frozen=True, kw_only=True)
class Trend:
    """A question of the yearly survey through the years."""

    question: str
    points: tuple[YearPoint, ...]

    def at(self, year: int) -> YearPoint | None:
        return next((point for point in self.points if point.year == year), None)


@dataclass(frozen=True, kw_only=True)
class YearlySection:
    n: int | None
    """Responses of this year; None: no survey, or too few answers."""
    withheld: bool
    response_rate: Fraction | None
    years: tuple[int, ...]
    trends: tuple[Trend, ...]


@dataclass(frozen=True, kw_only=True)
class MemberLine:
    name: str
    via: str
    new: bool
    """Joined during the year."""


@dataclass(frozen=True, kw_only=True)
class AnnualReport:
    """All that a report of a year says; a renderer adds only words and looks."""

    year: int
    network: str
    region: str
    language: str
    time_zone: str
    made: datetime
    indicators: Indicators
    sections: tuple[Section, ...]
    joint: tuple[Entry, ...]
    """Each joint meeting once."""
    yearly: YearlySection | None
    members: tuple[MemberLine, ...]
    chapters: tuple[Chapter, ...]
    uncounted: tuple[Entry, ...]
    """Held meetings whose participants nobody has given."""
    untold: tuple[Entry, ...]
    """Held meetings without a summary."""

    @property
    def added_by_groups(self) -> int:
        """What the tables of the groups add to: joint meetings in each of their groups."""
        return sum(section.participants for section in self.sections)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Each meeting once, by date."""
        return _each_once(entry for section in self.sections for entry in section.entries)


# ---------------------------------------------------------------- building it


def annual_report(  # noqa: PLR0913 - a year is made of this much; keywords only
    *,
    network: Network,
    year: int,
    meetings: Sequence[Meeting],
    evaluations: Mapping[str, EvaluationFigures],
    yearly: YearlyFigures | None,
    history: Sequence[PastMean],
    now: datetime,
    filed: Mapping[str, Filed] | None = None,
) -> AnnualReport:
    """Count a year; evaluations and what is filed go by the meetings' ids."""
    counted = indicators(meetings, network, year=year, satisfaction=_first(yearly))
    sections = tuple(
        _section(group, own.meetings, network, evaluations, filed or {})
        for group, own in zip(network.groups, counted.groups, strict=True)
    )
    distinct = _each_once(entry for section in sections for entry in section.entries)
    return AnnualReport(
        year=year,
        network=network.name,
        region=network.region,
        language=network.language,
        time_zone=network.time_zone,
        made=now,
        indicators=_indicators(counted),
        sections=sections,
        joint=tuple(entry for entry in distinct if entry.joint_with),
        yearly=_yearly(yearly, history, year),
        members=tuple(
            MemberLine(name=one.name, via=one.via, new=bool(one.joined and one.joined.year == year))
            for one in counted.members
        ),
        chapters=network.chapters,
        uncounted=tuple(entry for entry in distinct if entry.participants is None),
        untold=tuple(entry for entry in distinct if not entry.summary),
    )


def fingerprint(report: AnnualReport) -> str:
    """Tell reports apart by what they say, not by when they were made."""
    said = asdict(report)
    del said["made"]
    text = json.dumps(said, default=str, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _first(yearly: YearlyFigures | None) -> Figures | None:
    return yearly.questions[0][1] if yearly is not None and yearly.questions else None


def _indicators(counted: Year) -> Indicators:
    return Indicators(
        activities=counted.activities,
        distinct=len(counted.meetings),
        satisfaction=_shown(counted.satisfaction),
        municipalities=counted.municipalities,
        federated=counted.via_federation,
        participants=counted.participants,
    )


def _section(
    group: FocusGroup,
    meetings: Sequence[Meeting],
    network: Network,
    evaluations: Mapping[str, EvaluationFigures],
    filed: Mapping[str, Filed],
) -> Section:
    return Section(
        id=group.id,
        name=group.name,
        audience=group.audience,
        introduction=group.introduction,
        entries=tuple(
            _entry(one, group, network, evaluations.get(one.id), filed.get(one.id))
            for one in meetings
        ),
    )


def _entry(
    meeting: Meeting,
    group: FocusGroup,
    network: Network,
    evaluation: EvaluationFigures | None,
    filed: Filed | None,
) -> Entry:
    shown = _evaluation(evaluation)
    of = [one for one in network.groups if one.id in meeting.groups]
    return Entry(
        id=meeting.id,
        title=meeting.title,
        first_day=meeting.first_day,
        last_day=meeting.last_day,
        place=meeting.place,
        form=meeting.form,
        kind=meeting.kind,
        joint_with=tuple(one.name for one in of if one.id != group.id),
        told_under=of[0].name,
        day_counts=tuple(count for count in meeting.day_counts if count is not None),
        participants=meeting.participants,
        evaluation=shown,
        withheld=evaluation is not None and evaluation.n > 0 and shown is None,
        response_rate=_believed(response_rate(shown.n, meeting)) if shown else None,
        summary=meeting.summary.strip(),
        speakers=_line(meeting.speakers),
        attended_from=_line(meeting.attended_from),
        quotes=_quotes(meeting.quotes),
        filed=filed or Filed(),
    )


def _evaluation(figures: EvaluationFigures | None) -> EvaluationFigures | None:
    if figures is None or not may_publish_mean(figures.n):
        return None
    return EvaluationFigures(
        n=figures.n,
        satisfaction=_shown(figures.satisfaction),
        usefulness=_shown(figures.usefulness),
    )


def _shown(figures: Figures | None) -> Figures | None:
    return figures if figures is not None and may_publish_mean(figures.n) else None


def _believed(rate: Fraction | None) -> Fraction | None:
    """More answers than people: it is their number that is wrong, and the rate says nothing."""
    return rate if rate is not None and rate <= 1 else None


def _yearly(
    figures: YearlyFigures | None, history: Sequence[PastMean], year: int
) -> YearlySection | None:
    trends = _trends(figures, history, year)
    shown = figures if figures is not None and may_publish_mean(figures.n) else None
    if not trends and figures is None:
        return None
    return YearlySection(
        n=shown.n if shown else None,
        withheld=figures is not None and figures.n > 0 and shown is None,
        response_rate=(_believed(yearly_response_rate(shown.n, shown.asked)) if shown else None),
        years=tuple(sorted({point.year for trend in trends for point in trend.points})),
        trends=trends,
    )


def _trends(
    figures: YearlyFigures | None, history: Sequence[PastMean], year: int
) -> tuple[Trend, ...]:
    """Questions in this year's order, then those that are asked no more."""
    names: dict[str, str] = {}
    points: dict[str, dict[int, YearPoint]] = {}
    for question, score in figures.questions if figures is not None else ():
        names[_key(question)] = question
        if (shown := _shown(score)) is not None:
            now = YearPoint(year=year, n=shown.n, mean=Fraction(shown.total, shown.n))
            points.setdefault(_key(question), {})[year] = now
    for past in history:
        if past.year < year:
            names.setdefault(_key(past.question), past.question)
            points.setdefault(_key(past.question), {})[past.year] = YearPoint(
                year=past.year,
                n=past.n,
                mean=Fraction(past.mean.strip().replace(",", ".")),
                as_published=past.mean.strip(),
            )
    return tuple(
        Trend(question=names[key], points=tuple(points[key][one] for one in sorted(points[key])))
        for key in names
        if key in points
    )


def _key(question: str) -> str:
    """The same question, however it was typed."""
    return " ".join(question.casefold().split()).strip("?:. ")


def _each_once(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    first: dict[str, Entry] = {}
    for entry in entries:
        first.setdefault(entry.id, entry)
    return tuple(sorted(first.values(), key=lambda entry: (entry.first_day, entry.id)))


def _line(text: str) -> str:
    return ", ".join(line.strip() for line in text.splitlines() if line.strip())


def _quotes(text: str) -> tuple[str, ...]:
    """A quotation a line, without the marks that people put round them."""
    lines = (line.strip().lstrip("-–—•* ").strip("\"'”“’»« ") for line in text.splitlines())
    return tuple(line for line in lines if line)
