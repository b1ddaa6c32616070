"""Graph's JSON, decoded straight into structs, and its translation to what was seen."""

from datetime import UTC, datetime
from typing import Any, Generic, TypeVar
from urllib.parse import unquote
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from service.errors import TenantFailed
from service.observe import (
    Fields,
    FieldValue,
    SeenAttachment,
    SeenEvent,
    SeenItem,
    SeenRow,
)

T = TypeVar("T")


def decode(decoder: "msgspec.json.Decoder[T]", data: bytes, subject: str) -> T:
    """Decode an answer; one that is not what it should be is a failure of the service."""
    try:
        return decoder.decode(data)
    except msgspec.DecodeError as error:
        raise TenantFailed(subject, f"The answer cannot be read: {error}") from error


class Wire(msgspec.Struct, rename="camel"):
    """Names as Graph writes them."""


class Listing(msgspec.Struct, Generic[T]):
    value: list[T]
    next_link: str | None = msgspec.field(default=None, name="@odata.nextLink")
    delta_link: str | None = msgspec.field(default=None, name="@odata.deltaLink")


class Facet(msgspec.Struct):
    """An object that says by being there."""


class WithId(Wire):
    id: str


class Identity(Wire):
    id: str | None = None
    display_name: str | None = None
    email: str | None = None


# ---------------------------------------------------------------- calendar


class Moment(Wire):
    """dateTimeTimeZone: a time without offset, and the zone it is told in."""

    date_time: datetime
    time_zone: str = "UTC"

    def utc(self) -> datetime:
        if self.date_time.tzinfo is not None:
            return self.date_time.astimezone(UTC)
        # Prefer: outlook.timezone="UTC" is sent, so that anything else is an IANA name.
        if self.time_zone == "UTC":
            return self.date_time.replace(tzinfo=UTC)
        try:
            zone = ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise TenantFailed("time of an event", f"Unknown zone {self.time_zone!r}.") from error
        return self.date_time.replace(tzinfo=zone).astimezone(UTC)


class Address(Wire):
    address: str | None = None
    name: str | None = None


class Party(Wire):
    email_address: Address | None = None

    def mail(self) -> str:
        return ((self.email_address and self.email_address.address) or "").lower()


class Answer(Wire):
    response: str | None = None


class Attendee(Party):
    status: Answer | None = None

    def has_accepted(self) -> bool:
        return self.status is not None and self.status.response == "accepted"


class Text(Wire):
    content: str | None = None
    content_type: str = "html"


class Place(Wire):
    display_name: str | None = None


class Joining(Wire):
    join_url: str | None = None


class WireEvent(Wire):
    id: str
    i_cal_u_id: str | None = msgspec.field(default=None, name="iCalUId")
    subject: str | None = None
    body: Text | None = None
    start: Moment | None = None
    end: Moment | None = None
    location: Place | None = None
    organizer: Party | None = None
    attendees: list[Attendee] = []
    categories: list[str] = []
    is_cancelled: bool = False
    sensitivity: str = "normal"
    type: str = "singleInstance"
    online_meeting: Joining | None = None
    has_attachments: bool = False
    last_modified_date_time: datetime | None = None
    removed: Facet | None = msgspec.field(default=None, name="@removed")

    def whole(self) -> bool:
        """Tell whether it has what a meeting needs; occurrences in a delta may not."""
        return bool(self.i_cal_u_id and self.start and self.end and self.organizer)


PRIVATE = frozenset({"private", "confidential", "personal"})


def seen_event(event: WireEvent) -> SeenEvent:
    """Tell what is on an event; of a private one only that it is there, and when."""
    private = event.sensitivity in PRIVATE
    start, end = event.start or NEVER, event.end or NEVER
    return SeenEvent(
        id=event.id,
        ical_uid=event.i_cal_u_id or "",
        subject="" if private else event.subject or "",
        body_html="" if private else (event.body and event.body.content) or "",
        start=start.utc(),
        end=end.utc(),
        location="" if private else (event.location and event.location.display_name) or "",
        organizer=event.organizer.mail() if event.organizer else "",
        invited=() if private else tuple(m for p in event.attendees if (m := p.mail())),
        categories=() if private else tuple(event.categories),
        cancelled=event.is_cancelled,
        private=private,
        join_url=event.online_meeting.join_url if event.online_meeting and not private else None,
        has_attachments=event.has_attachments and not private,
        modified=aware(event.last_modified_date_time or start.utc()),
        accepted=()
        if private
        else tuple(m for p in event.attendees if p.has_accepted() and (m := p.mail())),
    )


NEVER = Moment(date_time=datetime(1970, 1, 1, tzinfo=UTC))


