"""The flows that post to channels: which there are, and how they stand."""

from dataclasses import dataclass
from datetime import UTC, datetime

from service.sandbox.switches import Switch
from service.sandbox.tenant import Tenant
from service.sandbox.timeline import Channel

STATES = ("Enabled", "Disabled", "Suspended", "Deleted")
TROUBLES = ("owner left", "connection expired", "throttled")
RETIRED = datetime(2025, 11, 30, tzinfo=UTC)
"""From then on the addresses of the older kind are dead (graph-facts 1.5)."""

OLD_ADDRESSES = Switch(
    name="old_flow_addresses",
    values=("until 2025-11-30", "working"),
    about="Do flows still answer at /workflows/… , as before they moved? (graph-facts 1.5)",
)
SWITCHES = (OLD_ADDRESSES,)


@dataclass(frozen=True, kw_only=True)
class Flow:
    id: str
    channel: Channel
    state: str
    trouble: str | None
    """Why it posts nothing although it takes every card."""
    key: int
    """How often its address was renewed."""


def flow(tenant: Tenant, key: str) -> Flow | None:
    channel = tenant.workflow_channel(key)
    if channel is None:
        return None
    row = tenant.store.one("SELECT * FROM flows WHERE id = ?", key)
    if row is None:
        return Flow(id=key, channel=channel, state="Enabled", trouble=None, key=0)
    return Flow(id=key, channel=channel, state=row["state"], trouble=row["trouble"], key=row["key"])


def known(tenant: Tenant, key: str) -> Flow:
    """Raises ValueError for a flow that is not there."""
    found = flow(tenant, key)
    if found is None:
        raise ValueError(f"There is no flow {key}.")
    return found


def keep(tenant: Tenant, changed: Flow) -> None:
    """Raises ValueError for a state or trouble that flows do not have."""
    if changed.state not in STATES:
        raise ValueError(f"A flow is one of {', '.join(STATES)}, not {changed.state}.")
    if changed.trouble is not None and changed.trouble not in TROUBLES:
        raise ValueError(f"A flow's trouble is one of {', '.join(TROUBLES)}.")
    tenant.store.do(
        "INSERT OR REPLACE INTO flows VALUES (?, ?, ?, ?)",
        changed.id,
        changed.state,
        changed.trouble,
        changed.key,
    )


def signature(tenant: Tenant, found: Flow) -> str:
    renewed = f"/{found.key}" if found.key else ""
    return tenant.signature(f"workflow/{found.id}{renewed}")


def old_addresses_answer(tenant: Tenant) -> bool:
    return OLD_ADDRESSES.read(tenant) == "working" or tenant.clock.now < RETIRED
