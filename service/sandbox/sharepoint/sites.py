"""The site, its lists and their columns."""

import base64
import re
from urllib.parse import quote
from uuid import UUID

import msgspec

from service.sandbox.entra import access
from service.sandbox.paging import page
from service.sandbox.shape import expansions
from service.sandbox.sharepoint import fields, library
from service.sandbox.sharepoint.library import Write
from service.sandbox.sharepoint.names import check_name, name_key
from service.sandbox.sharepoint.render_items import whole
from service.sandbox.sharepoint.render_lists import column_json, drive_json, list_json
from service.sandbox.store import Row, guid
from service.sandbox.tenant import Tenant
from service.sandbox.wire import Answer, Call, GraphError, Json, invalid

_PAGE = 200
_TEMPLATES = ("documentLibrary", "genericList")
_DEFAULT_DRIVE = re.compile(
    r"^/*sites/(?P<site>[^/:]+)/drive/(?P<rest>(?:root|items)\b.*)$", re.IGNORECASE
)
_FIXED_COLUMNS = {
    "ContentType": "Content Type",
    "Created": "Created",
    "Modified": "Modified",
    "Author": "Created By",
    "Editor": "Modified By",
    "ID": "ID",
    "_UIVersionString": "Version",
}


def lay_site(tenant: Tenant) -> None:
    """The network's site with its default library and every app's grant on it."""
    url = f"https://{tenant.site_host}/sites/{tenant.site_path}"
    tenant.store.insert(
        "sites",
        id=tenant.site_id,
        name=tenant.site_path,
        display_name=tenant.world.site,
        url=url,
        created_at=tenant.clock.text,
    )
    for app in tenant.world.apps:
        if app.site_role:
            tenant.store.insert(
                "grants", site=tenant.site_id, app=app.client_id, role=app.site_role
            )
    by = f"user:{tenant.world.people[0].id}"
    make_list(tenant, {"displayName": "Dokument", "list": {"template": "documentLibrary"}}, by)


def site_of(call: Call) -> Row:
    """By id, by its guid, by host and path."""
    name = call.names["site"]
    tenant = call.tenant
    path = call.names.get("site_path")
    row = tenant.store.one("SELECT * FROM sites WHERE id = ?", tenant.site_id)
    assert row is not None
    if path is not None:
        known = name.casefold() == tenant.site_host.casefold()
        if known and path.casefold() == f"sites/{row['name']}".casefold():
            return row
        raise GraphError(404, "itemNotFound", "Requested site could not be found")
    if name in (tenant.site_id, tenant.site_id.split(",")[1]):
        return row
    if "," not in name and "." not in name and len(name) != 36:
        raise GraphError(400, "invalidRequest", "Invalid hostname for this tenancy")
    raise GraphError(404, "itemNotFound", "Requested site could not be found")


def get_site(call: Call) -> Answer:
    row = site_of(call)
    return Answer(
        body={
            **_found_site(row),
            "lastModifiedDateTime": whole(row["created_at"]),
            "root": {},
            "siteCollection": {"hostname": call.tenant.site_host},
        }
    )


def search_sites(call: Call) -> Answer:
    """
    Sites whose name or address has the words in it; all of them for `*`. Only those that the
    app may read are found; having none is no refusal.
    """
    words = call.query.get("search", "").strip()
    if not words:
        raise GraphError(400, "invalidRequest", "A non-empty search query must be provided.")
    rows = call.tenant.store.all("SELECT * FROM sites ORDER BY rowid")
    found = [row for row in rows if access.can_read_site(call, row["id"]) and _is_meant(row, words)]
    return page(call, found, _found_site, _PAGE)


def _is_meant(site: Row, words: str) -> bool:
    text = f"{site['display_name']} {site['name']} {site['url']}".casefold()
    return all(word.strip("*\"'").casefold() in text for word in words.split())


def _found_site(row: Row) -> Json:
    """A site as a search shows it."""
    return {
        "id": row["id"],
        "name": row["name"],
        "displayName": row["display_name"],
        "description": "",
        "createdDateTime": whole(row["created_at"]),
        "webUrl": row["url"],
    }


def _lists(call: Call) -> list[Row]:
    site = site_of(call)
    return call.tenant.store.all("SELECT * FROM lists WHERE site = ? ORDER BY rowid", site["id"])


def list_drives(call: Call) -> Answer:
    rows = [row for row in _lists(call) if row["drive"]]
    return page(call, rows, lambda row: drive_json(call.tenant, row), _PAGE)


def default_drive(call: Call) -> Answer:
    row = next(row for row in _lists(call) if row["drive"])
    return Answer(body=drive_json(call.tenant, row))


def through_site(tenant: Tenant, path: str) -> str:
    """
    `sites/{site}/drive/root/…` as the same place by the drive's own id; any other path
    unchanged. Raises 404 for another site.
    """
    found = _DEFAULT_DRIVE.match(path)
    if found is None:
        return path
    if found["site"] not in (tenant.site_id, tenant.site_id.split(",")[1]):
        raise GraphError(404, "itemNotFound", "Requested site could not be found")
    drive = tenant.store.value("SELECT drive FROM lists WHERE drive IS NOT NULL ORDER BY rowid")
    return f"drives/{drive}/{found['rest']}"


