"""
How much a caller may do on a site: by roles for all sites, by the app's grant on this one, and
for a person by what she herself may.
"""

from service.sandbox.entra.directory import LEVELS, site_roles
from service.sandbox.sharepoint.permissions import may_on_site
from service.sandbox.sharepoint.whereabouts import site_asked
from service.sandbox.store import Row
from service.sandbox.tenant import Tenant
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
    if "drive" not in call.names and "site" not in call.names:
        return site_row(call.tenant, call.tenant.site_id)
    asked = site_asked(call.tenant, call.names)
    return None if asked is None else site_row(call.tenant, asked)


def site_row(tenant: Tenant, site: str) -> Row | None:
    return tenant.store.one("SELECT * FROM sites WHERE id = ?", site)


def can_read_site(call: Call, site: str) -> bool:
    """Whether a search may show the site of this id."""
    if call.person and not may_on_site(call.tenant, call.person, site, "read"):
        return False
    return level_of(call, site_row(call.tenant, site)) >= LEVELS.index("read")


def level_of(call: Call, site: Row | None) -> int:
    """
    Place in `LEVELS` of what the app may, -1 for nothing; on no site in particular, the best
    there is. What the person may, for whom it acts, is asked besides.
    """
    if not call.roles and not call.scopes:
        raise GraphError(
            401,
            "generalException",
            "Either scp or roles claim need to be present in the token.",
        )
    if call.person is None:
        return _app_level(call, call.roles, site)
    allowed = _app_level(call, call.scopes, site)
    if site is not None and site["owner"] == call.person.id:
        allowed = max([allowed, *(LEVELS.index(_OWN[s]) for s in call.scopes if s in _OWN)])
    return allowed


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
