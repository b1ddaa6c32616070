"""The table's rows on mailboxes: calendars, events and attachments."""

from service.sandbox.entra import access
from service.sandbox.exchange import events
from service.sandbox.routes import PAGE, Row, row

_EVENT = "/users/{user}/events/{event}"
CALENDAR: tuple[Row, ...] = (
    *row(
        "GET",
        "/users/{user}/calendarView",
        access.mailbox,
        "Collection(event)",
        1,
        events.calendar_view,
        PAGE,
    ),
    *row(
        "GET",
        "/users/{user}/calendarView/delta",
        access.mailbox,
        "Collection(event)",
        1,
        events.calendar_delta,
        frozenset({"$skiptoken", "$deltatoken"}),
    ),
    *row("GET", _EVENT, access.mailbox, "event", 1, events.get_event),
    *row(
        "GET",
        f"{_EVENT}/attachments",
        access.mailbox,
        "Collection(attachment)",
        1,
        events.list_attachments,
        PAGE,
    ),
    *row(
        "GET",
        f"{_EVENT}/attachments/{{attachment}}",
        access.mailbox,
        "attachment",
        1,
        events.get_attachment,
    ),
    *row(
        "GET",
        f"{_EVENT}/attachments/{{attachment}}/$value",
        access.mailbox,
        None,
        1,
        events.get_attachment_value,
    ),
)
