"""Calendars of a mailbox: their events, a view of them, and one event."""

from collections.abc import Callable, Mapping
from functools import wraps

from service.sandbox.exchange import attachments, series
from service.sandbox.exchange.ids import outlook_id
from service.sandbox.exchange.mailboxes import item_of, mailbox_of, not_in_store, with_applied
from service.sandbox.exchange.odata import listed
from service.sandbox.exchange.render_events import (
    cancelled_occurrences,
    default_calendar,
    event_json,
    owner_of_files,
)
from service.sandbox.paging import page
from service.sandbox.shape import expansions
from service.sandbox.store import Row
from service.sandbox.tenant import Tenant
from service.sandbox.wire import Answer, Call, GraphError, Json, bad_request, fine_stamp, moment

_PAGE = 10
_MOST_DAYS = 1825
"""Exchange expands at most five years at a time (ErrorCalendarViewRangeTooBig)."""
_CALENDAR_NAME = "Kalender"


def applying(handler: Callable[[Call], Answer]) -> Callable[[Call], Answer]:
    """A handler that says which preferences it heeded."""

    @wraps(handler)
    def saying(call: Call) -> Answer:
        return with_applied(call, handler(call))

    return saying


@applying
def calendar_view(call: Call) -> Answer:
    """Occurrences stand for their series."""
    start, end = window(call.query)
    return _listing(call, in_window(call.tenant, calendar_of(call), start, end))


def in_window(tenant: Tenant, calendar: str, start: str, end: str) -> list[Row]:
    series.unroll_calendar(tenant, calendar, end)
    return tenant.store.all(
        "SELECT * FROM events WHERE calendar = ? AND deleted = 0 AND kind != 'seriesMaster' "
        'AND start < ? AND "end" > ? ORDER BY start, id',
        calendar,
        end,
        start,
    )


@applying
def list_events(call: Call) -> Answer:
    """Single events and series, no occurrences: those are in the view."""
    rows = call.tenant.store.all(
        "SELECT * FROM events WHERE mailbox = ? AND deleted = 0 "
        "AND kind IN ('singleInstance', 'seriesMaster') ORDER BY created_at DESC, id",
        mailbox_of(call),
    )
    if "/calendar" in call.path:
        wanted = calendar_of(call)
        rows = [row for row in rows if row["calendar"] == wanted]
    return _listing(call, rows)


@applying
def list_instances(call: Call) -> Answer:
    row = event_of(call)
    if row["kind"] != "seriesMaster":
        raise GraphError(
            400, "ErrorInvalidOperation", "Your request can only be made on a recurring master."
        )
    start, end = window(call.query)
    series.unroll(call.tenant, row, end)
    found = [o for o in series.occurrences(call.tenant, row) if o["start"] < end > start < o["end"]]
    return _listing(call, found)


def _listing(call: Call, rows: list[Row]) -> Answer:
    return listed(
        call,
        rows,
        lambda row: _expanded(call, row),
        default=_PAGE,
        plain=lambda row: event_json(call, row, utc=True),
    )


def _expanded(call: Call, row: Row) -> Json:
    """An event with what `$expand` and `$select` add to it."""
    body = event_json(call, row)
    for name in expansions(call):
        if name == "attachments":
            body[name] = [
                attachments.attachment_json(call, a)
                for a in attachments.attachment_rows(call.tenant, row)
            ]
        elif name == "exceptionOccurrences":
            if row["kind"] == "seriesMaster":
                body[name] = [
                    event_json(call, one)
                    for one in series.occurrences(call.tenant, row)
                    if one["kind"] == "exception"
                ]
        else:
            raise GraphError(
                400,
                "RequestBroker--ParseUri",
                f"Could not find a property named '{name}' on type "
                "'Microsoft.OutlookServices.Event'.",
            )
    if row["kind"] == "seriesMaster" and "cancelledOccurrences" in call.query.get("$select", ""):
        body["cancelledOccurrences"] = cancelled_occurrences(call, row)
    return body


