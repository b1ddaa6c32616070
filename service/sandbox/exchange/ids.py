"""Ids as Exchange makes them."""

from datetime import date

from service.sandbox.store import guid
from service.sandbox.tenant import Tenant
from service.sandbox.wire import seal


def outlook_id(tenant: Tenant, *parts: str) -> str:
    """Long and with both cases, as Exchange's ids are."""
    keys = "".join(guid(tenant.world.tenant_id, *parts, str(n)) for n in range(2))
    return "AAMkA" + seal({"k": keys}).replace("-", "x").replace("_", "y") + "="


def ical_uid(tenant: Tenant, key: str) -> str:
    """A global object id ([MS-OXOCAL] 2.2.1.27): the same in every mailbox."""
    unique = guid(tenant.world.tenant_id, "ical", key).replace("-", "").upper()
    return f"040000008200E00074C5B7101A82E00800000000{unique}"


def ical_uid_of_day(ical: str, day: date) -> str:
    """That of one occurrence: the series' with the day of its original start in it."""
    return f"{ical[:32]}{day.year:04X}{day.month:02X}{day.day:02X}{ical[40:]}"
