"""The commands as a person types them: what is printed, and the exit code."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from service.shipped import shipped

ENVIRONMENT = {k: v for k, v in os.environ.items() if not k.startswith("NATVERKET_")}


def natverket(*words: str | Path, cwd: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "service", *map(str, words)],
        capture_output=True,
        text=True,
        cwd=cwd,
        env=ENVIRONMENT | settings,
        check=False,
    )


def test_without_settings_every_missing_one_is_named(tmp_path: Path) -> None:
    """Nothing is contacted: the problems come all at once, by name, with what to write."""
    done = natverket("run", cwd=tmp_path)

    assert done.returncode == 2
    for name in ("TENANT_ID", "CLIENT_ID", "CLIENT_SECRET", "NETWORK_MAILBOX", "NETWORK_SITE"):
        assert f"NATVERKET_{name}: is not set; write" in done.stderr
    assert done.stdout == ""


def test_a_misspelt_setting_is_told_with_the_right_name(tmp_path: Path) -> None:
    """The nearest name is named, and the exit code is that of wrong settings."""
    done = natverket("plan", cwd=tmp_path, NATVERKET_TENNANT_ID="x")

    assert done.returncode == 2
    assert (
        "NATVERKET_TENNANT_ID: there is no such setting; write NATVERKET_TENANT_ID" in done.stderr
    )


def test_an_unreachable_tenant_is_one_line_and_a_remedy(tmp_path: Path) -> None:
    """Which host, and what to look at: no traceback."""
    done = natverket(
        "plan",
        cwd=tmp_path,
        NATVERKET_TENANT_ID="tenant",
        NATVERKET_CLIENT_ID="app",
        NATVERKET_CLIENT_SECRET="not-a-real-one",
        NATVERKET_GRAPH_URL="https://localhost:9",
        NATVERKET_AUTHORITY_URL="https://localhost:9",
        NATVERKET_NETWORK_MAILBOX="natverk@natverket.example",
        NATVERKET_NETWORK_SITE="https://natverket.example/sites/x",
        NATVERKET_NETWORK_NAME="Exempelnätverket",
        NATVERKET_NETWORK_FOCUS_GROUPS="a=A",
        NATVERKET_NETWORK_READ_CHANNEL="false",
    )
    assert done.returncode == 1
    assert "localhost" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 2
    assert "Traceback" not in done.stderr
    assert "not-a-real-one" not in done.stderr


def test_jobs_as_json_is_json_alone(tmp_path: Path) -> None:
    """Machines get one document on standard output, without settings or a tenant."""
    done = natverket("jobs", "--json", cwd=tmp_path)

    assert done.returncode == 0
    assert {each["job"] for each in json.loads(done.stdout)} >= {"sync_calendar", "post_digest"}


def test_an_unknown_job_is_refused_with_those_there_are(tmp_path: Path) -> None:
    """Wrong use is told before anything is contacted."""
    done = natverket("--env-file", _settings(tmp_path), "once", "nonsense", cwd=tmp_path)

    assert done.returncode == 2
    assert "sync_calendar" in done.stderr


@pytest.mark.parametrize("words", [("x",), ("x", "--undo", "--again"), ("--undo",)])
def test_file_wants_one_file_and_one_thing_said(tmp_path: Path, words: tuple[str, ...]) -> None:
    """Wrong use is told before anything is contacted."""
    done = natverket("--env-file", _settings(tmp_path), "file", *words, cwd=tmp_path)

    assert done.returncode == 2
    assert "one of --meeting DATE, --undo and --again" in done.stdout + done.stderr


def test_the_shipped_history_can_be_imported(tmp_path: Path) -> None:
    """Earlier years come in once; a second time nothing is new."""
    file = tmp_path / "history.csv"
    file.write_bytes(shipped("seeds", "history-2019-2022.csv").read_bytes())
    env_file = _settings(tmp_path)
    first = natverket("--env-file", env_file, "import", "history", file, cwd=tmp_path)
    second = natverket("--env-file", env_file, "import", "history", file, cwd=tmp_path)

    assert first.stdout == "16 figures read, 16 of them new or changed\n"
    assert second.stdout == "16 figures read, 0 of them new or changed\n"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("2022;Fråga;7,1;53", "'7,1' is not a mean from 1 to 6"),
        ("2022;Fråga;5,1 av 5;53", "'5,1 av 5' is not a mean from 1 to 6"),
        ("22;Fråga;5,1;53", "'22' is not a year"),
        ("2022;Fråga;5,1;många", "'många' is not a number of respondents"),
    ],
)
def test_a_bad_line_of_history_is_named(tmp_path: Path, line: str, reason: str) -> None:
    """The line and the reason are told, and nothing is taken in."""
    file = tmp_path / "history.csv"
    file.write_text(f"year;question;mean;n\n{line}\n", encoding="utf-8")
    done = natverket("--env-file", _settings(tmp_path), "import", "history", file, cwd=tmp_path)

    assert done.returncode == 1
    assert f"history.csv, line 2: {reason}" in done.stderr


def test_a_folder_that_is_no_demos_is_left_alone(tmp_path: Path) -> None:
    """`demo --dir` empties only what a demo made."""
    (tmp_path / "letter.txt").write_text("mine", encoding="utf-8")
    done = natverket("demo", "--dir", tmp_path, cwd=tmp_path)

    assert done.returncode == 1
    assert "not a demo's" in done.stderr
    assert (tmp_path / "letter.txt").read_text(encoding="utf-8") == "mine"


def test_a_daemons_installation_does_without_the_sandbox(tmp_path: Path) -> None:
    """Without the extra every other command works, and `demo` says what to install."""
    (tmp_path / "without.py").write_text(
        "import sys\n"
        "for name in ('trustme', 'reportlab'):\n"
        "    sys.modules[name] = None\n"
        "from service.cli import main\n"
        "main()\n",
        encoding="utf-8",
    )

    def without_the_extra(word: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, tmp_path / "without.py", word],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env=ENVIRONMENT,
            check=False,
        )

    assert without_the_extra("jobs").returncode == 0
    refused = without_the_extra("demo")
    assert refused.returncode == 1
    assert "pip install 'natverket[demo]'" in refused.stderr


def _settings(folder: Path) -> Path:
    """Enough to open a state; nobody answers where they lead."""
    file = folder / "natverket.env"
    file.write_text(
        "NATVERKET_TENANT_ID=tenant\n"
        "NATVERKET_CLIENT_ID=app\n"
        "NATVERKET_CLIENT_SECRET=not-a-real-one\n"
        "NATVERKET_GRAPH_URL=https://localhost:9\n"
        "NATVERKET_NETWORK_MAILBOX=natverk@natverket.example\n"
        "NATVERKET_NETWORK_SITE=https://natverket.example/sites/x\n"
        "NATVERKET_NETWORK_DESCRIPTION=kommunnatverket\n"
        "NATVERKET_NETWORK_READ_CHANNEL=false\n",
        encoding="utf-8",
    )
    return file