class WireAttachment(Wire):
    id: str
    name: str | None = None
    content_type: str | None = None
    size: int = 0
    is_inline: bool = False
    last_modified_date_time: datetime | None = None
    kind: str = msgspec.field(default="#microsoft.graph.fileAttachment", name="@odata.type")


def seen_attachment(holder_id: str, attachment: WireAttachment) -> SeenAttachment:
    return SeenAttachment(
        holder_id=holder_id,
        id=attachment.id,
        name=attachment.name or "",
        content_type=attachment.content_type or "application/octet-stream",
        size=attachment.size,
        inline=attachment.is_inline,
        is_file=attachment.kind == "#microsoft.graph.fileAttachment",
        modified=aware(attachment.last_modified_date_time or NEVER.utc()),
    )


# ---------------------------------------------------------------- files


class Hashes(Wire):
    quick_xor_hash: str | None = None


class File(Wire):
    hashes: Hashes | None = None
    mime_type: str = ""


class Publication(Wire):
    level: str = ""


class Parent(Wire):
    drive_id: str | None = None
    id: str | None = None
    path: str | None = None


class Identities(Wire):
    user: Identity | None = None
    application: Identity | None = None

    def app(self) -> str | None:
        """
        Id of the app, where it acted for itself.

        A person who edits in Word is named beside Word; for an app the service puts a
        user without id or address there.
        """
        person = self.user is not None and (self.user.id or self.user.email)
        return self.application.id if self.application and not person else None


class WireItem(Wire):
    id: str
    name: str = ""
    size: int = 0
    e_tag: str = ""
    c_tag: str = ""
    folder: Facet | None = None
    root: Facet | None = None
    file: File | None = None
    deleted: Facet | None = None
    parent_reference: Parent | None = None
    created_date_time: datetime | None = None
    last_modified_date_time: datetime | None = None
    last_modified_by: Identities | None = None
    web_url: str = ""
    publication: Publication | None = None

    def parent_id(self) -> str | None:
        return self.parent_reference.id if self.parent_reference else None

    def parent_path(self) -> str | None:
        """Path of the parent below the root; None where the answer does not tell."""
        if self.root is not None:
            return ""
        path = self.parent_reference and self.parent_reference.path
        if not path or ":" not in path:
            return None
        return unquote(path.split(":", 1)[1]).strip("/")


def seen_item(drive_id: str, item: WireItem, path: str) -> SeenItem:
    created = item.created_date_time or NEVER.utc()
    return SeenItem(
        drive_id=drive_id,
        id=item.id,
        name=item.name,
        folder=item.folder is not None or item.root is not None,
        parent_id=None if item.root is not None else item.parent_id(),
        path=path,
        size=item.size,
        etag=item.e_tag,
        ctag=item.c_tag,
        created=aware(created),
        modified=aware(item.last_modified_date_time or created),
        modified_by_app=item.last_modified_by.app() if item.last_modified_by else None,
        web_url=item.web_url,
        quick_xor_hash=item.file.hashes.quick_xor_hash if item.file and item.file.hashes else None,
        content_type=item.file.mime_type if item.file else "",
        checked_out=item.publication is not None and item.publication.level == "checkout",
    )


class Session(Wire):
    """An upload session, as created and as asked about later."""

    upload_url: str | None = None
    expiration_date_time: datetime | None = None
    next_expected_ranges: list[str] = []

    def next_offset(self) -> int:
        """Start of what is missing: `26-` or `26-127`, or `26` alone."""
        first = self.next_expected_ranges[0] if self.next_expected_ranges else "0"
        try:
            return int(first.split("-")[0])
        except ValueError as error:
            raise TenantFailed("upload session", f"It expects {first!r}.") from error


# ---------------------------------------------------------------- lists


class WireRow(Wire):
    id: str
    e_tag: str = ""
    fields: dict[str, Any] | None = None
    deleted: Facet | None = None
    removed: Facet | None = msgspec.field(default=None, name="@removed")


def seen_row(row: WireRow) -> SeenRow:
    return SeenRow(id=row.id, etag=row.e_tag, fields=seen_fields(row.fields or {}))


def seen_fields(fields: dict[str, Any]) -> Fields:
    """Leave out annotations and what is no plain value; several choices become one text."""
    return {
        name: value
        for name, raw in fields.items()
        if "@" not in name and (value := _plain(raw)) is not _NONE_OF_OURS
    }


_NONE_OF_OURS = object()


def _plain(raw: Any) -> "FieldValue | Any":
    if raw is None or isinstance(raw, str | int | float | bool):
        return raw
    if isinstance(raw, list) and all(isinstance(one, str) for one in raw):
        return "; ".join(raw)
    if isinstance(raw, dict) and isinstance(raw.get("Url"), str):
        return raw["Url"]
    return _NONE_OF_OURS


def aware(moment: datetime) -> datetime:
    """Graph's times carry Z; one without offset is UTC too."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
