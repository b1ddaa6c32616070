"""
Holds requests back, so that to be refused is the exception: a refused one costs as well.

Each service behind Graph counts for itself:
https://learn.microsoft.com/graph/throttling-limits
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from datetime import datetime, timedelta

import httpx
import structlog

from service.errors import Throttled
from service.graph.budget import Budget, Window, cost, told, unlimited
from service.graph.policy import THROTTLED, Limits, asked_wait
from service.ports import Clock, Meter, Unmetered

_log = structlog.get_logger("natverket.graph")

FILES, OUTLOOK, TEAMS, MEETINGS = "files", "outlook", "teams", "meetings"
# The Outlook service takes four at a time of an app for one mailbox, and says 429 to a fifth.
AT_ONCE = {OUTLOOK: 4}
A_CHANNEL = (4, timedelta(seconds=1.25))
"""Requests of an app for one team or channel in a second, and a little for those in a hurry."""
A_MAILBOX = (10_000, timedelta(minutes=10))
WORTH_TELLING = 5.0
"""Seconds of waiting."""


class Pace:
    """
    Gives every request its turn within its service's budget.

    A pause named to one request holds for every other to the same service.
    """

    def __init__(self, clock: Clock, limits: Limits, meter: Meter | None = None) -> None:
        self._meter = meter or Unmetered()
        self._clock = clock
        self._limits = limits
        self._until: dict[str, datetime] = {}
        self._slots = {name: asyncio.Semaphore(count) for name, count in AT_ONCE.items()}
        self._budgets: dict[str, Window] = {}
        self._queues: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        """By budget: one waits for it, the others behind it, so that none is passed by."""

    @asynccontextmanager
    async def turn(self, request: httpx.Request) -> AsyncIterator[int]:
        """
        Wait for our turn, and tell what has been spent with it.

        Raises Throttled if the service has named a pause too long to wait for.
        """
        service, name = service_of(request.url), budget_of(request.url)
        budget = self._budget(name)
        units = cost(request.method, request.url.raw_path.decode()) if service == FILES else 1
        async with self._slots.get(service) or nullcontext():
            async with self._queues[name]:
                await self._wait(service, budget, units)
                spent = budget.spend(units, self._clock.now())
            if isinstance(budget, Budget):
                self._meter.spent(units, budget.limit)
            yield spent

    def heard(self, url: httpx.URL, answer: httpx.Response, spent: int) -> None:
        """Learn from an answer; `spent` is what `turn` told."""
        service, now = service_of(url), self._clock.now()
        budget = self._budget(budget_of(url))
        if answer.status_code in THROTTLED:
            self._pause(service, asked_wait(answer.headers, now) or 0.0)
        if not isinstance(budget, Budget):
            return
        before = budget.limit
        if (word := told(answer.headers)) is not None:
            budget.learn(word, now)
        elif answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
            budget.notice_refusal(now)
        elif answer.is_success:
            budget.notice_silence(spent, now)
        if budget.limit != before:
            _log.info("budget", service=service, units_a_minute=budget.limit)

    async def _wait(self, service: str, budget: Window, units: int) -> None:
        while True:
            now = self._clock.now()
            pause = (self._until.get(service, now) - now).total_seconds()
            wait = max(pause, budget.wait(units, now))
            if wait <= 0:
                return
            if wait > self._limits.total:
                until = now + timedelta(seconds=wait)
                raise Throttled(service, "The service named a pause.", until=until)
            if wait >= WORTH_TELLING:
                _log.info("paced", service=service, seconds=round(wait))
            self._meter.waited(told_as(service), wait)
            await self._clock.sleep(wait)

    def _pause(self, service: str, seconds: float) -> None:
        until = self._clock.now() + timedelta(seconds=seconds)
        self._until[service] = max(until, self._until.get(service, until))

    def _budget(self, name: str) -> Window:
        if name not in self._budgets:
            self._budgets[name] = _budget(name)
        return self._budgets[name]


def service_of(url: httpx.URL) -> str:
    """Name what a pause applies to: each service behind Graph counts its own quota."""
    parts = url.path.split("/")
    if parts[1:2] not in (["v1.0"], ["beta"]):
        return url.netloc.decode("ascii")
    if "onlineMeetings" in parts:
        return MEETINGS
    if len(parts) > 4 and parts[2] == "users":
        return FILES if parts[4] in ("drive", "drives") else OUTLOOK
    named = {"sites": FILES, "drives": FILES, "shares": FILES, "teams": TEAMS}
    return named.get(parts[2], parts[2])


_HOSTS = {
    ".sharepoint.com": "contents",
    ".sharepoint.us": "contents",
    ".logic.azure.com": "workflow",
    ".api.powerplatform.com": "workflow",
    ".trafficmanager.net": "bot",
    ".botframework.com": "bot",
}


def told_as(service: str) -> str:
    """Name a service for those who count: a host, which may be a tenant's own, by its kind."""
    if "." not in service and ":" not in service:
        return service
    host = service.partition(":")[0]
    return next((kind for ending, kind in _HOSTS.items() if host.endswith(ending)), "other")


def budget_of(url: httpx.URL) -> str:
    """Name what a request is counted by: the service, or the one channel or mailbox of it."""
    service, parts = service_of(url), url.path.split("/")
    if service == OUTLOOK:
        return f"{service} {parts[3].lower()}"
    if service == TEAMS:
        return " ".join([service, *parts[3:4], *(parts[5:6] if parts[4:5] == ["channels"] else ())])
    return service


def _budget(name: str) -> Window:
    match name.split(" ", maxsplit=1)[0]:
        case "files":
            return Budget()
        case "outlook":
            return Window(*A_MAILBOX)
        case "teams":
            return Window(*A_CHANNEL)
        case _:
            return unlimited()
