"""
What has changed in a calendar view.

The window is fixed in the link. What has left it comes as removed too, so that a removal says
nothing about cancellation (graph-facts 4).
"""

from typing import Any

from service.sandbox.exchange import series
from service.sandbox.exchange.events import applying, window
from service.sandbox.exchange.mailboxes import (
    issued,
    mailbox_of,
    sync_state_not_found,
    token_is_live,
)
from service.sandbox.exchange.render_events import (
    default_calendar,
    event_id,
    event_json,
    sparse_json,
)
from service.sandbox.store import Row, rows_after
from service.sandbox.switches import Switch
from service.sandbox.wire import Answer, Call, GraphError, Json, bad_request, seal, unseal

TOKEN_DAYS = Switch(
    name="outlook_token_days",
    values=("60", "30", "7", "1", "for ever"),
    about="After how many days is a delta token of Outlook too old? The page on delta query "
    "calls the limit not fixed.",
)
OCCURRENCES = Switch(
    name="delta_occurrences",
    values=("sparse", "whole"),
    about="Do occurrences in a calendar delta have only their ids and times, as the example on "
    "the page of event: delta shows them?",
)
REMOVALS = Switch(
    name="calendar_removals",
    values=("all outside", "only left"),
    about="Is every changed event outside the window told of as removed, or only those that were "
    "inside it once? (graph-facts 4)",
)
SWITCHES = (TOKEN_DAYS, OCCURRENCES, REMOVALS)
PAGE = 10
MOST_PAGE = 1000
TOKENS = frozenset({"$skiptoken", "$deltatoken"})
REFUSED = ("$orderby", "$filter", "$select", "$expand", "$search", "$top", "$skip", "$count")


def refuse_options(call: Call, resource: str, refused: tuple[str, ...] = REFUSED) -> None:
    if any(option in call.query for option in refused):
        raise bad_request(
            "The following parameters are not supported with change tracking over the "
            f"'{resource}' resource: '{', '.join(refused)}'.",
            "ErrorInvalidUrlQuery",
        )


def page_size(call: Call) -> int:
    text = call.prefers("odata.maxpagesize") or str(PAGE)
    return min(max(int(text), 1), MOST_PAGE) if text.isdigit() else PAGE


@applying
def calendar_delta(call: Call) -> Answer:
    refuse_options(call, "CalendarView")
    held = _held(call)
    calendar = default_calendar(call.tenant, mailbox_of(call))
    series.unroll_calendar(call.tenant, calendar, held["end"])
    size = page_size(call)
    rows, more = rows_after(
        call.tenant.store.all(
            "SELECT * FROM events WHERE calendar = ? AND seq > ? ORDER BY seq LIMIT ?",
            calendar,
            held["seq"],
            size + 1,
        ),
        size,
    )
    written = [_change(call, row, held) for row in rows]
    body: Json = {"value": [entry for entry in written if entry is not None]}
    last = {**held, "seq": rows[-1]["seq"] if rows else held["seq"], "at": issued(call)}
    if more:
        body["@odata.nextLink"] = call.link(call.path, skiptoken=seal(last))
    else:
        last["first"] = False
        body["@odata.deltaLink"] = call.link(call.path, deltatoken=seal(last))
    return Answer(body=body)


def _change(call: Call, row: Row, held: Json) -> Json | None:
    if not row["deleted"] and _inside(call, row, held):
        if row["kind"] == "occurrence" and OCCURRENCES.read(call.tenant) == "sparse":
            return sparse_json(call, row)
        return event_json(call, row)
    if held["first"] or not _is_told(call, row, held):
        return None
    return {
        "@odata.type": "#microsoft.graph.event",
        "id": event_id(call, row),
        "@removed": {"reason": "deleted"},
    }


def _is_told(call: Call, row: Row, held: Json) -> bool:
    """Whether something that is not in the window is worth a word."""
    single = row["kind"] in ("singleInstance", "exception")
    if single and REMOVALS.read(call.tenant) == "all outside":
        return True
    return bool(row["widest_start"] < held["end"] and row["widest_end"] > held["start"])


def _inside(call: Call, row: Row, held: Json) -> bool:
    """A series is in the window where one of its occurrences is."""
    if row["kind"] != "seriesMaster":
        return bool(row["start"] < held["end"] and row["end"] > held["start"])
    found = call.tenant.store.value(
        'SELECT 1 FROM events WHERE master = ? AND deleted = 0 AND start < ? AND "end" > ? LIMIT 1',
        row["id"],
        held["end"],
        held["start"],
    )
    return found is not None


def _held(call: Call) -> Json:
    """What the link carries: the window and the number to go on after."""
    held = held_in_link(call)
    if held is not None:
        return held
    start, end = window(call.query)
    return {"start": start, "end": end, "seq": 0, "first": True, "of": whose(call)}


def held_in_link(call: Call) -> dict[str, Any] | None:
    """What a delta's own link carries, checked; None where the call begins a new delta."""
    token = call.query.get("$skiptoken") or call.query.get("$deltatoken")
    if token is None:
        return None
    held = unseal(token)
    if held is None:
        raise sync_state_not_found(call)
    if held.get("of") != whose(call):
        raise GraphError(
            400, "SyncStateInvalid", "The sync state is not of the folder that is asked for."
        )
    token_is_live(call, held["at"], TOKEN_DAYS.read(call.tenant), mailbox_of(call))
    return held


def whose(call: Call) -> str:
    return f"{call.tenant.world.tenant_id}/{mailbox_of(call)}"
