"""Sites' drives, lists, columns and rows as Graph writes them."""

from urllib.parse import quote

import msgspec

from service.sandbox.shape import nested_select
from service.sandbox.sharepoint.library import list_etag, path_names
from service.sandbox.sharepoint.render_items import whole
from service.sandbox.store import Row, guid
from service.sandbox.tenant import Tenant
from service.sandbox.wire import Json

_TOTAL = 25 * 2**40
_TYPES = {"folder": ("Folder", "0x0120"), "file": ("Document", "0x0101"), "row": ("Item", "0x01")}


def drive_json(tenant: Tenant, row: Row) -> Json:
    used = tenant.store.value(
        "SELECT sum(size) FROM items WHERE list = ? AND deleted = 0", row["id"]
    )
    return {
        "id": row["drive"],
        "driveType": "documentLibrary",
        "name": row["name"],
        "description": row["description"],
        "webUrl": row["url"],
        "createdDateTime": whole(row["created_at"]),
        "createdBy": tenant.identity(row["created_by"]),
        "lastModifiedDateTime": whole(row["modified_at"]),
        "owner": {"user": {"displayName": tenant.world.site}},
        "quota": {
            "deleted": 0,
            "remaining": _TOTAL - (used or 0),
            "state": "normal",
            "total": _TOTAL,
            "used": used or 0,
        },
    }


def list_json(tenant: Tenant, row: Row) -> Json:
    return {
        "id": row["id"],
        "name": row["name"],
        "displayName": row["name"],
        "description": row["description"],
        "eTag": f'"{row["id"]},{row["version"]}"',
        "createdDateTime": whole(row["created_at"]),
        "createdBy": tenant.identity(row["created_by"]),
        "lastModifiedDateTime": whole(row["modified_at"]),
        "webUrl": row["url"],
        "parentReference": {"siteId": tenant.site_id},
        "list": {"contentTypesEnabled": False, "hidden": False, "template": row["template"]},
    }


def column_json(row: Row) -> Json:
    definition: Json = msgspec.json.decode(row["definition"])
    fixed = row["kind"] == "readOnly"
    return {
        "id": row["id"],
        "name": row["name"],
        "columnGroup": "_Hidden" if fixed else "Custom Columns",
        "readOnly": fixed,
        **definition,
    }


def list_item_json(
    tenant: Tenant, row: Row, *, fields: str | None = None, with_fields: bool = True
) -> Json:
    """`fields`: the options in the parentheses of `$expand=fields(…)`."""
    name, type_id = _TYPES.get(row["kind"], _TYPES["folder"])
    body: Json = {
        "id": str(row["number"]),
        "eTag": list_etag(row),
        "createdDateTime": whole(row["created_at"]),
        "createdBy": tenant.identity(row["created_by"]),
        "lastModifiedDateTime": whole(row["modified_at"]),
        "lastModifiedBy": tenant.identity(row["modified_by"]),
        "webUrl": row_url(tenant, row),
        "parentReference": {"siteId": tenant.site_id},
        "contentType": {"id": type_id, "name": name},
    }
    if with_fields:
        body["fields"] = fields_json(row, nested_select(fields or ""))
    return body


def deleted_row_json(tenant: Tenant, row: Row) -> Json:
    return {
        "id": str(row["number"]),
        "deleted": {"state": "deleted"},
        "parentReference": {"siteId": tenant.site_id},
    }


def fields_json(row: Row, wanted: set[str] | None = None) -> Json:
    """A fieldValueSet: what the row holds, and what every row has. Empty fields are absent."""
    values: Json = msgspec.json.decode(row["fields"])
    name, _ = _TYPES.get(row["kind"], _TYPES["folder"])
    everything: Json = {
        **values,
        "id": str(row["number"]),
        "ContentType": name,
        "Created": whole(row["created_at"]),
        "Modified": whole(row["modified_at"]),
        "AuthorLookupId": lookup_id(row["created_by"]),
        "EditorLookupId": lookup_id(row["modified_by"]),
        "_UIVersionString": f"{row['version']}.0",
    }
    if row["kind"] == "row":
        everything |= {"LinkTitle": values.get("Title", "(no title)"), "Attachments": False}
    else:
        everything |= {"FileLeafRef": row["name"], "LinkFilename": row["name"]}
    if wanted is not None:
        everything = {k: v for k, v in everything.items() if k in wanted}
    return {"@odata.etag": list_etag(row), **everything}


def lookup_id(by: str) -> str:
    """Number of a person in the site's user list: made from the id, so that it lasts."""
    return str(int(guid("lookup", by)[:4], 16) % 900 + 6)


def row_url(tenant: Tenant, row: Row) -> str:
    if row["kind"] == "row":
        url = tenant.store.value("SELECT url FROM lists WHERE id = ?", row["list"])
        return f"{url}/{row['number']}_.000"
    names = path_names(tenant, row)
    return f"https://{tenant.site_host}" + "".join(f"/{quote(name)}" for name in names)
