"""A replay whose service is killed again and again, the sandbox living on."""

import asyncio
import random
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from service.cli.logs import log_to_stderr
from service.demo.outcome import as_json, outcome
from service.demo.tenant import ask
from service.demo.year import prepare, tenant
from service.sandbox.process import Sandbox
from service.settings import Settings
from service.wiring import open_office
from tests.acceptance.channel import keys_in_channel


@dataclass(frozen=True, kw_only=True)
class End:
    """How a year ended: what the service says of it, and what lies in the tenant."""

    says: dict[str, Any]
    posts: list[str]
    tenant: dict[str, Any]
    requests: int
    kills: int


def year(folder: Path, *, kill_at: list[tuple[int, str]]) -> End:
    """Replay 2023 in processes of their own, killing each at its request number."""
    with tenant(folder) as (sandbox, settings):
        log_to_stderr(settings.log_level, settings.log_format)
        asyncio.run(prepare(settings))
        kills = 0
        for number, when in kill_at:
            kills += _killed(sandbox, folder, number, when)
        process = _start(folder)
        assert process.wait() == 0
        return End(
            says=asyncio.run(_says(settings)),
            posts=sorted(keys_in_channel(sandbox).elements()),
            tenant=_holds(sandbox),
            requests=ask(sandbox, "requests?summary=1")["last"],
            kills=kills,
        )


def seeded(seed: int, *, count: int, first: int, last: int) -> list[tuple[int, str]]:
    """Request numbers in ascending order, each with whether the request was still carried out."""
    dice = random.Random(seed)
    numbers = sorted(dice.sample(range(first, last), count))
    return [(number, dice.choice(("before", "after"))) for number in numbers]


def _killed(sandbox: Sandbox, folder: Path, number: int, when: str) -> bool:
    """Tell whether the process died of it; it may reach the year's end before that number."""
    process = _start(folder)
    ask(sandbox, "faults", {"at_request": number, "kill": process.pid, "when": when})
    return process.wait() == -signal.SIGKILL


def _start(folder: Path) -> "subprocess.Popen[bytes]":
    env_file = folder / "natverket.env"
    return subprocess.Popen([sys.executable, "-m", "service", "--env-file", env_file, "replay"])


async def _says(settings: Settings) -> dict[str, Any]:
    async with open_office(settings) as office:
        result = await outcome(office.workplaces[0], 2023)
    return as_json(result, second_run_writes=0, report="", seconds=0)


def _holds(sandbox: Sandbox) -> dict[str, Any]:
    """Folders, files with size and columns, by path: without the ids that order of making gives."""
    return {
        library["drive"]: _below(library["children"]) for library in ask(sandbox, "tree")["value"]
    }


def _below(children: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        child["name"]: _below(child["children"])
        if "children" in child
        else {"size": child["size"], "fields": _without_ids(child["fields"])}
        for child in children
    }


def _without_ids(fields: dict[str, Any]) -> dict[str, Any]:
    """Where a file came from is kept; its id there is the sandbox's, by order of making."""
    source = str(fields.get("NvSource", ""))
    return {**fields, "NvSource": source.partition(":")[0]}
