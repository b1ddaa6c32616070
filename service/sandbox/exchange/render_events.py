"""Events as Graph writes them."""

import base64
import re
from datetime import datetime
from html import unescape
from urllib.parse import quote
from zoneinfo import ZoneInfo

import msgspec

from service.sandbox.exchange import recurrence
from service.sandbox.exchange.ids import outlook_id
from service.sandbox.exchange.zones import preferred, windows_name, written
from service.sandbox.store import Row
from service.sandbox.switches import Switch
from service.sandbox.tenant import Tenant
from service.sandbox.wire import Call, Json

PRIVATE_BODIES = Switch(
    name="private_bodies",
    values=("shown", "hidden"),
    about="Does an app that may read the calendar get the text of private events?",
)
_UTC = ("UTC", ZoneInfo("UTC"))
_NEVER = "0001-01-01T00:00:00Z"

_EVERY_EVENT: Json = {
    "reminderMinutesBeforeStart": 15,
    "isReminderOn": True,
    "isDraft": False,
    "responseRequested": True,
    "transactionId": None,
    "onlineMeetingUrl": None,
    "allowNewTimeProposals": True,
    "hideAttendees": False,
}


def event_id(call: Call, row: Row) -> str:
    stable = (call.prefers("IdType") or "").casefold() == "immutableid"
    return str(row["immutable_id"] if stable else row["id"])


def master_id(call: Call, row: Row) -> str | None:
    if row["master"] is None:
        return None
    master = call.tenant.store.one("SELECT * FROM events WHERE id = ?", row["master"])
    return event_id(call, master) if master else None


def event_json(call: Call, row: Row, *, utc: bool = False) -> Json:
    """`utc`: whatever zone the caller prefers."""
    tenant = call.tenant
    zone = _UTC if utc else preferred(call)
    own = row["zone"] if row["all_day"] else None
    organizer = tenant.person(row["organizer"])
    assert organizer is not None
    is_organizer = row["organizer"] == row["mailbox"]
    body = _body(call, row)
    answered = {"response": row["response"], "time": row["responded_at"]}
    event = {
        **identity_json(call, row),
        "createdDateTime": row["created_at"],
        "lastModifiedDateTime": row["modified_at"],
        "categories": msgspec.json.decode(row["categories"]),
        **_EVERY_EVENT,
        "originalStartTimeZone": windows_name(row["zone"]),
        "originalEndTimeZone": windows_name(row["zone"]),
        "iCalUId": row["ical"],
        "hasAttachments": _has_attachments(tenant, row),
        "subject": row["subject"],
        "bodyPreview": preview(body["content"]),
        "importance": row["importance"],
        "sensitivity": "private" if row["private"] else "normal",
        "isAllDay": bool(row["all_day"]),
        "isCancelled": bool(row["cancelled"]),
        "isOrganizer": is_organizer,
        "showAs": _show_as(row),
        "webLink": f"https://outlook.office365.com/owa/?itemid={quote(row['id'])}&exvsurl=1",
        "isOnlineMeeting": row["meeting"] is not None,
        "onlineMeetingProvider": "teamsForBusiness" if row["meeting"] else "unknown",
        "recurrence": _recurrence(row),
        "responseStatus": {"response": "organizer", "time": _NEVER} if is_organizer else answered,
        "body": body,
        "start": written(row["start"], zone, own),
        "end": written(row["end"], zone, own),
        **_places(row),
        "attendees": [
            attendee_json(tenant, entry) for entry in msgspec.json.decode(row["attendees"])
        ],
        "organizer": {"emailAddress": {"name": organizer.name, "address": organizer.mail}},
        "onlineMeeting": _online(tenant, row),
    }
    if row["kind"] in ("occurrence", "exception"):
        event["originalStart"] = row["original_start"]
    return event


def identity_json(call: Call, row: Row) -> Json:
    """What even the shortest form of an event has, besides its times."""
    key = base64.b64encode(row["seq"].to_bytes(8, "big")).decode()
    return {
        "@odata.etag": f'W/"{key}"',
        "id": event_id(call, row),
        "changeKey": key,
        "type": row["kind"],
        "seriesMasterId": master_id(call, row),
    }


def sparse_json(call: Call, row: Row) -> Json:
    """An occurrence as a delta writes it: what it shares with its master is left out."""
    zone = preferred(call)
    own = row["zone"] if row["all_day"] else None
    body = identity_json(call, row)
    del body["changeKey"]
    return {
        "@odata.type": "#microsoft.graph.event",
        **body,
        "start": written(row["start"], zone, own),
        "end": written(row["end"], zone, own),
    }


