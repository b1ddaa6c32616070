"""The site, its lists and their columns."""

import base64
from urllib.parse import quote
from uuid import UUID

from service.sandbox.entra import access
from service.sandbox.paging import page
from service.sandbox.shape import expansions
from service.sandbox.sharepoint import definitions, labels, library, permissions
from service.sandbox.sharepoint.library import Write
from service.sandbox.sharepoint.names import check_name, name_key
from service.sandbox.sharepoint.render_items import whole
from service.sandbox.sharepoint.render_lists import (
    column_json,
    content_type_json,
    drive_json,
    list_json,
)
from service.sandbox.sharepoint.whereabouts import default_library, lay_sites, site_named
from service.sandbox.store import Row, guid
from service.sandbox.tenant import Tenant
from service.sandbox.wire import Answer, Call, GraphError, Json, invalid

_PAGE = 200
_TEMPLATES = ("documentLibrary", "genericList")


def lay_site(tenant: Tenant) -> None:
    """
    Every site of the world with its people, its libraries and every app's grant on it. Raises
    ValueError for what the world says and cannot be.
    """
    labels.check_world(tenant)
    permissions.check_world(tenant)
    lay_sites(tenant)
    people = tenant.world.people
    libraries = {site.key: site.libraries for site in tenant.world.sites}
    for site in tenant.store.all("SELECT * FROM sites ORDER BY rowid"):
        permissions.lay_people(tenant, site)
        by = f"user:{site['owner'] or people[0].id}"
        for name in libraries.get(site["key"], ("Dokument",)):
            body = {"displayName": name, "list": {"template": "documentLibrary"}}
            make_list(tenant, body, by, site)


def site_of(call: Call) -> Row:
    """By id or by its guid; an address has become one on the way in."""
    return site_named(call.tenant, call.names["site"])


def get_site(call: Call) -> Answer:
    row = site_of(call)
    return Answer(
        body={
            **_found_site(row),
            "lastModifiedDateTime": whole(row["created_at"]),
            "root": {},
            "siteCollection": {"hostname": row["id"].partition(",")[0]},
            **({"isPersonalSite": True} if row["owner"] else {}),
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
    row = default_library(call.tenant, site_of(call)["id"])
    return Answer(body=drive_json(call.tenant, row))


def drive_list(call: Call) -> Answer:
    """The list that a drive is."""
    row = library.list_of_drive(call.tenant, call.names["drive"])
    return Answer(body=_with_expansions(call, row))


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
                column_json(c) for c in definitions.columns_of(call.tenant, row["id"]).values()
            ]
        elif name == "contentTypes":
            kind = "file" if row["drive"] else "row"
            body["contentTypes"] = [content_type_json(row, k) for k in (kind, "folder")]
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
    row = make_list(call.tenant, call.json(), call.by, site_of(call))
    return Answer(status=201, body=list_json(call.tenant, row))


def patch_list(call: Call) -> Answer:
    """Name and description, as they are shown."""
    row, body = list_of(call), call.json()
    name = str(body.get("displayName") or row["name"])
    check_name(name)
    if name_key(name) != row["name_key"]:
        _check_free(call.tenant, row["site"], name)
    call.tenant.store.update(
        "lists",
        row["id"],
        name=name,
        name_key=name_key(name),
        description=str(body.get("description", row["description"]) or ""),
        version=row["version"] + 1,
        modified_at=call.tenant.clock.text,
    )
    changed = call.tenant.store.one("SELECT * FROM lists WHERE id = ?", row["id"])
    assert changed is not None
    return Answer(body=list_json(call.tenant, changed))


def _check_free(tenant: Tenant, site: str, name: str) -> None:
    if tenant.store.one(
        "SELECT id FROM lists WHERE site = ? AND name_key = ?", site, name_key(name)
    ):
        raise GraphError(
            409, "nameAlreadyExists", "The specified name is already in use on this site."
        )


def make_list(tenant: Tenant, body: Json, by: str, site: Row) -> Row:
    name = str(body.get("displayName") or body.get("name") or "")
    check_name(name)
    template = (body.get("list") or {}).get("template") or "genericList"
    if template not in _TEMPLATES:
        raise invalid(f"The list template '{template}' is not supported.")
    store = tenant.store
    _check_free(tenant, site["id"], name)
    own = (site["key"],) if site["key"] else ()
    list_id = guid(tenant.world.tenant_id, "list", *own, name_key(name))
    is_library = template == "documentLibrary"
    store.insert(
        "lists",
        id=list_id,
        site=site["id"],
        drive=_drive_id(site["id"], list_id) if is_library else None,
        name=name,
        name_key=name_key(name),
        template=template,
        url=f"{site['url']}/{quote(name)}" if is_library else f"{site['url']}/Lists/{quote(name)}",
        description=str(body.get("description") or ""),
        version=1,
        last_number=-1 if is_library else 0,
        created_at=tenant.clock.text,
        created_by=by,
        modified_at=tenant.clock.text,
    )
    row = store.one("SELECT * FROM lists WHERE id = ?", list_id)
    assert row is not None
    if is_library:
        root = library.add(tenant, list_id, "root", parent=None, kind="root", write=Write(by=by))
        permissions.close(tenant, row, root)
    definitions.first_columns(tenant, list_id)
    for column in body.get("columns") or []:
        definitions.add_column(tenant, list_id, column)
    return row


def _drive_id(site_id: str, list_id: str) -> str:
    _, site, web = site_id.split(",")
    data = b"".join(UUID(part).bytes_le for part in (site, web, list_id))
    return "b!" + base64.urlsafe_b64encode(data).decode()
