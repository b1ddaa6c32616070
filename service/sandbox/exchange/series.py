"""Occurrences of a series: rows of their own, made when somebody looks that far ahead."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from service.sandbox.exchange import recurrence
from service.sandbox.exchange.ids import ical_uid_of_day, outlook_id
from service.sandbox.store import Row
from service.sandbox.tenant import Tenant
from service.sandbox.wire import fine_stamp

_INHERITED = (
    "mailbox",
    "calendar",
    "zone",
    "all_day",
    "organizer",
    "subject",
    "body",
    "location",
    "attendees",
    "categories",
    "private",
    "importance",
    "response",
    "responded_at",
    "meeting",
    "cancelled",
    "created_at",
)
_AHEAD = timedelta(days=366)
"""How far a series without an end is made before anybody has looked."""


def unroll(tenant: Tenant, master: Row, until: str | None = None) -> None:
    """
    Makes the occurrences that are not there: of a series without an end those before `until`,
    of any other all when it is made, which is when no `until` is given.
    """
    pattern = recurrence.read(msgspec.json.decode(master["recurrence"]))
    endless = pattern.count is None and pattern.until is None
    if until is not None and not endless:
        return
    zone = ZoneInfo(master["zone"])
    begin = datetime.fromisoformat(master["start"]).astimezone(zone)
    finish = datetime.fromisoformat(master["end"]).astimezone(zone)
    length = finish.replace(tzinfo=None) - begin.replace(tzinfo=None)
    if until is None and endless:
        until = fine_stamp(tenant.clock.now + _AHEAD)
    there = {
        row["original_start"]
        for row in tenant.store.all(
            "SELECT original_start FROM events WHERE master = ?", master["id"]
        )
    }
    for day in recurrence.days(begin.date(), pattern):
        # The clock on the wall stands; what it is in UTC changes with summer time.
        start = datetime.combine(day, begin.timetz())
        end = (start.replace(tzinfo=None) + length).replace(tzinfo=zone)
        if until is not None and fine_stamp(start) >= until:
            break
        if fine_stamp(start) not in there:
            _occurrence(tenant, master, day, (fine_stamp(start), fine_stamp(end)))


def _occurrence(tenant: Tenant, master: Row, day: date, hours: tuple[str, str]) -> None:
    start, end = hours
    # A master has no original start of its own; `forget` counts generations in it.
    own = (master["immutable_id"], master["original_start"] or "", start)
    tenant.store.insert(
        "events",
        id=outlook_id(tenant, "occurrence", master["calendar"], *own),
        immutable_id=outlook_id(tenant, "immutable occurrence", *own),
        kind="occurrence",
        master=master["id"],
        original_start=start,
        ical=ical_uid_of_day(master["ical"], day),
        start=start,
        **{'"end"': end},
        widest_start=start,
        widest_end=end,
        modified_at=tenant.clock.text,
        seq=tenant.store.next_seq(),
        **{name: master[name] for name in _INHERITED},
    )


def unroll_calendar(tenant: Tenant, calendar: str, until: str) -> None:
    """Every series of the calendar as far as somebody is about to look."""
    for master in tenant.store.all(
        "SELECT * FROM events WHERE calendar = ? AND kind = 'seriesMaster' AND deleted = 0 "
        "AND start < ?",
        calendar,
        until,
    ):
        unroll(tenant, master, until)


def forget(tenant: Tenant, master: Row) -> None:
    """
    Before a series gets other times: what it had, exceptions too, is gone. What is made
    afterwards has other ids.
    """
    for row in tenant.store.all("SELECT id FROM events WHERE master = ?", master["id"]):
        tenant.store.update(
            "events", row["id"], deleted=1, master=None, seq=tenant.store.next_seq()
        )
    generation = str(tenant.store.next_seq())
    tenant.store.update("events", master["id"], original_start=generation)


def occurrences(tenant: Tenant, master: Row) -> list[Row]:
    """Those that are there, exceptions among them."""
    return tenant.store.all(
        "SELECT * FROM events WHERE master = ? AND deleted = 0 ORDER BY original_start",
        master["id"],
    )


def of_day(tenant: Tenant, master: Row, day: date) -> Row:
    """The occurrence whose original start is on this day. Raises ValueError."""
    end = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(master["zone"]))
    unroll(tenant, master, fine_stamp(end))
    for row in tenant.store.all("SELECT * FROM events WHERE master = ?", master["id"]):
        start = datetime.fromisoformat(row["original_start"])
        if start.astimezone(ZoneInfo(master["zone"])).date() == day:
            return row
    raise ValueError(f"{master['key']} does not come on {day.isoformat()}.")
