"""
Upload sessions: made through Graph, filled through the listener for bytes.

Rules from graph-facts 5.1 and the page "driveItem: createUploadSession": ranges in order,
multiples of 320 KiB below 60 MiB, a constant total, no Authorization header. What cannot be
put in its place at the last range is kept, and can be put elsewhere by `commit`.
"""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import msgspec

from service.sandbox.sharepoint import guards, library, quota
from service.sandbox.sharepoint.blobs import QuickXor, quick_xor
from service.sandbox.sharepoint.drives import (
    CONFLICT,
    item_writer,
    part_of,
    start_of,
    target_of,
    times_in,
)
from service.sandbox.sharepoint.library import Write
from service.sandbox.sharepoint.names import check_name, check_path
from service.sandbox.sharepoint.render_items import ItemWriter
from service.sandbox.store import Row
from service.sandbox.switches import Switch
from service.sandbox.tenant import Tenant
from service.sandbox.wire import Answer, Call, GraphError, Json, invalid, stamp

NEXT_RANGES = Switch(
    name="next_expected_ranges",
    values=("open", "closed"),
    about="How nextExpectedRanges is written, as '26-' or as '26-127': the page "
    "createUploadSession shows both.",
)
TOKENS_ON_RANGES = Switch(
    name="tokens_on_ranges",
    values=("refused", "accepted"),
    about="Whether a range that comes with an Authorization header is refused: the page "
    "createUploadSession says that it may be answered by 401, and clients that send it live.",
)
COMMIT = Switch(
    name="session_under_another_name",
    values=("put", "refused"),
    about="Whether a session that could not be put in its place can be put elsewhere by PUT with "
    "@microsoft.graph.sourceUrl: the page createUploadSession says so under its heading 'Handle "
    "upload errors', and of deferCommit that this way is OneDrive Personal's alone.",
)
UNIT = 320 * 1024
MOST_RANGE = 60 * 1024 * 1024
_LIFE = timedelta(hours=24)
_SOURCE = "@microsoft.graph.sourceUrl"
_RANGE = re.compile(r"^bytes (\d+)-(\d+)/(\d+)$")
_TAKEN = (
    "Another file exists with the same name as the uploaded session. You can redirect the upload "
    "session to use a new filename by calling PUT with the new metadata and "
    "@microsoft.graph.sourceUrl attribute."
)


def create_session(call: Call) -> Answer:
    body = call.json() if call.body else {}
    given = part_of(body, "item")
    # An annotation beside `item` means nothing and is passed over, as OData has it: whoever
    # puts the conflict behaviour there gets the default one (graph-facts 5.1).
    parent, name = target_of(call)
    name = str(given.get("name") or name)
    write = Write(
        by=call.by,
        conflict=str(given.get(CONFLICT) or call.query.get(CONFLICT) or "replace"),
        if_match=call.headers.get("if-match"),
        if_none_match=call.headers.get("if-none-match"),
        times=times_in(given),
        description=given.get("description"),
    )
    _check_now(call.tenant, parent, name, write)
    size = given.get("fileSize")
    if size is not None:
        if not isinstance(size, int) or size < 0:
            raise invalid("The property 'fileSize' is not a number of bytes.")
        quota.check(call.tenant, parent, size)
    session = secrets.token_hex(16)
    call.tenant.store.insert(
        "uploads",
        id=session,
        list=parent["list"],
        parent=parent["id"],
        name=name,
        conflict=write.conflict,
        if_match=write.if_match,
        if_none_match=write.if_none_match,
        times=msgspec.json.encode(write.times).decode(),
        description=write.description,
        app=call.by,
        defer=int(bool(body.get("deferCommit"))),
        received=0,
        total=size or None,
        expires=stamp(call.tenant.clock.now + _LIFE),
    )
    signature = call.tenant.signature(session)
    url = f"{call.bytes_base}/upload/{session}?tempauth={signature}"
    return Answer(
        body={"uploadUrl": url, **status_body(call.tenant, session_of(call.tenant, session))}
    )


def _check_now(tenant: Tenant, parent: Row, name: str, write: Write) -> None:
    """What can be refused before a byte is sent."""
    if write.conflict not in library.CONFLICTS:
        raise invalid(f"The conflict behavior '{write.conflict}' is not supported.")
    check_name(name)
    check_path("/".join((*library.path_names(tenant, parent), name)))
    existing = library.child(tenant, parent["id"], name)
    if existing is None:
        return
    if write.conflict == "fail" or existing["kind"] != "file":
        raise library.name_taken()
    library.check_match(existing, write.if_match)
    library.check_none_match(existing, write.if_none_match)
    if write.conflict == "replace":
        guards.check_content(tenant, existing, write.by)


@dataclass(frozen=True)
class Range:
    """One fragment: its first byte, its length, and the whole file's size."""

    start: int
    length: int
    total: int

    @property
    def end(self) -> int:
        return self.start + self.length


def session_of(tenant: Tenant, session: str) -> Row:
    """Raises 404 for one that is unknown, finished, given up or expired."""
    row = tenant.store.one("SELECT * FROM uploads WHERE id = ?", session)
    if row is None or datetime.fromisoformat(row["expires"]) <= tenant.clock.now:
        raise GraphError(404, "itemNotFound", "The upload session was not found")
    return row