@applying
def get_event(call: Call) -> Answer:
    return Answer(body=_expanded(call, event_of(call)))


def event_of(call: Call) -> Row:
    return item_of(call, "events", call.names["event"])


def window(query: Mapping[str, str]) -> tuple[str, str]:
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
        bounds.append(moment(given[name]))
    if bounds[0] > bounds[1]:
        raise bad_request(
            "The EndDateTime must be after the StartDateTime.", "ErrorInvalidParameter"
        )
    if (bounds[1] - bounds[0]).days > _MOST_DAYS:
        raise bad_request(
            "The requested time duration specified for FreeBusyViewOptions.TimeWindow or the "
            "calendar view is too long. The allowed limit = 1825 days.",
            "ErrorCalendarViewRangeTooBig",
        )
    return fine_stamp(bounds[0]), fine_stamp(bounds[1])


# ---------------------------------------------------------------- calendars


def calendar_of(call: Call) -> str:
    """The calendar that the path names, else the mailbox's own."""
    mailbox = mailbox_of(call)
    own = default_calendar(call.tenant, mailbox)
    wanted = call.names.get("calendar", own)
    if wanted == own or call.tenant.store.one(
        "SELECT id FROM calendars WHERE id = ? AND mailbox = ?", wanted, mailbox
    ):
        return wanted
    raise not_in_store()


def calendar_named(tenant: Tenant, mailbox: str, name: str) -> str:
    """The calendar of this name, made if it is not there."""
    if name.casefold() in (_CALENDAR_NAME.casefold(), "calendar"):
        return default_calendar(tenant, mailbox)
    found = tenant.store.value(
        "SELECT id FROM calendars WHERE mailbox = ? AND name = ?", mailbox, name
    )
    if found is None:
        found = outlook_id(tenant, "calendar", mailbox, name)
        tenant.store.insert("calendars", id=found, mailbox=mailbox, name=name)
    return str(found)


def list_calendars(call: Call) -> Answer:
    mailbox = mailbox_of(call)
    rows = call.tenant.store.all(
        "SELECT id, name FROM calendars WHERE mailbox = ? ORDER BY name", mailbox
    )
    own = (default_calendar(call.tenant, mailbox), _CALENDAR_NAME)
    found = [own, *((row["id"], row["name"]) for row in rows)]
    return page(call, found, lambda one: _calendar_json(call.tenant, mailbox, *one), _PAGE)


def get_calendar(call: Call) -> Answer:
    mailbox, wanted = mailbox_of(call), calendar_of(call)
    name = call.tenant.store.value("SELECT name FROM calendars WHERE id = ?", wanted)
    return Answer(body=_calendar_json(call.tenant, mailbox, wanted, name or _CALENDAR_NAME))


def _calendar_json(tenant: Tenant, mailbox: str, key: str, name: str) -> Json:
    owner = tenant.person(mailbox)
    assert owner is not None
    is_default = key == default_calendar(tenant, mailbox)
    return {
        "id": key,
        "name": name,
        "color": "auto",
        "hexColor": "",
        "isDefaultCalendar": is_default,
        "changeKey": key[-12:],
        "canShare": True,
        "canViewPrivateItems": True,
        "canEdit": True,
        "allowedOnlineMeetingProviders": ["teamsForBusiness"],
        "defaultOnlineMeetingProvider": "teamsForBusiness",
        "isTallyingResponses": is_default,
        "isRemovable": not is_default,
        "owner": {"name": owner.name, "address": owner.mail},
    }


# ---------------------------------------------------------------- attachments


def list_attachments(call: Call) -> Answer:
    return attachments.list_rows(call, owner_of_files(event_of(call)))


def get_attachment(call: Call) -> Answer:
    row = attachments.row_of(call, owner_of_files(event_of(call)))
    return Answer(body=attachments.attachment_json(call, row))


def get_attachment_value(call: Call) -> Answer:
    return attachments.value_of(call, attachments.row_of(call, owner_of_files(event_of(call))))
