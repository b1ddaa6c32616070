"""How much a library may hold."""

from service.sandbox.store import Row
from service.sandbox.switches import Switch
from service.sandbox.tenant import Tenant
from service.sandbox.wire import GraphError

DRIVE_QUOTA = Switch(
    name="drive_quota",
    values=("25 TiB", "100 GiB", "100 MiB", "1 MiB"),
    about="How much one library may hold; the first is SharePoint's limit for a site.",
)
_UNITS = {"MiB": 2**20, "GiB": 2**30, "TiB": 2**40}


def total(tenant: Tenant) -> int:
    number, _, unit = DRIVE_QUOTA.read(tenant).partition(" ")
    return int(number) * _UNITS[unit]


def used(tenant: Tenant, list_id: str) -> int:
    below: int | None = tenant.store.value(
        "SELECT below FROM items WHERE list = ? AND number = 0", list_id
    )
    return below or 0


def check(tenant: Tenant, folder: Row, more: int) -> None:
    """Raises 507 where so many more bytes do not fit."""
    if more > 0 and used(tenant, folder["list"]) + more > total(tenant):
        raise GraphError(507, "quotaLimitReached", "Insufficient Space Available")
