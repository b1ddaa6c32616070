"""
Rounds of work: whatever is due, then what is to be told, until somebody says stop.

Between two rounds new settings are taken over, and nowhere else.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import structlog

from service.errors import SettingsError, StateError
from service.fingerprints import Fingerprints, fingerprints
from service.house import House
from service.jobs.engine import withstood
from service.schedule import keep_waking
from service.settings import Mode, Settings
from service.store import KEPT_RUNS
from service.systemd import Systemd

log = structlog.get_logger()

LOOK_EVERY = timedelta(minutes=1)
"""How soon a changed file of settings is seen; and no wait is longer."""
SANDBOX_WATCH = timedelta(seconds=2)
"""How soon is seen that somebody has moved the sandbox's clock."""
AT_LEAST = timedelta(milliseconds=100)
PRUNE_EVERY = timedelta(days=1)
"""How often the records of old runs are let go."""
CLOSING = 15.0
"""Seconds that page, connections and state may take to close when the work has ended."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where settings come from."""

    read: Callable[[], Settings]
    """Raises SettingsError."""
    files: Callable[[Settings], Iterable[Path]]
    """Every file that they depend on."""


class Daemon:
    """Keeps a house at work. One for a house; `stop` and `reload` are for signals."""

    def __init__(
        self,
        house: House,
        source: Source,
        *,
        systemd: Systemd,
        after: Callable[[House], Awaitable[None]],
    ) -> None:
        self._house = house
        self._source = source
        self._systemd = systemd
        self._after = after
        """Told after each round in which something was run."""
        self._stop = asyncio.Event()
        self._reload = self._news = False
        self._files = self._look()
        self._changed: Fingerprints | None = None
        self._looked = self._pruned = house.clock.now()

    # ------------------------------------------------------------ for signals

    def stop(self) -> None:
        """Begin no further action; what is under way may end."""
        self._house.stopping = True
        self._stop.set()
        self._house.waker.ring()

    def reload(self) -> None:
        """Read the settings anew before the next round, which is now."""
        self._reload = True
        self._house.waker.ring()

    # ------------------------------------------------------------ the work

    async def work(self) -> None:
        """Until `stop`; what is under way by then may go on for NATVERKET_STOP_SECONDS."""
        with self._systemd.watchdog():
            self._systemd.ready()
            working = asyncio.create_task(keep_waking(self._house.waker, self.round, self._stop))
            told = asyncio.create_task(self._stop.wait())
            await asyncio.wait({working, told}, return_when=asyncio.FIRST_COMPLETED)
            told.cancel()
            if not working.done():
                await self._end(working)
            if not working.cancelled():
                working.result()

    async def _end(self, working: asyncio.Task[None]) -> None:
        allowed = self._house.settings.stop_seconds
        self._systemd.stopping(allowed + CLOSING)
        log.info("stopping", seconds=allowed)
        done, _ = await asyncio.wait({working}, timeout=allowed)
        if not done:
            # What it had begun is claimed: the next start looks whether it happened.
            log.warning("cut_off")
            working.cancel()
            await asyncio.wait({working})

    async def round(self) -> timedelta:
        """Run what is due, and tell after how long to wake at the latest."""
        house, ran = self._house, 0
        house.pulse.begin()
        await house.look()
        await self._mind_settings()
        for entry, period in house.due():
            if self._stop.is_set():
                break
            await house.run(entry, period)
            ran += 1
            # The page, the watchdog and signals have their turn, however many jobs are due.
            await asyncio.sleep(0)
        if (ran or self._news) and not self._stop.is_set():
            self._news = False
            await withstood("after a round", lambda: self._after(house))
        self._prune()
        self._systemd.status(status_line(house))
        longest = LOOK_EVERY if house.settings.clock_url is None else SANDBOX_WATCH
        wait = max(min(house.next_wake() - house.clock.now(), longest), AT_LEAST)
        house.pulse.end(wait)
        return wait

    def _prune(self) -> None:
        now = self._house.clock.now()
        if timedelta() <= now - self._pruned < PRUNE_EVERY:
            return
        self._pruned = now
        try:
            self._house.store.prune(now - KEPT_RUNS)
        except StateError as error:
            log.warning("not_pruned", error=type(error).__name__)

    # ------------------------------------------------------------ settings

    async def _mind_settings(self) -> None:
        if self._reload or self._has_changed():
            self._reload = False
            self._systemd.reloading()
            await withstood("settings", self._take_over)
            self._files, self._changed = self._look(), None
            self._systemd.ready()

    def _has_changed(self) -> bool:
        """Tell so once the files have been the same at two looks: one may be being written."""
        now = self._house.clock.now()
        if timedelta() <= now - self._looked < LOOK_EVERY:
            return False
        self._looked = now
        found = self._look()
        before, self._changed = self._changed, found
        return found not in (self._files, None) and found == before

    async def _take_over(self) -> None:
        self._news = True
        try:
            await self._house.furnish(self._source.read())
        except SettingsError as error:
            self._house.refuse(error)
            for problem in error.problems:
                log.warning("settings_refused", problem=problem)
        else:
            networks = [at.network.id for at in self._house.workplaces()]
            # What the process was started with it keeps: that cannot change from outside.
            log.info("settings_taken_over", networks=networks, environment="as at the start")
            for need in self._house.needs():
                log.warning("settings_need", what=need.subject, why=need.said)

    def _look(self) -> Fingerprints:
        return fingerprints(self._source.files(self._house.settings))


def status_line(house: House) -> str:
    """Say in a line how it stands, for `systemctl status`."""
    there = len(house.workplaces())
    networks = f"{there} network{'s' if there > 1 else ''}"
    observing = ", observing" if house.settings.mode is Mode.OBSERVE else ""
    needs = house.in_the_way()
    how = f"{len(needs)} in the way: {needs[0]}" if needs else "nothing in the way"
    return f"{networks}{observing}, {how}, next {house.next_wake():%Y-%m-%d %H:%M} UTC"
