"""
Calendar to meetings, meetings to the register.

The register is a projection: what the invitation, the attendance, the answers and the
filed files say, merged with what coordinators have typed. This job alone writes it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from service.domain.actions import Action, Folder, PrepareFolder, Shelf, WriteRow
from service.domain.meeting import Meeting, Status
from service.domain.names import inbox_folder
from service.domain.network import Network
from service.domain.register import Owner, fields_of, merge
from service.errors import CursorExpired
from service.jobs.findings import findings
from service.jobs.known import (
    CALENDAR,
    FROM_ROW,
    NOTICED,
    Known,
    Noticed,
    known,
    noticed,
    read_register,
    written,
)
from service.jobs.spec import Job, Poll
from service.jobs.valve import refuse_emptied
from service.observe import Change, Fields, SeenEvent
from service.workplace import Workplace

MONTHS_BACK = 2
MONTHS_AHEAD = 14
INBOX_LATEST = 2
INBOX_NEXT = 3


@dataclass(frozen=True, kw_only=True)
class Observed:
    known: Known
    findings: Mapping[str, Fields]
    """What else the service knows of each meeting, as columns of its row."""
    owners: Mapping[str, Owner]
    network: Network
    made: frozenset[str] = frozenset()
    """Keys of the folders that were made; one that a person has removed stays away."""


async def observe(at: Workplace) -> Observed:
    await _read_calendar(at)
    await read_register(at)
    facts = await known(at)
    await _notice(at, facts)
    return Observed(
        known=facts,
        findings=await findings(at, facts),
        owners=at.columns.owners,
        network=at.network,
        made=frozenset(await written(at, "folder/inbox/")),
    )


def plan(seen: Observed, now: datetime) -> tuple[Action, ...]:
    """Write the rows that differ, and keep the inbox's subfolders ready."""
    rows = (_row(meeting, seen, now) for meeting in seen.known.meetings)
    folders = _inbox(seen.known.meetings, now)
    return (
        *(row for row in rows if row is not None),
        *(each for each in folders if each.folder.key not in seen.made),
    )


def _row(meeting: Meeting, seen: Observed, now: datetime) -> WriteRow | None:
    """A planned row that is the meeting's is written to like its own, and gets its id."""
    row = seen.known.rows.get(meeting.id)
    if row is None and meeting.status is Status.CANCELLED:
        return None
    if row is None and meeting.id in seen.known.waiting and meeting.end > now:
        # A planned row may be its own: a second one would stand beside it.
        return None
    base = seen.known.bases.get(meeting.id)
    desired = {**fields_of(meeting, network=seen.network), **seen.findings[meeting.id]}
    fields = merge(desired, row.fields if row else None, base, seen.owners)
    # Of a row that is made (again), nothing stands that was written before.
    after = fields if row is None else {**(base or {}), **fields}
    if row is not None and not fields and base is not None:
        return None
    return WriteRow(key=f"row/{meeting.id}", row=row, fields=fields, base=after)


def _inbox(meetings: tuple[Meeting, ...], now: datetime) -> tuple[PrepareFolder, ...]:
    """A subfolder for each of the two latest and three next meetings (settled 24)."""
    held = [m for m in meetings if m.status is not Status.CANCELLED and m.end <= now]
    coming = [m for m in meetings if m.status is not Status.CANCELLED and m.end > now]
    return tuple(
        PrepareFolder(
            folder=Folder(
                key=f"folder/inbox/{meeting.id}",
                shelf=Shelf.COORDINATION,
                path=inbox_folder(meeting),
            )
        )
        for meeting in (*held[-INBOX_LATEST:], *coming[:INBOX_NEXT])
    )


# ---------------------------------------------------------------- reading


async def _notice(at: Workplace, facts: Known) -> None:
    """Remember since when things have been so: reminders and the digest hang on it."""
    before = await noticed(at)
    now = at.clock.now()
    changes = []
    for meeting in facts.meetings:
        old = before.get(meeting.id, Noticed(meeting_id=meeting.id))
        new = replace(
            old,
            registration_seen=old.registration_seen or (now if meeting.registration_link else None),
            result_released=old.result_released or (now if meeting.publish_result else None),
            days=(*(day for day in old.days if day != meeting.first_day), meeting.first_day),
        )
        if new != old:
            changes.append(Change(id=meeting.id, value=new))
    if changes:
        await at.ledger.absorb(NOTICED, changes)


