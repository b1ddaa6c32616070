"""
The meetings of every year again: from the calendar, and where that has them no more, from the
register's rows.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from service.domain.attendance import UNKNOWN, Attendance
from service.domain.dates import day
from service.domain.plan.planned import hours_of
from service.domain.register import count, text
from service.effects.register import SOURCE as REGISTER
from service.jobs.known import ATTENDANCE, CALENDAR, FROM_ROW, read_register
from service.observe import Change, Fields, SeenEvent, SeenRow
from service.rebuilding.found import Findings, What, marks_of
from service.workplace import Workplace

YEAR = timedelta(days=365)
WHOLE_DAY = time(8), time(16)
"""Of a row without hours."""


async def read_history(found: Findings) -> dict[str, SeenRow]:
    """Take in register, calendar and counts; return the rows by meeting id."""
    at = found.at
    await read_register(at)
    rows = {
        meeting_id: row
        for row in (await at.ledger.seen(REGISTER, SeenRow)).values()
        if (meeting_id := text(row.fields.get("NvMeetingId")))
    }
    found.done = frozenset(each for row in rows.values() for each in marks_of(row.fields))
    await _read_calendar(rows.values(), at)
    there = {e.ical_uid for e in (await at.ledger.seen(CALENDAR, SeenEvent)).values()}
    await _from_rows({k: row for k, row in rows.items() if k not in there}, found)
    unknown = at.labels.attendees.unknown
    counts = (_counted(meeting_id, row.fields, unknown) for meeting_id, row in rows.items())
    changes = [Change(id=one.meeting_id, value=one) for one in counts if one is not None]
    await at.ledger.absorb(ATTENDANCE, changes)
    return rows


async def _read_calendar(rows: Iterable[SeenRow], at: Workplace) -> None:
    """All time of which the register tells, past and to come, a window a year."""
    today = at.clock.now().date()
    days = [today, *(first for row in rows if (first := day(row.fields.get("NvStart"))))]
    start = datetime.combine(min(days).replace(day=1), time(), UTC)
    while start.date() <= max(days):
        async for page in at.calendar.changes(None, (start, start + YEAR)):
            here = [change for change in page.changes if change.value is not None]
            await at.ledger.absorb(CALENDAR, here)
        start += YEAR


async def _from_rows(rows: Mapping[str, SeenRow], found: Findings) -> None:
    """
    Meetings whose invitation is gone: deleted, or left behind in another tenant.

    One that is still to come is not made up: an invitation may be on its way.
    """
    at = found.at
    now = at.clock.now()
    events = [_event(meeting_id, row.fields, at) for meeting_id, row in rows.items()]
    made = [event for event in events if event is not None and event.end < now]
    for _ in made:
        found.count(What.MEETING)
    await at.ledger.absorb(CALENDAR, [Change(id=event.id, value=event) for event in made])
    for meeting_id in sorted(rows.keys() - {event.ical_uid for event in made}):
        title = text(rows[meeting_id].fields.get("Title"))
        found.note(
            f"{title}: no event in the calendar has the row's Mötes-id. Invite anew and empty that "
            "column, and the row is bound to the new invitation."
        )


def _event(meeting_id: str, fields: Fields, at: Workplace) -> SeenEvent | None:
    first = day(fields.get("NvStart"))
    if first is None:
        return None
    last, hours = day(fields.get("NvEnd")) or first, hours_of(text(fields.get("NvTime")))
    begins, ends = hours or WHOLE_DAY
    groups = [name.strip() for name in text(fields.get("NvGroups")).split(";")]
    return SeenEvent(
        id=f"{FROM_ROW}{meeting_id}",
        ical_uid=meeting_id,
        subject=text(fields.get("Title")),
        body_html="",
        start=_moment(first, begins, at),
        end=_moment(last, ends, at),
        location=text(fields.get("NvPlace")),
        organizer="",
        invited=(),
        categories=tuple(filter(None, groups)),
        cancelled=text(fields.get("NvStatus")).casefold() == "inställt",
        private=False,
        join_url=None,
        has_attachments=False,
        modified=_moment(first, begins, at),
    )


def _moment(on: date, clock: time, at: Workplace) -> datetime:
    return datetime.combine(on, clock, ZoneInfo(at.network.time_zone)).astimezone(UTC)


def _counted(meeting_id: str, fields: Fields, unknown: str) -> Attendance | None:
    counted = count(fields.get("NvTeamsCount"))
    if counted is None:
        return None
    told = text(fields.get("NvTeamsOrgs"))
    organisations = tuple(_organisations(told, unknown))
    agrees = sum(n for _, n in organisations) == counted
    return Attendance(
        meeting_id=meeting_id, count=counted, organisations=organisations if agrees else ()
    )


def _organisations(told: str, unknown: str) -> Iterator[tuple[str, int]]:
    """Of "Ale 2, okänd 3"; what a person has written otherwise is left out."""
    for part in told.split(", "):
        name, _, number = part.rpartition(" ")
        if name and number.isdigit():
            yield (UNKNOWN if name == unknown else name), int(number)
