"""
When jobs wake, and which occurrence of each is due.

A fire time is a function of (job, network) alone, without dice: a cron trigger, spread by
a hash of the network's id, nothing between 02:00 and 03:00 local, when the clocks change.
APScheduler only wakes; what is due follows from the occurrences that the journal holds,
so a night's sleep is caught up once and nothing is lost.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, assert_never

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger

from service.domain.backoff import later
from service.jobs.spec import (
    ClockPoll,
    FirstOfMonth,
    Job,
    LastOfMonth,
    Poll,
    Wakes,
    Weekdays,
    Weekly,
    WorkdayPoll,
)

DAY = 24 * 60
CLOCK_CHANGE_HOUR = 2
FIRST_POLL_HOUR = 7
"""Of polls that are rarer than hourly: before the working day begins."""
ASK_AGAIN = timedelta(minutes=1)
LONGEST_ROUND = 12 * 3600.0
GRACE = 300.0
"""Seconds."""
LOOK_BACK = timedelta(days=35)
"""A job that has never run catches up its last occurrence within so long."""
SET_BACK = timedelta(minutes=15)
"""A clock that is put back by less is waited for: what ran does not run again."""


def trigger(job: Job[Any], network_id: str, time_zone: str, poll: Mapping[str, int]) -> CronTrigger:
    """Make the trigger of a job; `poll` gives minutes by setting name."""
    fields = _fields(job.wakes, poll, _spread(network_id))
    return CronTrigger(timezone=time_zone, **fields)


def _fields(wakes: Wakes, poll: Mapping[str, int], spread: int) -> dict[str, str | int]:
    match wakes:
        case Poll(setting=setting):
            return _poll(poll[setting], spread)
        case WorkdayPoll(setting=setting):
            return {"day_of_week": "mon-fri", "hour": "8-16", "minute": _minutes(poll[setting])}
        case ClockPoll(setting=setting):
            return {"hour": "0-1,3-23", "minute": _minutes(poll[setting])}
        case Weekdays(at=at):
            return {"day_of_week": "mon-fri", **_clock(at)}
        case Weekly(day=day, hour=hour):
            return {"day_of_week": day, "hour": hour, "minute": spread % 60}
        case LastOfMonth(at=at):
            return {"day": "last", **_clock(at)}
        case FirstOfMonth(at=at):
            return {"day": 1, **_clock(at)}
        case _:
            assert_never(wakes)


def _poll(minutes: int, spread: int) -> dict[str, str | int]:
    if minutes < 60:
        return {"hour": "0-1,3-23", "minute": f"{spread % minutes}/{minutes}"}
    every = minutes // 60
    hours = {(FIRST_POLL_HOUR + step * every) % 24 for step in range(DAY // minutes)}
    hours.discard(CLOCK_CHANGE_HOUR)
    return {"hour": ",".join(map(str, sorted(hours))), "minute": spread % 60}


def _minutes(every: int) -> str:
    """Of an hour; a poll that is hourly or rarer wakes at half past, when a working day begins."""
    return "30" if every >= 60 else f"*/{every}"


def _clock(at: str) -> dict[str, str | int]:
    hour, minute = at.split(":")
    return {"hour": int(hour), "minute": int(minute)}


def _spread(network_id: str) -> int:
    """A number of minutes that is the network's own: not everybody asks on the hour."""
    return int.from_bytes(hashlib.sha256(network_id.encode()).digest()[:2]) % 60


@dataclass
class Entry:
    """One job of one network in the timetable."""

    job: Job[Any]
    network_id: str
    trigger: CronTrigger
    last: datetime | None
    """The period that the journal holds last."""
    again: tuple[datetime, datetime] | None = None
    """A period that is to be run again, and from when on."""
    upcoming: datetime | None = None
    """The first fire time that nobody has asked about yet."""
    waits: datetime | None = None
    """An occurrence that is due, and has not run."""
    failures: int = 0
    """Runs in a row that were not done."""

    def due(self, now: datetime) -> datetime | None:
        """The last occurrence that is due and not in the journal: missed ones are one."""
        self._believe(now)
        upcoming = self.upcoming
        if upcoming is None or upcoming <= now:
            # What was found before is left behind by a later one, and is not sought again.
            upcoming, found = self._passed(upcoming or self._first(now), now)
            self.upcoming, self.waits = upcoming, found or self.waits
        if self.waits is None and self.again is not None and self.again[1] <= now:
            return self.again[0]
        return self.waits

    def _first(self, now: datetime) -> datetime:
        return self._after(self.last or now - LOOK_BACK)

    def _passed(self, first: datetime, now: datetime) -> tuple[datetime, datetime | None]:
        """The first fire time after now, and the last one of those from `first` to now."""
        period, upcoming, back = None, first, timedelta(hours=1)
        while upcoming <= now - back:
            # A month of polls is leapt over: the last of them is near.
            near = self._after(now - back)
            if near <= now:
                upcoming = near
                break
            back *= 12
        while upcoming <= now:
            period, upcoming = upcoming, self._after(upcoming)
        return upcoming, period

    def next_wake(self, now: datetime) -> datetime:
        upcoming = self._after(now)
        if self.again is None:
            return upcoming
        # One whose time is over was left to another process: it is not asked without pause.
        again_at = self.again[1]
        return min(upcoming, again_at if again_at > now else now + ASK_AGAIN)

    def at_once(self, now: datetime) -> None:
        """Make it due: what is due already, else an occurrence of this moment."""
        if self.due(now) is None:
            self.again = (now, now)

    def take_over(self, other: "Entry") -> None:
        """Stand where another one stands, whose trigger may be another."""
        self.last, self.again, self.failures = other.last, other.again, other.failures

    def ran(self, period: datetime) -> None:
        self.last, self.again, self.failures = period, None, 0
        self.upcoming = self.waits = None

    def failed(self, period: datetime, now: datetime) -> None:
        """Run the period again, ever later: a monthly one must not wait a month."""
        self.failures += 1
        self.postpone(period, now + later(self.failures))

    def postpone(self, period: datetime, until: datetime) -> None:
        """Run the period again at `until`; meanwhile it is not due."""
        self.last = max(self.last, period) if self.last else period
        self.again, self.upcoming, self.waits = (period, until), None, None

    def late(self, now: datetime, done: datetime | None) -> float:
        """
        Seconds for which the oldest occurrence after `done` has been due; 0: none is.

        `done` is None where nothing tells since when it should have run. What waits by its own
        wish, such as a post for its proof, is not late before its time.
        """
        if done is None:
            return 0.0
        since = self._after(done)
        if self.again is not None and not self.failures:
            since = self.again[1]
        return max(0.0, (now - since).total_seconds())

    def _believe(self, now: datetime) -> None:
        """
        Go by a clock that has been put back by much: it was wrong when this ran last.

        Else a machine that started in the year 2036, by a clock without battery, would wait
        for that year.
        """
        latest = max((one for one in (self.last, self.waits) if one), default=None)
        if latest is not None and latest > now + SET_BACK:
            self.last, self.upcoming, self.waits = now, None, None
            self.again = (self.again[0], now) if self.again else None

    def _after(self, moment: datetime) -> datetime:
        """The first fire time later than the moment, in UTC."""
        fire = self.trigger.get_next_fire_time(None, moment + timedelta(microseconds=1))
        return fire.astimezone(moment.tzinfo)  # type: ignore[no-any-return] # untyped library


