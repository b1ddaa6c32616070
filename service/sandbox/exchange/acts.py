"""What organisers do in their calendars."""

from urllib.parse import quote

import msgspec

from service.sandbox.exchange.events import utc
from service.sandbox.performing import Performer
from service.sandbox.store import Row, guid
from service.sandbox.tenant import Tenant
from service.sandbox.timeline import Act, Attach, CancelInvite, Invite, Reinvite
from service.sandbox.wire import seal


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
    event = event_of_key(tenant, act.key)
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
    event = event_of_key(tenant, act.key)
    if event["organizer"] == event["mailbox"]:
        _touch(tenant, event, cancelled=1, deleted=1)
    else:
        _touch(tenant, event, cancelled=1, subject=f"Inställt: {event['subject']}")
    return True


def _attach(tenant: Tenant, act: Attach) -> bool:
    event = event_of_key(tenant, act.key)
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


def event_of_key(tenant: Tenant, key: str) -> Row:
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


PERFORMERS: dict[type[Act], Performer] = {
    Attach: _attach,
    CancelInvite: _cancel,
    Invite: _invite,
    Reinvite: _reinvite,
}
