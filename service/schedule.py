"""
When jobs wake, and which occurrence of each is due.

A fire time is a function of (job, network) alone, without dice: a cron trigger, spread by
a hash of the network's id, nothing between 02:00 and 03:00 local, when the clocks change.
APScheduler only wakes; what is due follows from the occurrences that the journal holds,
so a night's sleep is caught up once and nothing is lost.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping
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
    """The first fire time after `last`, once it was asked for."""
    failures: int = 0
    """Runs in a row that were not done."""

    def due(self, now: datetime) -> datetime | None:
        """The last occurrence that is due and not in the journal: missed ones are one."""
        period = None
        upcoming = self.upcoming or self._after(self.last or now - LOOK_BACK)
        while upcoming <= now:
            period, upcoming = upcoming, self._after(upcoming)
        if period is None:
            self.upcoming = upcoming
            if self.again is not None and self.again[1] <= now:
                return self.again[0]
        return period

    def next_wake(self, now: datetime) -> datetime:
        upcoming = self._after(now)
        if self.again is None:
            return upcoming
        # One whose time is over was left to another process: it is not asked without pause.
        again_at = self.again[1]
        return min(upcoming, again_at if again_at > now else now + ASK_AGAIN)

    def ran(self, period: datetime) -> None:
        self.last, self.again, self.upcoming, self.failures = period, None, None, 0

    def failed(self, period: datetime, now: datetime) -> None:
        """Run the period again, ever later: a monthly one must not wait a month."""
        self.failures += 1
        self.postpone(period, now + later(self.failures))

    def postpone(self, period: datetime, until: datetime) -> None:
        """Run the period again at `until`; meanwhile it is not due."""
        self.last = max(self.last, period) if self.last else period
        self.again, self.upcoming = (period, until), None

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


async def keep_waking(timetable: Timetable, tick: Tick, stop: asyncio.Event) -> None:
    """
    Run `tick` at every fire time of every job, until `stop` is set and the tick has ended.

    The triggers are the timetable's own, and only wake. A wake-up that comes late counts,
    however late (`misfire_grace_time=None`), and many missed ones are one (`coalesce`).
    What `tick` raises ends it.
    """
    woken = asyncio.Event()
    woken.set()

    async def wake() -> None:
        woken.set()

    async def wake_to_stop() -> None:
        await stop.wait()
        woken.set()

    scheduler = AsyncIOScheduler(
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
    )
    for entry in timetable.entries:
        scheduler.add_job(wake, entry.trigger, id=f"{entry.network_id}/{entry.job.name}")
    scheduler.start()
    stopping = asyncio.create_task(wake_to_stop())
    try:
        while not stop.is_set():
            await woken.wait()
            woken.clear()
            if not stop.is_set():
                # The loop's timer, not a trigger: the sandbox's time is not the machine's.
                again = (await tick()).total_seconds()
                asyncio.get_running_loop().call_later(again, woken.set)
    finally:
        stopping.cancel()
        scheduler.shutdown(wait=False)
