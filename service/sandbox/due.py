"""
What happens by itself once the clock gets there: a flow that posts late, a workbook that is
brought up to date.

A workload schedules under a kind of its own and declares what then happens in its `DUE`;
`acts` collects them.
"""

from collections.abc import Callable
from datetime import datetime

import msgspec

from service.sandbox.store import Row
from service.sandbox.tenant import Tenant
from service.sandbox.wire import Json, fine_stamp

Happening = Callable[[Tenant, Json], None]
"""Takes the payload with which it was scheduled."""


def schedule(tenant: Tenant, key: str, at: datetime, kind: str, payload: Json) -> bool:
    """False if something is scheduled under this key already; that one stands."""
    if tenant.store.one("SELECT 1 FROM due WHERE id = ?", key) is not None:
        return False
    tenant.store.insert(
        "due",
        id=key,
        at=fine_stamp(at),
        kind=kind,
        payload=msgspec.json.encode(payload).decode(),
    )
    return True


def forget(tenant: Tenant, key: str) -> None:
    tenant.store.do("DELETE FROM due WHERE id = ?", key)


def first(tenant: Tenant) -> Row | None:
    return tenant.store.one("SELECT * FROM due ORDER BY at, id LIMIT 1")
