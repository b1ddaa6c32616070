"""
Upload sessions: made through Graph, filled through the listener for bytes.

Rules from graph-facts 5.1: ranges in order, multiples of 320 KiB below 60 MiB, a constant
total, no Authorization header; a name that was taken meanwhile is found out at the last range.
"""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from service.sandbox.sharepoint import guards, library
from service.sandbox.sharepoint.blobs import Digest, digest_of
from service.sandbox.sharepoint.drives import target_of
from service.sandbox.sharepoint.library import Write
from service.sandbox.sharepoint.names import check_name, check_path
from service.sandbox.sharepoint.render_items import ItemWriter
from service.sandbox.store import Row
from service.sandbox.tenant import Tenant
from service.sandbox.wire import Answer, Call, GraphError, Json, invalid, stamp

UNIT = 320 * 1024
MOST_RANGE = 60 * 1024 * 1024
_LIFE = timedelta(hours=24)
_CONFLICT = "@microsoft.graph.conflictBehavior"
_RANGE = re.compile(r"^bytes (\d+)-(\d+)/(\d+)$")


def create_session(call: Call) -> Answer:
    body = call.json() if call.body else {}
    given: Json = body.get("item") or {}
    parent, name = target_of(call)
    conflict = str(given.get(_CONFLICT) or call.query.get(_CONFLICT) or "replace")
    _check_now(call, parent, str(given.get("name") or name), conflict)
    session = secrets.token_hex(16)
    expires = stamp(call.tenant.clock.now + _LIFE)
    call.tenant.store.insert(
        "uploads",
        id=session,
        list=parent["list"],
        parent=parent["id"],
        name=str(given.get("name") or name),
        conflict=conflict,
        if_match=call.headers.get("if-match"),
        times=msgspec.json.encode(given.get("fileSystemInfo") or {}).decode(),
        app=call.by,
        received=0,
        total=given.get("fileSize"),
        expires=expires,
    )
    signature = call.tenant.signature(session)
    return Answer(
        body={
            "uploadUrl": f"{call.bytes_base}/upload/{session}?tempauth={signature}",
            "expirationDateTime": expires,
            "nextExpectedRanges": ["0-"],
        }
    )


def _check_now(call: Call, parent: Row, name: str, conflict: str) -> None:
    """What can be refused before a byte is sent."""
    if conflict not in library.CONFLICTS:
        raise invalid(f"The conflict behavior '{conflict}' is not supported.")
    check_name(name)
    check_path("/".join((*library.path_names(call.tenant, parent), name)))
    existing = library.child(call.tenant, parent["id"], name)
    if existing is None:
        return
    if conflict == "fail" or existing["kind"] != "file":
        raise library.name_taken()
    library.check_match(existing, call.headers.get("if-match"))
    if conflict == "replace":
        guards.check_content(call.tenant, existing, call.by)


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
    if piece.start != row["received"]:
        raise GraphError(
            416,
            "invalidRange",
            "The uploaded fragment overlaps with data that has already been received, or leaves "
            "a gap before it.",
        )


def status_body(row: Row) -> Json:
    return {
        "expirationDateTime": row["expires"],
        "nextExpectedRanges": [f"{row['received']}-"],
    }


def received(tenant: Tenant, row: Row, piece: Range) -> Json:
    """Keeps the count after a fragment that is not the last."""
    tenant.store.update(
        "uploads",
        row["id"],
        received=piece.end,
        total=piece.total,
        expires=stamp(tenant.clock.now + _LIFE),
    )
    return status_body(session_of(tenant, row["id"]))


def finished(tenant: Tenant, row: Row, digest: Digest | None, bytes_base: str) -> Answer:
    """
    Puts the gathered file in its place. On 409 the last fragment is not counted, and the
    session lives on.
    """
    part = tenant.blobs.part(row["id"])
    parent = library.item_by_id(tenant, row["parent"])
    write = Write(
        by=row["app"],
        conflict=row["conflict"],
        if_match=row["if_match"],
        times=msgspec.json.decode(row["times"]),
    )
    taken = library.child(tenant, parent["id"], row["name"])
    if taken is not None and row["conflict"] == "fail":
        raise library.name_taken()
    if taken is not None:
        library.check_match(taken, row["if_match"])
    blob = tenant.blobs.adopt(part, digest or digest_of(part))
    item, is_new = library.put_file(tenant, parent, row["name"], blob, write)
    tenant.store.do("DELETE FROM uploads WHERE id = ?", row["id"])
    drive = tenant.store.value("SELECT drive FROM lists WHERE id = ?", row["list"])
    body = ItemWriter(tenant, drive, bytes_base).item(item)
    return Answer(status=201 if is_new else 200, body=body)


def give_up(tenant: Tenant, row: Row) -> None:
    tenant.store.do("DELETE FROM uploads WHERE id = ?", row["id"])
    tenant.blobs.part(row["id"]).unlink(missing_ok=True)
