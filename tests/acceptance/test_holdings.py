"""`natverket export` and `natverket dispose` over a tenant in which something has happened."""

import asyncio
import json
import shutil
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from service.cli.logs import log_to_stderr
from service.cli.main import app
from service.demo.tenant import writes
from service.demo.year import prepare
from service.graph.clock import SandboxClock
from service.jobs.known import known
from service.sandbox.process import Sandbox
from service.settings import read_settings
from service.wiring import Office, open_office

FILING = ("sync_calendar", "file_materials", "file_recordings")
ANSWERS = ("sync_calendar", "collect_surveys", "publish_results")
RULE = {
    "NATVERKET_NETWORK_RETENTION": "1",
    "NATVERKET_NETWORK_RETENTION_DECISION": "KS 2024/0123 § 45",
}


@pytest.fixture(scope="module")
def tenant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Sandbox, Path]]:
    """The example tenant, its files filed and, two months later, its answers read."""
    folder = tmp_path_factory.mktemp("example")
    with Sandbox(seed="example", directory=folder / "tenant") as sandbox:
        file = folder / "natverket.env"
        state = f"NATVERKET_STATE_URL=sqlite:///{folder / 'state.db'}\n"
        file.write_text(sandbox.env_file.read_text(encoding="utf-8") + state, encoding="utf-8")
        asyncio.run(_first_day(file))
        yield sandbox, file


async def _first_day(env_file: Path) -> None:
    settings = read_settings(env_file, {})
    log_to_stderr("error", "text")
    await prepare(settings)
    async with open_office(settings) as office:
        await _run(office, FILING)
        assert isinstance(office.clock, SandboxClock)
        await office.clock.move_to(office.clock.now() + timedelta(days=60))
        await _run(office, ANSWERS)


async def _run(office: Office, jobs: tuple[str, ...]) -> None:
    entries = {entry.job.name: entry for entry in (await office.timetable()).entries}
    for name in jobs:
        await office.run(entries[name], office.clock.now())


def natverket(env_file: Path, *words: str | Path, **settings: str) -> tuple[int, str]:
    line = ["--env-file", str(env_file), *map(str, words)]
    done = CliRunner().invoke(app, line, env={"COLUMNS": "100"} | settings)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


async def _with_most_files(env_file: Path) -> str:
    """Day of the meeting of which most is filed."""
    async with open_office(read_settings(env_file, {})) as office:
        facts = await known(office.workplaces[0])
    most = max(facts.meetings, key=lambda meeting: len(facts.files_of(meeting.id)))
    return most.first_day.isoformat()


def test_a_meeting_is_handed_out(tenant: tuple[Sandbox, Path], tmp_path: Path) -> None:
    """Files, index and sums that `sha256sum -c` believes; the tenant is as it was."""
    sandbox, env_file = tenant
    day = asyncio.run(_with_most_files(env_file))
    before = writes(sandbox)
    code, shown = natverket(env_file, "export", day, "--out", tmp_path / "ut")
    told = json.loads((tmp_path / "ut" / "index.json").read_text(encoding="utf-8"))
    filed = [one for one in told["files"] if one["section"] == "documentation"]

    assert (code, writes(sandbox)) == (0, before)
    assert len(filed) > 2
    assert all(one["type"] for one in filed)
    checked = subprocess.run(
        [shutil.which("sha256sum") or "sha256sum", "-c", "--strict", "SHA256SUMS"],
        cwd=tmp_path / "ut",
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout
    assert len(checked.stdout.splitlines()) == len(told["files"]) + 3

    _, again = natverket(env_file, "export", day, "--out", tmp_path / "ut")
    assert " 0 hämtade nu" in again, shown


def test_answers_are_disposed_of(tenant: tuple[Sandbox, Path]) -> None:
    """Shown first; nothing without an answer, or in observing; then done, once."""
    _, env_file = tenant
    code, shown = natverket(env_file, "dispose", "--json", **RULE)
    [due] = json.loads(shown)
    unasked, _ = natverket(env_file, "dispose", "--carry-out", **RULE)
    observing, _ = natverket(
        env_file, "dispose", "--carry-out", "--yes", NATVERKET_MODE="observe", **RULE
    )
    assert (code, unasked, observing) == (0, 1, 0)
    assert due["rule"] == {"months": 1, "decision": "KS 2024/0123 § 45"}
    assert due["surveys"]

    by = ("--by", "Anna Exempel")
    code, shown = natverket(env_file, "dispose", "--carry-out", "--yes", *by, **RULE)
    assert code == 0, shown
    assert f"Gallrade enkäter: {len(due['surveys'])}. Kvitto: Gallringskvitto" in shown
    assert "Forms" in shown

    _, shown = natverket(env_file, "survey", "list")
    _, told = natverket(env_file, "survey", "list", "--json")
    closed = [one["closed"] for one in json.loads(told)["forms"] if one["closed"]]
    assert shown.count("stängd för gott") == len(closed) >= len(due["surveys"])
