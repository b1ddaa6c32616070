"""The table of calls: all that the tenant answers to. A new call is a row and a handler."""

from service.sandbox.entra import access
from service.sandbox.entra.calls import DIRECTORY
from service.sandbox.exchange.calls import CALENDAR
from service.sandbox.meetings.calls import MEETINGS
from service.sandbox.routes import Row, Rule, item_rows, row
from service.sandbox.sharepoint.calls import FILES
from service.sandbox.teams.calls import TEAMS
from service.sandbox.wire import Answer, Call, GraphError

_GROUP = access.person_only(
    ("Group.Read.All", "Group.ReadWrite.All"),
    {
        "code": "ErrorAccessDenied",
        "message": "Access is denied. Check credentials and try again.",
    },
)
_WORKBOOK = access.person_only(
    ("Files.ReadWrite", "Files.ReadWrite.All", "Sites.ReadWrite.All"),
    {"code": "AccessDenied", "message": "Could not obtain a WAC access token."},
)


def _person_only(method: str, template: str, rule: Rule) -> tuple[Row, ...]:
    """A call that an app may never make without a person."""
    return row(method, template, rule, None, 1, _not_built)


def _not_built(_: Call) -> Answer:
    raise GraphError(501, "notImplemented", "The sandbox does not have this for a person.")


_REFUSED = (
    *_person_only("GET", "/groups/{group}/events", _GROUP),
    *_person_only("GET", "/groups/{group}/calendarView", _GROUP),
    *_person_only("GET", "/groups/{group}/calendar/events", _GROUP),
    *item_rows("GET", "/workbook", _WORKBOOK, None, 1, _not_built),
    *item_rows("GET", "/workbook/worksheets", _WORKBOOK, None, 1, _not_built),
    *item_rows("GET", "/workbook/tables", _WORKBOOK, None, 1, _not_built),
    *item_rows("POST", "/workbook/createSession", _WORKBOOK, None, 1, _not_built),
)

TABLE: tuple[Row, ...] = (*DIRECTORY, *FILES, *CALENDAR, *MEETINGS, *TEAMS, *_REFUSED)
