"""
Server-side copies and their monitors.

The copy is made at once, but the monitor says so only at its second reading; a name that is
taken is found out there too, as in the service: 202 does not mean that it will succeed.
"""

import secrets

from service.sandbox.sharepoint import library
from service.sandbox.sharepoint.blobs import Blob
from service.sandbox.sharepoint.drives import item_of
from service.sandbox.sharepoint.library import Write
from service.sandbox.sharepoint.names import check_name
from service.sandbox.store import Row
from service.sandbox.tenant import Tenant
from service.sandbox.wire import Answer, Call, GraphError, Json, invalid

_CONFLICT = "@microsoft.graph.conflictBehavior"


def copy_item(call: Call) -> Answer:
    """Columns, permissions and versions are not copied (graph-facts 5.3)."""
    tenant = call.tenant
    body = call.json()
    source = item_of(call)
    reference: Json = body.get("parentReference") or {}
    if source["kind"] == "root":
        raise invalid("The root cannot be copied.")
    parent = _parent(call, source, reference)
    name = str(body.get("name") or source["name"])
    check_name(name)
    write = Write(by=call.by, conflict=call.query.get(_CONFLICT, "fail"))
    copy = secrets.token_hex(16)
    values: dict[str, object] = {"item": None, "error_code": None, "error_message": None}
    try:
        with tenant.store.transaction():
            values["item"] = _copied(tenant, source, parent, name, write)["id"]
    except GraphError as error:
        values |= {"error_code": error.code, "error_message": error.message}
    tenant.store.insert("copies", id=copy, polls=0, **values)
    url = f"{call.bytes_base}/monitor/{copy}?tempauth={tenant.signature(copy)}"
    return Answer(status=202, headers={"Location": url})


def _parent(call: Call, source: Row, reference: Json) -> Row:
    tenant = call.tenant
    drive = reference.get("driveId")
    listed = library.list_of_drive(tenant, drive)["id"] if drive else source["list"]
    folder = reference.get("id")
    if folder in (None, ""):
        if reference:
            return library.root_of(tenant, listed)
        return library.item_by_id(tenant, source["parent"])
    if folder == "root":
        return library.root_of(tenant, listed)
    return library.item_by_id(tenant, str(folder), listed)


def _copied(tenant: Tenant, source: Row, parent: Row, name: str, write: Write) -> Row:
    if source["id"] in library.ancestors(tenant, parent):
        raise invalid("A folder cannot be copied into itself.")
    if source["kind"] == "file":
        blob = Blob(source["blob"], source["size"], source["xor"])
        return library.put_file(tenant, parent, name, blob, write)[0]
    folder = library.make_folder(tenant, parent, name, write)
    for below in tenant.store.all(
        "SELECT * FROM items WHERE parent = ? AND deleted = 0", source["id"]
    ):
        _copied(tenant, below, folder, below["name"], write)
    return folder


def monitor(tenant: Tenant, copy: str) -> Json:
    """In progress at the first reading, then the outcome. Raises 404."""
    row = tenant.store.one("SELECT * FROM copies WHERE id = ?", copy)
    if row is None:
        raise library.not_found()
    tenant.store.update("copies", copy, polls=row["polls"] + 1)
    if row["polls"] == 0:
        return {"operation": "ItemCopy", "percentageComplete": 42.0, "status": "inProgress"}
    if row["error_code"]:
        error = {"code": row["error_code"], "message": row["error_message"]}
        return {
            "operation": "ItemCopy",
            "percentageComplete": 0.0,
            "status": "failed",
            "error": error,
        }
    return {
        "operation": "ItemCopy",
        "percentageComplete": 100.0,
        "resourceId": row["item"],
        "status": "completed",
    }
