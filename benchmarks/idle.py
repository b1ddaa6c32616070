"""
An idle month: `python -m benchmarks.idle`; with two networks: `python -m benchmarks.idle 30 2`.

A daemon in this process against a sandbox whose clock is moved from one wake-up to the
next, with the usual settings, through July, when the network rests. What the tenant is asked
a day, what the processor does, and whether memory and state grow.
"""

import asyncio
import gc
import json
import re
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

from benchmarks.commands import environment
from service.cli.logs import log_to_stderr
from service.daemon import Daemon, Source
from service.demo.tenant import ask
from service.demo.year import prepare
from service.graph.clock import SandboxClock
from service.house import House, open_house
from service.sandbox.process import Sandbox
from service.settings import files_of, read_settings
from service.systemd import Systemd

FIRST = datetime(2023, 7, 1, 0, 0, tzinfo=UTC)
DAYS = 30
_OWN = "NATVERKET_NETWORK_"
_IDS = re.compile(r"/(?:[\w!.,-]{20,}|[^/]*@[^/]*)(?=/|$|\?)")


def run(days: int = DAYS, networks: int = 1) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sandbox = Sandbox(seed="2023", directory=folder / "sandbox", http_port=0)
        sandbox.start()
        try:
            log_to_stderr("error", "text")
            env_file = environment(sandbox, folder)
            if networks > 1:
                _described(env_file, folder / "networks", networks)
            asyncio.run(prepare(read_settings(env_file, {})))
            return {"idle": asyncio.run(_month(sandbox, env_file, days))}
        finally:
            sandbox.stop()


async def _month(sandbox: Sandbox, env_file: Path, days: int) -> dict[str, Any]:
    read = partial(read_settings, env_file, {})
    async with open_house(read()) as house:

        async def after(house: House) -> None:
            await house.standing()

        source = Source(read=read, files=lambda s: files_of(s, env_file, {}))
        daemon = Daemon(house, source, systemd=Systemd({}), after=after)
        assert isinstance(house.clock, SandboxClock)
        await house.clock.move_to(FIRST - timedelta(days=2))
        await _until(house, daemon, FIRST)
        first = ask(sandbox, "requests?summary=1")["last"]
        found = [_looked(house)]
        used, rounds = time.process_time(), 0
        for day in range(days):
            rounds += await _until(house, daemon, FIRST + timedelta(days=day + 1))
            if day + 1 in (7, days):
                found.append(_looked(house))
        used = time.process_time() - used
        asked = _asked(sandbox, first)
    return {
        "days": days,
        "rounds_a_day": round(rounds / days, 1),
        "requests_a_day": round(sum(asked.values()) / days, 1),
        "by_kind_a_day": {kind: round(n / days, 1) for kind, n in asked.most_common()},
        "cpu_seconds_a_day": round(used / days, 2),
        "at_start_after_a_week_at_the_end": found,
    }


def _described(env_file: Path, folder: Path, networks: int) -> None:
    """Have the network's settings stand in TOML, once for each network: one site and mailbox."""
    lines = env_file.read_text(encoding="utf-8").splitlines()
    own = [line.removeprefix(_OWN) for line in lines if line.startswith(_OWN)]
    names = {name.lower(): text.strip("'\"") for name, text in (one.split("=", 1) for one in own)}
    folder.mkdir()
    for number in range(networks):
        own_places = ("library", "coordination", "register")
        mine = names | {"id": f"network-{number}"}
        mine |= {place: f"{place} {number}" for place in own_places}
        table = "\n".join(f"{name} = {json.dumps(text)}" for name, text in mine.items() if text)
        (folder / f"{number}.toml").write_text(f"[network]\n{table}\n", encoding="utf-8")
    rest = [line for line in lines if not line.startswith(_OWN)]
    env_file.write_text("\n".join([*rest, f"NATVERKET_NETWORKS={folder}", ""]), encoding="utf-8")


async def _until(house: House, daemon: Daemon, moment: datetime) -> int:
    assert isinstance(house.clock, SandboxClock)
    rounds = 0
    while (following := house.next_wake()) <= moment:
        await house.clock.move_to(following)
        await daemon.round()
        rounds += 1
    await house.clock.move_to(moment)
    return rounds


def _asked(sandbox: Sandbox, since: int) -> Counter[str]:
    return Counter(
        f"{item['method']} {_IDS.sub('/…', item['path'])}" for item in _items(sandbox, since)
    )


def _items(sandbox: Sandbox, since: int) -> Iterator[dict[str, Any]]:
    while page := ask(sandbox, f"requests?since={since}")["items"]:
        yield from page
        since = page[-1]["number"]


def _looked(house: House) -> dict[str, float]:
    gc.collect()
    status = Path("/proc/self/status").read_text(encoding="ascii")
    kib = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))
    state = make_url(house.settings.state_url.get_secret_value()).database
    with closing(sqlite3.connect(str(state))) as own:
        rows = {
            table: own.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("runs", "effects", "sights", "cursors")
        }
    return {"rss_mib": round(int(kib) / 1024, 1)} | rows


if __name__ == "__main__":
    print(json.dumps(run(*map(int, sys.argv[1:])), indent=2))
