"""`natverket meetings` over a tenant in which something has happened."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.cli.logs import log_to_stderr
from service.demo.year import prepare
from service.sandbox.process import Sandbox
from service.settings import read_settings
from service.wiring import open_office

ENVIRONMENT = {k: v for k, v in os.environ.items() if not k.startswith("NATVERKET_")}
FIRST_DAY = ("sync_calendar", "file_materials", "file_recordings")


@pytest.fixture(scope="module")
def env_file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The example tenant, provisioned, with its calendar read and its files filed."""
    folder = tmp_path_factory.mktemp("example")
    with Sandbox(seed="example", directory=folder / "tenant") as sandbox:
        file = folder / "natverket.env"
        state = f"NATVERKET_STATE_URL=sqlite:///{folder / 'state.db'}\n"
        file.write_text(sandbox.env_file.read_text(encoding="utf-8") + state, encoding="utf-8")
        asyncio.run(_first_day(file))
        yield file


async def _first_day(env_file: Path) -> None:
    settings = read_settings(env_file, {})
    log_to_stderr("error", "text")
    await prepare(settings)
    async with open_office(settings) as office:
        timetable = await office.timetable()
        for entry in timetable.entries:
            if entry.job.name in FIRST_DAY:
                await office.run(entry, office.clock.now())


def natverket(env_file: Path, *words: str, **settings: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "service", "--env-file", env_file, *words],
        capture_output=True,
        text=True,
        env=ENVIRONMENT | {"COLUMNS": "100"} | settings,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_table(env_file: Path) -> None:
    """In the coordinators' language, within a hundred columns, and without colour in a pipe."""
    shown = natverket(env_file, "meetings")

    assert "inbj  prog  mat  insp  text  trans  delt  utv" in shown
    assert "saknas: " in shown
    assert "\x1b" not in shown
    assert max(map(len, shown.splitlines())) <= 100


def test_in_english_at_eighty_columns(env_file: Path) -> None:
    """The network's language is that of all a coordinator reads; titles are cut, lines are not."""
    shown = natverket(env_file, "meetings", COLUMNS="80", NATVERKET_NETWORK_LANGUAGE="en")

    assert "missing: " in shown
    assert max(map(len, shown.splitlines())) <= 80


def test_for_machines_and_in_words(env_file: Path) -> None:
    """Every thing of every meeting with its state and figure; in words those that lack one."""
    told = json.loads(natverket(env_file, "meetings", "--json"))
    meetings = told["meetings"]
    things = [meeting["things"] for meeting in meetings]

    assert set(told) == {"forms", "meetings", "planned", "removed", "unplaced"}
    assert {len(each) for each in things} == {8}
    assert {each["invitation"]["state"] for each in things} <= {"there", "not_expected"}
    assert any(each["materials"].get("count", 0) > 0 for each in things)
    assert any(each["participants"]["state"] == "missing" for each in things)

    shown = natverket(env_file, "meetings", "--missing")
    assert any(not meeting["says"] for meeting in meetings)
    assert shown.count("saknas: ") == sum(bool(meeting["missing"]) for meeting in meetings)


def test_a_plan_says_that_coordinators_have_no_channel(env_file: Path) -> None:
    """Nothing is posted for want of an address, and the plan names the settings."""
    shown = natverket(env_file, "plan", "watch_gaps", NATVERKET_NETWORK_COORDINATOR_URL="")
    assert "watch_gaps: nothing" in shown
    assert "set NATVERKET_NETWORK_COORDINATOR_CHANNEL" in shown
