"""Calls on drives and their items."""

from service.sandbox.paging import page
from service.sandbox.shape import expansions
from service.sandbox.sharepoint import guards, labels, library, permissions, states
from service.sandbox.sharepoint.library import Write
from service.sandbox.sharepoint.render_items import ItemWriter, download_url, whole, writer
from service.sandbox.sharepoint.render_lists import drive_json, list_item_json
from service.sandbox.store import Row
from service.sandbox.wire import Answer, Call, GraphError, Json, invalid

_CONFLICT = "@microsoft.graph.conflictBehavior"
_OLD_CONFLICT = "@name.conflictBehavior"
_MOST_SIMPLE = 250 * 1024 * 1024
DEFAULT_PAGE = 200


def get_drive(call: Call) -> Answer:
    return Answer(body=drive_json(call.tenant, drive_list(call)))


def drive_list(call: Call) -> Row:
    return library.list_of_drive(call.tenant, call.names["drive"])


def start_of(call: Call) -> Row:
    """The item in the path by id, or the drive's root."""
    library_list = drive_list(call)
    item = call.names.get("item", "root")
    if item == "root":
        return library.root_of(call.tenant, library_list["id"])
    return library.item_by_id(call.tenant, item, library_list["id"])


def item_of(call: Call) -> Row:
    """The item that the path means, by id or by path. Raises 404."""
    found = library.by_path(call.tenant, start_of(call), call.names.get("path", ""))
    if found is None:
        raise library.not_found()
    guards.check_visible(call.tenant, found, call.by)
    return found


def target_of(call: Call) -> tuple[Row, str]:
    """Folder and name where a file is to be put; folders missing on the way are made."""
    start = start_of(call)
    names = library.parts(call.names.get("path", ""))
    if not names:
        if start["kind"] != "file":
            raise invalid("Cannot put content into a folder.")
        parent = library.item_by_id(call.tenant, start["parent"])
        return parent, start["name"]
    folder = library.folders(call.tenant, start, "/".join(names[:-1]), call.by)
    if folder["kind"] == "file":
        raise invalid("The parent is not a folder.")
    return folder, names[-1]


def get_item(call: Call) -> Answer:
    row = item_of(call)
    return Answer(body=_expanded(call, row, writer(call, call.names["drive"]).item(row)))


def _expanded(call: Call, row: Row, body: Json) -> Json:
    for name, options in expansions(call).items():
        if name == "listItem":
            if row["kind"] != "root":
                body["listItem"] = list_item_json(call.tenant, row, fields=options)
        elif name == "children":
            write = writer(call, call.names["drive"])
            body["children"] = [write.item(below) for below in _children(call, row)]
        elif name == "permissions":
            drive = call.names["drive"]
            body["permissions"] = permissions.permissions_of(call.tenant, row, drive)
        elif name == "retentionLabel":
            state = states.state_of(call.tenant, row["id"])
            if state is not None and state["label"]:
                body["retentionLabel"] = labels.label_json(call.tenant, state)
        elif name == "thumbnails":
            body["thumbnails"] = []
        else:
            raise invalid(f"The expansion of '{name}' is not supported.")
    return body


def _children(call: Call, folder: Row) -> list[Row]:
    rows = call.tenant.store.all(
        "SELECT * FROM items WHERE parent = ? AND deleted = 0 ORDER BY name_key", folder["id"]
    )
    hidden = guards.hidden(call.tenant, folder["list"], call.by)
    return [row for row in rows if row["id"] not in hidden] if hidden else rows


def children(call: Call) -> Answer:
    """Ordered by name; `$top` and `$skiptoken` page through."""
    folder = item_of(call)
    if folder["kind"] == "file":
        raise invalid("The item is not a folder.")
    rows = _children(call, folder)
    write = writer(call, call.names["drive"])
    return page(call, rows, lambda row: _expanded(call, row, write.item(row)), DEFAULT_PAGE)


