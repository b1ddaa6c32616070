"""
Delta over a library or a list: everything that took a number after the one in the link.

The first time everything is told, from the root down. An item that changes while somebody
pages through comes again, and a file's folder comes along with it, so a client must keep
the last word about each item (graph-facts 5.4).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from service.sandbox.shape import expansions
from service.sandbox.sharepoint import guards
from service.sandbox.sharepoint.drives import drive_list, item_writer, start_of
from service.sandbox.sharepoint.render_lists import deleted_row_json, list_item_json
from service.sandbox.sharepoint.sites import list_of
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


@dataclass(frozen=True, kw_only=True)
class _Position:
    """Where a round of delta stands."""

    seq: int | None
    """The number to go on after; None where only a link is wanted."""
    at: tuple[int, int] | None = None
    """Depth and number of the last item, as long as everything is told for the first time."""


def _delta(
    call: Call, listed: Row, written: Callable[[Row], Json], *, with_parents: bool
) -> Answer:
    position = _position(call, listed)
    if position.seq is None:
        seq = call.tenant.store.seq
        return Answer(body={"value": [], "@odata.deltaLink": _link(call, listed, seq)})
    size = call.count("$top", _DEFAULT_PAGE, _MOST)
    rows_of = _changed if position.at is None else _enumerated
    found = rows_of(call, listed, position, size + 1, with_root=with_parents)
    rows, more = rows_after(found, size)
    hidden = guards.hidden(call.tenant, listed["id"], call.by)
    value = [written(row) for row in rows if row["id"] not in hidden]
    if with_parents:
        value += [written(row) for row in _folders_of(call, rows)]
    return Answer(body={"value": value, **_onward(call, listed, position, rows, more=more)})


def _onward(
    call: Call, listed: Row, position: _Position, rows: Sequence[Row], *, more: bool
) -> Json:
    """The link to the next page, or for the next time."""
    seq = position.seq or 0
    if position.at is None:
        name = "nextLink" if more else "deltaLink"
        return {f"@odata.{name}": _link(call, listed, rows[-1]["seq"] if rows else seq)}
    if more:
        last = rows[-1]
        return {"@odata.nextLink": _link(call, listed, seq, at=(last["depth"], last["number"]))}
    changed = call.tenant.store.value(
        "SELECT 1 FROM items WHERE list = ? AND seq > ? LIMIT 1", listed["id"], seq
    )
    return {f"@odata.{'nextLink' if changed else 'deltaLink'}": _link(call, listed, seq)}


def _enumerated(
    call: Call, listed: Row, position: _Position, most: int, *, with_root: bool
) -> list[Row]:
    """
    What there is, folders before what lies in them: rclone leaves out what comes before its
    folder. What changes meanwhile is told of when everything has been.
    """
    assert position.at is not None
    return call.tenant.store.all(
        "WITH RECURSIVE tree(id, depth) AS ("
        "SELECT id, 0 FROM items WHERE list = ?1 AND number = 0 UNION ALL "
        "SELECT i.id, t.depth + 1 FROM items i JOIN tree t ON i.parent = t.id "
        "WHERE i.deleted = 0 AND i.kind IN ('folder', 'file')) "
        "SELECT i.*, coalesce(t.depth, 0) AS depth FROM items i LEFT JOIN tree t ON t.id = i.id "
        "WHERE i.list = ?1 AND i.deleted = 0 AND (i.number > 0 OR ?2) "
        "AND (coalesce(t.depth, 0), i.number) > (?3, ?4) ORDER BY depth, i.number LIMIT ?5",
        listed["id"],
        int(with_root),
        *position.at,
        most,
    )


def _changed(
    call: Call, listed: Row, position: _Position, most: int, *, with_root: bool
) -> list[Row]:
    return call.tenant.store.all(
        "SELECT * FROM items WHERE list = ? AND seq > ? AND (number > 0 OR ?) ORDER BY seq LIMIT ?",
        listed["id"],
        position.seq,
        int(with_root),
        most,
    )


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


def _position(call: Call, listed: Row) -> _Position:
    token = call.query.get("token") or call.query.get("$skiptoken") or call.query.get("$deltatoken")
    if token is None:
        return _Position(seq=call.tenant.store.seq, at=(-1, -1))
    if token == "latest":  # noqa: S105 - Graph's word, not a secret
        return _Position(seq=None)
    held = unseal(token)
    if held is None and token[:2] == "20":
        return _Position(seq=_position_at(call, listed, token))
    if held is None:
        raise invalid("The provided token is not valid.")
    if held.get("list") != listed["id"] or held.get("world") != call.tenant.world.tenant_id:
        raise GraphError(
            410,
            "resyncChangesApplyDifferences",
            "Resync required. Replace any local items with the server's version.",
            {"Location": call.url},
        )
    at = held.get("at")
    return _Position(seq=int(held["seq"]), at=(int(at[0]), int(at[1])) if at else None)


def _position_at(call: Call, listed: Row, time: str) -> int:
    """Timestamp tokens: the last number that was taken before that time."""
    before: int = call.tenant.store.value(
        "SELECT coalesce(max(seq), 0) FROM items WHERE list = ? AND modified_at < ?",
        listed["id"],
        moment(time).isoformat()[:19],
    )
    return before


def _link(call: Call, listed: Row, seq: int, *, at: tuple[int, int] | None = None) -> str:
    held: Json = {"seq": seq, "list": listed["id"], "world": call.tenant.world.tenant_id}
    if at is not None:
        held["at"] = at
    kept = {k: v for k, v in call.query.items() if k in ("$top", "$select", "$expand")}
    return f"{call.url}?{urlencode({**kept, 'token': seal(held)})}"
