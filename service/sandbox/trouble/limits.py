"""SharePoint's resource units a minute and app, by real time; off until somebody sets them."""

import time
from collections import deque

from service.sandbox.wire import GraphError

_WINDOW = 60.0
_ANNOUNCED_FROM = 0.8
"""RateLimit headers are sent from this share of the limit on (graph-facts 8.2)."""


class Limits:
    def __init__(self) -> None:
        self.units_per_minute: int | None = None
        self._spent: dict[str, deque[tuple[float, int]]] = {}

    def spend(self, app: str, cost: int) -> dict[str, str]:
        """Headers for the answer; raises 429 over the limit. A refused call counts too."""
        if self.units_per_minute is None:
            return {}
        now = time.monotonic()
        spent = self._spent.setdefault(app, deque())
        while spent and spent[0][0] <= now - _WINDOW:
            spent.popleft()
        spent.append((now, cost))
        used = sum(units for _, units in spent)
        wait = max(1, round(spent[0][0] + _WINDOW - now))
        left = max(0, self.units_per_minute - used)
        headers = {
            "RateLimit-Limit": str(self.units_per_minute),
            "RateLimit-Remaining": str(left),
            "RateLimit-Reset": str(wait),
        }
        if used > self.units_per_minute:
            headers["Retry-After"] = str(wait)
            raise GraphError(429, "activityLimitReached", "The request has been throttled", headers)
        return headers if used >= _ANNOUNCED_FROM * self.units_per_minute else {}