def create_child(call: Call) -> Answer:
    body = call.json()
    if "folder" not in body:
        raise invalid("Only folders are made by POST to children.")
    conflict = str(body.get(_CONFLICT) or body.get(_OLD_CONFLICT) or "fail")
    write = Write(by=call.by, conflict=conflict, times=body.get("fileSystemInfo"))
    parent = item_of(call)
    if parent["kind"] == "file":
        raise invalid("The parent is not a folder.")
    row = library.make_folder(call.tenant, parent, str(body.get("name", "")), write)
    return Answer(status=201, body=writer(call, call.names["drive"]).item(row))


def put_content(call: Call) -> Answer:
    if len(call.body) > _MOST_SIMPLE:
        raise GraphError(413, "requestEntityTooLarge", "The content is too large.")
    conflict = call.query.get(_CONFLICT, "replace")
    parent, name = target_of(call)
    write = Write(by=call.by, conflict=conflict, if_match=call.headers.get("if-match"))
    blob = call.tenant.blobs.keep(call.body)
    row, is_new = library.put_file(call.tenant, parent, name, blob, write)
    body = writer(call, call.names["drive"]).item(row)
    return Answer(status=201 if is_new else 200, body=body)


def get_content(call: Call) -> Answer:
    row = item_of(call)
    if row["kind"] != "file":
        raise invalid("The item is not a file.")
    guards.check_download(call.tenant, row, call.by)
    url = download_url(call.tenant, call.bytes_base, row["blob"], row["mime"], row["name"])
    return Answer(status=302, headers={"Location": url})


def patch_item(call: Call) -> Answer:
    """Name, place in the library, fileSystemInfo and description."""
    body = call.json()
    row = item_of(call)
    library.check_match(row, call.headers.get("if-match"))
    if row["kind"] == "root":
        raise invalid("The root cannot be changed.")
    times = body.get("fileSystemInfo") or {}
    values = {
        "fs_created": times.get("createdDateTime") or row["fs_created"],
        "fs_modified": times.get("lastModifiedDateTime") or row["fs_modified"],
    }
    parent = _new_parent(call, row, body.get("parentReference") or {})
    name = str(body.get("name") or row["name"])
    by = call.by
    if parent["id"] == row["parent"] and name == row["name"]:
        changed = library.change(call.tenant, row, by, **values)
    else:
        changed = library.move(call.tenant, row, parent, name, by, **values)
    drive = call.tenant.store.value("SELECT drive FROM lists WHERE id = ?", changed["list"])
    return Answer(body=writer(call, drive).item(changed))


def _new_parent(call: Call, row: Row, reference: Json) -> Row:
    parent_id = reference.get("id") or row["parent"]
    drive = reference.get("driveId") or call.names["drive"]
    listed = library.list_of_drive(call.tenant, drive)["id"]
    if parent_id == "root":
        return library.root_of(call.tenant, listed)
    return library.item_by_id(call.tenant, parent_id, listed)


def delete_item(call: Call) -> Answer:
    row = item_of(call)
    library.check_match(row, call.headers.get("if-match"))
    if row["kind"] == "root":
        raise invalid("The root cannot be deleted.")
    library.delete(call.tenant, row, call.by)
    return Answer(status=204)


def versions(call: Call) -> Answer:
    """The newest first."""
    row = item_of(call)
    kept = call.tenant.store.all(
        "SELECT * FROM versions WHERE item = ? ORDER BY version DESC", row["id"]
    )

    def written(version: Row) -> Json:
        return {
            "id": f"{version['version']}.0",
            "lastModifiedDateTime": whole(version["modified_at"]),
            "lastModifiedBy": call.tenant.identity(version["modified_by"]),
            "size": version["size"],
        }

    return page(call, kept, written, DEFAULT_PAGE)


def item_writer(call: Call) -> ItemWriter:
    return writer(call, call.names["drive"])
