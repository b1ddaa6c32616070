"""Sites and OneDrives: which there are, what lies on which, and addresses that lead there."""

import re
import unicodedata
from collections.abc import Mapping

from service.sandbox.sharepoint import permissions
from service.sandbox.sharepoint.library import by_path, child, folders, parts, root_of
from service.sandbox.sharepoint.names import name_key
from service.sandbox.store import Row, guid
from service.sandbox.tenant import Tenant
from service.sandbox.timeline import Person, Site
from service.sandbox.wire import GraphError

_LONG = r"(?P<rest>/.*)?$"
_SITE = re.compile(
    r"^/*sites/(?P<host>[^/:]+\.[^/:]+):/(?P<path>[^:]*?)/?(?::(?P<rest>/.*)?)?$", re.I
)
_ADDRESSES = tuple(
    (re.compile(rf"^/*{pattern}{_LONG}", re.I), kind)
    for pattern, kind in (
        (r"users/(?P<user>[^/]+)/drive(?P<all>s?)", "user"),
        (r"groups/(?P<group>[^/]+)/drive(?P<all>s?)", "group"),
        (r"groups/(?P<group>[^/]+)/sites/root", "group site"),
        (r"teams/(?P<team>[^/]+)/channels/(?P<channel>[^/]+)/filesFolder", "channel"),
        (r"sites/(?P<site>[^/:]+)/drives/(?P<drive>[^/]+)", "drive of site"),
        (r"sites/(?P<site>[^/:]+)/lists/(?P<list>[^/]+)/drive", "drive of list"),
        (r"sites/(?P<site>[^/:]+)/drive", "drive"),
    )
)


def lay_sites(tenant: Tenant) -> None:
    """The network's own and those that the world names, with every app's grants."""
    _lay(tenant, tenant.site_id, tenant.site_path, tenant.world.site, f"sites/{tenant.site_path}")
    for site in tenant.world.sites:
        _lay_other(tenant, site)
    for app in tenant.world.apps:
        for key, role in app.site_grants.items():
            row = by_key(tenant, key)
            tenant.store.insert("grants", site=row["id"], app=app.client_id, role=role)
        if app.site_role:
            tenant.store.insert(
                "grants", site=tenant.site_id, app=app.client_id, role=app.site_role
            )


def _lay_other(tenant: Tenant, site: Site) -> None:
    host, path = tenant.site_host, f"sites/{_plain(site.name)}"
    if site.owner is not None:
        owner = tenant.person(site.owner)
        if owner is None:
            raise ValueError(f"The site {site.key} belongs to nobody: {site.owner}.")
        host = tenant.site_host.replace(".", "-my.", 1)
        path = "personal/" + re.sub(r"[^a-z0-9]", "_", owner.mail.casefold())
    parts = (guid(tenant.world.tenant_id, kind, site.key) for kind in ("site", "web"))
    site_id = ",".join((host, *parts))
    _lay(tenant, site_id, path.rpartition("/")[2], site.name, path, key=site.key, owner=site.owner)


def _lay(  # noqa: PLR0913 - a row of a table
    tenant: Tenant,
    site_id: str,
    name: str,
    shown: str,
    path: str,
    *,
    key: str | None = None,
    owner: str | None = None,
) -> None:
    tenant.store.insert(
        "sites",
        id=site_id,
        name=name,
        display_name=shown,
        url=f"https://{site_id.partition(',')[0]}/{path}",
        created_at=tenant.clock.text,
        key=key,
        owner=owner,
    )


def _plain(name: str) -> str:
    """The last part of a site's address: its name in plain letters."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "", plain.title()) or "site"


def by_key(tenant: Tenant, key: str) -> Row:
    """Raises ValueError for a key that the world does not have."""
    row = tenant.store.one("SELECT * FROM sites WHERE key = ?", key)
    if row is None:
        raise ValueError(f"There is no site with the key {key}.")
    return row


def site_named(tenant: Tenant, name: str) -> Row:
    """By Graph's three-part id or by the guid in it. Raises 400 or 404."""
    row = tenant.store.one("SELECT * FROM sites WHERE id = ? OR id LIKE ?", name, f"%,{name},%")
    if row is not None:
        return row
    if "," not in name and "." not in name and len(name) != 36:
        raise GraphError(400, "invalidRequest", "Invalid hostname for this tenancy")
    raise _no_site()


def site_asked(tenant: Tenant, names: Mapping[str, str]) -> str | None:
    """
    Id of the site that the names in a path lead to; None where they lead to none, or to one
    that is not there. What may be done there is a matter of `entra.access`.
    """
    drive, site = names.get("drive"), names.get("site")
    if drive is not None:
        found: str | None = tenant.store.value("SELECT site FROM lists WHERE drive = ?", drive)
        return found
    if site is None:
        return None
    row = tenant.store.one("SELECT id FROM sites WHERE id = ? OR id LIKE ?", site, f"%,{site},%")
    return None if row is None else str(row["id"])


def default_library(tenant: Tenant, site: str) -> Row:
    row = tenant.store.one(
        "SELECT * FROM lists WHERE site = ? AND drive IS NOT NULL ORDER BY rowid LIMIT 1", site
    )
    assert row is not None
    return row


def one_drive(tenant: Tenant, person: Person) -> Row:
    """The person's OneDrive. Raises 404 where there is none."""
    row = tenant.store.one("SELECT * FROM sites WHERE owner = ?", person.id)
    if row is None:
        raise GraphError(404, "ResourceNotFound", "User's mysite not found.")
    return row


