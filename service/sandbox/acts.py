"""What people do in the tenant: each act of a seed, carried out on the state."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import msgspec

from service.sandbox import library, rows
from service.sandbox.channels import say
from service.sandbox.enrich import enriched
from service.sandbox.events import utc
from service.sandbox.library import Write
from service.sandbox.names import name_key
from service.sandbox.store import Row, guid
from service.sandbox.tenant import Tenant
from service.sandbox.timeline import (
    Act,
    Attach,
    Attend,
    CancelInvite,
    EditRow,
    Invite,
    Presence,
    Record,
    Reinvite,
    Say,
    Upload,
)
from service.sandbox.wire import Json, seal


def perform(tenant: Tenant, act: Act) -> bool:
    """False if the act must wait: its object is not there yet."""
    return _PERFORMERS[type(act)](tenant, act)


def _invite(tenant: Tenant, act: Invite) -> bool:
    world, store = tenant.world, tenant.store
    mailbox = tenant.person(world.mailbox)
    assert mailbox is not None, "the mailbox must be one of the people"
    event = _outlook_id(tenant, "event", act.key)
    attendees = dict.fromkeys(act.attendees)
    if act.organizer != mailbox.id:
        attendees.setdefault(mailbox.mail)
    store.insert(
        "events",
        id=event,
        immutable_id=_outlook_id(tenant, "immutable", act.key),
        key=act.key,
        mailbox=mailbox.id,
        ical=_ical_uid(tenant, act.key),
        organizer=act.organizer,
        subject=act.subject,
        body=_body(act.body_html),
        start=utc(act.start),
        end=utc(act.end),
        location=act.location,
        attendees=msgspec.json.encode(list(attendees)).decode(),
        categories=msgspec.json.encode(act.categories).decode(),
        private=int(act.private),
        meeting=_meeting(tenant, act, event) if act.online else None,
        created_at=tenant.clock.text,
        modified_at=tenant.clock.text,
        seq=store.next_seq(),
    )
    return True


def _meeting(tenant: Tenant, act: Invite, event: str) -> str:
    """The online meeting behind an invitation; its link names tenant and organiser."""
    world = tenant.world
    key = guid(world.tenant_id, "thread", act.key).replace("-", "")
    thread = f"19:meeting_{key}@thread.v2"
    holder = msgspec.json.encode({"Tid": world.tenant_id, "Oid": act.organizer}).decode()
    url = (
        f"https://teams.microsoft.com/l/meetup-join/{_escaped(thread)}/0?context={_escaped(holder)}"
    )
    meeting = seal({"o": act.organizer, "t": key})
    tenant.store.insert(
        "meetings",
        id=meeting,
        organizer=act.organizer,
        join_url=url,
        thread=thread,
        event=event,
        created_at=tenant.clock.text,
    )
    return meeting


def _escaped(text: str) -> str:
    """Percent escapes in small letters, as in Teams' links."""
    return quote(text, safe="").replace("%3A", "%3a").replace("%7B", "%7b").replace("%7D", "%7d")


def _reinvite(tenant: Tenant, act: Reinvite) -> bool:
    event = _event(tenant, act.key)
    given = {
        "subject": act.subject,
        "body": None if act.body_html is None else _body(act.body_html),
        "start": None if act.start is None else utc(act.start),
        '"end"': None if act.end is None else utc(act.end),
        "location": act.location,
    }
    _touch(tenant, event, **{name: value for name, value in given.items() if value is not None})
    return True


def _cancel(tenant: Tenant, act: CancelInvite) -> bool:
    """In the organiser's own calendar the event goes; in a guest's it stays as cancelled."""
    event = _event(tenant, act.key)
    if event["organizer"] == event["mailbox"]:
        _touch(tenant, event, cancelled=1, deleted=1)
    else:
        _touch(tenant, event, cancelled=1, subject=f"Inställt: {event['subject']}")
    return True


def _attach(tenant: Tenant, act: Attach) -> bool:
    event = _event(tenant, act.key)
    blob = tenant.blobs.keep(act.content())
    tenant.store.insert(
        "attachments",
        id=_outlook_id(tenant, "attachment", event["id"], str(tenant.store.next_seq())),
        event=event["id"],
        name=act.name,
        content_type=act.content_type,
        size=blob.size,
        blob=blob.id,
        inline=int(act.inline),
        modified_at=tenant.clock.text,
    )
    _touch(tenant, event)
    return True


def _upload(tenant: Tenant, act: Upload) -> bool:
    listed = tenant.store.one(
        "SELECT * FROM lists WHERE name_key = ? AND drive IS NOT NULL", name_key(act.drive)
    )
    if listed is None:
        return False
    by = f"user:{act.by}"
    root = library.root_of(tenant, listed["id"])
    if act.make_folder:
        folder: Row | None = library.folders(tenant, root, act.folder, by)
    else:
        folder = library.by_path(tenant, root, act.folder)
    if folder is None:
        return False
    # Written into before it is kept, so that one upload is one version here.
    blob = tenant.blobs.keep(enriched(act.name, act.content()))
    library.put_file(tenant, folder, act.name, blob, Write(by=by))
    return True


def _record(tenant: Tenant, act: Record) -> bool:
    meeting = _event(tenant, act.key)["meeting"]
    if meeting is None:
        raise ValueError(f"{act.key} is no online meeting, so it has no recording.")
    call = tenant.store.new_guid("call", meeting)
    correlation = guid(call, "correlation")
    _artifact(tenant, act, "recordings", meeting, call, correlation, act.content())
    if act.transcript is not None:
        text = act.transcript.encode()
        _artifact(tenant, act, "transcripts", meeting, call, correlation, text)
    return True


