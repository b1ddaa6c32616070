"""
What stands between a caller and an item besides permissions: somebody has it open or checked
out, a label holds it, its download is blocked. Asked before every change, whoever makes it.
"""

from service.sandbox.store import Row
from service.sandbox.tenant import Tenant


def check_content(tenant: Tenant, item: Row, by: str) -> None:
    """Before new bytes go into an existing file. Raises GraphError."""


def check_change(tenant: Tenant, item: Row, by: str) -> None:
    """Before a name, a place or a column changes. Raises GraphError."""


def check_delete(tenant: Tenant, item: Row, by: str) -> None:
    """Before an item goes. Raises GraphError."""


def check_download(tenant: Tenant, item: Row, by: str) -> None:
    """Before a link to the bytes is given. Raises GraphError."""


def settle_new(tenant: Tenant, item: Row, by: str) -> None:
    """After a file has come into a library: what the library makes of it."""
