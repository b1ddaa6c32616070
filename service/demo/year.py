"""The demo from end to end: a tenant, a year, a second time through, and what to look at."""

import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from service.demo.outcome import Outcome, outcome
from service.demo.replay import Played, again, replay
from service.demo.stories import STORIES, USUAL, Story
from service.demo.tenant import copy_libraries, writes
from service.domain.period import end_of
from service.errors import FolderInUse, NotStarted
from service.parse.history import read_history
from service.provisioning import provision
from service.sandbox.process import NotStartedError, Sandbox
from service.settings import Settings, read_settings
from service.shipped import shipped
from service.wiring import Office, open_office

SEED = STORIES[USUAL].seed
MARK = ".natverket-demo"
"""Tells a folder of ours, which may be emptied, from a person's."""

SETTINGS = {
    "NATVERKET_POLL_CALENDAR": "1440",
    "NATVERKET_POLL_DRIVES": "1440",
    "NATVERKET_POLL_SURVEYS": "1440",
    "NATVERKET_POLL_MEETINGS": "1440",
    "NATVERKET_POLL_REMINDERS": "60",
    "NATVERKET_NETWORK_APPROVE_FIRST_WEEKS": "0",
    "NATVERKET_LOG_LEVEL": "error",
}
"""A year passes in a minute: sources are read less often than a real daemon would."""

Progress = Callable[[datetime], None]


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What the demo has to show."""

    outcome: Outcome
    first: Played
    second: Played
    second_run_writes: int
    replay_seconds: float
    seconds: float
    url: str
    report: Path | None
    """The annual report as it lies in the folder; None if none was filed."""


@contextmanager
def tenant(
    folder: Path, switches: Sequence[str] = (), *, seed: str = SEED
) -> Iterator[tuple[Sandbox, Settings]]:
    """
    Serve the sandbox from an emptied folder; its settings are left there as a file. Each of
    `switches` reads `NAME=VALUE`. Raises NotStarted.
    """
    _empty(folder)
    with _started(folder / "sandbox", switches, seed) as sandbox:
        env_file = folder / "natverket.env"
        state = f"NATVERKET_STATE_URL=sqlite:///{(folder / 'natverket.db').resolve()}"
        lines = [*(f"{name}={value}" for name, value in SETTINGS.items()), state]
        env_file.touch(mode=0o600)
        served = sandbox.env_file.read_text(encoding="utf-8")
        env_file.write_text(served + "\n".join(lines) + "\n", encoding="utf-8")
        yield sandbox, read_settings(env_file, _without_ours())


@contextmanager
def _started(folder: Path, switches: Sequence[str], seed: str) -> Iterator[Sandbox]:
    sandbox = Sandbox(seed=seed, directory=folder, http_port=0, switches=switches)
    try:
        sandbox.start()
    except NotStartedError as error:
        last = str(error).strip().splitlines()[-1:] or [""]
        raise NotStarted(str(folder), last[0]) from error
    try:
        yield sandbox
    finally:
        sandbox.stop()


async def play(
    sandbox: Sandbox, settings: Settings, folder: Path, progress: Progress, story: Story
) -> Shown:
    """Replay the year, count, play it again, and lay out what came of it."""
    started = time.monotonic()
    await prepare(settings, story.history)
    async with open_office(settings) as office:
        until = last_minute(office)
        begun = time.monotonic()
        first = await replay(office, until, progress)
        replayed = time.monotonic() - begun
        result = await outcome(office.workplaces[0], until.year)
        before = writes(sandbox)
        second = await again(office)
        after = writes(sandbox)
        await copy_libraries(office, folder / "tenant")
    return Shown(
        outcome=result,
        first=first,
        second=second,
        second_run_writes=after - before,
        replay_seconds=replayed,
        seconds=time.monotonic() - started,
        url=sandbox.url,
        report=_lay_out_report(folder, until.year),
    )


async def prepare(settings: Settings, history: str = STORIES[USUAL].history) -> None:
    """What an admin does before the first start: provision, and import the years before."""
    async for _ in provision(settings):
        pass
    async with open_office(settings) as office:
        await _import_history(office, history)


def last_minute(office: Office) -> datetime:
    """31 December, 23:59 local, of the year that the sandbox's clock is in."""
    time_zone = office.workplaces[0].network.time_zone
    year = (office.clock.now() + timedelta(days=1)).year
    return end_of(datetime(year, 12, 31, tzinfo=UTC).date(), time_zone) - timedelta(minutes=1)


async def _import_history(office: Office, name: str) -> None:
    points = read_history(shipped("seeds", name).read_bytes(), name)
    for at in office.workplaces:
        await at.journal.import_history(points)


def _lay_out_report(folder: Path, year: int) -> Path | None:
    drafts = folder / "tenant" / "Samordning" / "Rapportutkast"
    report = drafts / f"Årsrapport {year}.docx"
    if not report.is_file():
        return None
    return Path(shutil.copy(report, folder / report.name))


def _empty(folder: Path) -> None:
    mark = folder / MARK
    if folder.is_dir() and any(folder.iterdir()) and not mark.exists():
        raise FolderInUse(str(folder))
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    mark.touch()


def _without_ours() -> dict[str, str]:
    """The environment without NATVERKET_ names: a person's own settings have no part in a demo."""
    return {k: v for k, v in os.environ.items() if not k.upper().startswith("NATVERKET_")}
