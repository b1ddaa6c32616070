"""`natverket sandbox` as it comes: an example year around today, for whoever tries a command."""

import asyncio
from pathlib import Path

from service.cli.logs import log_to_stderr
from service.demo.year import prepare
from service.jobs.engine import Outcome
from service.sandbox.process import Sandbox
from service.settings import read_settings
from service.wiring import open_office


async def _every_job_once(env_file: Path, state: Path) -> list[Outcome]:
    settings = read_settings(env_file, {"NATVERKET_STATE_URL": f"sqlite:///{state}"})
    log_to_stderr("error", "text")
    await prepare(settings)
    async with open_office(settings) as office:
        timetable = await office.timetable()
        now = office.clock.now()
        return [await office.run(entry, now) for entry in timetable.entries]


def test_every_job_has_something_to_do_on_the_first_day(tmp_path: Path) -> None:
    """What lies in the tenant is as old as it would be, so that the first run already files."""
    with Sandbox(seed="example", directory=tmp_path / "tenant") as sandbox:
        outcomes = asyncio.run(_every_job_once(sandbox.env_file, tmp_path / "state.db"))
    did = {outcome.run.job: outcome.run.did for outcome in outcomes}

    assert [outcome.errors for outcome in outcomes if outcome.errors] == []
    assert did["sync_calendar"] > 5
    assert did["file_materials"] > 5
    assert did["file_recordings"] > 2
