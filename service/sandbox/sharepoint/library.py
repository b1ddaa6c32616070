"""Folders and files of a library: what may be done to them, whoever does it."""

import base64
import hashlib
from dataclasses import dataclass

import msgspec

from service.sandbox.sharepoint import enrich, guards
from service.sandbox.sharepoint.blobs import Blob
from service.sandbox.sharepoint.names import check_name, check_path, free_name, mime_type, name_key
from service.sandbox.store import Row
from service.sandbox.tenant import Tenant
from service.sandbox.wire import GraphError, Json, invalid

CONFLICTS = ("fail", "replace", "rename")


@dataclass(frozen=True, kw_only=True)
class Write:
    """How something is put into a folder: by whom, and what if the name is taken."""

    by: str
    conflict: str = "replace"
    if_match: str | None = None
    times: Json | None = None
    """`fileSystemInfo` as sent."""


def not_found() -> GraphError:
    return GraphError(404, "itemNotFound", "The resource could not be found.")


def name_taken() -> GraphError:
    return GraphError(
        409, "nameAlreadyExists", "An item with the same name already exists under the parent."
    )


def list_of_drive(tenant: Tenant, drive: str) -> Row:
    row = tenant.store.one("SELECT * FROM lists WHERE drive = ?", drive)
    if row is not None:
        return row
    if not drive.startswith("b!"):
        raise invalid(
            "The provided drive id appears to be malformed, or does not represent a valid drive."
        )
    raise not_found()


def root_of(tenant: Tenant, list_id: str) -> Row:
    row = tenant.store.one("SELECT * FROM items WHERE list = ? AND number = 0", list_id)
    assert row is not None
    return row


def item_by_id(tenant: Tenant, item: str, list_id: str | None = None) -> Row:
    """Raises 404 for one that is not there, is deleted or lies in another list."""
    row = tenant.store.one("SELECT * FROM items WHERE id = ? AND deleted = 0", item)
    if row is None or (list_id is not None and row["list"] != list_id):
        raise not_found()
    return row


def child(tenant: Tenant, parent: str, name: str) -> Row | None:
    return tenant.store.one(
        "SELECT * FROM items WHERE parent = ? AND name_key = ? AND deleted = 0 "
        "AND kind IN ('folder', 'file')",
        parent,
        name_key(name),
    )


def by_path(tenant: Tenant, start: Row, path: str) -> Row | None:
    found: Row | None = start
    for name in parts(path):
        if found is None:
            return None
        found = child(tenant, found["id"], name)
    return found


def parts(path: str) -> list[str]:
    return [name for name in path.split("/") if name not in ("", ".")]


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
        return existing
    return add(tenant, parent["list"], name, parent=parent, kind="folder", write=write)


def put_file(tenant: Tenant, parent: Row, name: str, blob: Blob, write: Write) -> tuple[Row, bool]:
    """
    Puts a file into a folder. Returns it as it stands when the answer is written, and whether
    it is new; Office, PDF and HTML files are written into by SharePoint right afterwards.
    """
    name, existing = _settled(tenant, parent, name, write.conflict)
    if existing is None:
        item = add(tenant, parent["list"], name, parent=parent, kind="file", write=write, blob=blob)
        guards.settle_new(tenant, item, write.by)
    else:
        check_match(existing, write.if_match)
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
        modified_at=item["modified_at"],
        modified_by=item["modified_by"],
    )
    return item


def _rewrite(tenant: Tenant, item: Row) -> None:
    if not enrich.is_rewritten(item["name"]):
        return
    before = tenant.blobs.read(item["blob"])
    after = enrich.enriched(item["name"], before)
    if after == before:
        return
    blob = tenant.blobs.keep(after)
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

    A file may go to another library of the site: the reference page says that items cannot
    leave their drive, its later wording and people's reports say that they can
    (microsoft-graph-docs-contrib#5756). A folder may not. Columns that the other library does
    not have are lost.
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
    if parent["list"] != item["list"]:
        if item["kind"] != "file":
            raise invalid("Folders cannot be moved between drives.")
        values["list"] = parent["list"]
        values["number"] = _next_number(tenant, parent["list"])
        values["fields"] = _fields_there(tenant, item, parent["list"])
    moved = change(
        tenant, item, by, parent=parent["id"], name=name, name_key=name_key(name), **values
    )
    if moved["list"] != item["list"]:
        _leave_behind(tenant, item)
    return moved


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
        seq=tenant.store.next_seq(),
    )
    tenant.store.insert("items", **trace)


def delete(tenant: Tenant, item: Row, by: str) -> None:
    """With everything below."""
    guards.check_delete(tenant, item, by)
    for below in tenant.store.all(
        "SELECT * FROM items WHERE parent = ? AND deleted = 0", item["id"]
    ):
        delete(tenant, below, by)
    tenant.store.update("items", item["id"], deleted=1, seq=tenant.store.next_seq())


def ancestors(tenant: Tenant, item: Row) -> list[str]:
    """Ids from the item itself up to the root."""
    ids = []
    here: Row | None = item
    while here is not None:
        ids.append(here["id"])
        here = tenant.store.one("SELECT * FROM items WHERE id = ?", here["parent"])
    return ids


def path_names(tenant: Tenant, item: Row) -> list[str]:
    """Names from the server's root down to the item: `sites`, the site, the library, …"""
    names: list[str] = []
    here: Row | None = item
    while here is not None and here["kind"] != "root":
        names.append(here["name"])
        here = tenant.store.one("SELECT * FROM items WHERE id = ?", here["parent"])
    place = tenant.store.one(
        "SELECT l.name, s.url FROM lists l JOIN sites s ON s.id = l.site WHERE l.id = ?",
        item["list"],
    )
    assert place is not None
    return [*place["url"].split("/")[3:], place["name"], *reversed(names)]


def check_match(item: Row, if_match: str | None) -> None:
    """Raises 412 unless If-Match names the item's present eTag or cTag, or is absent."""
    if if_match is None or if_match.strip() == "*":
        return
    wanted = if_match.strip().removeprefix("W/").strip('"')
    if wanted not in (etag(item).strip('"'), ctag(item).strip('"'), list_etag(item).strip('"')):
        raise GraphError(
            412, "resourceModified", "The resource has changed since it was read; ETag mismatch."
        )


def etag(item: Row) -> str:
    return f'"{{{item["guid"].upper()}}},{item["version"]}"'


def ctag(item: Row) -> str:
    return f'"c:{{{item["guid"].upper()}}},{item["content_version"]}"'


def list_etag(item: Row) -> str:
    return f'"{item["guid"]},{item["version"]}"'


def new_item_id(list_id: str, number: int) -> str:
    """34 capital letters and digits, as SharePoint's ids."""
    digest = hashlib.sha256(f"{list_id}/{number}".encode()).digest()
    return "01" + base64.b32encode(digest).decode()[:32]