def list_lists(call: Call) -> Answer:
    return page(call, _lists(call), lambda row: _with_expansions(call, row), _PAGE)


def list_of(call: Call) -> Row:
    """By id or by name."""
    site = site_of(call)
    wanted = call.names["list"]
    row = call.tenant.store.one(
        "SELECT * FROM lists WHERE site = ? AND (id = ? OR name_key = ?)",
        site["id"],
        wanted.casefold().strip("{}"),
        name_key(wanted),
    )
    if row is None:
        raise GraphError(404, "itemNotFound", "The specified list was not found")
    return row


def get_list(call: Call) -> Answer:
    return Answer(body=_with_expansions(call, list_of(call)))


def _with_expansions(call: Call, row: Row) -> Json:
    body = list_json(call.tenant, row)
    for name in expansions(call):
        if name == "columns":
            body["columns"] = [
                column_json(c) for c in fields.columns_of(call.tenant, row["id"]).values()
            ]
        elif name == "drive":
            if row["drive"]:
                body["drive"] = drive_json(call.tenant, row)
        else:
            raise invalid(f"The expansion of '{name}' is not supported.")
    return body


def list_drive(call: Call) -> Answer:
    row = list_of(call)
    if not row["drive"]:
        raise GraphError(404, "itemNotFound", "The list is not a document library.")
    return Answer(body=drive_json(call.tenant, row))


def create_list(call: Call) -> Answer:
    site_of(call)
    row = make_list(call.tenant, call.json(), call.by)
    return Answer(status=201, body=list_json(call.tenant, row))


def make_list(tenant: Tenant, body: Json, by: str) -> Row:
    name = str(body.get("displayName") or body.get("name") or "")
    check_name(name)
    template = (body.get("list") or {}).get("template") or "genericList"
    if template not in _TEMPLATES:
        raise invalid(f"The list template '{template}' is not supported.")
    store = tenant.store
    if store.one("SELECT id FROM lists WHERE name_key = ?", name_key(name)):
        raise GraphError(
            409, "nameAlreadyExists", "The specified name is already in use on this site."
        )
    list_id = guid(tenant.world.tenant_id, "list", name_key(name))
    is_library = template == "documentLibrary"
    url = f"https://{tenant.site_host}/sites/{tenant.site_path}"
    store.insert(
        "lists",
        id=list_id,
        site=tenant.site_id,
        drive=_drive_id(tenant, list_id) if is_library else None,
        name=name,
        name_key=name_key(name),
        template=template,
        url=f"{url}/{quote(name)}" if is_library else f"{url}/Lists/{quote(name)}",
        description=str(body.get("description") or ""),
        version=1,
        last_number=-1 if is_library else 0,
        created_at=tenant.clock.text,
        created_by=by,
        modified_at=tenant.clock.text,
    )
    if is_library:
        library.add(tenant, list_id, "root", parent=None, kind="root", write=Write(by=by))
    _first_columns(tenant, list_id)
    for column in body.get("columns") or []:
        add_column(tenant, list_id, column)
    row = store.one("SELECT * FROM lists WHERE id = ?", list_id)
    assert row is not None
    return row


def _drive_id(tenant: Tenant, list_id: str) -> str:
    _, site, web = tenant.site_id.split(",")
    data = b"".join(UUID(part).bytes_le for part in (site, web, list_id))
    return "b!" + base64.urlsafe_b64encode(data).decode()


def _first_columns(tenant: Tenant, list_id: str) -> None:
    add_column(tenant, list_id, {"name": "Title", "displayName": "Title", "text": {}})
    for name, shown in _FIXED_COLUMNS.items():
        plain = {"displayName": shown, "hidden": False, "required": False, "indexed": False}
        _insert_column(tenant, list_id, name, "readOnly", {**plain, "enforceUniqueValues": False})


def list_columns(call: Call) -> Answer:
    rows = list(fields.columns_of(call.tenant, list_of(call)["id"]).values())
    return page(call, rows, column_json, _PAGE)


def create_column(call: Call) -> Answer:
    row = add_column(call.tenant, list_of(call)["id"], call.json())
    return Answer(status=201, body=column_json(row))


def add_column(tenant: Tenant, list_id: str, body: Json) -> Row:
    name, kind, definition = fields.definition_of(body)
    existing = {known.casefold() for known in fields.columns_of(tenant, list_id)}
    if name.casefold() in existing:
        raise GraphError(
            409, "nameAlreadyExists", "A column with the specified name already exists."
        )
    return _insert_column(tenant, list_id, name, kind, definition)


def _insert_column(tenant: Tenant, list_id: str, name: str, kind: str, definition: Json) -> Row:
    column_id = guid(list_id, "column", name)
    count = tenant.store.value("SELECT count(*) FROM columns WHERE list = ?", list_id)
    tenant.store.insert(
        "columns",
        id=column_id,
        list=list_id,
        name=name,
        position=count,
        kind=kind,
        definition=msgspec.json.encode(definition).decode(),
        indexed=int(definition["indexed"]),
        is_unique=int(definition["enforceUniqueValues"]),
    )
    row = tenant.store.one("SELECT * FROM columns WHERE id = ?", column_id)
    assert row is not None
    return row
