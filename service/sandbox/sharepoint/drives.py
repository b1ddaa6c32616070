"""Calls on drives and their items."""

from collections.abc import Sequence

from service.sandbox.paging import keyset_page
from service.sandbox.shape import expansions
from service.sandbox.sharepoint import guards, labels, library, permissions, states
from service.sandbox.sharepoint.library import Write
from service.sandbox.sharepoint.names import free_name
from service.sandbox.sharepoint.render_items import ItemWriter, whole, writer
from service.sandbox.sharepoint.render_lists import drive_json, list_item_json
from service.sandbox.sharepoint.tags import is_unchanged
from service.sandbox.store import Row
from service.sandbox.wire import Answer, Call, Json, invalid, moment, stamp

CONFLICT = "@microsoft.graph.conflictBehavior"
_OLD_CONFLICT = "@name.conflictBehavior"
DEFAULT_PAGE = 200
_MOST_PAGE = 5000


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


def folder_of(call: Call) -> Row:
    """The same where it must be a folder. Raises 400 for a file."""
    found = item_of(call)
    if found["kind"] == "file":
        raise invalid("The item is not a folder.")
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
    if is_unchanged(row, call.headers.get("if-none-match")):
        return Answer(status=304)
    return Answer(body=_expanded(call, row, item_writer(call)))


def _expanded(call: Call, row: Row, write: ItemWriter) -> Json:
    body = write.item(row)
    for name, options in expansions(call).items():
        if name == "listItem":
            if row["kind"] != "root":
                body["listItem"] = list_item_json(call.tenant, row, fields=options)
        elif name == "children":
            if row["kind"] != "file":
                below = _children(call, row, "ASC", None, DEFAULT_PAGE)
                body["children"] = write.items(below)
        elif name == "permissions":
            drive = call.names["drive"]
            body["permissions"] = permissions.permissions_of(call.tenant, row, drive)
        elif name == "retentionLabel":
            state = states.state_of(call.tenant, row["id"])
            if state is not None and state["label"]:
                body["retentionLabel"] = labels.label_json(call.tenant, state)
        else:
            raise invalid(f"The expansion of '{name}' is not supported.")
    return body


def children(call: Call) -> Answer:
    """By name; the pages stay where they are when something before them comes or goes."""
    folder, order, write = folder_of(call), _order(call), item_writer(call)

    def after(name_key: str | None, most: int) -> list[Row]:
        return _children(call, folder, order, name_key, most)

    hidden = guards.hidden(call.tenant, folder["list"], call.by)

    def written(rows: Sequence[Row]) -> list[object]:
        return page_of(call, write, [row for row in rows if row["id"] not in hidden])

    size = call.count("$top", DEFAULT_PAGE, _MOST_PAGE)
    return keyset_page(call, after, lambda row: row["name_key"], written, size)


def page_of(call: Call, write: ItemWriter, rows: Sequence[Row]) -> list[object]:
    """Items as they were encoded before, unless something special is asked for."""
    if "$expand" in call.query:
        return [_expanded(call, row, write) for row in rows]
    return [*write.items(rows, call.query.get("$select", ""))]


def _order(call: Call) -> str:
    name, _, direction = call.query.get("$orderby", "name asc").strip().partition(" ")
    way = direction.strip().upper() or "ASC"
    # "Optional query parameters" of the OneDrive documentation: SharePoint sorts by name alone.
    if name.lower() != "name" or way not in ("ASC", "DESC"):
        raise invalid(f"The orderby clause '{call.query['$orderby']}' is not supported.")
    return way


def _children(call: Call, folder: Row, way: str, after: str | None, most: int) -> list[Row]:
    beyond = "" if after is None else f"AND name_key {'<' if way == 'DESC' else '>'} ?"
    return call.tenant.store.all(
        "SELECT * FROM items WHERE parent = ? AND deleted = 0 "  # noqa: S608 - words are ours
        f"AND kind IN ('folder', 'file') {beyond} ORDER BY name_key {way} LIMIT ?",
        folder["id"],
        *(() if after is None else (after,)),
        most,
    )


