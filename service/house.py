"""
The daemon's own composition: every network from settings and state, and the tenant later.

A network is opened when a job of it first runs. One that cannot be opened is a failed run
of that job, tried again ever later; until then its other jobs stay due, and the other
networks go on.
"""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path

import structlog

from service import daemon_needs
from service.domain.backoff import SOON, later
from service.domain.network import Network
from service.domain.series import Series
from service.domain.standing import Need, Standing
from service.errors import (
    AlreadyRunning,
    NatverketError,
    SettingsError,
    SignInRefused,
    StateError,
    Throttled,
    Unreachable,
    Verdict,
)
from service.fingerprints import Fingerprints, fingerprints
from service.from_state import known_workplace
from service.graph.clock import SandboxClock
from service.graph.gateway import Gateway
from service.jobs.engine import Outcome, contained, observed, run
from service.jobs.failing import impersonal
from service.own_files import own_texts
from service.ports import FAILED
from service.schedule import Entry, Pulse, Timetable, Waker
from service.settings import Mode, NetworkSettings, Settings
from service.signing import gateway_of
from service.standing import standing
from service.store import Store, open_store
from service.web.metrics import Metrics
from service.wiring import (
    AnyClock,
    clock_of,
    notes_of,
    open_workplace,
    settle,
    timetable_of,
)
from service.workplace import Workplace

log = structlog.get_logger()

LASTING = ("state_url", "web_host", "web_port", "clock_url")
"""Settings that hold until the daemon is started anew."""
_STATE = ""
"""Stands for the state, where networks are named: without it none can work."""


@dataclass(frozen=True, kw_only=True)
class Shut:
    """What cannot be opened, since when, and when it is tried again."""

    error: NatverketError
    since: datetime
    attempts: int
    tried: datetime
    until: datetime

    def holds(self, now: datetime) -> bool:
        """Not before it was tried: the clock was wrong then, and has been put back."""
        return self.tried <= now < self.until


Fitted = tuple[NetworkSettings, Network, tuple[Series, ...], Mapping[str, object]]
"""What a network's workplace is made from: files that it names can change by themselves."""