def cancelled_occurrences(call: Call, master: Row) -> list[str]:
    """`OID.{id of the master}.{day}`, as the reference page of event shows them."""
    rows = call.tenant.store.all(
        "SELECT original_start FROM events WHERE master = ? AND deleted = 1 "
        "ORDER BY original_start",
        master["id"],
    )
    return [
        f"OID.{event_id(call, master)}.{day.date().isoformat()}"
        for day in (
            datetime.fromisoformat(row["original_start"]).astimezone(ZoneInfo(master["zone"]))
            for row in rows
        )
    ]


def _recurrence(row: Row) -> Json | None:
    if row["recurrence"] is None:
        return None
    pattern = recurrence.read(msgspec.json.decode(row["recurrence"]))
    first = datetime.fromisoformat(row["start"]).astimezone(ZoneInfo(row["zone"])).date()
    return recurrence.patterned_json(first, pattern, row["zone"])


def _show_as(row: Row) -> str:
    if row["cancelled"] or row["all_day"]:
        return "free"
    return "tentative" if row["response"] in ("tentativelyAccepted", "notResponded") else "busy"


def _body(call: Call, row: Row) -> Json:
    content = row["body"]
    if row["private"] and PRIVATE_BODIES.read(call.tenant) == "hidden":
        content = ""
    return body_json(call, content)


def body_json(call: Call, html: str) -> Json:
    """An itemBody; as text for who prefers that."""
    if (call.prefers("outlook.body-content-type") or "").casefold() == "text":
        return {"contentType": "text", "content": plain(html)}
    return {"contentType": "html", "content": html}


def plain(html: str) -> str:
    """What a reader sees, a paragraph a line."""
    text = re.sub(r"(?is)<(style|script|head)\b.*?</\1>", "", html)
    text = re.sub(r"(?i)<br\s*/?>|</(p|div|li|tr|h\d)>", "\r\n", text)
    return unescape(re.sub(r"<[^>]+>", "", text)).strip()


def preview(html: str) -> str:
    """The first 255 characters of what a reader sees."""
    text = re.sub(r"(?is)<(style|script|head)\b.*?</\1>|<[^>]+>", " ", html)
    return re.sub(r"\s+", " ", unescape(text)).strip()[:255]


def html_page(html: str) -> str:
    """As Exchange keeps a body."""
    return html if "<html" in html.lower() else f"<html><body>{html}</body></html>"


def _places(row: Row) -> Json:
    name = row["location"]
    rooms = [a for a in msgspec.json.decode(row["attendees"]) if a["type"] == "resource"]
    location: Json = {"displayName": name, "locationType": "default"}
    if rooms:
        location = {
            "displayName": name,
            "locationUri": rooms[0]["address"],
            "locationType": "conferenceRoom",
        }
    located = {**location, "uniqueId": location.get("locationUri", name)}
    located["uniqueIdType"] = "directory" if rooms else "private"
    return {"location": located, "locations": [located] if name else []}


def _has_attachments(tenant: Tenant, row: Row) -> bool:
    """Images inside the body do not count."""
    found = tenant.store.value(
        "SELECT 1 FROM attachments WHERE event = ? AND inline = 0 LIMIT 1", owner_of_files(row)
    )
    return found is not None


def owner_of_files(row: Row) -> str:
    """An occurrence that nobody has changed shows what is attached to its series."""
    return str(row["master"] if row["kind"] == "occurrence" else row["id"])


def _online(tenant: Tenant, row: Row) -> Json | None:
    if row["meeting"] is None:
        return None
    url = tenant.store.value("SELECT join_url FROM meetings WHERE id = ?", row["meeting"])
    return {"joinUrl": url}


def attendee_json(tenant: Tenant, entry: Json) -> Json:
    person = tenant.person(entry["address"])
    return {
        "type": entry["type"],
        "status": {"response": entry["response"], "time": entry["time"]},
        "emailAddress": {
            "name": person.name if person else entry["address"],
            "address": entry["address"],
        },
    }


def invited(address: str, kind: str = "required") -> Json:
    """An attendee who has not answered, as the tables keep one."""
    return {"address": address, "type": kind, "response": "none", "time": _NEVER}


def default_calendar(tenant: Tenant, mailbox: str) -> str:
    return outlook_id(tenant, "calendar", mailbox)
