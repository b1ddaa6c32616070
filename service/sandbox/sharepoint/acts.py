"""What people do to files and list rows."""

import msgspec

from service.sandbox.performing import Performer
from service.sandbox.sharepoint import library, rows
from service.sandbox.sharepoint.enrich import enriched
from service.sandbox.sharepoint.library import Write
from service.sandbox.sharepoint.names import name_key
from service.sandbox.store import Row
from service.sandbox.tenant import Tenant
from service.sandbox.timeline import Act, EditRow, Upload


def _upload(tenant: Tenant, act: Upload) -> bool:
    listed = tenant.store.one(
        "SELECT * FROM lists WHERE name_key = ? AND drive IS NOT NULL", name_key(act.drive)
    )
    if listed is None:
        return False
    by = f"user:{act.by}"
    root = library.root_of(tenant, listed["id"])
    if act.make_folder:
        folder: Row | None = library.folders(tenant, root, act.folder, by)
    else:
        folder = library.by_path(tenant, root, act.folder)
    if folder is None:
        return False
    # Written into before it is kept, so that one upload is one version here.
    blob = tenant.blobs.keep(enriched(act.name, act.content()))
    library.put_file(tenant, folder, act.name, blob, Write(by=by))
    return True


def _edit(tenant: Tenant, act: EditRow) -> bool:
    listed = tenant.store.value("SELECT id FROM lists WHERE name_key = ?", name_key(act.list_name))
    found = None if listed is None else _matching(tenant, listed, act)
    if found is None:
        return False
    rows.set_fields(tenant, found, dict(act.fields), f"user:{act.by}")
    return True


def _matching(tenant: Tenant, list_id: str, act: EditRow) -> Row | None:
    for row in tenant.store.all(
        "SELECT * FROM items WHERE list = ? AND deleted = 0 AND number > 0 ORDER BY number",
        list_id,
    ):
        values = {**msgspec.json.decode(row["fields"]), "FileLeafRef": row["name"]}
        if all(_agrees(values.get(name), wanted) for name, wanted in act.where.items()):
            return row
    return None


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


PERFORMERS: dict[type[Act], Performer] = {EditRow: _edit, Upload: _upload}