def _artifact(  # noqa: PLR0913 - a row of a table
    tenant: Tenant,
    act: Record,
    kind: str,
    meeting: str,
    call: str,
    correlation: str,
    content: bytes,
) -> None:
    tenant.store.insert(
        "artifacts",
        id=seal({"k": kind[0], "c": call}),
        kind=kind,
        meeting=meeting,
        call=call,
        correlation=correlation,
        start=utc(act.start),
        end=utc(act.end),
        blob=tenant.blobs.keep(content).id,
        seq=tenant.store.next_seq(),
    )


def _attend(tenant: Tenant, act: Attend) -> bool:
    meeting = _event(tenant, act.key)["meeting"]
    if meeting is None:
        raise ValueError(f"{act.key} is no online meeting, so nobody is reported to attend.")
    together: dict[str, list[Presence]] = {}
    for number, presence in enumerate(act.records):
        together.setdefault(presence.mail or f"#{number}", []).append(presence)
    records = [_attendance(tenant, found) for found in together.values()]
    tenant.store.insert(
        "reports",
        id=tenant.store.new_guid("report", meeting),
        meeting=meeting,
        start=utc(act.start),
        end=utc(act.end),
        records=msgspec.json.encode(records).decode(),
        seq=tenant.store.next_seq(),
    )
    return True


def _attendance(tenant: Tenant, presences: list[Presence]) -> Json:
    """One person's record; somebody who left and came back has several intervals."""
    first = presences[0]
    person = tenant.person(first.mail) if first.mail else None
    intervals = [
        {
            "joinDateTime": utc(p.joined),
            "leaveDateTime": utc(p.left),
            "durationInSeconds": _seconds(p.left - p.joined),
        }
        for p in presences
    ]
    return {
        "id": person.id if person else tenant.store.new_guid("attendance"),
        "emailAddress": first.mail,
        "role": first.role,
        "totalAttendanceInSeconds": sum(_seconds(p.left - p.joined) for p in presences),
        "identity": {
            "id": person.id if person else None,
            "displayName": first.name,
            "tenantId": tenant.world.tenant_id if person else None,
        },
        "attendanceIntervals": intervals,
    }


def _seconds(length: timedelta) -> int:
    return int(length.total_seconds())


def _say(tenant: Tenant, act: Say) -> bool:
    root = None
    if act.reply_to is not None:
        root = tenant.store.one("SELECT * FROM messages WHERE key = ?", act.reply_to)
        if root is None:
            raise ValueError(f"{act.key} replies to {act.reply_to}, which nobody has said.")
    say(
        tenant,
        act.channel,
        f"user:{act.author}",
        act.html,
        key=act.key,
        reply_to=(root["reply_to"] or root["id"]) if root else None,
    )
    return True


def _edit(tenant: Tenant, act: EditRow) -> bool:
    listed = tenant.store.value("SELECT id FROM lists WHERE name_key = ?", name_key(act.list_name))
    found = None if listed is None else _matching(tenant, listed, act)
    if found is None:
        return False
    rows.set_fields(tenant, found, dict(act.fields), f"user:{act.by}")
    return True


def _matching(tenant: Tenant, list_id: str, act: EditRow) -> Row | None:
    for row in tenant.store.all(
        "SELECT * FROM items WHERE list = ? AND deleted = 0 AND number > 0 ORDER BY number",
        list_id,
    ):
        values = {**msgspec.json.decode(row["fields"]), "FileLeafRef": row["name"]}
        if all(_agrees(values.get(name), wanted) for name, wanted in act.where.items()):
            return row
    return None


def _agrees(value: object, wanted: str) -> bool:
    """As text; a time agrees with its day, and with its moment where one is named."""
    if value is None:
        return False
    if isinstance(value, bool):
        return wanted.casefold() == str(value).casefold()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value)
    return text == wanted or (len(wanted) == 10 and text[:11] == f"{wanted}T")


def _event(tenant: Tenant, key: str) -> Row:
    row = tenant.store.one("SELECT * FROM events WHERE key = ?", key)
    if row is None:
        raise ValueError(f"Nobody has invited to {key}.")
    return row


def _touch(tenant: Tenant, event: Row, **values: object) -> None:
    tenant.store.update(
        "events",
        event["id"],
        **values,
        modified_at=tenant.clock.text,
        seq=tenant.store.next_seq(),
    )


def _body(html: str) -> str:
    return html if "<html" in html.lower() else f"<html><body>{html}</body></html>"


def _outlook_id(tenant: Tenant, *parts: str) -> str:
    """Long and with both cases, as Exchange's ids are."""
    keys = "".join(guid(tenant.world.tenant_id, *parts, str(n)) for n in range(2))
    return "AAMkA" + seal({"k": keys}).replace("-", "x").replace("_", "y") + "="


def _ical_uid(tenant: Tenant, key: str) -> str:
    return (
        "040000008200E00074C5B7101A82E008"
        + guid(tenant.world.tenant_id, "ical", key).replace("-", "").upper()
    )


_PERFORMERS: dict[type[Act], Callable[[Tenant, Any], bool]] = {
    Attach: _attach,
    Attend: _attend,
    CancelInvite: _cancel,
    EditRow: _edit,
    Invite: _invite,
    Record: _record,
    Reinvite: _reinvite,
    Say: _say,
    Upload: _upload,
}
