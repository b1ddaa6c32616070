"""Folders and files of a library: what may be done to them, whoever does it."""

from dataclasses import dataclass

import msgspec

from service.sandbox.sharepoint import enrich, guards, quota
from service.sandbox.sharepoint.blobs import Blob
from service.sandbox.sharepoint.names import check_name, check_path, free_name, mime_type, name_key
from service.sandbox.sharepoint.places import (
    ancestors,
    by_path,
    child,
    item_by_id,
    list_of_drive,
    name_taken,
    not_found,
    parts,
    path_names,
    root_of,
)
from service.sandbox.sharepoint.tags import (
    check_match,
    check_none_match,
    ctag,
    etag,
    list_etag,
    new_item_id,
)
from service.sandbox.store import Row
from service.sandbox.switches import Switch
from service.sandbox.tenant import Tenant
from service.sandbox.wire import Json, invalid

__all__ = [
    "CONFLICTS",
    "MOVE_ACROSS",
    "Write",
    "add",
    "ancestors",
    "by_path",
    "change",
    "check_match",
    "check_none_match",
    "child",
    "ctag",
    "delete",
    "etag",
    "folders",
    "item_by_id",
    "list_etag",
    "list_of_drive",
    "make_folder",
    "move",
    "name_taken",
    "new_content",
    "new_item_id",
    "not_found",
    "parts",
    "path_names",
    "put_file",
    "root_of",
]
CONFLICTS = ("fail", "replace", "rename")
MOVE_ACROSS = Switch(
    name="move_to_another_library",
    values=("allowed", "refused"),
    about="Whether a file can be moved to another library of its site: the reference page says "
    "that items cannot leave their drive, its later wording and people's reports say that they "
    "can (microsoft-graph-docs-contrib#5756).",
)


@dataclass(frozen=True, kw_only=True)
class Write:
    """How something is put into a folder: by whom, and what if the name is taken."""

    by: str
    conflict: str = "replace"
    if_match: str | None = None
    if_none_match: str | None = None
    times: Json | None = None
    """`fileSystemInfo` as sent."""
    description: str | None = None


def folders(tenant: Tenant, start: Row, path: str, by: str) -> Row:
    """The folder at this path below `start`; what is missing on the way is made."""
    here = start
    for name in parts(path):
        below = child(tenant, here["id"], name)
        if below is not None and below["kind"] != "folder":
            raise name_taken()
        here = below or make_folder(tenant, here, name, Write(by=by, conflict="fail"))
    return here


def make_folder(tenant: Tenant, parent: Row, name: str, write: Write) -> Row:
    name, existing = _settled(tenant, parent, name, write.conflict)
    if existing is not None:
        if existing["kind"] != "folder":
            raise name_taken()
        return existing
    return add(tenant, parent["list"], name, parent=parent, kind="folder", write=write)


def put_file(tenant: Tenant, parent: Row, name: str, blob: Blob, write: Write) -> tuple[Row, bool]:
    """
    Puts a file into a folder. Returns it as it stands when the answer is written, and whether
    it is new; Office, PDF and HTML files are written into by SharePoint right afterwards.
    """
    name, existing = _settled(tenant, parent, name, write.conflict)
    quota.check(tenant, parent, blob.size - (existing["size"] if existing else 0))
    if existing is None:
        if write.if_match not in (None, "*"):
            raise not_found()
        item = add(tenant, parent["list"], name, parent=parent, kind="file", write=write, blob=blob)
        guards.settle_new(tenant, item, write.by)
    else:
        check_match(existing, write.if_match)
        check_none_match(existing, write.if_none_match)
        item = new_content(tenant, existing, blob, write)
        guards.settle_content(tenant, item)
    _rewrite(tenant, item)
    return item, existing is None


