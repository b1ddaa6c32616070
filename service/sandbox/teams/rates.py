"""Limits of Teams and Power Automate, counted by the sandbox's clock."""

from datetime import datetime, timedelta
from math import ceil

from service.sandbox.tenant import Tenant
from service.sandbox.wire import fine_stamp

Windows = tuple[tuple[int, int], ...]
"""How many calls in how many seconds, the shortest window first."""

BOT: Windows = ((7, 1), (8, 2), (60, 30), (1800, 3600))
"""Sends of one bot in one thread (msteams-docs, Rate limiting)."""
BOT_ROSTER: Windows = ((14, 1), (16, 2), (120, 30), (3600, 3600))
CONNECTOR: Windows = ((4, 1), (60, 30), (100, 3600), (150, 7200), (1800, 86400))
"""Of an Incoming Webhook (graph-facts 1.5)."""
TRIGGER: Windows = ((60, 60),)
"""Of a flow's trigger. Power Automate's own number is UNVERIFIED (graph-facts 13.5)."""


def spend(tenant: Tenant, who: str, windows: Windows) -> int | None:
    """Counts one call. Returns the seconds to wait if it is one too many, and does not count it."""
    now, waits = tenant.clock.now, [0]
    for most, seconds in windows:
        since = now - timedelta(seconds=seconds)
        times = tenant.store.all(
            "SELECT at FROM counted WHERE who = ? AND at > ? ORDER BY at", who, fine_stamp(since)
        )
        if len(times) >= most:
            oldest = datetime.fromisoformat(times[-most]["at"])
            waits.append(max(1, ceil((oldest - since).total_seconds())))
    if any(waits):
        return max(waits)
    longest = now - timedelta(seconds=windows[-1][1])
    tenant.store.do("DELETE FROM counted WHERE who = ? AND at <= ?", who, fine_stamp(longest))
    tenant.store.insert("counted", who=who, at=fine_stamp(now))
    return None
