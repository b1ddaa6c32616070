"""What organisers and the invited do in their calendars."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from service.sandbox.exchange import attach_acts, mail_acts, recurrence, series
from service.sandbox.exchange.changing import (
    as_exception,
    change_series,
    event_of_key,
    meant,
    touch,
    utc,
)
from service.sandbox.exchange.events import calendar_named
from service.sandbox.exchange.ids import ical_uid, outlook_id
from service.sandbox.exchange.render_events import default_calendar, html_page, invited
from service.sandbox.meetings.meetings import lay_meeting
from service.sandbox.performing import Performer
from service.sandbox.store import Row
from service.sandbox.tenant import Tenant
from service.sandbox.timeline import (
    Act,
    CancelInvite,
    DeleteEvent,
    Forward,
    HandOver,
    Invite,
    MoveEvent,
    MoveMailbox,
    Person,
    Reinvite,
    Respond,
)
from service.sandbox.wire import Json

_CANCELLED = "Inställt: "
_RESPONSES = ("accepted", "tentativelyAccepted", "declined")


def _invite(tenant: Tenant, act: Invite) -> bool:
    _check(tenant, act)
    mailbox = _mailbox(tenant)
    attendees = _attendees(act)
    if act.organizer != mailbox.id and mailbox.mail not in {a["address"] for a in attendees}:
        attendees.append(invited(mailbox.mail))
    zone = act.zone or tenant.world.time_zone
    start, end = _days(act, zone) if act.all_day else (utc(act.start), utc(act.end))
    event = outlook_id(tenant, "event", act.key)
    tenant.store.insert(
        "events",
        id=event,
        immutable_id=outlook_id(tenant, "immutable", act.key),
        key=act.key,
        mailbox=mailbox.id,
        calendar=default_calendar(tenant, mailbox.id),
        kind="seriesMaster" if act.recurrence else "singleInstance",
        recurrence=_kept(act),
        zone=zone,
        all_day=int(act.all_day),
        ical=ical_uid(tenant, act.key),
        organizer=act.organizer,
        subject=act.subject,
        body=html_page(act.body_html),
        start=start,
        end=end,
        location=act.location,
        attendees=_json(attendees),
        categories=_json(act.categories),
        private=int(act.private),
        importance=act.importance,
        response="organizer" if act.organizer == mailbox.id else act.response,
        responded_at=tenant.clock.text,
        widest_start=start,
        widest_end=end,
        meeting=_meeting(tenant, act, event),
        created_at=tenant.clock.text,
        modified_at=tenant.clock.text,
        seq=tenant.store.next_seq(),
    )
    if act.recurrence:
        series.unroll(tenant, event_of_key(tenant, act.key))
    return True


def _check(tenant: Tenant, act: Invite) -> None:
    """Raises ValueError for an invitation that cannot be."""
    if tenant.person(act.organizer) is None:
        raise ValueError(f"{act.organizer} is nobody who could invite.")
    if tenant.store.one("SELECT id FROM events WHERE key = ?", act.key):
        raise ValueError(f"There is an invitation {act.key} already.")
    if act.end < act.start:
        raise ValueError(f"{act.key} ends before it begins.")
    if act.recurrence:
        recurrence.check(act.recurrence)


def _mailbox(tenant: Tenant) -> Person:
    mailbox = tenant.person(tenant.world.mailbox)
    assert mailbox is not None, "the mailbox must be one of the people"
    return mailbox


def _attendees(act: Invite) -> list[Json]:
    kinds = (("required", act.attendees), ("optional", act.optional), ("resource", act.rooms))
    found = {address: invited(address, kind) for kind, some in kinds for address in some}
    return list(found.values())


def _days(act: Invite, zone: str) -> tuple[str, str]:
    """Midnights around the days, the last one counted in."""
    info = ZoneInfo(zone)
    first = act.start.astimezone(info).date()
    last = max(first, (act.end.astimezone(info) - timedelta(microseconds=1)).date())
    after = last + timedelta(days=1)
    return utc(datetime.combine(first, time(), info)), utc(datetime.combine(after, time(), info))


def _kept(act: Invite) -> str | None:
    return _json(recurrence.kept(act.recurrence)) if act.recurrence else None


def _meeting(tenant: Tenant, act: Invite, event: str) -> str | None:
    """A series has one; an invitation may use the link of another again."""
    if act.join_of is not None:
        meeting: str | None = event_of_key(tenant, act.join_of)["meeting"]
        return meeting
    if not act.online and act.channel is None:
        return None
    return lay_meeting(tenant, act.key, act.organizer, event, act.channel)


def _reinvite(tenant: Tenant, act: Reinvite) -> bool:
    event = meant(tenant, act.key, act.occurrence)
    given: dict[str, object] = {
        "subject": act.subject,
        "body": None if act.body_html is None else html_page(act.body_html),
        "location": act.location,
        "categories": None if act.categories is None else _json(act.categories),
        "private": None if act.private is None else int(act.private),
    }
    if act.attendees is not None:
        given["attendees"] = _json(_still_invited(event, act.attendees))
    values = {name: value for name, value in given.items() if value is not None}
    moved = _moved(event, act)
    if event["kind"] == "seriesMaster":
        change_series(tenant, event, values, moved)
    else:
        if event["kind"] == "occurrence":
            as_exception(tenant, event)
        touch(tenant, event, **values, **moved)
    return True


def _still_invited(event: Row, addresses: tuple[str, ...]) -> list[Json]:
    """Who is invited still keeps the answer given."""
    before = {a["address"]: a for a in msgspec.json.decode(event["attendees"])}
    return [before.get(address) or invited(address) for address in addresses]


def _moved(event: Row, act: Reinvite) -> dict[str, object]:
    start = event["start"] if act.start is None else utc(act.start)
    end = event["end"] if act.end is None else utc(act.end)
    if (start, end) == (event["start"], event["end"]):
        return {}
    return {
        "start": start,
        '"end"': end,
        "widest_start": min(event["widest_start"], start),
        "widest_end": max(event["widest_end"], end),
    }


def _cancel(tenant: Tenant, act: CancelInvite) -> bool:
    """In the organiser's own calendar the event goes; in a guest's it stays as cancelled."""
    event = meant(tenant, act.key, act.occurrence)
    rows = [event]
    if event["kind"] == "seriesMaster":
        rows += series.occurrences(tenant, event)
    for row in rows:
        if row["organizer"] == row["mailbox"]:
            touch(tenant, row, cancelled=1, deleted=1)
        elif not row["cancelled"]:
            if act.occurrence is not None and row["kind"] == "occurrence":
                as_exception(tenant, row)
            touch(tenant, row, cancelled=1, subject=f"{_CANCELLED}{row['subject']}")
    _told_of(tenant, event)
    return True


def _told_of(tenant: Tenant, event: Row) -> None:
    """A series is sent again when one of its occurrences has changed or gone."""
    if event["master"] is not None:
        master = tenant.store.one("SELECT * FROM events WHERE id = ?", event["master"])
        assert master is not None
        touch(tenant, master)


def _hand_over(tenant: Tenant, act: HandOver) -> bool:
    old = event_of_key(tenant, act.key)
    person = tenant.person(act.organizer)
    if person is None:
        raise ValueError(f"{act.organizer} is nobody who could invite.")
    _cancel(tenant, CancelInvite(at=act.at, key=act.key))
    pattern = recurrence.read(msgspec.json.decode(old["recurrence"])) if old["recurrence"] else None
    return _invite(
        tenant,
        Invite(
            at=act.at,
            key=act.new_key,
            organizer=person.id,
            subject=old["subject"],
            body_html=old["body"],
            start=datetime.fromisoformat(old["start"]),
            end=datetime.fromisoformat(old["end"]),
            location=old["location"],
            attendees=tuple(a["address"] for a in msgspec.json.decode(old["attendees"])),
            categories=tuple(msgspec.json.decode(old["categories"])),
            online=old["meeting"] is not None,
            private=bool(old["private"]),
            recurrence=pattern,
            zone=old["zone"],
            all_day=bool(old["all_day"]),
        ),
    )


def _respond(tenant: Tenant, act: Respond) -> bool:
    """
    The organiser's copy alone tells what others have answered. The mailbox's own answer is told
    on its copy, which goes if it declines.
    """
    if act.response not in _RESPONSES:
        raise ValueError(f"{act.response} is none of {', '.join(_RESPONSES)}.")
    event = meant(tenant, act.key, act.occurrence)
    mailbox = _mailbox(tenant)
    if act.by.casefold() == mailbox.mail.casefold():
        gone = {"deleted": 1} if act.response == "declined" else {}
        touch(tenant, event, response=act.response, responded_at=tenant.clock.text, **gone)
        return True
    attendees = msgspec.json.decode(event["attendees"])
    found = [a for a in attendees if a["address"].casefold() == act.by.casefold()]
    if not found:
        raise ValueError(f"{act.by} is not invited to {act.key}.")
    if event["organizer"] == event["mailbox"]:
        found[0].update(response=act.response, time=tenant.clock.text)
        touch(tenant, event, attendees=_json(attendees))
    return True


def _forward(tenant: Tenant, act: Forward) -> bool:
    event = event_of_key(tenant, act.key)
    attendees = msgspec.json.decode(event["attendees"])
    if act.to not in {a["address"] for a in attendees}:
        attendees.append(invited(act.to))
        change_series(tenant, event, {"attendees": _json(attendees)}, {})
    return True


def _move(tenant: Tenant, act: MoveEvent) -> bool:
    """Its id changes, the immutable one does not; in the old calendar it is gone."""
    event = event_of_key(tenant, act.key)
    calendar = calendar_named(tenant, event["mailbox"], act.calendar)
    if calendar == event["calendar"]:
        return True
    for row in [event, *series.occurrences(tenant, event)]:
        trace = {name: row[name] for name in row.keys()}  # noqa: SIM118 - a database row, no dict
        new = outlook_id(tenant, "moved", row["id"], str(tenant.store.next_seq()))
        tenant.store.do("UPDATE attachments SET event = ? WHERE event = ?", new, row["id"])
        tenant.store.do("UPDATE events SET master = ? WHERE master = ?", new, row["id"])
        tenant.store.do("UPDATE meetings SET event = ? WHERE event = ?", new, row["id"])
        touch(tenant, row, id=new, calendar=calendar)
        quoted = {('"end"' if name == "end" else name): value for name, value in trace.items()}
        quoted.update(key=None, master=None, deleted=1, seq=tenant.store.next_seq())
        tenant.store.insert("events", **quoted)
    return True


def _delete(tenant: Tenant, act: DeleteEvent) -> bool:
    event = meant(tenant, act.key, act.occurrence)
    rows = [event, *series.occurrences(tenant, event)]
    for row in rows:
        touch(tenant, row, deleted=1)
    _told_of(tenant, event)
    return True


def _move_mailbox(tenant: Tenant, act: MoveMailbox) -> bool:
    person = tenant.person(act.mailbox)
    if person is None:
        raise ValueError(f"{act.mailbox} is nobody's address.")
    tenant.store.set_state(f"mailbox moved/{person.id}", tenant.clock.text)
    return True


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


PERFORMERS: dict[type[Act], Performer] = {
    **attach_acts.PERFORMERS,
    **mail_acts.PERFORMERS,
    CancelInvite: _cancel,
    DeleteEvent: _delete,
    Forward: _forward,
    HandOver: _hand_over,
    Invite: _invite,
    MoveEvent: _move,
    MoveMailbox: _move_mailbox,
    Reinvite: _reinvite,
    Respond: _respond,
}
