"""
Delta over a library or a list: everything that took a number after the one in the link.

An item that changes while somebody pages through comes again, and a file's folder comes
along with it, so a client must keep the last word about each item (graph-facts 5.4).
"""

from collections.abc import Callable, Sequence
from urllib.parse import urlencode

from service.sandbox.drives import drive_list, item_writer, start_of
from service.sandbox.render_lists import deleted_row_json, list_item_json
from service.sandbox.shape import expansions
from service.sandbox.sites import list_of
from service.sandbox.store import Row, rows_after
from service.sandbox.wire import Answer, Call, GraphError, Json, invalid, moment, seal, unseal

_DEFAULT_PAGE = 200
_MOST = 1000


def drive_delta(call: Call) -> Answer:
    listed = drive_list(call)
    if start_of(call)["kind"] != "root":
        raise GraphError(501, "notSupported", "Delta is only supported on the root of a drive.")
    write = item_writer(call)

    def written(row: Row) -> Json:
        return write.gone(row) if row["deleted"] else write.item(row)

    return _delta(call, listed, written, with_parents=True)


def list_delta(call: Call) -> Answer:
    listed = list_of(call)
    options = expansions(call).get("fields", "")

    def written(row: Row) -> Json:
        if row["deleted"]:
            return deleted_row_json(call.tenant, row)
        return list_item_json(call.tenant, row, fields=options)

    return _delta(call, listed, written, with_parents=False)


def _delta(
    call: Call, listed: Row, written: Callable[[Row], Json], *, with_parents: bool
) -> Answer:
    store = call.tenant.store
    after, is_first, ceiling = _position(call, listed)
    if after is None:
        return Answer(body={"value": [], "@odata.deltaLink": _link(call, listed, store.seq)})
    size = call.count("$top", _DEFAULT_PAGE, _MOST)
    rows, more = rows_after(
        store.all(
            "SELECT * FROM items WHERE list = ? AND seq > ? AND (deleted = 0 OR ?) "
            "AND (number > 0 OR ?) ORDER BY seq LIMIT ?",
            listed["id"],
            after,
            0 if is_first else 1,
            1 if with_parents else 0,
            size + 1,
        ),
        size,
    )
    value = [written(row) for row in rows]
    if with_parents:
        value += [written(row) for row in _folders_of(call, rows)]
    body: Json = {"value": value}
    if more:
        body["@odata.nextLink"] = _link(call, listed, rows[-1]["seq"], is_first=is_first)
    else:
        last = rows[-1]["seq"] if rows else max(after, ceiling)
        body["@odata.deltaLink"] = _link(call, listed, last)
    return Answer(body=body)


def _folders_of(call: Call, rows: Sequence[Row]) -> list[Row]:
    """Folders of the files on this page that are not on it themselves."""
    here = {row["id"] for row in rows}
    wanted = dict.fromkeys(
        row["parent"] for row in rows if row["kind"] == "file" and row["parent"] not in here
    )
    found = [
        call.tenant.store.one("SELECT * FROM items WHERE id = ? AND deleted = 0", parent)
        for parent in wanted
    ]
    return [row for row in found if row is not None and row["kind"] == "folder"]


def _position(call: Call, listed: Row) -> tuple[int | None, bool, int]:
    """
    The number to go on after (None: only a link is wanted), whether this is the first
    enumeration, and what the link already knew.
    """
    token = call.query.get("token") or call.query.get("$skiptoken") or call.query.get("$deltatoken")
    if token is None:
        return 0, True, 0
    if token == "latest":  # noqa: S105 - Graph's word, not a secret
        return None, False, 0
    held = unseal(token)
    if held is None and token[:2] == "20":
        return _position_at(call, listed, token), False, 0
    if held is None:
        raise invalid("The provided token is not valid.")
    if held.get("list") != listed["id"] or held.get("world") != call.tenant.world.tenant_id:
        raise GraphError(
            410,
            "resyncChangesApplyDifferences",
            "Resync required. Replace any local items with the server's version.",
            {"Location": call.url},
        )
    return int(held["seq"]), bool(held.get("first")), int(held["seq"])


def _position_at(call: Call, listed: Row, time: str) -> int:
    """Timestamp tokens: the last number that was taken before that time."""
    before: int = call.tenant.store.value(
        "SELECT coalesce(max(seq), 0) FROM items WHERE list = ? AND modified_at < ?",
        listed["id"],
        moment(time).isoformat()[:19],
    )
    return before


def _link(call: Call, listed: Row, seq: int, *, is_first: bool = False) -> str:
    held = {"seq": seq, "list": listed["id"], "world": call.tenant.world.tenant_id}
    if is_first:
        held["first"] = True
    kept = {k: v for k, v in call.query.items() if k in ("$top", "$select", "$expand")}
    return f"{call.url}?{urlencode({**kept, 'token': seal(held)})}"
