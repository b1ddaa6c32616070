"""Finds what an act names: a library, an item in it, a row of a list."""

import msgspec

from service.sandbox.performing import NotThereError
from service.sandbox.sharepoint import library
from service.sandbox.sharepoint.names import name_key
from service.sandbox.sharepoint.whereabouts import by_key
from service.sandbox.store import Row
from service.sandbox.tenant import Tenant
from service.sandbox.timeline import DeleteRow, EditRow, OnItem


def list_named(tenant: Tenant, name: str, *, is_library: bool = False) -> Row:
    """By its name on the network's site, or as `key/Name` on another. Raises NotThereError."""
    key, slash, rest = name.partition("/")
    site = by_key(tenant, key)["id"] if slash else tenant.site_id
    row = tenant.store.one(
        "SELECT * FROM lists WHERE site = ? AND name_key = ?", site, name_key(rest or name)
    )
    if row is None or (is_library and row["drive"] is None):
        raise NotThereError(f"There is no {'library' if is_library else 'list'} {name}.")
    return row


def item_named(tenant: Tenant, act: OnItem) -> Row:
    """Raises NotThereError with the name of what is missing."""
    if act.item:
        row = tenant.store.one("SELECT * FROM items WHERE id = ? AND deleted = 0", act.item)
        if row is None:
            raise NotThereError(f"There is no item {act.item}.")
        return row
    listed = list_named(tenant, act.library, is_library=True)
    found = library.by_path(tenant, library.root_of(tenant, listed["id"]), act.path)
    if found is None:
        raise NotThereError(f"There is no {act.path} in {act.library}.")
    return found


def folder_named(tenant: Tenant, listed: Row, path: str) -> Row:
    found = library.by_path(tenant, library.root_of(tenant, listed["id"]), path)
    if found is None or found["kind"] == "file":
        raise NotThereError(f"There is no folder {path} in {listed['name']}.")
    return found


def deleted_named(tenant: Tenant, act: OnItem) -> Row:
    """What was last deleted under this name, where its folder still stands."""
    if act.item:
        row = tenant.store.one("SELECT * FROM items WHERE id = ? AND deleted = 1", act.item)
    else:
        listed = list_named(tenant, act.library, is_library=True)
        folder, _, name = act.path.rpartition("/")
        parent = folder_named(tenant, listed, folder)
        row = tenant.store.one(
            "SELECT * FROM items WHERE parent = ? AND name_key = ? AND deleted = 1 "
            "AND stands_for IS NULL ORDER BY seq DESC LIMIT 1",
            parent["id"],
            name_key(name),
        )
    if row is None:
        raise NotThereError(f"There is no deleted {act.item or act.path}.")
    return row


def row_named(tenant: Tenant, act: EditRow | DeleteRow) -> Row:
    """The first row that agrees. Raises NotThereError."""
    listed = list_named(tenant, act.list_name)
    for row in tenant.store.all(
        "SELECT * FROM items WHERE list = ? AND deleted = 0 AND number > 0 ORDER BY number",
        listed["id"],
    ):
        values = {**msgspec.json.decode(row["fields"]), "FileLeafRef": row["name"]}
        values["id"] = str(row["number"])
        if all(_agrees(values.get(name), wanted) for name, wanted in act.where.items()):
            return row
    raise NotThereError(f"No row of {act.list_name} has {dict(act.where)}.")


def _agrees(value: object, wanted: str) -> bool:
    """As text; a time agrees with its day, and with its moment where one is named."""
    if value is None:
        return False
    if isinstance(value, bool):
        return wanted.casefold() == str(value).casefold()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value)
    return text == wanted or (len(wanted) == 10 and text[:11] == f"{wanted}T")
