"""Finds what lies in a library, by id, by path or through its folder."""

import re
from urllib.parse import unquote, urlsplit

from service.sandbox.sharepoint.names import name_key
from service.sandbox.store import Row
from service.sandbox.switches import Switch
from service.sandbox.tenant import Tenant
from service.sandbox.wire import GraphError, invalid

TWICE_ENCODED = Switch(
    name="paths_encoded_twice",
    values=("literal", "decoded"),
    about="Whether a path whose percent signs were encoded once more is found: by RFC 3986 it "
    "names an item that has the percent sign in its name; not documented by Graph.",
)
_OCTET = re.compile(r"%[0-9A-Fa-f]{2}")


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
    found = _walked(tenant, start, path)
    if found is None and _OCTET.search(path) and TWICE_ENCODED.read(tenant) == "decoded":
        found = _walked(tenant, start, unquote(path))
    return found


def _walked(tenant: Tenant, start: Row, path: str) -> Row | None:
    found: Row | None = start
    for name in parts(path):
        if found is None:
            return None
        found = child(tenant, found["id"], name)
    return found


def parts(path: str) -> list[str]:
    """The names in a path: empty segments and single dots do not count, double dots go back."""
    names: list[str] = []
    for name in path.split("/"):
        if name == "..":
            if not names:
                raise invalid("The path leads out of the item that it starts from.")
            names.pop()
        elif name not in ("", "."):
            names.append(name)
    return names


def ancestors(tenant: Tenant, item: Row) -> list[str]:
    """Ids from the item itself up to the root."""
    ids = []
    here: Row | None = item
    while here is not None:
        ids.append(here["id"])
        here = tenant.store.one("SELECT * FROM items WHERE id = ?", here["parent"])
    return ids


def names_below_root(tenant: Tenant, item: Row) -> list[str]:
    """Names of the folders from the library's root down to the item, and its own."""
    names: list[str] = []
    here: Row | None = item
    while here is not None and here["kind"] != "root":
        names.append(here["name"])
        here = tenant.store.one("SELECT * FROM items WHERE id = ?", here["parent"])
    return names[::-1]


def path_names(tenant: Tenant, item: Row) -> list[str]:
    """Names from the server's root down to the item: `sites`, the site, the library, …"""
    url = tenant.store.value("SELECT url FROM lists WHERE id = ?", item["list"])
    return [*parts(unquote(urlsplit(url).path)), *names_below_root(tenant, item)]
