"""A state that was lost and made again, beside the one that was: for the tests of a rebuild."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from service.demo.outcome import as_json, outcome
from service.demo.tenant import ask, writes
from service.jobs import JOBS
from service.jobs.engine import run
from service.ports import HistoryPoint
from service.rebuilding import Rebuilt, rebuilt
from service.sandbox.process import Sandbox
from service.settings import Settings
from service.wiring import open_office
from tests.acceptance.channel import keys_in_channel

RUNS_ON = 2
"""Times that every job of the year is run on the state that was made again."""


@dataclass(frozen=True, kw_only=True)
class Again:
    """What came of it."""

    made: Rebuilt
    says: Mapping[str, Any]
    writes_made: int
    """Requests that changed the tenant while the state was made."""
    errors: tuple[Any, ...]


def with_state(settings: Settings, path: Path) -> Settings:
    return settings.model_copy(update={"state_url": SecretStr(f"sqlite:///{path}")})


def lose_and_rebuild(sandbox: Sandbox, settings: Settings, fresh: Path, *, reads: bool) -> Again:
    """Make the state anew at `fresh`, then run every job of the year on it; `reads`: channels."""
    history = asyncio.run(_history(settings))
    return asyncio.run(_again(sandbox, with_state(settings, fresh), history, reads=reads))


async def _history(settings: Settings) -> tuple[HistoryPoint, ...]:
    """What an admin imports again."""
    async with open_office(settings) as office:
        return await office.workplaces[0].journal.history()


async def _again(
    sandbox: Sandbox, settings: Settings, history: tuple[HistoryPoint, ...], *, reads: bool
) -> Again:
    before = writes(sandbox)
    async with open_office(settings) as office:
        at = office.workplaces[0]
        at = at if reads else replace(at, messages={})
        await at.journal.import_history(history)
        made = await rebuilt(at)
        made_by = writes(sandbox) - before
        errors = []
        for _ in range(RUNS_ON):
            for job in JOBS:
                if job.wanted(at):
                    errors += (await run(job, at, at.clock.now())).errors
        says = as_json(
            await outcome(at, at.clock.now().year), second_run_writes=0, report="", seconds=0
        )
    return Again(made=made, says=says, writes_made=made_by, errors=tuple(errors))


async def _says(settings: Settings, year: int) -> dict[str, Any]:
    async with open_office(settings) as office:
        result = await outcome(office.workplaces[0], year)
    return as_json(result, second_run_writes=0, report="", seconds=0)


def figures(says: Mapping[str, Any]) -> dict[str, Any]:
    """Without the count of posts: of those of long ago nothing tells but the channel itself."""
    meetings = [
        {name: value for name, value in one.items() if name != "posts"} for one in says["meetings"]
    ]
    totals = {name: value for name, value in says["totals"].items() if name != "posts"}
    return {**says, "meetings": meetings, "totals": totals}


def said(settings: Settings, year: int = 2023) -> dict[str, Any]:
    return asyncio.run(_says(settings, year))


def lies(sandbox: Sandbox) -> dict[str, str]:
    """Every file of both libraries by its path, with its size and columns."""
    found: dict[str, str] = {}
    for library in ask(sandbox, "tree")["value"]:
        _below(library["children"], library["drive"], found)
    return found


def _below(children: list[dict[str, Any]], path: str, found: dict[str, str]) -> None:
    for child in children:
        here = f"{path}/{child['name']}"
        if "children" in child:
            _below(child["children"], here, found)
        else:
            found[here] = f"{child['size']} {sorted(child['fields'].items())}"


def members(files: Mapping[str, str]) -> dict[str, str]:
    """Those of the members' library: among the coordinators' some tell when they were written."""
    return {path: file for path, file in files.items() if path.startswith("Dokumentation/")}


def posts(sandbox: Sandbox) -> dict[str, int]:
    return dict(keys_in_channel(sandbox))
