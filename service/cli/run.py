"""The daemon, as a command: its signals, its page, and what it tells others."""

import asyncio
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog
import typer

from service.cli.app import Chosen, app, chosen, until_done
from service.cli.logs import log_to_stderr
from service.cli.serving import serving
from service.cli.words import DONE
from service.daemon import CLOSING, Daemon, Source
from service.errors import AlreadyRunning
from service.graph.ping import Ping
from service.house import House, open_house
from service.settings import Mode, Settings, files_of
from service.standing import note_start
from service.systemd import Systemd
from service.telling import Open, Teller, doors_of

log = structlog.get_logger()


@app.command()
def run(context: typer.Context) -> None:
    """The daemon: every job at its times, until SIGTERM; SIGHUP reads the settings anew."""
    given = chosen(context)
    until_done(_run(given.settings(), _source(given)))


def _source(given: Chosen) -> Source:
    def read() -> Settings:
        settings = given.settings()
        log_to_stderr(settings.log_level, settings.log_format)
        return settings

    def files(settings: Settings) -> Iterator[Path]:
        return files_of(settings, given.env_file)

    return Source(read=read, files=files)


async def _run(settings: Settings, source: Source) -> int:
    systemd = Systemd(os.environ)
    async with open_house(settings) as house:
        with alone(house):
            await note_start(house.workplaces(), house.started)
            daemon = Daemon(house, source, systemd=systemd, after=News(house).tell)
            with _signals(daemon.stop, daemon.reload):
                async with serving(house):
                    networks = [at.network.id for at in house.workplaces()]
                    log.info("started", networks=networks, mode=settings.mode.value)
                    for note in _notes(settings):
                        log.warning("note", what=note)
                    await daemon.work()
                    leave_anyway(CLOSING)
    log.info("stopped")
    return DONE


def leave_anyway(seconds: float) -> None:
    """
    End the process then, whatever still hangs; to be called when all work has ended.

    Python waits without end for threads, such as one that asks a name server that is silent.
    """
    leaving = threading.Timer(seconds, os._exit, (DONE,))
    leaving.daemon = True
    leaving.start()


@contextmanager
def alone(house: House) -> Iterator[None]:
    """Be the one daemon on this state. Raises AlreadyRunning, which names the other."""
    own = f"process {os.getpid()}, since {house.started:%Y-%m-%d %H:%M} UTC"
    with house.store.exclusive("run", own) as free:
        if not free:
            other = house.store.holder("run")
            raise AlreadyRunning(
                "state",
                "another `natverket run` is using NATVERKET_STATE_URL"
                + (f": {other}" if other else ""),
            )
        yield


@contextmanager
def _signals(stop: Callable[[], None], reload: Callable[[], None]) -> Iterator[None]:
    """The first SIGTERM or SIGINT lets the work end; a second one, of either, leaves at once."""
    loop = asyncio.get_running_loop()
    ending = (signal.SIGTERM, signal.SIGINT)

    def first() -> None:
        for number in ending:
            loop.remove_signal_handler(number)
            signal.signal(number, signal.SIG_DFL)
        stop()

    for number in ending:
        loop.add_signal_handler(number, first)
    loop.add_signal_handler(signal.SIGHUP, reload)
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGHUP)


def _notes(settings: Settings) -> Iterator[str]:
    yield from settings.notes
    if settings.ping_url is not None and settings.mode is Mode.OBSERVE:
        yield "NATVERKET_PING_URL is not called while observing: nothing is being done"


class News:
    """Tells those who are to know, once a round is over."""

    def __init__(self, house: House, *, doors: Open = doors_of) -> None:
        self._ping = Ping(house.clock)
        self._doors = doors
        self._told_by = house.settings
        self._teller = Teller(house.settings, house.clock, doors=doors)

    async def tell(self, house: House) -> None:
        """Tell administrators what needs them, and the dead-man's switch that all is done."""
        if house.settings is not self._told_by:
            self._told_by = house.settings
            self._teller = Teller(house.settings, house.clock, doors=self._doors)
        await self._teller.tell(await house.standing(), house.store)
        url = house.settings.ping_url
        if url is not None and house.settings.mode is Mode.ACT and house.all_done():
            await self._ping.call(url.get_secret_value(), house.settings.ca_file)
