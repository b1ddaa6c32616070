"""
How much a caller may do on a site: by roles for all sites, by the app's grant on this one, and
for a person by what she herself may.
"""

from service.sandbox.entra.directory import LEVELS, site_roles
from service.sandbox.store import Row
from service.sandbox.tenant import Tenant
from service.sandbox.timeline import Person
from service.sandbox.wire import Call, GraphError

FULL = "Sites.FullControl.All"
_TENANT_WIDE = {
    "Sites.Read.All": "read",
    "Files.Read.All": "read",
    "Files.ReadWrite.All": "write",
    "Sites.ReadWrite.All": "write",
    "Sites.Manage.All": "manage",
    FULL: "fullcontrol",
}
_OWN = {"Files.Read": "read", "Files.ReadWrite": "write"}
"""Delegated permissions on the person's own OneDrive."""
_SELECTED = "Sites.Selected"
_NONE = -1


def site_of_call(call: Call) -> Row | None:
    """The site that a path leads to; None where it leads nowhere, which the handler says."""
    store, tenant = call.tenant.store, call.tenant
    drive, name = call.names.get("drive"), call.names.get("site")
    if drive is not None:
        return store.one(
            "SELECT s.* FROM sites s JOIN lists l ON l.site = s.id WHERE l.drive = ?", drive
        )
    if name is None:
        return site_row(tenant, tenant.site_id)
    path = call.names.get("site_path")
    if path is not None:
        url = f"https://{name}/{path}".rstrip("/").casefold()
        return next((r for r in store.all("SELECT * FROM sites") if _same(r, url)), None)
    wanted = name.casefold()
    if wanted == "root":
        return site_row(tenant, tenant.site_id)
    rows = store.all("SELECT * FROM sites")
    return next((r for r in rows if wanted in _ids(r["id"])), None)


def _same(row: Row, url: str) -> bool:
    return bool(row["url"].casefold() == url)


def _ids(site: str) -> tuple[str, ...]:
    """The names under which an id of three parts is taken."""
    folded = site.casefold()
    return folded, *folded.split(",")[1:2]


def site_row(tenant: Tenant, site: str) -> Row | None:
    return tenant.store.one("SELECT * FROM sites WHERE id = ?", site)


def can_read_site(call: Call, site: str | None = None) -> bool:
    """Whether a search may show the site of this id; without one, whether any may be shown."""
    row = None if site is None else site_row(call.tenant, site)
    return level_of(call, row) >= LEVELS.index("read")


def level_of(call: Call, site: Row | None) -> int:
    """Place in `LEVELS`, -1 for nothing; on no site in particular, the best there is."""
    if not call.roles and not call.scopes:
        raise GraphError(
            401,
            "generalException",
            "Either scp or roles claim need to be present in the token.",
        )
    if call.person is None:
        return _app_level(call, call.roles, site)
    if site is None:
        return _app_level(call, call.scopes, site)
    allowed = _app_level(call, call.scopes, site)
    if _owner_of(call.tenant, site) == call.person.id:
        allowed = max([allowed, *(LEVELS.index(_OWN[s]) for s in call.scopes if s in _OWN)])
    return min(allowed, person_level(call.tenant, call.person, site))


def _app_level(call: Call, names: frozenset[str], site: Row | None) -> int:
    levels = [LEVELS.index(_TENANT_WIDE[name]) for name in names if name in _TENANT_WIDE]
    if _SELECTED in names:
        which = site["id"] if site is not None else None
        rows = site_roles(call.tenant, app=call.app.client_id, site=which)
        levels += [_place(row["role"]) for row in rows]
    return max(levels, default=_NONE)


def _place(role: str) -> int:
    """`owner` is what Graph's pages also call full control."""
    return LEVELS.index("fullcontrol" if role == "owner" else role)


def person_level(tenant: Tenant, person: Person, site: Row) -> int:
    """What somebody may do herself, as the world says or as is usual."""
    further = next((s for s in tenant.world.sites if s.name == site["display_name"]), None)
    key = "" if site["id"] == tenant.site_id or further is None else further.key
    said = tenant.world.levels.get(key, {}).get(person.id)
    if said is not None:
        return _NONE if said == "none" else _place(said)
    owner = _owner_of(tenant, site)
    if owner is not None:
        return LEVELS.index("fullcontrol") if owner == person.id else _NONE
    return LEVELS.index("read" if person.guest else "write")


def _owner_of(tenant: Tenant, site: Row) -> str | None:
    """Id of the person whose OneDrive it is."""
    if site["id"] == tenant.site_id:
        return None
    return next((s.owner for s in tenant.world.sites if s.name == site["display_name"]), None)