class House:
    """Everything that a daemon holds while it runs. `open_house` makes it."""

    def __init__(self, settings: Settings, store: Store, clock: AnyClock) -> None:
        self.settings = settings
        self.store = store
        self.clock = clock
        self.started = clock.now()
        self.timetable = Timetable()
        self.waker = Waker()
        self.metrics = Metrics()
        self.pulse = Pulse()
        self.stopping = False
        """No action begins any more."""
        self._known: dict[str, Workplace] = {}
        self._fitted: dict[str, Fitted] = {}
        self._open: dict[str, Workplace] = {}
        self._shut: dict[str, Shut] = {}
        self._failing: set[tuple[str, str]] = set()
        self._refused: tuple[Need, ...] = ()
        self._gateway: Gateway | None = None
        self._proofs: Fingerprints = {}

    # ------------------------------------------------------------ what there is

    def workplaces(self) -> tuple[Workplace, ...]:
        """Every network's: as opened in the tenant, or as the state alone tells of it."""
        return tuple(self._open.get(one, known) for one, known in self._known.items())

    def is_open(self, network_id: str) -> bool:
        return network_id in self._open

    def needs(self) -> tuple[Need, ...]:
        """What the state cannot tell: refused settings, and the state itself."""
        shut = self._shut.get(_STATE)
        return (
            *self._refused,
            *((daemon_needs.of_the_state(shut.error, shut.since),) if shut else ()),
        )

    def in_the_way(self) -> tuple[str, ...]:
        """Name what keeps work from being done, at this moment."""
        shut = (f"{name or 'state'} ({one.error.reason})" for name, one in self._shut.items())
        jobs = (f"{job} of {network}" for network, job in sorted(self._failing))
        return (*(need.subject for need in self._refused), *shut, *jobs)

    async def standing(self) -> Standing:
        """How all this stands; where the state cannot be read, that this is so."""
        now = self.clock.now()
        try:
            return await standing(
                self.workplaces(),
                self.timetable,
                settings=self.settings,
                now=now,
                started=self.started,
                is_open=self.is_open,
                needs=self.needs(),
            )
        except StateError as error:
            if _STATE not in self._shut:
                self._close(_STATE, error)
            return Standing(
                at=now,
                version=version("natverket"),
                mode=self.settings.mode.value,
                started=self.started,
                networks=(),
                needs=self.needs(),
            )

    # ------------------------------------------------------------ what is due

    async def look(self) -> None:
        """See what time it is, and whether what proves who we are has been replaced."""
        if isinstance(self.clock, SandboxClock):
            await self.clock.refresh()
        if fingerprints(self._proofs) != self._proofs:
            log.info("credential_changed")
            await self.let_go()
            self.try_again()

    def due(self) -> Iterator[tuple[Entry, datetime]]:
        """Yield what is due, as long as its network is not shut."""
        for entry, period in self.timetable.due(self.clock.now()):
            if not (self._is_shut(_STATE) or self._is_shut(entry.network_id)):
                yield entry, period

    def next_wake(self) -> datetime:
        """When something falls due, or is to be opened again."""
        now = self.clock.now()
        again = (one.until for one in self._shut.values() if one.holds(now))
        return min([self.timetable.next_wake(now), *again])

    def all_done(self) -> bool:
        """Tell whether everything that is due has been done, and nothing stands in the way."""
        return not (self._shut or self._failing or self.timetable.due(self.clock.now()))

    def run_now(self, network_id: str, job: str) -> bool:
        """Run a job at once, whatever its time; False: there is no such job."""
        entry = self.timetable.entry(network_id, job)
        if entry is None:
            return False
        entry.at_once(self.clock.now())
        self.try_again()
        return True

    def try_again(self) -> None:
        """Open what is shut at the next wake-up, which is now."""
        self._shut = {
            name: replace(one, until=self.clock.now()) for name, one in self._shut.items()
        }
        self.waker.ring()

    async def run(self, entry: Entry, period: datetime) -> Outcome | None:
        """
        Run one occurrence, in its network. Whatever goes wrong is in the outcome.

        None: another process is at it.
        """
        known = self._known[entry.network_id]
        try:
            outcome = await contained(partial(self._alone, entry, period), entry.job, known, period)
        except AlreadyRunning:
            log.info("left_to_another", network=entry.network_id, job=entry.job.name)
            return None
        self._heed(entry, outcome)
        if not (self._is_shut(_STATE) or self._is_shut(entry.network_id)):
            settle(entry, period, outcome, self.clock.now())
        return outcome

    async def _alone(self, entry: Entry, period: datetime) -> Outcome:
        with self.store.exclusive(f"{entry.network_id}/{entry.job.name}") as free:
            if not free:
                raise AlreadyRunning(f"job {entry.job.name}")
            at = await self._opened(entry.network_id)
            if self.settings.mode is Mode.ACT:
                return await run(entry.job, at, period, stopping=lambda: self.stopping)
            outcome, actions = await observed(entry.job, at, period)
            for action in actions:
                log.info("would", job=entry.job.name, action=type(action).__name__)
            return outcome

    def _heed(self, entry: Entry, outcome: Outcome) -> None:
        """Draw from an outcome what it says of more than its own job."""
        this = (entry.network_id, entry.job.name)
        of_the_state = [error for error in outcome.errors if isinstance(error, StateError)]
        if of_the_state:
            self._close(_STATE, of_the_state[0])
        else:
            self._shut.pop(_STATE, None)
        if outcome.run.outcome == FAILED or any(
            error.verdict in (Verdict.STOP, Verdict.NOT_THIS_RUN) for error in outcome.errors
        ):
            self._failing.add(this)
        else:
            self._failing.discard(this)
        if outcome.run.outcome != FAILED:
            self._shut.pop(entry.network_id, None)
        elif isinstance(outcome.errors[0], SignInRefused):
            # A new secret may be there: the next one asks from the beginning.
            self._open.clear()
        elif isinstance(outcome.errors[0], Unreachable) and self.is_open(entry.network_id):
            # Every other job would wait as long to learn the same.
            self._close(entry.network_id, outcome.errors[0])

    # ------------------------------------------------------------ opening

    async def _opened(self, network_id: str) -> Workplace:
        """Find the network in the tenant, unless that was done."""
        at = self._open.get(network_id)
        if at is not None:
            return at
        chosen = self._fitted[network_id][0]
        try:
            gateway = await self._way_in()
            found = await open_workplace(chosen, self.settings, self.store, gateway, self.clock)
        except NatverketError as error:
            if not isinstance(error, StateError):
                self._close(network_id, error)
            raise
        at = replace(found, meter=self.metrics)
        self._open[network_id] = at
        # What the state tells of it from now on, should it be let go.
        self._known[network_id] = replace(
            self._known[network_id], places=at.places, posts_wait_until=at.posts_wait_until
        )
        self._shut.pop(network_id, None)
        log.info("opened", network=network_id)
        for note in notes_of(at, chosen):
            log.warning("note", network=network_id, what=note)
        return at

    async def _way_in(self) -> Gateway:
        """Return the one way in, or make it: anew where the last sign-in was refused."""
        if self._gateway is not None and not self._open:
            await self.let_go()
        if self._gateway is None:
            self._proofs = fingerprints(_proofs(self.settings))
            self._gateway = gateway_of(self.settings, self.clock, meter=self.metrics)
        await self._gateway.sign_in()
        return self._gateway

    async def let_go(self) -> None:
        """Close the way into the tenant; the next job of each network opens it anew."""
        gateway, self._gateway, self._proofs = self._gateway, None, {}
        self._open.clear()
        if gateway is not None:
            await gateway.close()

    def _close(self, name: str, error: NatverketError) -> None:
        now, before = self.clock.now(), self._shut.get(name)
        attempts = before.attempts + 1 if before else 1
        asked = error.until if isinstance(error, Throttled) else None
        self._shut[name] = Shut(
            error=error,
            since=before.since if before else now,
            attempts=attempts,
            tried=now,
            until=max(now + later(attempts, SOON), asked or now),
        )
        log.warning("shut", what=name or "state", said=impersonal(error), attempts=attempts)

    def _is_shut(self, name: str) -> bool:
        return name in self._shut and self._shut[name].holds(self.clock.now())

    # ------------------------------------------------------------ settings

    async def furnish(self, settings: Settings) -> None:
        """
        Take over settings, the first or others, between two runs. What ran stays run.

        Raises SettingsError, StateError: then nothing has changed.
        """
        kept = _unlike(settings, self.settings)
        settings = settings.model_copy(update={name: getattr(self.settings, name) for name in kept})
        there = [
            await known_workplace(each, settings, self.store, self.clock)
            for each in settings.networks
        ]
        known = {at.network.id: at for at in there}
        timetable = await timetable_of(known.values(), settings)
        timetable.take_over(self.timetable)
        if _of_all(settings) != _of_all(self.settings):
            await self.let_go()
        fitted = {
            at.network.id: (each, at.network, at.series, own_texts(each.texts))
            for each, at in zip(settings.networks, known.values(), strict=True)
        }
        same = {one for one, how in fitted.items() if self._fitted.get(one) == how}
        self._open = {one: at for one, at in self._open.items() if one in same}
        self._fitted = fitted
        self._failing = {one for one in self._failing if one[0] in known}
        self._shut.clear()
        self.settings, self._known, self.timetable = settings, known, timetable
        self._refused = tuple(daemon_needs.restart(name, self.clock.now()) for name in kept)
        self.waker.follow(timetable)

    def refuse(self, error: SettingsError) -> None:
        """Keep in mind that new settings are not usable: those from before hold."""
        now = self.clock.now()
        since = next((one.since for one in self._refused if one.id == daemon_needs.UNUSABLE), now)
        self._refused = (daemon_needs.unusable(error, since),)


def _unlike(settings: Settings, before: Settings) -> list[str]:
    return [name for name in LASTING if getattr(settings, name) != getattr(before, name)]


def _of_all(settings: Settings) -> dict[str, object]:
    return settings.model_dump(exclude={"networks", "notes"})


def _proofs(settings: Settings) -> list[Path]:
    """Files that are read once, when the way in is made."""
    return [path for path in (settings.client_certificate_file, settings.ca_file) if path]


@asynccontextmanager
async def open_house(settings: Settings) -> AsyncIterator[House]:
    """Open the state, and ask nobody else. Raises SettingsError, StateError."""
    async with AsyncExitStack() as stack:
        clock = clock_of(settings)
        if isinstance(clock, SandboxClock):
            stack.push_async_callback(clock.close)
            await clock.refresh()
        store = open_store(settings.state_url.get_secret_value())
        stack.callback(store.close)
        house = House(settings, store, clock)
        stack.push_async_callback(house.let_go)
        await house.furnish(settings)
        yield house