@dataclass
class Timetable:
    """Every job of every network, in the order in which they run when due together."""

    entries: list[Entry] = field(default_factory=list)

    def due(self, now: datetime) -> list[tuple[Entry, datetime]]:
        found = ((entry, entry.due(now)) for entry in self.entries)
        return [(entry, period) for entry, period in found if period is not None]

    def entry(self, network_id: str, job: str) -> Entry | None:
        there = (one for one in self.entries if (one.network_id, one.job.name) == (network_id, job))
        return next(there, None)

    def take_over(self, before: "Timetable") -> None:
        """Go on from where another one stood: nothing that ran is due for its being replaced."""
        for entry in self.entries:
            other = before.entry(entry.network_id, entry.job.name)
            if other is not None:
                entry.take_over(other)

    def next_wake(self, now: datetime) -> datetime:
        return min(entry.next_wake(now) for entry in self.entries)


class Pulse:
    """
    Tells whether the rounds go on: by the machine's own pace, since clocks jump.

    A round may take long, as when a recording of hours is filed; the pause after it may not.
    """

    def __init__(self) -> None:
        self._began: float | None = None
        self._due: float | None = None

    @property
    def began(self) -> bool:
        """Tell whether there has been a round yet."""
        return self._began is not None

    def begin(self) -> None:
        """Note that a round begins."""
        self._began, self._due = monotonic(), None

    def end(self, wait: timedelta) -> None:
        """Note that it has ended, and after how long the next one begins at the latest."""
        self._due = monotonic() + max(0.0, wait.total_seconds())

    def overdue(self) -> float:
        """Return the seconds by which the next round, or the end of this one, is overdue."""
        if self._began is None:
            return 0.0
        due = self._began + LONGEST_ROUND if self._due is None else self._due + GRACE
        return max(0.0, monotonic() - due)


Tick = Callable[[], Awaitable[timedelta]]
"""Runs what is due and tells after how long it wants to be woken at the latest."""


class Waker:
    """
    Wakes at every fire time of every job, and whenever it is rung.

    The triggers are the timetable's own, and only wake. A wake-up that comes late counts,
    however late (`misfire_grace_time=None`), and many missed ones are one (`coalesce`).
    """

    def __init__(self) -> None:
        self._rung = asyncio.Event()
        self._scheduler = AsyncIOScheduler(
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )

    def follow(self, timetable: Timetable) -> None:
        """Wake by this timetable from now on, and once at once."""
        self._scheduler.remove_all_jobs()
        for entry in timetable.entries:
            name = f"{entry.network_id}/{entry.job.name}"
            self._scheduler.add_job(self._wake, entry.trigger, id=name)
        self.ring()

    def ring(self) -> None:
        self._rung.set()

    async def wait(self, at_most: timedelta) -> None:
        """Until it is woken, but no longer; a ring that came before counts."""
        # The loop's timer beside the triggers: the sandbox's time is not the machine's.
        with suppress(TimeoutError):
            async with asyncio.timeout(at_most.total_seconds()):
                await self._rung.wait()
        self._rung.clear()

    @contextmanager
    def awake(self) -> Iterator[None]:
        self._scheduler.start()
        try:
            yield
        finally:
            self._scheduler.shutdown(wait=False)

    async def _wake(self) -> None:
        self.ring()


async def keep_waking(waker: Waker, tick: Tick, stop: asyncio.Event) -> None:
    """
    Run `tick` whenever the waker wakes, until `stop` is set and the tick has ended.

    Whoever sets it rings the waker. What `tick` raises ends it.
    """
    with waker.awake():
        while not stop.is_set():
            again = await tick()
            if not stop.is_set():
                await waker.wait(again)
