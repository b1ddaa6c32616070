"""
Which planned row is which event's: bound when that is sure, asked when it is not.

Sure is the same day and the same title, or one like it, where nothing else fits; hours that
both name and that lie apart speak against it. Nothing is remembered: the answer follows from
the rows and the events as they are, and is made lasting when the event's id is written.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import IntEnum, StrEnum
from zoneinfo import ZoneInfo

from service.domain.likeness import likeness, squeezed
from service.domain.meeting import Meeting, Status
from service.domain.network import Network
from service.domain.plan.planned import PlannedRow
from service.domain.titles import title_of

ALIKE = 0.5
"""From which likeness on a title is like another."""


class Fit(IntEnum):
    NONE = 0
    POSSIBLE = 1
    """The same day and group, under another title."""
    CLEAR = 2
    """The same day and a title like it."""
    EXACT = 3


class Doubt(StrEnum):
    """What is asked about a planned row, by the name of its text."""

    UNSURE = "unsure"
    """It may be the row of an event that has none."""
    SEVERAL = "several"
    """Several rows and events of a day fit one another."""
    DOUBLE = "double"
    """An event that has a row already is like it."""
    UNINVITED = "uninvited"
    """It is soon, and there is no event."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    row: PlannedRow
    doubt: Doubt
    meetings: tuple[Meeting, ...] = ()
    """Those that it may be."""
    same: bool = False
    """Of a double: day and title are the very same, so that one would be told of twice."""


@dataclass(frozen=True, kw_only=True)
class Bindings:
    rows: Mapping[str, PlannedRow] = field(default_factory=dict)
    """By meeting id: whose row it is from now on."""
    questions: tuple[Asked, ...] = ()

    @property
    def waiting(self) -> frozenset[str]:
        """Ids of meetings that get no row before the question is answered."""
        open_ = (one for one in self.questions if one.doubt in (Doubt.UNSURE, Doubt.SEVERAL))
        return frozenset(meeting.id for one in open_ for meeting in one.meetings)


def bind(
    rows: Sequence[PlannedRow],
    meetings: Sequence[Meeting],
    having: Collection[str],
    network: Network,
) -> Bindings:
    """Tell which rows are whose; `having` are the ids of meetings that have a row."""
    dated = [row for row in rows if row.first_day is not None and not row.cancelled]
    there = [one for one in meetings if one.status is not Status.CANCELLED]
    fits = {
        (row.row_id, one.id): fit
        for row in dated
        for one in there
        if (fit := fit_of(row, one, network))
    }
    free = {one.id: one for one in there if one.id not in having}
    left = {row.row_id: row for row in dated}
    bound: dict[str, PlannedRow] = {}
    for least in (Fit.EXACT, Fit.CLEAR):
        for row_id, meeting_id in _alone(fits, left, free, least):
            bound[meeting_id] = left.pop(row_id)
            del free[meeting_id]
    taken = {one.id: one for one in there if one.id not in free}
    asked = (_question(row, fits, free, taken) for row in left.values())
    return Bindings(rows=bound, questions=tuple(one for one in asked if one is not None))


def uninvited(
    rows: Sequence[PlannedRow], asked: Sequence[Asked], today: date, days: int
) -> tuple[Asked, ...]:
    """Return the planned rows that are so near without an event, or past; of this year's only."""
    known = {one.row.row_id for one in asked}
    due = today + timedelta(days=days)
    return tuple(
        Asked(row=row, doubt=Doubt.UNINVITED)
        for row in rows
        if row.row_id not in known
        and not row.cancelled
        and row.first_day is not None
        and row.first_day.year >= today.year
        and row.first_day <= due
    )


def fit_of(row: PlannedRow, meeting: Meeting, network: Network) -> Fit:
    """Tell how well a planned row fits an event."""
    if row.first_day is None or not _same_day(row, meeting):
        return Fit.NONE
    fit = _fit_of_title(row, meeting, network)
    grouped = not row.groups or not set(row.groups).isdisjoint(meeting.groups)
    if fit is Fit.NONE:
        fit = Fit.POSSIBLE if row.groups and grouped else Fit.NONE
    elif not grouped:
        fit = Fit.POSSIBLE
    if _apart(row, meeting, ZoneInfo(network.time_zone)):
        return Fit.POSSIBLE if fit > Fit.POSSIBLE else Fit.NONE
    return fit


def _same_day(row: PlannedRow, meeting: Meeting) -> bool:
    first, last = row.first_day or date.max, row.last_day or row.first_day or date.min
    return first <= meeting.last_day and meeting.first_day <= last


def _fit_of_title(row: PlannedRow, meeting: Meeting, network: Network) -> Fit:
    title = title_of(row.title, row.groups, network)
    if squeezed(title) and squeezed(title) == squeezed(meeting.title):
        return Fit.EXACT
    alike = likeness(title, meeting)
    by_title = not (alike.by_place or alike.by_part)
    return Fit.CLEAR if by_title and alike.degree >= ALIKE else Fit.NONE


def _apart(row: PlannedRow, meeting: Meeting, zone: ZoneInfo) -> bool:
    """Both name hours, of one day, and these do not touch."""
    if row.hours is None or meeting.first_day != meeting.last_day:
        return False
    start, end = (datetime.combine(meeting.first_day, hour, tzinfo=zone) for hour in row.hours)
    return end <= meeting.start or meeting.end <= start


def _alone(
    fits: Mapping[tuple[str, str], Fit],
    rows: Collection[str],
    meetings: Collection[str],
    least: Fit,
) -> list[tuple[str, str]]:
    """Pairs that fit so well, and neither of which fits anything else so well."""
    pairs = [
        pair
        for pair, fit in fits.items()
        if fit >= least and pair[0] in rows and pair[1] in meetings
    ]
    of_rows, of_meetings = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    return [
        pair for pair in pairs if of_rows.count(pair[0]) == 1 and of_meetings.count(pair[1]) == 1
    ]


def _question(
    row: PlannedRow,
    fits: Mapping[tuple[str, str], Fit],
    free: Mapping[str, Meeting],
    taken: Mapping[str, Meeting],
) -> Asked | None:
    open_ = tuple(_fitting(row, fits, free, Fit.POSSIBLE))
    if open_:
        clear = list(_fitting(row, fits, free, Fit.CLEAR))
        doubt = Doubt.SEVERAL if clear or len(open_) > 1 else Doubt.UNSURE
        return Asked(row=row, doubt=doubt, meetings=open_)
    double = tuple(_fitting(row, fits, taken, Fit.CLEAR))
    if not double:
        return None
    same = any(fits[row.row_id, one.id] is Fit.EXACT for one in double)
    return Asked(row=row, doubt=Doubt.DOUBLE, meetings=double, same=same)


def _fitting(
    row: PlannedRow,
    fits: Mapping[tuple[str, str], Fit],
    meetings: Mapping[str, Meeting],
    least: Fit,
) -> Iterator[Meeting]:
    return (one for one in meetings.values() if fits.get((row.row_id, one.id), Fit.NONE) >= least)