def _settled(tenant: Tenant, parent: Row, name: str, conflict: str) -> tuple[str, Row | None]:
    """The name to use, and the item that is to be replaced by it."""
    if conflict not in CONFLICTS:
        raise invalid(f"The conflict behavior '{conflict}' is not supported.")
    check_name(name)
    check_path("/".join((*path_names(tenant, parent), name)))
    existing = child(tenant, parent["id"], name)
    if existing is None:
        return name, None
    if conflict == "fail":
        raise name_taken()
    if conflict == "rename":
        taken = free_name(name, lambda n: child(tenant, parent["id"], n) is not None)
        return taken, None
    return name, existing


def add(  # noqa: PLR0913 - a row of a table
    tenant: Tenant,
    list_id: str,
    name: str,
    *,
    parent: Row | None,
    kind: str,
    write: Write,
    blob: Blob | None = None,
    fields: Json | None = None,
) -> Row:
    """A new folder, file or row, with the next number of its list."""
    store = tenant.store
    now = tenant.clock.text
    number = _next_number(tenant, list_id)
    item_id = new_item_id(list_id, number)
    times = write.times or {}
    store.insert(
        "items",
        id=item_id,
        list=list_id,
        number=number,
        guid=store.new_guid(list_id, str(number)),
        parent=parent["id"] if parent else None,
        name=name,
        name_key=name_key(name) if parent else None,
        kind=kind,
        **_content(blob, name),
        created_at=now,
        created_by=write.by,
        modified_at=now,
        modified_by=write.by,
        fs_created=times.get("createdDateTime") or now,
        fs_modified=times.get("lastModifiedDateTime") or now,
        fields=msgspec.json.encode(fields or {}).decode(),
        description=write.description,
        depth=parent["depth"] + 1 if parent else 0,
        seq=store.next_seq(),
    )
    return _versioned(tenant, item_by_id(tenant, item_id))


def _next_number(tenant: Tenant, list_id: str) -> int:
    tenant.store.do("UPDATE lists SET last_number = last_number + 1 WHERE id = ?", list_id)
    number: int = tenant.store.value("SELECT last_number FROM lists WHERE id = ?", list_id)
    return number


def _content(blob: Blob | None, name: str) -> dict[str, object]:
    if blob is None:
        return {}
    return {"blob": blob.id, "size": blob.size, "xor": blob.xor, "mime": mime_type(name)}


def new_content(tenant: Tenant, item: Row, blob: Blob, write: Write) -> Row:
    if item["kind"] != "file":
        raise name_taken()
    guards.check_content(tenant, item, write.by)
    times = write.times or {}
    return change(
        tenant,
        item,
        write.by,
        blob=blob.id,
        size=blob.size,
        xor=blob.xor,
        content_version=item["content_version"] + 1,
        fs_modified=times.get("lastModifiedDateTime") or tenant.clock.text,
    )


def change(tenant: Tenant, item: Row, by: str, **values: object) -> Row:
    """Changes columns of an item: a new version, modified now by this one."""
    store = tenant.store
    store.update(
        "items",
        item["id"],
        **values,
        version=item["version"] + 1,
        modified_at=tenant.clock.text,
        modified_by=by,
        seq=store.next_seq(),
    )
    return _versioned(tenant, item_by_id(tenant, item["id"]))


def _versioned(tenant: Tenant, item: Row) -> Row:
    tenant.store.insert(
        "versions",
        item=item["id"],
        version=item["version"],
        blob=item["blob"],
        size=item["size"],
        xor=item["xor"],
        modified_at=item["modified_at"],
        modified_by=item["modified_by"],
    )
    return item


def _rewrite(tenant: Tenant, item: Row) -> None:
    if not enrich.is_rewritten(item["name"]):
        return
    blob = enrich.enriched_blob(tenant.blobs, item["name"], item["blob"])
    if blob is None:
        return
    tenant.store.update(
        "items",
        item["id"],
        blob=blob.id,
        size=blob.size,
        xor=blob.xor,
        version=item["version"] + 1,
        content_version=item["content_version"] + 1,
        seq=tenant.store.next_seq(),
    )
    _versioned(tenant, item_by_id(tenant, item["id"]))