def through_site(tenant: Tenant, path: str) -> str:
    """
    A path below `/v1.0` that names a site by its address, or a drive by whose it is, as the
    same place by its id; any other path unchanged. Raises 400 or 404.
    """
    by_address = _SITE.match(path)
    if by_address is not None:
        path = (
            f"sites/{_at(tenant, by_address['host'], by_address['path'])}{by_address['rest'] or ''}"
        )
    for pattern, kind in _ADDRESSES:
        found = pattern.match(path)
        if found is not None:
            return _drive_path(tenant, kind, found) or path
    return path


def _at(tenant: Tenant, host: str, path: str) -> str:
    url = f"https://{host}/{path}".casefold().rstrip("/")
    for row in tenant.store.all("SELECT id, url FROM sites"):
        if row["url"].casefold() == url:
            return str(row["id"])
    raise _no_site()


def _drive_path(tenant: Tenant, kind: str, found: re.Match[str]) -> str | None:
    """None for what has a row of its own in the table."""
    names, rest = found.groupdict(), found["rest"] or ""
    if kind in ("group", "group site", "channel"):
        _check_team(tenant, names.get("group") or names["team"])
    match kind:
        case "user":
            owner = tenant.person(names["user"])
            if owner is None:
                raise GraphError(
                    404,
                    "Request_ResourceNotFound",
                    f"Resource '{names['user']}' does not exist or one of its queried "
                    "reference-property objects are not present.",
                )
            site = one_drive(tenant, owner)["id"]
        case "group":
            site = tenant.site_id
        case "group site":
            return f"sites/{tenant.site_id}{rest}"
        case "channel":
            return _files_folder(tenant, names["channel"]) + rest
        case _:
            return _within(tenant, kind, names, rest)
    if names.get("all"):
        return f"sites/{site}/drives{rest}"
    return f"drives/{default_library(tenant, site)['drive']}{rest}"


def _within(tenant: Tenant, kind: str, names: dict[str, str | None], rest: str) -> str | None:
    """A drive of a site. Without anything after it, a list's or a site's has rows of its own."""
    site = site_named(tenant, names["site"] or "")
    if kind == "drive of site":
        held = tenant.store.value("SELECT site FROM lists WHERE drive = ?", names["drive"])
        if held != site["id"]:
            raise GraphError(404, "itemNotFound", "The resource could not be found.")
        return f"drives/{names['drive']}{rest}"
    if not rest:
        return None
    if kind == "drive":
        return f"drives/{default_library(tenant, site['id'])['drive']}{rest}"
    wanted = names["list"] or ""
    drive = tenant.store.value(
        "SELECT drive FROM lists WHERE site = ? AND (id = ? OR name_key = ?)",
        site["id"],
        wanted.casefold().strip("{}"),
        name_key(wanted),
    )
    if drive is None:
        raise GraphError(404, "itemNotFound", "The resource could not be found.")
    return f"drives/{drive}{rest}"


def _check_team(tenant: Tenant, team: str | None) -> None:
    if team != tenant.world.team:
        raise GraphError(
            404,
            "Request_ResourceNotFound",
            f"Resource '{team}' does not exist or one of its queried reference-property objects "
            "are not present.",
        )


def _files_folder(tenant: Tenant, name: str) -> str:
    """
    A standard channel has a folder in the team's library, made when it is first asked for; a
    private or shared one is a site of its own.
    """
    channel = tenant.channels.get(name)
    if channel is None:
        raise GraphError(404, "itemNotFound", "The channel could not be found.")
    if channel.membership != "standard":
        if channel.site is None:
            raise GraphError(404, "itemNotFound", "The channel's site could not be found.")
        site = by_key(tenant, channel.site)["id"]
    else:
        site = tenant.site_id
    listed = default_library(tenant, site)
    root = root_of(tenant, listed["id"])
    here = by_path(tenant, root, channel.name) or folders(
        tenant, root, channel.name, listed["created_by"]
    )
    return f"drives/{listed['drive']}/items/{here['id']}"


def _no_site() -> GraphError:
    return GraphError(404, "itemNotFound", "Requested site could not be found")


def may_asked(tenant: Tenant, person: Person, names: Mapping[str, str], level: str) -> bool:
    """
    Whether a person may do this to what the names in a path lead to: an item, else the nearest
    folder that there is; a list; or the site. What leads nowhere the handler refuses.
    """
    item = _item_asked(tenant, names)
    if item is not None:
        return permissions.may(tenant, person, item, level)
    site = site_asked(tenant, names)
    if site is None:
        return True
    wanted = names.get("list", "")
    listed = tenant.store.value(
        "SELECT id FROM lists WHERE site = ? AND (id = ? OR name_key = ?)",
        site,
        wanted.casefold().strip("{}"),
        name_key(wanted),
    )
    if listed is not None:
        return permissions.may_in_list(tenant, person, listed, level)
    return permissions.may_on_site(tenant, person, site, level)


def _item_asked(tenant: Tenant, names: Mapping[str, str]) -> Row | None:
    listed = tenant.store.value("SELECT id FROM lists WHERE drive = ?", names.get("drive"))
    if listed is None:
        return None
    here = root_of(tenant, listed)
    if names.get("item", "root") != "root":
        row = tenant.store.one("SELECT * FROM items WHERE id = ?", names["item"])
        here = here if row is None or row["list"] != listed else row
    for name in parts(names.get("path", "")):
        below = child(tenant, here["id"], name)
        if below is None:
            break
        here = below
    return here
