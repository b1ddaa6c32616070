"""The calendar of a mailbox: its view, its delta, its events and their attachments."""

import base64
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from html import unescape
from urllib.parse import quote
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from service.sandbox.entra.access import known_person
from service.sandbox.paging import page
from service.sandbox.store import Row, rows_after
from service.sandbox.tenant import Tenant
from service.sandbox.wire import (
    Answer,
    Call,
    GraphError,
    Json,
    bad_request,
    fine_stamp,
    moment,
    seal,
    unseal,
)

_VIEW_PAGE = 10
_MOST_PAGE = 1000
_WINDOWS_ZONES = {
    "UTC": "UTC",
    "W. Europe Standard Time": "Europe/Berlin",
    "Romance Standard Time": "Europe/Paris",
    "Central European Standard Time": "Europe/Warsaw",
    "FLE Standard Time": "Europe/Helsinki",
    "GMT Standard Time": "Europe/London",
}

_EVERY_EVENT: Json = {
    "originalStartTimeZone": "W. Europe Standard Time",
    "originalEndTimeZone": "W. Europe Standard Time",
    "reminderMinutesBeforeStart": 15,
    "isReminderOn": True,
    "importance": "normal",
    "isAllDay": False,
    "isDraft": False,
    "responseRequested": True,
    "seriesMasterId": None,
    "type": "singleInstance",
    "onlineMeetingUrl": None,
    "allowNewTimeProposals": True,
    "hideAttendees": False,
    "recurrence": None,
}


def calendar_view(call: Call) -> Answer:
    start, end = _window(call.query)
    rows = call.tenant.store.all(
        'SELECT * FROM events WHERE mailbox = ? AND deleted = 0 AND start < ? AND "end" > ? '
        "ORDER BY start, id",
        _mailbox(call),
        end,
        start,
    )
    return page(call, rows, lambda row: event_json(call, row), _VIEW_PAGE, _MOST_PAGE)


def calendar_delta(call: Call) -> Answer:
    """
    The window is fixed in the link. What has left it comes as removed too, so that a removal
    says nothing about cancellation (graph-facts 4).
    """
    held = _held(call)
    size = _page_size(call)
    rows, more = rows_after(
        call.tenant.store.all(
            "SELECT * FROM events WHERE mailbox = ? AND seq > ? ORDER BY seq LIMIT ?",
            _mailbox(call),
            held["seq"],
            size + 1,
        ),
        size,
    )
    written = [_change(call, row, held) for row in rows]
    body: Json = {"value": [entry for entry in written if entry is not None]}
    last = {**held, "seq": rows[-1]["seq"] if rows else held["seq"]}
    if more:
        body["@odata.nextLink"] = call.link(call.path, skiptoken=seal(last))
    else:
        last["first"] = False
        body["@odata.deltaLink"] = call.link(call.path, deltatoken=seal(last))
    return Answer(body=body)


def _change(call: Call, row: Row, held: Json) -> Json | None:
    inside = row["start"] < held["end"] and row["end"] > held["start"]
    if inside and not row["deleted"]:
        return event_json(call, row)
    if held["first"]:
        return None
    return {"id": _id(call, row), "@removed": {"reason": "deleted"}}


def _held(call: Call) -> Json:
    """What the link carries: the window and the number to go on after."""
    token = call.query.get("$skiptoken") or call.query.get("$deltatoken")
    if token is None:
        start, end = _window(call.query)
        return {"start": start, "end": end, "seq": 0, "first": True, "of": _world(call)}
    held = unseal(token)
    if held is None or held.get("of") != _world(call):
        raise GraphError(
            410,
            "SyncStateNotFound",
            "The sync state generation is not found.",
            {"Location": call.url},
        )
    return held


def _world(call: Call) -> str:
    return f"{call.tenant.world.tenant_id}/{_mailbox(call)}"


def _page_size(call: Call) -> int:
    text = call.prefers("odata.maxpagesize") or str(_VIEW_PAGE)
    return min(max(int(text), 1), _MOST_PAGE) if text.isdigit() else _VIEW_PAGE


def _window(query: Mapping[str, str]) -> tuple[str, str]:
    """First and last moment of the view, each by its own offset."""
    given = {k.lower(): v for k, v in query.items()}
    bounds = []
    for name in ("startdatetime", "enddatetime"):
        if not given.get(name):
            raise bad_request(
                "This request requires a time window specified by the query string parameters "
                "StartDateTime and EndDateTime.",
                "ErrorInvalidParameter",
            )
        bounds.append(fine_stamp(moment(given[name])))
    if bounds[0] > bounds[1]:
        raise bad_request(
            "The EndDateTime must be after the StartDateTime.", "ErrorInvalidParameter"
        )
    return bounds[0], bounds[1]


def _mailbox(call: Call) -> str:
    return known_person(call.tenant, call.names["user"], exchange=True).id


def event_of(call: Call) -> Row:
    wanted = call.names["event"]
    row = call.tenant.store.one(
        "SELECT * FROM events WHERE (id = ? OR immutable_id = ?) AND mailbox = ? AND deleted = 0",
        wanted,
        wanted,
        _mailbox(call),
    )
    if row is None:
        raise GraphError(
            404, "ErrorItemNotFound", "The specified object was not found in the store."
        )
    return row


def get_event(call: Call) -> Answer:
    return Answer(body=event_json(call, event_of(call)))


def _id(call: Call, row: Row) -> str:
    stable = (call.prefers("IdType") or "").casefold() == "immutableid"
    return str(row["immutable_id"] if stable else row["id"])