def move(tenant: Tenant, item: Row, parent: Row, name: str, by: str, **values: object) -> Row:
    """
    To another folder or another name; the id is kept.

    A file may go to another library of its site where `MOVE_ACROSS` says so; a folder may not.
    Columns that the other library does not have are lost.
    """
    guards.check_change(tenant, item, by)
    check_name(name)
    check_path("/".join((*path_names(tenant, parent), name)))
    if parent["kind"] == "file" or item["id"] in ancestors(tenant, parent):
        raise invalid("The item cannot be moved there.")
    existing = child(tenant, parent["id"], name)
    if existing is not None and existing["id"] != item["id"]:
        raise name_taken()
    if item["kind"] == "file":
        values["mime"] = mime_type(name)
    values["depth"] = parent["depth"] + 1
    if parent["list"] != item["list"]:
        _check_across(tenant, item, parent)
        values["list"] = parent["list"]
        values["number"] = _next_number(tenant, parent["list"])
        values["fields"] = _fields_there(tenant, item, parent["list"])
    moved = change(
        tenant, item, by, parent=parent["id"], name=name, name_key=name_key(name), **values
    )
    if moved["list"] != item["list"]:
        _leave_behind(tenant, item)
    elif moved["depth"] != item["depth"] and item["kind"] == "folder":
        _sink(tenant, moved["id"], moved["depth"] - item["depth"])
    return moved


def _check_across(tenant: Tenant, item: Row, parent: Row) -> None:
    """Whether an item may leave its library for this one. Raises 400."""
    site_of = "SELECT site FROM lists WHERE id = ?"
    if tenant.store.value(site_of, item["list"]) != tenant.store.value(site_of, parent["list"]):
        raise invalid("Moving items between sites is not supported; copy the item instead.")
    if item["kind"] != "file" or MOVE_ACROSS.read(tenant) == "refused":
        raise invalid("The item cannot be moved between drives.")


def _sink(tenant: Tenant, folder: str, by: int) -> None:
    """Everything below a folder that lies deeper now, or less deep."""
    tenant.store.do(
        "UPDATE items SET depth = depth + ? WHERE id IN ("
        "WITH RECURSIVE below(id) AS (SELECT id FROM items WHERE parent = ? UNION ALL "
        "SELECT i.id FROM items i JOIN below b ON i.parent = b.id) SELECT id FROM below)",
        by,
        folder,
    )


def _fields_there(tenant: Tenant, item: Row, list_id: str) -> str:
    """What is kept of the item's columns: those that the other library has as well."""
    there = {
        r["name"] for r in tenant.store.all("SELECT name FROM columns WHERE list = ?", list_id)
    }
    held: Json = msgspec.json.decode(item["fields"])
    return msgspec.json.encode({k: v for k, v in held.items() if k in there}).decode()


def _leave_behind(tenant: Tenant, item: Row) -> None:
    """For the old library's delta: the item is no longer there."""
    trace = {name: item[name] for name in item.keys()}  # noqa: SIM118 - a database row, no dict
    trace.update(
        id=f"{item['id']}-left-{item['number']}",
        stands_for=item["id"],
        deleted=1,
        deleted_at=tenant.clock.text,
        seq=tenant.store.next_seq(),
    )
    tenant.store.insert("items", **trace)


def delete(tenant: Tenant, item: Row, by: str, *, for_good: bool = False) -> None:
    """With everything below: to the recycle bin, or `for_good`."""
    guards.check_delete(tenant, item, by)
    for below in tenant.store.all(
        "SELECT * FROM items WHERE parent = ? AND deleted = 0", item["id"]
    ):
        delete(tenant, below, by, for_good=for_good)
    tenant.store.update(
        "items",
        item["id"],
        deleted=2 if for_good else 1,
        deleted_at=tenant.clock.text,
        seq=tenant.store.next_seq(),
    )