async def _read_calendar(at: Workplace) -> None:
    """
    Take in what is new in the window; the window moves on by whole months.

    The cursor is kept with mailbox and window, since a delta link holds both for good.
    """
    window = _window(at.clock.now())
    name = f"{at.network.mailbox}/{window[0]:%Y-%m}"
    kept, _, link = (await at.ledger.cursor(CALENDAR) or "").partition(" ")
    try:
        await _absorb_events(at, name, link if kept == name else None, window)
    except CursorExpired:
        await _absorb_events(at, name, None, window)


async def _absorb_events(
    at: Workplace, name: str, cursor: str | None, window: tuple[datetime, datetime]
) -> None:
    listed: set[str] = set()
    gone: list[Change[SeenEvent]] = []
    link: str | None = None
    async for page in at.calendar.changes(cursor, window):
        listed.update(change.id for change in page.changes)
        confirmed = [await _confirmed(change, at) for change in page.changes]
        changes = [change for change in confirmed if change is not None]
        gone += [change for change in changes if _is_gone(change)]
        await at.ledger.absorb(CALENDAR, [change for change in changes if not _is_gone(change)])
        link = f"{name} {page.cursor}" if page.cursor else None
    if cursor is None:
        gone += await _lost(at, listed, window)
    await _let_go(at, gone, window, link)


async def _confirmed(change: Change[SeenEvent], at: Workplace) -> Change[SeenEvent] | None:
    """An event that left the window is believed gone only when a GET says so (facts, 4)."""
    if change.value is not None:
        return change
    event = await at.calendar.event(change.id)
    if event is not None:
        return Change(id=change.id, value=event)
    last = (await at.ledger.seen(CALENDAR, SeenEvent)).get(change.id)
    if last is None:
        return None
    return Change(id=change.id, value=replace(last, cancelled=True, modified=at.clock.now()))


async def _lost(
    at: Workplace, listed: set[str], window: tuple[datetime, datetime]
) -> list[Change[SeenEvent]]:
    """After a full listing: events that we knew in this window and that it did not show."""
    before = _coming(await at.ledger.seen(CALENDAR, SeenEvent), window)
    lost = [Change[SeenEvent](id=event.id, value=None) for event in before]
    confirmed = [await _confirmed(change, at) for change in lost if change.id not in listed]
    return [change for change in confirmed if change is not None]


async def _let_go(
    at: Workplace,
    gone: list[Change[SeenEvent]],
    window: tuple[datetime, datetime],
    link: str | None,
) -> None:
    """Members would be told of each: a calendar that was cleared by mistake cancels nothing."""
    before = {event.id for event in _coming(await at.ledger.seen(CALENDAR, SeenEvent), window)}
    fresh = [change.id for change in gone if change.id in before]
    refuse_emptied(f"calendar of {at.network.mailbox}", len(before), fresh, at)
    await at.ledger.absorb(CALENDAR, gone, cursor=link)


def _coming(events: Mapping[str, SeenEvent], window: tuple[datetime, datetime]) -> list[SeenEvent]:
    return [
        event
        for event in events.values()
        if not event.cancelled and window[0] <= event.start < window[1]
        if not event.id.startswith(FROM_ROW)
    ]


def _is_gone(change: Change[SeenEvent]) -> bool:
    return change.value is None or change.value.cancelled


def _window(now: datetime) -> tuple[datetime, datetime]:
    return _month(now, -MONTHS_BACK), _month(now, MONTHS_AHEAD)


def _month(now: datetime, offset: int) -> datetime:
    months = now.year * 12 + now.month - 1 + offset
    return datetime(months // 12, months % 12 + 1, 1, tzinfo=UTC)


JOB = Job(
    name="sync_calendar",
    does="Reads the calendar and the register, and brings the register's rows up to date.",
    wakes=Poll(setting="calendar"),
    observe=observe,
    plan=plan,
)