def range_of(header: str | None, length: int) -> Range:
    """A Content-Range header, checked by itself. Raises 400."""
    found = _RANGE.match(header or "")
    if found is None:
        raise invalid("The Content-Range header is missing or malformed.")
    first, last, total = (int(part) for part in found.groups())
    piece = Range(first, last - first + 1, total)
    if piece.length != length or last < first or last >= total:
        raise invalid("The Content-Range header does not agree with the Content-Length.")
    if length >= MOST_RANGE:
        raise invalid("The fragment is too large: it must be below 60 MiB.")
    if piece.end != total and length % UNIT:
        raise invalid("The fragment is not a multiple of 320 KiB.")
    return piece


def check_range(row: Row, piece: Range) -> None:
    """A fragment against what has come before. Raises 400 or 416."""
    if row["total"] not in (None, piece.total):
        raise invalid("The total size of the file has changed since the session began.")
    if piece.start < row["received"]:
        raise GraphError(416, "invalidRange", "Uploaded fragment overlaps with existing data.")
    if piece.start > row["received"]:
        raise GraphError(
            416, "invalidRange", "Optimistic concurrency failure during fragmented upload"
        )


def status_body(tenant: Tenant, row: Row) -> Json:
    """Nothing more is expected of a session whose bytes are all there."""
    ranges = []
    if row["total"] is None or row["received"] < row["total"]:
        closed = row["total"] is not None and NEXT_RANGES.read(tenant) == "closed"
        ranges = [f"{row['received']}-{row['total'] - 1 if closed else ''}"]
    return {"expirationDateTime": row["expires"], "nextExpectedRanges": ranges}


def received(tenant: Tenant, row: Row, piece: Range, xor: QuickXor) -> Json:
    """Keeps the count after a fragment; the hash too, once it is the whole file's."""
    whole = piece.end == piece.total
    tenant.store.update(
        "uploads",
        row["id"],
        received=piece.end,
        total=piece.total,
        xor=xor.base64() if whole else None,
        expires=stamp(tenant.clock.now + _LIFE),
    )
    return status_body(tenant, session_of(tenant, row["id"]))


def finished(tenant: Tenant, row: Row, bytes_base: str) -> Answer:
    """Puts the gathered file in its place."""
    _check_whole(row)
    parent = library.item_by_id(tenant, row["parent"])
    write = Write(
        by=row["app"],
        conflict=row["conflict"],
        if_match=row["if_match"],
        if_none_match=row["if_none_match"],
        times=msgspec.json.decode(row["times"]),
        description=row["description"],
    )
    item, is_new = _put(tenant, row, parent, row["name"], write)
    drive = tenant.store.value("SELECT drive FROM lists WHERE id = ?", row["list"])
    body = ItemWriter(tenant, drive, bytes_base, row["app"]).item(item)
    return Answer(status=201 if is_new else 200, body=body)


def _check_whole(row: Row) -> None:
    if row["total"] is None or row["received"] < row["total"]:
        raise invalid("The upload session has not received the whole file yet.")


def _put(tenant: Tenant, row: Row, parent: Row, name: str, write: Write) -> tuple[Row, bool]:
    taken = library.child(tenant, parent["id"], name)
    if taken is not None and write.conflict == "fail":
        raise GraphError(409, "nameAlreadyExists", _TAKEN)
    if taken is not None:
        library.check_match(taken, write.if_match)
        library.check_none_match(taken, write.if_none_match)
    quota.check(tenant, parent, row["total"] - (taken["size"] if taken is not None else 0))
    part = tenant.blobs.part(row["id"])
    xor = row["xor"] or quick_xor(part).base64()
    blob = tenant.blobs.adopt(part, row["total"], xor)
    try:
        item, is_new = library.put_file(tenant, parent, name, blob, write)
    except BaseException:
        tenant.blobs.give_back(blob, part)
        raise
    tenant.store.do("DELETE FROM uploads WHERE id = ?", row["id"])
    return item, is_new


def commit(call: Call) -> Answer:
    """
    PUT on an item with `@microsoft.graph.sourceUrl`: a session that could not be put in its
    place goes to this one. The address is the folder, with the name in the body, or the item.
    """
    body = call.json()
    if COMMIT.read(call.tenant) == "refused":
        raise invalid(f"The annotation '{_SOURCE}' is not supported here.")
    address = urlsplit(str(body.get(_SOURCE) or ""))
    kind, _, session = address.path.strip("/").partition("/")
    signed = parse_qs(address.query).get("tempauth", [""])[0]
    if kind != "upload" or signed != call.tenant.signature(session):
        raise invalid(f"The property '{_SOURCE}' is not the address of an upload session.")
    row = session_of(call.tenant, session)
    _check_whole(row)
    parent, name = _place(call, body)
    write = Write(
        by=call.by,
        conflict=str(body.get(CONFLICT) or "fail"),
        if_match=call.headers.get("if-match"),
        times=times_in(body) or msgspec.json.decode(row["times"]),
        description=row["description"],
    )
    item, is_new = _put(call.tenant, row, parent, name, write)
    return Answer(status=201 if is_new else 200, body=item_writer(call).item(item))


def _place(call: Call, body: Json) -> tuple[Row, str]:
    name = str(body.get("name") or "")
    found = library.by_path(call.tenant, start_of(call), call.names.get("path", ""))
    if name and found is not None and found["kind"] != "file":
        return found, name
    parent, last = target_of(call)
    return parent, name or last


def give_up(tenant: Tenant, row: Row) -> None:
    tenant.store.do("DELETE FROM uploads WHERE id = ?", row["id"])
    tenant.blobs.part(row["id"]).unlink(missing_ok=True)
