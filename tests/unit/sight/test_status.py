"""`natverket status` and `natverket jobs`, on a state that somebody has left."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from service.cli.main import app
from service.errors import Forbidden
from service.jobs.failing import FAILING, Failing
from service.observe import Change
from service.ports import Run
from service.store import open_store

ENVIRONMENT = """
NATVERKET_TENANT_ID=10000000-0000-4000-8000-000000000001
NATVERKET_CLIENT_ID=10000000-0000-4000-8000-000000000002
NATVERKET_CLIENT_SECRET=hemligt
NATVERKET_GRAPH_URL=https://127.0.0.1:9
NATVERKET_AUTHORITY_URL=https://127.0.0.1:9
NATVERKET_NETWORK_NAME=Exempel
NATVERKET_NETWORK_MAILBOX=natverk@exempel.se
NATVERKET_NETWORK_SITE=https://exempel.sharepoint.com/sites/natverket
NATVERKET_NETWORK_FOCUS_GROUPS=natur=Natur
NATVERKET_NETWORK_READ_CHANNEL=false
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings of a tenant that nothing answers for: whoever asks it fails."""
    monkeypatch.chdir(tmp_path)
    state = f"NATVERKET_STATE_URL=sqlite:///{tmp_path / 'state.db'}\n"
    (tmp_path / ".env").write_text(ENVIRONMENT + state, encoding="utf-8")
    return tmp_path


def ask(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["--env-file", ".env", *words])
    return done.exit_code, done.output


def leave(folder: Path, *, failing: bool = False) -> str:
    """Lay a state in which a job ran a minute ago; return the network's id."""
    store = open_store(f"sqlite:///{folder / 'state.db'}")
    now = datetime.now(UTC)
    network = json.loads(ask("status", "--json")[1])["networks"][0]["network"]
    run = Run(
        job="file_materials",
        scope=network,
        period=now - timedelta(minutes=1),
        started=now,
        finished=now,
        outcome="failed" if failing else "done",
        did=2,
        note="Löner Anna.xlsx: no",
    )
    asyncio.run(store.journal(network).record(run))
    if failing:
        why = Failing(
            job="file_materials",
            error=Forbidden.__name__,
            verdict="stop",
            stopped=True,
            said="The app lacks the right for this.",
            remedy="Grant it.",
            since=now,
        )
        asyncio.run(store.ledger(network).absorb(FAILING, [Change(id="file_materials", value=why)]))
    store.close()
    return str(network)


def test_all_is_well(folder: Path) -> None:
    """In a few lines, without the tenant, with exit code 0."""
    open_store(f"sqlite:///{folder / 'state.db'}").close()
    leave(folder)
    code, said = ask("status")

    assert code == 0, said
    assert said.startswith("All is well.\n")
    assert "no daemon runs on this state" in said
    assert "last file_materials" in said
    assert len(said.splitlines()) <= 10


def test_what_failed_is_told_with_its_remedy(folder: Path) -> None:
    """Exit code 1; and no names of files, which the run's note has."""
    open_store(f"sqlite:///{folder / 'state.db'}").close()
    leave(folder, failing=True)
    code, said = ask("status")
    told, as_json = ask("status", "--json")

    assert (code, told) == (1, 1)
    assert said.startswith("Not all is well: 1 has failed.\n")
    assert "job file_materials: The app lacks the right for this. Grant it." in said
    assert json.loads(as_json)["needs"][0]["kind"] == "right"
    assert "Anna" not in said + as_json


def test_no_state_is_no_state(folder: Path) -> None:
    """It says so, and makes none: a wrong path would else look like a service that never ran."""
    code, said = ask("status")

    assert code == 1
    assert "nothing has run" in said
    assert not (folder / "state.db").exists()


def test_jobs_tell_when_they_ran_and_run(folder: Path) -> None:
    """Where there is a state; without one, or without settings, the list is as it was."""
    bare = ask("jobs")[1]
    assert "has not run yet" not in bare
    assert not (folder / "state.db").exists()
    (folder / "state.db").unlink(missing_ok=True)
    open_store(f"sqlite:///{folder / 'state.db'}").close()
    network = leave(folder)
    told = ask("jobs")[1]

    assert f"{network}: ran " in told
    assert f"{network}: has not run yet; next " in told
    runs = {each["job"]: each["runs"] for each in json.loads(ask("jobs", "--json")[1])}
    assert runs["file_materials"][0]["last"]["outcome"] == "done"
    (folder / ".env").write_text("", encoding="utf-8")
    code, again = ask("jobs")
    assert (code, again) == (0, bare)
