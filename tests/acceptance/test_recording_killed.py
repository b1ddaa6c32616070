"""A recording of 5 GB through a process that is killed again and again."""

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import Any

import pytest

from service.cli.logs import log_to_stderr
from service.demo.tenant import ask
from service.graph.quickxor import QuickXor
from service.observe import SeenItem
from service.provisioning import provision
from service.sandbox.process import Sandbox
from service.settings import Settings, describe, read_settings
from service.store import open_store
from service.wiring import open_office
from tests.acceptance import long_recording

SEED = int(os.environ.get("PROOF_SEED", "20230308"))
SIZE = 5 * 10**9
KILLS = 50
HEADROOM = 64
"""MiB that filing may take above what a run takes that has nothing to file."""
MIB = 2**20
ENVIRONMENT = {k: v for k, v in os.environ.items() if not k.startswith("NATVERKET_")}


@dataclass(frozen=True)
class Ended:
    """How a process ended, and the most memory that it had."""

    code: int
    peak_mib: float
    seconds: float


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    path = tmp_path / "recording.mp4"
    long_recording.write(path, SIZE, SEED)
    return path


@pytest.fixture
def served(
    recording: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Sandbox, Path]]:
    """A provisioned tenant, and the settings to reach it; uploads are hashed and not kept."""
    monkeypatch.setenv(long_recording.FILE, str(recording))
    seed = f"{long_recording.__file__}:tenant"
    with Sandbox(seed=seed, directory=tmp_path / "tenant", discard=True) as sandbox:
        env_file = tmp_path / "natverket.env"
        state = f"NATVERKET_STATE_URL=sqlite:///{tmp_path / 'natverket.db'}\n"
        served = sandbox.env_file.read_text(encoding="utf-8")
        env_file.write_text(f"{served}{state}NATVERKET_LOG_LEVEL=error\n", encoding="utf-8")
        log_to_stderr("error", "text")
        asyncio.run(_provision(read_settings(env_file, {})))
        yield sandbox, env_file


async def _provision(settings: Settings) -> None:
    async for _ in provision(settings):
        pass


def once(env_file: Path, job: str, *, kill_after: float | None = None) -> Ended:
    """Run a job in a process of its own, and kill that after so many seconds if it still runs."""
    begun = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "service", "--env-file", env_file, "once", job],
        stdout=subprocess.DEVNULL,
        env=ENVIRONMENT,
    )
    killer = Timer(kill_after or 0.0, process.send_signal, [signal.SIGKILL])
    if kill_after is not None:
        killer.start()
    _, status, used = os.wait4(process.pid, 0)
    killer.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    return Ended(process.returncode, used.ru_maxrss / 1024, time.monotonic() - begun)


@pytest.mark.proof
def test_fifty_kills_cost_a_range_each(served: tuple[Sandbox, Path], recording: Path) -> None:
    """
    One whole file with the hash of its source, in one session.

    Nothing that was acknowledged is sent again, nor asked of the source again, and memory
    stays within its bounds.
    """
    sandbox, env_file = served
    dice = random.Random(SEED)
    print(f"seed {SEED}: PROOF_SEED={SEED} repeats the moments")
    ask(sandbox, "clock", {"now": long_recording.RECORDED.isoformat()})
    assert once(env_file, "sync_calendar").code == 0
    idle = once(env_file, "sync_calendar")
    before = ask(sandbox, "requests?summary=1")["last"]

    ends = _killed(env_file, dice, idle.seconds)
    ends.append(once(env_file, "file_recordings"))
    assert ends[-1].code == 0

    assert _offset(env_file) == 0, "the session is still in the ledger"
    asked = Asked(ask(sandbox, f"requests?since={before}"))
    item = asyncio.run(_filed(read_settings(env_file, {})))
    assert (item.size, item.quick_xor_hash) == (SIZE, _hash(recording))
    assert asked.sessions == 1
    assert asked.statuses_of_ranges <= {200, 201, 202}
    assert asked.broken_off <= KILLS
    assert asked.whole_downloads == 0
    above = max(end.peak_mib for end in ends) - idle.peak_mib
    print(
        f"{KILLS} kills, {asked.ranges} ranges, {asked.broken_off} of them broken off, "
        f"{above:.0f} MiB above the {idle.peak_mib:.0f} of a run with nothing to file"
    )
    assert above <= HEADROOM


def _killed(env_file: Path, dice: random.Random, start: float) -> list[Ended]:
    """Kill as often as is wanted, from early in its start to some way into its sending."""
    ends: list[Ended] = []
    latest, offset = start + 1.0, 0
    while len(ends) < KILLS:
        moment = dice.uniform(0.5 * start, latest)
        ends.append(once(env_file, "file_recordings", kill_after=moment))
        assert ends[-1].code == -signal.SIGKILL, f"it ended after {offset} bytes by itself"
        before, offset = offset, _offset(env_file)
        assert before <= offset < SIZE
        # However fast the machine, the last kill is to come before the last byte.
        too_fast = offset / SIZE > 0.8 * len(ends) / KILLS
        latest = max(0.6 * start, 0.85 * latest) if too_fast else min(start + 1.5, 1.1 * latest)
    return ends


def _offset(env_file: Path) -> int:
    """Bytes that are acknowledged, by the ledger."""
    settings = read_settings(env_file, {})
    with closing(open_store(settings.state_url.get_secret_value())) as store:
        effects = asyncio.run(store.ledger(describe(settings.networks[0]).id).effects())
    return max((e.upload.offset for e in effects.values() if e.upload), default=0)


class Asked:
    """What the tenant was asked for, by its journal."""

    def __init__(self, journal: dict[str, Any]) -> None:
        rows = journal["items"]
        puts = [r for r in rows if r["method"] == "PUT" and r["path"].startswith("/upload/")]
        self.ranges = len(puts)
        self.statuses_of_ranges = {r["status"] for r in puts}
        self.sessions = sum("createUploadSession" in r["path"] for r in rows)
        # Once a second range came, the first one was in the ledger.
        second = sorted(r["number"] for r in puts)[1]
        self.whole_downloads = sum(
            r["path"].startswith("/download/") and r["status"] == 200 and r["number"] > second
            for r in rows
        )
        # A request that was never wholly there has a number and no row.
        self.broken_off = journal["last"] - rows[0]["number"] + 1 - len(rows)


async def _filed(settings: Settings) -> SeenItem:
    """The one recording in the members' library."""
    async with open_office(settings) as office:
        at = office.workplaces[0]
        found = [
            change.value
            async for page in at.drives.changes(at.places.documentation, None)
            for change in page.changes
            if change.value is not None and change.value.name.endswith(".mp4")
        ]
    assert len(found) == 1
    return found[0]


def _hash(path: Path) -> str:
    hash_ = QuickXor()
    with path.open("rb", buffering=0) as file:
        while piece := file.read(MIB):
            hash_.update(piece)
    return hash_.digest()
