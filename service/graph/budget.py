"""
What requests cost the services behind Graph, and how soon more may be spent: pure.

SharePoint counts resource units a minute for each app, by the tenant's licences:
https://learn.microsoft.com/sharepoint/dev/general-development/how-to-avoid-getting-throttled-or-blocked-in-sharepoint-online
"""

import re
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import inf

TIERS = (1250, 2500, 3750, 5000, 6250)
"""Resource units a minute of one app, from a tenant of at most 1,000 licences upwards."""
MINUTE = timedelta(seconds=61)
"""A request may take longer to arrive than the one a minute before it did."""
SHARE = 0.96
"""The rest is for what we count otherwise than the service, and is on its way at once."""
ANNOUNCED = 0.9
"""Headers come from 80 % on; what is still on its way may make the difference."""
SILENT = 10
"""Answers without headers that make sure: the service sends them as best it can."""
NO_GUESSING = timedelta(hours=1)
"""After a refusal."""

_BY_NAME = re.compile(r":/[^:]+(:|$)")
_PERMISSIONS = frozenset({"permissions", "createLink", "invite"})
_MANY = frozenset(
    {
        *("children", "versions", "drives", "sites", "lists", "items"),
        *("columns", "contentTypes", "recent", "sharedWithMe"),
    }
)
_EXPANDED = re.compile(r"expand=[^&]*permissions")
_TOKEN = re.compile(r"(^|[&?(]|%24|\$)(token|deltatoken|skiptoken)=", re.IGNORECASE)


def cost(method: str, target: str) -> int:
    """Resource units of a request to SharePoint; `target` is its path and query."""
    path, _, query = target.partition("?")
    *_, last = parts = _BY_NAME.sub(r":\1", path).rstrip("/").split("/")
    if not _PERMISSIONS.isdisjoint(parts) or _EXPANDED.search(query):
        return 5
    if method != "GET":
        return 2
    if last.startswith("delta"):
        return 1 if _TOKEN.search(query) or _TOKEN.search(last) else 2
    return 2 if last in _MANY or last.startswith("search") else 1


class Window:
    """What was spent within a span of time that goes along with the clock."""

    def __init__(self, most: float, span: timedelta) -> None:
        self.most = most
        self._span = span
        self._spent: deque[tuple[datetime, int]] = deque()
        self._sum = 0

    def used(self, now: datetime) -> int:
        while self._spent and self._spent[0][0] <= now - self._span:
            self._sum -= self._spent.popleft()[1]
        return self._sum

    def wait(self, units: int, now: datetime) -> float:
        """Seconds until so much more may be spent."""
        over, wait = self.used(now) + units - self.most, 0.0
        for at, spent in self._spent:
            if over <= 0:
                break
            over -= spent
            wait = (at + self._span - now).total_seconds()
        return wait

    def spend(self, units: int, now: datetime) -> int:
        """Return what has been spent by then."""
        self._spent.append((now, units))
        self._sum += units
        return self.used(now)


@dataclass(frozen=True)
class Told:
    """What RateLimit headers say: units in a minute, those left, and for how many seconds."""

    limit: int
    remaining: int
    reset: float


def told(headers: Mapping[str, str]) -> Told | None:
    """Read the headers; None where one is missing or is no number."""
    try:
        return Told(
            int(headers["ratelimit-limit"]),
            int(headers["ratelimit-remaining"]),
            float(headers["ratelimit-reset"]),
        )
    except (KeyError, ValueError):
        return None


class Budget(Window):
    """
    SharePoint's units of a minute: counted by us, put right by what the service tells.

    The limit is the smallest documented until the service names it, which it does from
    80 % of it on. Where it then says nothing, the limit is a higher one: the next documented.
    """

    def __init__(self) -> None:
        super().__init__(SHARE * TIERS[0], MINUTE)
        self.limit = TIERS[0]
        self._guessed = False
        self._silent = 0
        self._guess_from: datetime | None = None
        self._others: tuple[datetime, int] | None = None
        self._closed: datetime | None = None

    def wait(self, units: int, now: datetime) -> float:
        closed = (self._closed - now).total_seconds() if self._closed else 0.0
        return max(closed, super().wait(units, now))

    def learn(self, word: Told, now: datetime) -> None:
        """Take over what the service says; what we have not spent, others of our app have."""
        self._set(word.limit, guessed=False)
        if self._others is not None and self._others in self._spent:
            self._spent.remove(self._others)
            self._sum -= self._others[1]
        others = word.limit - word.remaining - self.used(now)
        self._others = (now, others) if others > 0 else None
        if self._others:
            self.spend(others, now)
        if word.remaining <= 0:
            self._closed = now + timedelta(seconds=word.reset)

    def notice_silence(self, used: int, now: datetime) -> None:
        """An answer came without headers, to a request with which so much had been spent."""
        may_guess = self._guess_from is None or now >= self._guess_from
        if not may_guess or used < ANNOUNCED * self.limit:
            return
        self._silent += 1
        if self._silent >= SILENT:
            higher = next((tier for tier in TIERS if tier > self.limit), self.limit)
            self._set(higher, guessed=True)

    def notice_refusal(self, now: datetime) -> None:
        """It was too much, and no header says what would not have been: no guessing for a while."""
        self._guess_from = now + NO_GUESSING
        if self._guessed:
            lower = max((tier for tier in TIERS if tier < self.limit), default=TIERS[0])
            self._set(lower, guessed=False)

    def _set(self, limit: int, *, guessed: bool) -> None:
        self.limit, self.most = limit, SHARE * limit
        self._guessed = guessed
        self._silent = 0


def unlimited() -> Window:
    """For services whose limits are not told, and hosts that are not Graph."""
    return Window(inf, timedelta(0))
