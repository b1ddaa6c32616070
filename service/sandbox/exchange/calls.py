"""The table's rows on mailboxes: calendars, events, attachments and mail."""

from service.sandbox.entra import access
from service.sandbox.exchange import calendar_delta, events
from service.sandbox.exchange.calendar_delta import REFUSED, TOKENS
from service.sandbox.exchange.mail_calls import MAIL
from service.sandbox.exchange.odata import LISTED
from service.sandbox.routes import COMMON, PAGE, Handler, Row, row
from service.sandbox.wire import Answer, Call, GraphError

_USER = "/users/{user}"
_EVENT = f"{_USER}/events/{{event}}"
_ONE = COMMON | {"$expand"}


def _get(
    path: str, type_: str | None, handler: Handler, options: frozenset[str] = COMMON
) -> tuple[Row, ...]:
    return row("GET", path, access.mailbox, type_, 1, handler, options)


def _no_writing(call: Call) -> None:
    """Reading is all that the app's right on calendars covers."""
    access.mailbox(call)
    raise GraphError(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.")


def _unreachable(_: Call) -> Answer:
    raise AssertionError("the rule refuses every caller")


def _denied(method: str, path: str) -> tuple[Row, ...]:
    return row(method, path, _no_writing, None, 1, _unreachable)


_EVENTS = "Collection(event)"
_DELTA = TOKENS | frozenset(REFUSED)
CALENDAR: tuple[Row, ...] = (
    *_get(f"{_USER}/calendars", "Collection(calendar)", events.list_calendars, PAGE),
    *_get(f"{_USER}/calendar", "calendar", events.get_calendar),
    *_get(f"{_USER}/calendars/{{calendar}}", "calendar", events.get_calendar),
    *_get(f"{_USER}/calendarView", _EVENTS, events.calendar_view, LISTED),
    *_get(f"{_USER}/calendar/calendarView", _EVENTS, events.calendar_view, LISTED),
    *_get(f"{_USER}/calendars/{{calendar}}/calendarView", _EVENTS, events.calendar_view, LISTED),
    *_get(f"{_USER}/calendarView/delta", _EVENTS, calendar_delta.calendar_delta, _DELTA),
    *_get(f"{_USER}/calendar/calendarView/delta", _EVENTS, calendar_delta.calendar_delta, _DELTA),
    *_get(f"{_USER}/events", _EVENTS, events.list_events, LISTED),
    *_get(f"{_USER}/calendar/events", _EVENTS, events.list_events, LISTED),
    *_get(f"{_USER}/calendars/{{calendar}}/events", _EVENTS, events.list_events, LISTED),
    *_get(_EVENT, "event", events.get_event, _ONE),
    *_get(f"{_EVENT}/instances", _EVENTS, events.list_instances, LISTED),
    *_get(f"{_EVENT}/attachments", "Collection(attachment)", events.list_attachments, PAGE | _ONE),
    *_get(f"{_EVENT}/attachments/{{attachment}}", "attachment", events.get_attachment, _ONE),
    *_get(f"{_EVENT}/attachments/{{attachment}}/$value", None, events.get_attachment_value),
    *_denied("POST", f"{_USER}/events"),
    *_denied("POST", f"{_USER}/calendar/events"),
    *_denied("PATCH", _EVENT),
    *_denied("DELETE", _EVENT),
    *_denied("POST", f"{_EVENT}/attachments"),
    *_denied("POST", f"{_EVENT}/attachments/createUploadSession"),
    *[
        one
        for verb in ("accept", "decline", "tentativelyAccept", "cancel", "forward")
        for one in _denied("POST", f"{_EVENT}/{verb}")
    ],
    *MAIL,
)
