"""
The apps' grants on a site, as an administrator manages them (Graph pages 'Create permission',
'List permissions', 'Update permission' and 'Delete permission' of a site).
"""

import base64
import binascii

from service.sandbox.entra.directory import LEVELS, set_site_role, site_roles
from service.sandbox.paging import page
from service.sandbox.sharepoint.sites import site_of
from service.sandbox.store import Row
from service.sandbox.tenant import Tenant
from service.sandbox.wire import Answer, Call, GraphError, Json, invalid

_MARK = "i:0i.t|ms.sp.ext|"
_PAGE = 200


def list_permissions(call: Call) -> Answer:
    """Without roles, which are only told one by one."""
    rows = site_roles(call.tenant, site=site_of(call)["id"])
    return page(call, rows, lambda row: _shown(call.tenant, row["app"]), _PAGE)


def get_permission(call: Call) -> Answer:
    row = _row(call)
    return Answer(body={**_shown(call.tenant, row["app"]), "roles": [row["role"]]})


def create_permission(call: Call) -> Answer:
    site = site_of(call)
    body = call.json()
    role = _role(body)
    given = body.get("grantedToIdentities") or body.get("grantedToIdentitiesV2") or []
    app = ((given[0] if given else {}).get("application") or {}).get("id")
    if not app:
        raise invalid("Only application permissions can be created: name an application.")
    if app not in call.tenant.apps:
        raise invalid(f"The application '{app}' was not found in the directory.")
    set_site_role(call.tenant, app, site["id"], role)
    return Answer(status=201, body={**_shown(call.tenant, app), "roles": [role]})


def update_permission(call: Call) -> Answer:
    row = _row(call)
    role = _role(call.json())
    set_site_role(call.tenant, row["app"], row["site"], role)
    return Answer(body={**_shown(call.tenant, row["app"]), "roles": [role]})


def delete_permission(call: Call) -> Answer:
    row = _row(call)
    set_site_role(call.tenant, row["app"], row["site"], "")
    return Answer(status=204)


def _role(body: Json) -> str:
    roles = body.get("roles")
    known = (*LEVELS, "owner")
    if not isinstance(roles, list) or len(roles) != 1 or roles[0] not in known:
        raise invalid(f"The roles must be one of {', '.join(known)}.")
    return str(roles[0])


def _id(tenant: Tenant, app: str) -> str:
    text = f"{_MARK}{app}@{tenant.world.tenant_id}"
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def _row(call: Call) -> Row:
    """The grant that the path names."""
    name = call.names["permission"]
    try:
        text = base64.urlsafe_b64decode(name + "=" * (-len(name) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError):
        text = ""
    app = text.removeprefix(_MARK).partition("@")[0]
    rows = site_roles(call.tenant, app=app, site=site_of(call)["id"])
    if not rows:
        raise GraphError(404, "itemNotFound", "Item not found")
    return rows[0]


def _shown(tenant: Tenant, app: str) -> Json:
    named = {"application": {"id": app, "displayName": tenant.apps[app].name}}
    return {
        "id": _id(tenant, app),
        "grantedToIdentitiesV2": [named],
        "grantedToIdentities": [named],
    }
