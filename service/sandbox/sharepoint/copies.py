"""
Server-side copies and their monitors.

The copy is made at once, but the monitor says so only after some readings, more of them for a
large folder; a name that is taken, a quota or too many items are found out there too, as in
the service: 202 does not mean that it will succeed. Refusals in the words of the page
"driveItem: copy".
"""

import secrets
from dataclasses import replace
from datetime import datetime, timedelta

from service.sandbox.entra import access
from service.sandbox.sharepoint import library
from service.sandbox.sharepoint.blobs import Blob
from service.sandbox.sharepoint.drives import CONFLICT, item_of, part_of
from service.sandbox.sharepoint.library import Write
from service.sandbox.sharepoint.names import check_name
from service.sandbox.store import Row
from service.sandbox.switches import Switch
from service.sandbox.tenant import Tenant
from service.sandbox.wire import Answer, Call, GraphError, Json, invalid, stamp

MONITOR_HOURS = Switch(
    name="copy_monitor_hours",
    values=("24", "1", "168"),
    about="For how many hours a copy's monitor can be read (graph-facts 5.3).",
)
MOST_ITEMS = 30_000
MOST_CHILDREN = 150
_ITEMS_A_POLL = 100
_MOST_POLLS = 5


def copy_item(call: Call) -> Answer:
    """Columns and permissions are not copied, versions only where that is asked for."""
    tenant, body = call.tenant, call.json()
    source = item_of(call)
    only_children = bool(body.get("childrenOnly"))
    _check_source(source, body, only_children=only_children)
    parent = _parent(call, source, part_of(body, "parentReference"))
    if parent["kind"] == "file":
        raise invalid("The parent is not a folder.")
    _check_target(call, parent)
    name = str(body.get("name") or source["name"])
    check_name(name)
    write = Write(by=call.by, conflict=call.query.get(CONFLICT, "fail"))
    if write.conflict not in library.CONFLICTS:
        raise invalid(f"The conflict behavior '{write.conflict}' is not supported.")
    # Page "driveItem: copy", known issue: versions are not kept where a name is sent as well.
    versions = bool(body.get("includeAllVersionHistory")) and not body.get("name")
    values: dict[str, object] = {"item": None, "error_code": None, "error_message": None}
    count = _count(tenant, source)
    try:
        with tenant.store.transaction():
            _check_count(count)
            if only_children:
                for below in _below(tenant, source):
                    _copied(tenant, below, parent, below["name"], write, versions=versions)
                values["item"] = parent["id"]
            else:
                copied = _copied(tenant, source, parent, name, write, versions=versions)
                values["item"] = copied["id"]
    except GraphError as error:
        values |= {"error_code": error.code, "error_message": error.message}
    copy = secrets.token_hex(16)
    tenant.store.insert(
        "copies",
        id=copy,
        polls=min(_MOST_POLLS, 1 + count // _ITEMS_A_POLL),
        polled=0,
        expires=stamp(tenant.clock.now + timedelta(hours=int(MONITOR_HOURS.read(tenant)))),
        **values,
    )
    url = f"{call.bytes_base}/monitor/{copy}?tempauth={tenant.signature(copy)}"
    return Answer(status=202, headers={"Location": url})


def _check_source(source: Row, body: Json, *, only_children: bool) -> None:
    """What the service refuses before it begins. Raises 400."""
    if only_children and body.get("name"):
        raise invalid("Cannot use name parameter alongside childrenOnly.")
    if only_children and source["kind"] == "file":
        raise invalid("childrenOnly option is not valid for file items.")
    if only_children and source["children"] > MOST_CHILDREN:
        raise invalid(
            "Direct child count limit exceeded. Cannot copy children only when there are more "
            f"than {MOST_CHILDREN} direct children."
        )
    if source["kind"] == "root" and not only_children:
        raise invalid("Cannot copy the root folder.")


def _parent(call: Call, source: Row, reference: Json) -> Row:
    tenant = call.tenant
    drive = reference.get("driveId")
    listed = library.list_of_drive(tenant, str(drive))["id"] if drive else source["list"]
    folder = reference.get("id")
    if folder in (None, ""):
        if reference or source["parent"] is None:
            return library.root_of(tenant, listed)
        return library.item_by_id(tenant, source["parent"])
    if folder == "root":
        return library.root_of(tenant, listed)
    return library.item_by_id(tenant, str(folder), listed)


def _check_target(call: Call, parent: Row) -> None:
    """Reading is enough where it comes from; where it goes, it is a write. Raises 403."""
    drive = call.tenant.store.value("SELECT drive FROM lists WHERE id = ?", parent["list"])
    access.site("write")(replace(call, names={**call.names, "drive": drive}))


def _count(tenant: Tenant, source: Row) -> int:
    """How many items a copy is of, the first included; not counted far beyond the limit."""
    count: int = tenant.store.value(
        "SELECT count(*) FROM (WITH RECURSIVE below(id) AS (SELECT ? UNION ALL "
        "SELECT i.id FROM items i JOIN below b ON i.parent = b.id WHERE i.deleted = 0) "
        "SELECT id FROM below LIMIT ?)",
        source["id"],
        MOST_ITEMS + 2,
    )
    return count


def _check_count(count: int) -> None:
    if count > MOST_ITEMS:
        raise invalid(f"The copy operation is restricted to {MOST_ITEMS} items.")


def _below(tenant: Tenant, folder: Row) -> list[Row]:
    return tenant.store.all(
        "SELECT * FROM items WHERE parent = ? AND deleted = 0 AND kind IN ('folder', 'file')",
        folder["id"],
    )


def _copied(  # noqa: PLR0913 - it calls itself
    tenant: Tenant, source: Row, parent: Row, name: str, write: Write, *, versions: bool
) -> Row:
    if source["id"] in library.ancestors(tenant, parent):
        raise invalid("A folder cannot be copied into itself.")
    if source["kind"] == "file":
        for earlier in _contents(tenant, source) if versions else ():
            library.put_file(tenant, parent, name, earlier, write)
            # What was put a moment ago is what the next version goes onto.
            write = Write(by=write.by, conflict="replace")
        blob = Blob(source["blob"], source["size"], source["xor"])
        return library.put_file(tenant, parent, name, blob, write)[0]
    below_it = _below(tenant, source)
    folder = library.make_folder(tenant, parent, name, write)
    for below in below_it:
        _copied(tenant, below, folder, below["name"], write, versions=versions)
    return folder


def _contents(tenant: Tenant, source: Row) -> list[Blob]:
    """What the file held before, the oldest first, each content once."""
    found: list[Blob] = []
    for row in tenant.store.all(
        "SELECT * FROM versions WHERE item = ? ORDER BY version", source["id"]
    ):
        if not found or found[-1].id != row["blob"]:
            found.append(Blob(row["blob"], row["size"], row["xor"]))
    return found[:-1] if found and found[-1].id == source["blob"] else found


def monitor(tenant: Tenant, copy: str) -> Json:
    """In progress for some readings, then the outcome. Raises 404."""
    row = tenant.store.one("SELECT * FROM copies WHERE id = ?", copy)
    if row is None or datetime.fromisoformat(row["expires"]) <= tenant.clock.now:
        raise library.not_found()
    tenant.store.update("copies", copy, polled=row["polled"] + 1)
    body: Json = {"operation": "ItemCopy"}
    if row["polled"] < row["polls"]:
        done = round(100.0 * (row["polled"] + 0.5) / (row["polls"] + 0.5), 1)
        return {**body, "percentageComplete": done, "status": "inProgress"}
    if row["error_code"]:
        error = {"code": row["error_code"], "message": row["error_message"]}
        return {**body, "percentageComplete": 0.0, "status": "failed", "error": error}
    return {
        **body,
        "percentageComplete": 100.0,
        "resourceId": row["item"],
        "status": "completed",
    }
