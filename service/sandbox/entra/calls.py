"""The table's rows on the directory and on what apps are granted."""

from service.sandbox.entra import access, site_permissions, users
from service.sandbox.routes import PAGE, Row, row

_PERMISSIONS = "/sites/{site}/permissions"
_ONE = f"{_PERMISSIONS}/{{permission}}"
_FULL = access.site_permissions
_GRANTS = (
    *row(
        "GET",
        _PERMISSIONS,
        _FULL,
        "Collection(permission)",
        5,
        site_permissions.list_permissions,
        PAGE,
    ),
    *row("POST", _PERMISSIONS, _FULL, "permission", 5, site_permissions.create_permission),
    *row("GET", _ONE, _FULL, "permission", 5, site_permissions.get_permission),
    *row("PATCH", _ONE, _FULL, "permission", 5, site_permissions.update_permission),
    *row("DELETE", _ONE, _FULL, None, 5, site_permissions.delete_permission),
)

DIRECTORY: tuple[Row, ...] = (
    *row("GET", "/users/{user}", access.user, "user", 1, users.get_user),
    *_GRANTS,
)