def create_child(call: Call) -> Answer:
    body = call.json()
    if "folder" not in body:
        raise invalid("Only folders are made by POST to children.")
    conflict = str(body.get(CONFLICT) or body.get(_OLD_CONFLICT) or "fail")
    write = Write(
        by=call.by, conflict=conflict, times=times_in(body), description=body.get("description")
    )
    parent = folder_of(call)
    row = library.make_folder(call.tenant, parent, str(body.get("name", "")), write)
    return Answer(status=201, body=item_writer(call).item(row))


def times_in(body: Json) -> Json:
    """`fileSystemInfo`, checked: what it gives, in whole seconds. Raises 400."""
    given = part_of(body, "fileSystemInfo")
    return {
        name: stamp(moment(str(given[name])))
        for name in ("createdDateTime", "lastModifiedDateTime")
        if given.get(name)
    }


def part_of(body: Json, name: str) -> Json:
    """An object inside the body; empty where it is absent. Raises 400 for anything else."""
    value = body.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise invalid(f"The property '{name}' is not an object.")
    return value


def patch_item(call: Call) -> Answer:
    """Name, place in the library, fileSystemInfo and description."""
    body = call.json()
    row = item_of(call)
    library.check_match(row, call.headers.get("if-match"))
    if row["kind"] == "root":
        raise invalid("The root cannot be changed.")
    times = times_in(body)
    values = {
        "fs_created": times.get("createdDateTime", row["fs_created"]),
        "fs_modified": times.get("lastModifiedDateTime", row["fs_modified"]),
        "description": body.get("description", row["description"]),
    }
    parent = _new_parent(call, row, part_of(body, "parentReference"))
    name = str(body.get("name") or row["name"])
    if parent["id"] != row["parent"] or name != row["name"]:
        name = _free_for(call, row, parent, name, body)
        row = library.move(call.tenant, row, parent, name, call.by, **values)
    elif times != _times_of(row, times) or values["description"] != row["description"]:
        row = library.change(call.tenant, row, call.by, **values)
    drive = call.tenant.store.value("SELECT drive FROM lists WHERE id = ?", row["list"])
    return Answer(body=writer(call, drive).item(row))


def _times_of(row: Row, like: Json) -> Json:
    """What stands where these times would be written."""
    columns = {"createdDateTime": "fs_created", "lastModifiedDateTime": "fs_modified"}
    return {name: whole(row[columns[name]]) for name in like}


def _free_for(call: Call, row: Row, parent: Row, name: str, body: Json) -> str:
    """The name under which it goes there, once the conflict behaviour has been heard."""
    conflict = str(body.get(CONFLICT) or call.query.get(CONFLICT) or "fail")
    if conflict not in library.CONFLICTS:
        raise invalid(f"The conflict behavior '{conflict}' is not supported.")
    existing = library.child(call.tenant, parent["id"], name)
    if existing is None or existing["id"] == row["id"] or conflict == "fail":
        return name
    if conflict == "rename":
        return free_name(name, lambda n: library.child(call.tenant, parent["id"], n) is not None)
    if existing["kind"] != "file" or row["kind"] != "file":
        raise library.name_taken()
    library.delete(call.tenant, existing, call.by)
    return name


def _new_parent(call: Call, row: Row, reference: Json) -> Row:
    drive = reference.get("driveId") or call.names["drive"]
    listed = library.list_of_drive(call.tenant, str(drive))["id"]
    _, _, path = str(reference.get("path") or "").partition("root:")
    if path and not reference.get("id"):
        found = library.by_path(call.tenant, library.root_of(call.tenant, listed), path)
        if found is None:
            raise library.not_found()
        return found
    parent_id = reference.get("id") or row["parent"]
    if parent_id == "root":
        return library.root_of(call.tenant, listed)
    return library.item_by_id(call.tenant, str(parent_id), listed)


def delete_item(call: Call) -> Answer:
    """To the recycle bin."""
    return _deleted(call, for_good=False)


def permanent_delete(call: Call) -> Answer:
    """Not to the recycle bin (page "driveItem: permanentDelete")."""
    return _deleted(call, for_good=True)


def _deleted(call: Call, *, for_good: bool) -> Answer:
    row = item_of(call)
    library.check_match(row, call.headers.get("if-match"))
    if row["kind"] == "root":
        raise invalid("The root cannot be deleted.")
    library.delete(call.tenant, row, call.by, for_good=for_good)
    return Answer(status=204)


def item_writer(call: Call) -> ItemWriter:
    return writer(call, call.names["drive"])
