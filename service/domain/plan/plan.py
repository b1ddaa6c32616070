"""The operations plan of a year: what is to come, as a document and a calendar show it."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from service.domain.meeting import Form, Kind, Meeting, Status
from service.domain.network import FocusGroup, Network
from service.domain.period import at
from service.domain.plan.binding import Asked, Doubt
from service.domain.plan.planned import PlannedRow


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A meeting of the plan: booked by an invitation, or planned in the register."""

    meeting_id: str = ""
    """iCalUId; empty while there is no event."""
    row_id: str = ""
    """Of the register; empty while there is no row."""
    title: str
    """Empty: its theme is not set."""
    groups: tuple[str, ...]
    """Ids of focus groups; empty: the whole network's."""
    form: Form | None
    kind: Kind | None
    first_day: date | None
    """None: the date is not set."""
    last_day: date | None
    start: datetime | None = None
    """None: only the days are known."""
    end: datetime | None = None
    when: str = ""
    """Of one without date or hours: what is said of them, such as "oktober"."""
    place: str = ""
    register_by: date | None = None
    registration_link: str = ""
    terms: str = ""
    speakers: str = ""
    summary: str = ""
    booked: bool
    """There is an invitation; else it may still change."""
    cancelled: bool = False

    @property
    def joint(self) -> bool:
        return len(self.groups) > 1


@dataclass(frozen=True, kw_only=True)
class Section:
    """A focus group and its meetings, joint ones among them."""

    group: FocusGroup
    dated: tuple[Entry, ...]
    undated: tuple[Entry, ...]

    @property
    def entries(self) -> tuple[Entry, ...]:
        return (*self.dated, *self.undated)


@dataclass(frozen=True, kw_only=True)
class OperationsPlan:
    """All that a plan says; a renderer adds only words and looks."""

    year: int
    dated: tuple[Entry, ...]
    """Each meeting once, by date."""
    undated: tuple[Entry, ...]
    sections: tuple[Section, ...]
    """Of every group, also one that has nothing planned."""
    of_all: tuple[Entry, ...]
    """Those that are for the whole network."""

    @property
    def entries(self) -> tuple[Entry, ...]:
        return (*self.dated, *self.undated)

    @property
    def months(self) -> tuple[tuple[date, tuple[Entry, ...]], ...]:
        """First day of each month that has meetings, with these."""
        firsts = sorted({entry.first_day.replace(day=1) for entry in self.dated if entry.first_day})
        return tuple(
            (first, tuple(e for e in self.dated if e.first_day and _month(e.first_day) == first))
            for first in firsts
        )


def _month(day: date) -> date:
    return day.replace(day=1)


# ---------------------------------------------------------------- what there is


def entries_of(
    meetings: Sequence[Meeting],
    planned: Sequence[PlannedRow],
    asked: Sequence[Asked],
    network: Network,
) -> tuple[Entry, ...]:
    """
    Return everything there is, cancelled things among them, each once.

    Where it is asked whose a row is, the row stands for the event; where an event has a row
    already, the event stands for the row.
    """
    waiting = {
        meeting.id
        for one in asked
        if one.doubt in (Doubt.UNSURE, Doubt.SEVERAL)
        for meeting in one.meetings
    }
    doubles = {one.row.row_id for one in asked if one.same}
    return (
        *(_of_meeting(one) for one in meetings if one.row_id or one.id not in waiting),
        *(_of_row(row, network.time_zone) for row in planned if row.row_id not in doubles),
    )


def _of_meeting(meeting: Meeting) -> Entry:
    return Entry(
        meeting_id=meeting.id,
        row_id=meeting.row_id or "",
        title=meeting.title,
        groups=meeting.groups,
        form=meeting.form,
        kind=meeting.kind,
        first_day=meeting.first_day,
        last_day=meeting.last_day,
        start=meeting.start,
        end=meeting.end,
        place="" if meeting.form is Form.DIGITAL else meeting.place,
        register_by=meeting.register_by,
        registration_link=meeting.registration_link,
        terms=meeting.terms,
        speakers=meeting.speakers,
        summary=meeting.summary,
        booked=True,
        cancelled=meeting.status is Status.CANCELLED,
    )


def _of_row(row: PlannedRow, time_zone: str) -> Entry:
    start, end = _hours(row, time_zone)
    return Entry(
        row_id=row.row_id,
        title=row.title,
        groups=row.groups,
        form=row.form,
        kind=row.kind,
        first_day=row.first_day,
        last_day=row.last_day,
        start=start,
        end=end,
        when=row.when,
        place=row.place,
        register_by=row.register_by,
        registration_link=row.registration_link,
        speakers=row.speakers,
        summary=row.summary,
        booked=False,
        cancelled=row.cancelled,
    )


def _hours(row: PlannedRow, time_zone: str) -> tuple[datetime | None, datetime | None]:
    """Of several days, from the hour of the first until the hour of the last."""
    if row.hours is None or row.first_day is None or row.last_day is None:
        return None, None
    start, end = (hour.isoformat("minutes") for hour in row.hours)
    return at(row.first_day, start, time_zone), at(row.last_day, end, time_zone)


# ---------------------------------------------------------------- the plan of a year


def plan_of(
    year: int, entries: Iterable[Entry], years: Mapping[str, int], network: Network
) -> OperationsPlan:
    """Put the plan of a year together; `years` says by row id where undated rows belong."""
    living = [entry for entry in entries if not entry.cancelled]
    dated = sorted((e for e in living if e.first_day and e.first_day.year == year), key=_by_date)
    undated = [e for e in living if e.first_day is None and years.get(e.row_id) == year]
    undated.sort(key=lambda entry: (entry.title, entry.row_id))
    return OperationsPlan(
        year=year,
        dated=tuple(dated),
        undated=tuple(undated),
        sections=tuple(
            Section(
                group=group,
                dated=tuple(entry for entry in dated if group.id in entry.groups),
                undated=tuple(entry for entry in undated if group.id in entry.groups),
            )
            for group in network.groups
        ),
        of_all=tuple(entry for entry in (*dated, *undated) if not entry.groups),
    )


def _by_date(entry: Entry) -> tuple[date, str, str]:
    hour = entry.start.isoformat() if entry.start else ""
    return entry.first_day or date.max, hour, entry.title


def undated_years(
    planned: Iterable[PlannedRow], entries: Iterable[Entry], this_year: int
) -> dict[str, int]:
    """
    Tell by row id to which year's plan a row without a date belongs.

    What it says itself wins; else the plan that is being made: next year's as soon as that
    has a date, until then this year's.
    """
    coming = {entry.first_day.year for entry in entries if entry.first_day and not entry.cancelled}
    usual = this_year + 1 if this_year + 1 in coming else this_year
    return {row.row_id: row.year or usual for row in planned if row.first_day is None}


def fingerprint(plan: OperationsPlan, *words: str) -> str:
    """Equal for plans that say the same, in the same words."""
    said = repr((asdict(plan), words))
    return hashlib.sha256(said.encode()).hexdigest()
