"""
The service's limits, counted against the sandbox's clock.

A virtual day costs no waiting: who is told to wait moves the clock, as the daemon does, and the
demo comes to the same end with all of them kept. But a clock that nobody moves stands still, and
a limit by the minute that was once reached then never ends; a client that waits in real time
would wait for ever, and a benchmark measure refusals. So limits by time are off until `limits`
is set to `on` (by `--set`, a seed's `[switches]` or `/_sandbox/settings`) or one of them is
given a number in the last. What may run at one time needs no clock and is always counted.
"""

import time
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from service.sandbox.switches import Switch
from service.sandbox.tenant import Tenant
from service.sandbox.trouble import rates
from service.sandbox.trouble.rates import Asked, Limit
from service.sandbox.wire import GraphError

_ANNOUNCED_FROM = 0.8
"""RateLimit headers are sent from this share of the limit on (graph-facts 8.2)."""
_LONGEST = 600
"""Seconds: the longest Retry-After that was seen."""
_LATER = 17
_UNDECORATED = 0.5
"""Share of the limit that is left to an undecorated User-Agent; the real one is not told."""

LIMITS = Switch(
    name="limits",
    values=("off", "on"),
    about="Whether limits by time are kept. Off, since a clock that stands still never lifts them.",
)
CLOCK = Switch(
    name="limits_clock",
    values=("sandbox", "both"),
    about="Whether the seconds that really pass count too, for clients that wait in real time.",
)
LICENCES = Switch(
    name="licences",
    values=("1000", "5000", "15000", "50000", "more"),
    about="How many licences the tenant has at most, which sets SharePoint's resource units "
    "(graph-facts 8.2).",
)
STATUS = Switch(
    name="throttled_status",
    values=("429", "503"),
    about="With which status SharePoint throttles: both are documented (graph-facts 8.1).",
)
RESET = Switch(
    name="rate_limit_reset",
    values=("as_retry_after", "later"),
    about="Whether RateLimit-Reset may be later than Retry-After; the greater is to be obeyed "
    "(graph-facts 8.1).",
)
UNDECORATED = Switch(
    name="undecorated",
    values=("same", "earlier"),
    about="Whether a User-Agent without NONISV| or ISV| is throttled earlier. It is documented to "
    "have a lower priority, which in a tenant that is not busy changes nothing (graph-facts 8.2).",
)
SWITCHES = (LIMITS, CLOCK, LICENCES, STATUS, RESET, UNDECORATED, rates.MAILBOX)


class Limits:
    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._given: dict[str, int | None] = {}
        self._spent: dict[tuple[str, str], deque[tuple[float, int]]] = {}
        self._there: dict[str, int] = {}
        """Outlook's requests that are being handled, by what they are counted by."""
        self._began = time.monotonic()
        self._are_on: bool | None = None
        """What LIMITS says, remembered: it is asked at every request."""

    def set(self, name: str, most: int | None) -> None:
        """Gives a limit its number; None takes it away. Raises ValueError."""
        if name not in rates.BY_NAME and name != rates.AT_ONCE:
            raise ValueError(f"There is no limit {name}.")
        if most is not None and (isinstance(most, bool) or not isinstance(most, int) or most < 1):
            raise ValueError(f"{name} is a whole number above 0, or null, not {most!r}.")
        self._given[name] = most

    def numbers(self) -> dict[str, int | None]:
        """Every limit that can be set, as it is kept now."""
        return {
            **{limit.name: self._most(limit) for limit in rates.LIMITS},
            rates.AT_ONCE: self._given.get(rates.AT_ONCE, rates.MOST_AT_ONCE),
        }

    def forget(self) -> None:
        """A switch has been set."""
        self._are_on = None

    @property
    def _on(self) -> bool:
        if self._are_on is None:
            self._are_on = LIMITS.read(self._tenant) == "on"
        return self._are_on

    def _most(self, limit: Limit) -> int | None:
        if limit.name in self._given:
            return self._given[limit.name]
        if not self._on:
            return None
        return limit.most(LICENCES.read(self._tenant))

    @contextmanager
    def present(self, path: str, app: str | None) -> Iterator[None]:
        """Around a request, from its first byte to the last of its answer."""
        key = rates.outlook_key(self._tenant, path, app)
        if key is None:
            yield
            return
        self._there[key] = self._there.get(key, 0) + 1
        try:
            yield
        finally:
            self._there[key] -= 1

    def spend(self, asked: Asked) -> dict[str, str]:
        """Headers for the answer; raises what the workload says over its limit."""
        self._check_present(asked)
        if not self._on and not self._given:
            return {}
        now, headers, refused = self._now(), {}, None
        # All are counted before any refuses: a throttled call counts too (graph-facts 8.1).
        for limit in rates.LIMITS:
            most, key = self._most(limit), limit.key(asked)
            if most is None or key is None:
                continue
            most = self._for_agent(limit, most, asked)
            spent = self._window(limit, key, now)
            spent.append((now, limit.cost(asked)))
            used = sum(cost for _, cost in spent)
            wait = _wait(spent, most, limit.seconds, now)
            if limit.announced and used >= _ANNOUNCED_FROM * most:
                headers = self._announced(most, used, wait)
            if used > most and refused is None:
                refused = (limit, wait)
        if refused is not None:
            raise self._refusal(*refused, headers)
        return headers

    def _check_present(self, asked: Asked) -> None:
        key = rates.outlook_key(self._tenant, asked.path, asked.app)
        most = self._given.get(rates.AT_ONCE, rates.MOST_AT_ONCE)
        if key is not None and most is not None and self._there.get(key, 0) > most:
            raise GraphError(
                429,
                "ApplicationThrottled",
                "Application is over its MailboxConcurrency limit.",
                {"Retry-After": "1"},
            )

    def _for_agent(self, limit: Limit, most: int, asked: Asked) -> int:
        earlier = limit.announced and UNDECORATED.read(self._tenant) == "earlier"
        return max(1, int(most * _UNDECORATED)) if earlier and not asked.decorated else most

    def _window(self, limit: Limit, key: str, now: float) -> deque[tuple[float, int]]:
        spent = self._spent.setdefault((limit.name, key), deque())
        while spent and spent[0][0] <= now - limit.seconds:
            spent.popleft()
        return spent

    def _now(self) -> float:
        clock = self._tenant.clock.now.timestamp()
        if CLOCK.read(self._tenant) == "sandbox":
            return clock
        return clock + time.monotonic() - self._began

    def _announced(self, most: int, used: int, wait: int) -> dict[str, str]:
        later = _LATER if RESET.read(self._tenant) == "later" else 0
        return {
            "RateLimit-Limit": str(most),
            "RateLimit-Remaining": str(max(0, most - used)),
            "RateLimit-Reset": str(wait + later),
        }

    def _refusal(self, limit: Limit, wait: int, headers: Mapping[str, str]) -> GraphError:
        status, code, message = limit.refusal
        if limit.announced and STATUS.read(self._tenant) == "503":
            status, code, message = 503, "serviceNotAvailable", "The service is not available"
        given = {**headers, "Retry-After": str(wait)}
        return GraphError(status, code, message, given)


def _wait(spent: deque[tuple[float, int]], most: int, seconds: float, now: float) -> int:
    """Seconds until one more of the last call's cost would pass; from 1 to 600."""
    over = sum(cost for _, cost in spent) + spent[-1][1] - most
    wait = 0.0
    for at, cost in spent:
        if over <= 0:
            break
        over -= cost
        wait = at + seconds - now
    return min(_LONGEST, max(1, -int(-wait // 1)))
