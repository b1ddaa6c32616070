"""
Delta over a library or a list: everything that took a number after the one in the link.

The first time everything is told, from the root down. An item that changes while somebody
pages through comes again, a file's folder comes along with it, and the second page of a round
(and every seventh after it) is empty but for its link: a client must keep the last word about
each item and go on until there is a delta link (graph-facts 5.4).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from service.sandbox.entra import access
from service.sandbox.shape import expansions
from service.sandbox.sharepoint import guards, library, states
from service.sandbox.sharepoint.drives import drive_list, item_writer, page_of, start_of
from service.sandbox.sharepoint.render_lists import deleted_row_json, list_item_json
from service.sandbox.sharepoint.sites import list_of
from service.sandbox.store import Row, rows_after
from service.sandbox.switches import Switch
from service.sandbox.wire import (
    Answer,
    Call,
    GraphError,
    Json,
    fine_stamp,
    invalid,
    moment,
    seal,
    unseal,
)

TOKEN_DAYS = Switch(
    name="delta_token_days",
    values=("90", "30", "7", "1"),
    about="Days after which a delta token of files or rows is answered with 410: there is no set "
    "time (onedrive-api-docs#1311), about 30 days were observed (onedrive-api-docs#231).",
)
RESYNC = Switch(
    name="delta_resync_code",
    values=("resyncChangesApplyDifferences", "resyncChangesUploadDifferences", "resyncRequired"),
    about="Code of that 410: the first two are documented, the third was seen "
    "(onedrive-api-docs#1356).",
)
FOLDER_DELTA = Switch(
    name="delta_of_a_folder",
    values=("refused", "given"),
    about="Whether delta can be asked of a folder below the root of a library (graph-facts 5.4).",
)
LABELLED_DELTA = Switch(
    name="delta_where_labelled",
    values=("given", "refused"),
    about="Whether delta of a library in which something has a retention label is refused to an "
    "app without full control, as is reported (microsoft-graph-docs#11561).",
)
SWITCHES = (TOKEN_DAYS, RESYNC, FOLDER_DELTA, LABELLED_DELTA)

_DEFAULT_PAGE = 200
_MOST = 1000
_EMPTY_ONE_IN = 7
_RESYNC_WORDS = {
    "resyncChangesApplyDifferences": "Resync required. Replace any local items with the server's "
    "version (including deletes) if you're sure that the service was up to date with your local "
    "changes when you last sync'd. Upload any local changes that the server doesn't know about.",
    "resyncChangesUploadDifferences": "Resync required. Upload any local items that the service "
    "did not return, and upload any files that differ from the server's version (keeping both "
    "copies if you're not sure which one is more up-to-date).",
    "resyncRequired": "Resync required.",
}

Written = Callable[[Sequence[Row]], list[object]]


def drive_delta(call: Call) -> Answer:
    listed, start, write = drive_list(call), start_of(call), item_writer(call)
    _check_labels(call, listed)
    path = call.names.get("path", "")
    if path:
        found = library.by_path(call.tenant, start, path)
        if found is None:
            raise library.not_found()
        start = found
    if start["kind"] != "root" and (
        start["kind"] == "file" or FOLDER_DELTA.read(call.tenant) == "refused"
    ):
        raise GraphError(501, "notSupported", "Delta is only supported on the root of a drive.")

    def written(rows: Sequence[Row]) -> list[object]:
        if start["kind"] != "root":
            rows = [row for row in rows if start["id"] in library.ancestors(call.tenant, row)]
        if any(row["deleted"] for row in rows):
            return [
                write.gone(row) if row["deleted"] else page_of(call, write, [row])[0]
                for row in rows
            ]
        return page_of(call, write, rows)

    with_parents = "deltaexcludeparent" not in call.headers
    return _delta(call, listed, written, is_drive=True, with_parents=with_parents)


def _check_labels(call: Call, listed: Row) -> None:
    """Raises 403 for a library with retention labels, where these forbid it."""
    if LABELLED_DELTA.read(call.tenant) == "refused" and states.has_labels(
        call.tenant, listed["id"]
    ):
        access.site("fullcontrol")(call)


def list_delta(call: Call) -> Answer:
    listed = list_of(call)
    options = expansions(call).get("fields", "")

    def written(rows: Sequence[Row]) -> list[object]:
        return [
            deleted_row_json(call.tenant, row)
            if row["deleted"]
            else list_item_json(call.tenant, row, fields=options)
            for row in rows
        ]

    return _delta(call, listed, written, is_drive=False, with_parents=False)


@dataclass(frozen=True, kw_only=True)
class _Position:
    """Where a round of delta stands."""

    seq: int | None
    """The number to go on after; None where only a link is wanted."""
    at: tuple[int, int] | None = None
    """Depth and number of the last item, as long as everything is told for the first time."""
    page: int = 0
    """How many pages of the round were given."""


def _delta(
    call: Call, listed: Row, written: Written, *, is_drive: bool, with_parents: bool
) -> Answer:
    position = _position(call, listed)
    if position.seq is None:
        link = _link(call, listed, _Position(seq=call.tenant.store.seq))
        return Answer(body={"value": [], "@odata.deltaLink": link})
    if position.page % _EMPTY_ONE_IN == 1:
        onward = _Position(seq=position.seq, at=position.at, page=position.page + 1)
        link = _link(call, listed, onward)
        return Answer(body={"value": [], "@odata.nextLink": link})
    size = call.count("$top", _DEFAULT_PAGE, _MOST)
    rows_of = _changed if position.at is None else _enumerated
    rows, more = rows_after(rows_of(call, listed, position, size + 1, with_root=is_drive), size)
    hidden = guards.hidden(call.tenant, listed["id"], call.by)
    value = written([row for row in rows if row["id"] not in hidden] if hidden else rows)
    if with_parents:
        value += written(_folders_of(call, rows))
    return Answer(body={"value": value, **_onward(call, listed, position, rows, more=more)})


def _onward(
    call: Call, listed: Row, position: _Position, rows: Sequence[Row], *, more: bool
) -> Json:
    """The link to the next page, or for the next time."""
    seq, page = position.seq or 0, position.page + 1
    if position.at is None:
        last = rows[-1]["seq"] if rows else seq
        if more:
            return {"@odata.nextLink": _link(call, listed, _Position(seq=last, page=page))}
        return {"@odata.deltaLink": _link(call, listed, _Position(seq=last))}
    if more:
        at = (rows[-1]["depth"], rows[-1]["number"])
        return {"@odata.nextLink": _link(call, listed, _Position(seq=seq, at=at, page=page))}
    changed = call.tenant.store.value(
        "SELECT 1 FROM items WHERE list = ? AND seq > ? LIMIT 1", listed["id"], seq
    )
    if changed:
        return {"@odata.nextLink": _link(call, listed, _Position(seq=seq, page=page))}
    return {"@odata.deltaLink": _link(call, listed, _Position(seq=seq))}


def _enumerated(
    call: Call, listed: Row, position: _Position, most: int, *, with_root: bool
) -> list[Row]:
    """
    What there is, folders before what lies in them: rclone leaves out what comes before its
    folder. What changes meanwhile is told of when everything has been.
    """
    assert position.at is not None
    return call.tenant.store.all(
        "SELECT * FROM items WHERE list = ? AND deleted = 0 AND (depth, number) > (?, ?) "
        "AND (number > 0 OR ?) ORDER BY depth, number LIMIT ?",
        listed["id"],
        *position.at,
        int(with_root),
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
    options = (call.query.get(name) for name in ("token", "$skiptoken", "$deltatoken"))
    token = next((text for text in options if text), call.names.get("token"))
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
        raise _resync(call, listed)
    _check_age(call, listed, moment(held["given"]))
    at = held.get("at")
    return _Position(
        seq=int(held["seq"]), at=(int(at[0]), int(at[1])) if at else None, page=held.get("page", 0)
    )


def _check_age(call: Call, listed: Row, given: datetime) -> None:
    days = int(TOKEN_DAYS.read(call.tenant))
    if call.tenant.clock.now - given > timedelta(days=days):
        raise _resync(call, listed)


def _resync(call: Call, listed: Row) -> GraphError:
    """410 with the place to start from afresh."""
    code = RESYNC.read(call.tenant)
    start = _link(call, listed, _Position(seq=call.tenant.store.seq, at=(-1, -1)))
    return GraphError(410, code, _RESYNC_WORDS[code], {"Location": start})


def _position_at(call: Call, listed: Row, time: str) -> int:
    """Timestamp tokens: the last number that was taken before that time."""
    since = moment(time)
    _check_age(call, listed, since)
    first: int | None = call.tenant.store.value(
        "SELECT min(seq) FROM items WHERE list = ? AND coalesce(deleted_at, modified_at) >= ?",
        listed["id"],
        fine_stamp(since),
    )
    return call.tenant.store.seq if first is None else first - 1


def _link(call: Call, listed: Row, position: _Position) -> str:
    held: Json = {
        "seq": position.seq,
        "list": listed["id"],
        "world": call.tenant.world.tenant_id,
        "given": call.tenant.clock.text,
    }
    if position.at is not None:
        held["at"] = position.at
    if position.page:
        held["page"] = position.page
    kept = {k: v for k, v in call.query.items() if k in ("$top", "$select", "$expand")}
    url = call.url.partition("(")[0]
    return f"{url}?{urlencode({**kept, 'token': seal(held)})}"