def event_json(call: Call, row: Row) -> Json:
    tenant = call.tenant
    organizer = tenant.person(row["organizer"])
    assert organizer is not None
    key = base64.b64encode(row["seq"].to_bytes(8, "big")).decode()
    location = {"displayName": row["location"], "locationType": "default"}
    is_organizer = row["organizer"] == row["mailbox"]
    return {
        **_EVERY_EVENT,
        "@odata.etag": f'W/"{key}"',
        "id": _id(call, row),
        "createdDateTime": row["created_at"],
        "lastModifiedDateTime": row["modified_at"],
        "changeKey": key,
        "categories": msgspec.json.decode(row["categories"]),
        "iCalUId": row["ical"],
        "hasAttachments": _has_attachments(tenant, row),
        "subject": row["subject"],
        "bodyPreview": preview(row["body"]),
        "sensitivity": "private" if row["private"] else "normal",
        "isCancelled": bool(row["cancelled"]),
        "isOrganizer": is_organizer,
        "showAs": "free" if row["cancelled"] else "busy",
        "webLink": f"https://outlook.office365.com/owa/?itemid={quote(row['id'])}&exvsurl=1",
        "isOnlineMeeting": row["meeting"] is not None,
        "onlineMeetingProvider": "teamsForBusiness" if row["meeting"] else "unknown",
        "responseStatus": {
            "response": "organizer" if is_organizer else "accepted",
            "time": row["created_at"],
        },
        "body": {"contentType": "html", "content": row["body"]},
        "start": _local(call, row["start"]),
        "end": _local(call, row["end"]),
        "location": {**location, "uniqueId": row["location"], "uniqueIdType": "private"},
        "locations": [location] if row["location"] else [],
        "attendees": [_attendee(tenant, a) for a in msgspec.json.decode(row["attendees"])],
        "organizer": {"emailAddress": {"name": organizer.name, "address": organizer.mail}},
        "onlineMeeting": _online(tenant, row),
    }


def _has_attachments(tenant: Tenant, row: Row) -> bool:
    """Images inside the body do not count."""
    found = tenant.store.value(
        "SELECT 1 FROM attachments WHERE event = ? AND inline = 0 LIMIT 1", row["id"]
    )
    return found is not None


def _online(tenant: Tenant, row: Row) -> Json | None:
    if row["meeting"] is None:
        return None
    url = tenant.store.value("SELECT join_url FROM meetings WHERE id = ?", row["meeting"])
    return {"joinUrl": url}


def _attendee(tenant: Tenant, address: str) -> Json:
    person = tenant.person(address)
    return {
        "type": "required",
        "status": {"response": "none", "time": "0001-01-01T00:00:00Z"},
        "emailAddress": {"name": person.name if person else address, "address": address},
    }


def _local(call: Call, text: str) -> Json:
    """A dateTimeTimeZone: UTC unless the caller prefers another zone."""
    name = call.prefers("outlook.timezone") or "UTC"
    try:
        zone = ZoneInfo(_WINDOWS_ZONES.get(name, name))
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise bad_request(
            f"A valid TimeZone value must be specified. Found: '{name}'.", "TimeZoneNotSupported"
        ) from error
    at = datetime.fromisoformat(text).astimezone(zone)
    return {"dateTime": at.strftime("%Y-%m-%dT%H:%M:%S") + ".0000000", "timeZone": name}


def preview(html: str) -> str:
    """The first 255 characters of what a reader sees."""
    text = re.sub(r"(?is)<(style|script|head)\b.*?</\1>|<[^>]+>", " ", html)
    return re.sub(r"\s+", " ", unescape(text)).strip()[:255]


def list_attachments(call: Call) -> Answer:
    rows = call.tenant.store.all(
        "SELECT * FROM attachments WHERE event = ? ORDER BY id", event_of(call)["id"]
    )
    return page(call, rows, lambda row: _attachment(call, row), _MOST_PAGE)


def _attachment_row(call: Call) -> Row:
    row = call.tenant.store.one(
        "SELECT * FROM attachments WHERE id = ? AND event = ?",
        call.names["attachment"],
        event_of(call)["id"],
    )
    if row is None:
        raise GraphError(
            404, "ErrorItemNotFound", "The specified object was not found in the store."
        )
    return row


def _attachment(call: Call, row: Row) -> Json:
    body: Json = {
        "@odata.type": "#microsoft.graph.fileAttachment",
        "@odata.mediaContentType": row["content_type"],
        "id": row["id"],
        "lastModifiedDateTime": row["modified_at"],
        "name": row["name"],
        "contentType": row["content_type"],
        "size": row["size"],
        "isInline": bool(row["inline"]),
        "contentId": row["id"][-12:] if row["inline"] else None,
        "contentLocation": None,
    }
    wanted = call.query.get("$select")
    # Reading the bytes is what makes the plain list dear, here as there.
    if wanted is None or "contentBytes" in wanted:
        body["contentBytes"] = base64.b64encode(call.tenant.blobs.read(row["blob"])).decode()
    return body


def get_attachment(call: Call) -> Answer:
    return Answer(body=_attachment(call, _attachment_row(call)))


def get_attachment_value(call: Call) -> Answer:
    row = _attachment_row(call)
    return Answer(
        raw=call.tenant.blobs.read(row["blob"]), headers={"Content-Type": row["content_type"]}
    )


def utc(at: datetime) -> str:
    """A seed's time as the tables keep it."""
    return fine_stamp(at.astimezone(UTC))
