"""The table of calls: all that the tenant answers to. A new call is a row and a handler."""

from service.sandbox.entra import access
from service.sandbox.entra.calls import DIRECTORY
from service.sandbox.exchange.calls import CALENDAR
from service.sandbox.meetings.calls import MEETINGS
from service.sandbox.routes import Row, Rule, item_rows, row
from service.sandbox.sharepoint.calls import FILES
from service.sandbox.teams.calls import TEAMS
from service.sandbox.wire import Answer, Call


def _refused(method: str, template: str, rule: Rule) -> tuple[Row, ...]:
    """A call that an app may never make without a person."""
    return row(method, template, rule, None, 1, _unreachable)


def _unreachable(_: Call) -> Answer:
    raise AssertionError("the rule refuses every caller")


_GROUP = access.refuse(
    403, "ErrorAccessDenied", "Access is denied. Check credentials and try again."
)
_WORKBOOK = access.refuse(403, "AccessDenied", "Could not obtain a WAC access token.")
_REFUSED = (
    *_refused("GET", "/groups/{group}/events", _GROUP),
    *_refused("GET", "/groups/{group}/calendarView", _GROUP),
    *_refused("GET", "/groups/{group}/calendar/events", _GROUP),
    *item_rows("GET", "/workbook", _WORKBOOK, None, 1, _unreachable),
    *item_rows("GET", "/workbook/worksheets", _WORKBOOK, None, 1, _unreachable),
    *item_rows("GET", "/workbook/tables", _WORKBOOK, None, 1, _unreachable),
    *item_rows("POST", "/workbook/createSession", _WORKBOOK, None, 1, _unreachable),
)

TABLE: tuple[Row, ...] = (*DIRECTORY, *FILES, *CALENDAR, *MEETINGS, *TEAMS, *_REFUSED)
