"""The Dockerfile: what it promises, and that the proof reads it as Docker would."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploy.dockerfile import Built, NotUnderstood, copy_words, note, read, shipped

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def text() -> str:
    return (ROOT / "Dockerfile").read_text()


def test_hadolint_finds_nothing(text: str) -> None:
    """The Dockerfile passes the linter of Dockerfiles, every rule of it."""
    linter = shutil.which("hadolint", path=BIN)
    assert linter, "make .venv/.dev"

    done = subprocess.run(
        [linter, ROOT / "Dockerfile"], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout


def test_what_is_run_is_not_root_and_has_a_health_check(text: str) -> None:
    """The image ends as user 10001, asks /livez without a proxy, and stops by SIGTERM."""
    file = read(text)
    says = Built()
    for stage in file.needed():
        if stage.name == "build":
            continue
        for one in stage.instructions:
            note(says, one) if one.word != "ENV" else None

    assert says.user == "10001:10001"
    assert says.volumes == ("/var/lib/natverket",)
    assert says.stop_signal == "SIGTERM"
    assert "/livez" in says.healthcheck[-1]
    assert "urllib" not in says.healthcheck[-1]
    assert (*says.entrypoint, *says.command) == ("natverket", "run")


def test_nothing_but_wheels_by_their_hashes_is_installed(text: str) -> None:
    """Every pip install is from the lock with hashes and of wheels alone, or asks no index."""
    lines = [
        one.rest for stage in read(text).stages for one in stage.instructions if one.word == "RUN"
    ]
    installs = [part for line in lines for part in line.split("&&") if "pip install" in part]

    assert len(installs) == 2
    for part in installs:
        by_hash = "--require-hashes" in part and "--only-binary :all:" in part
        assert by_hash or "--no-index" in part


def test_only_what_the_image_needs_is_sent(tmp_path: Path) -> None:
    """No tests, no state, no settings and no bytecode leave the checkout for the builder."""
    for name in (
        *("service/cli/main.py", "service/cli/__pycache__/main.pyc", "config/defaults.toml"),
        *("deploy/image/slim.py", "deploy/natverket.env", "tests/conftest.py", ".env"),
        *("natverket.db", "pyproject.toml", "README.md", "requirements/run.txt"),
        "service/sandbox/look/built/cards.js",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()

    sent = {path.as_posix() for path in shipped(tmp_path, (ROOT / ".dockerignore").read_text())}

    assert sent == {
        *("service/cli/main.py", "config/defaults.toml", "deploy/image/slim.py"),
        *("pyproject.toml", "README.md", "requirements/run.txt"),
    }


@pytest.mark.parametrize(
    "line",
    [
        "ADD https://exempel.se/x /x",
        "HEALTHCHECK NONE",
        "CMD natverket run",
        "ENV NAME value",
        "LABEL a=$NOBODY",
        "SHELL ['bash']",
    ],
)
def test_what_the_proof_would_not_carry_out_is_refused(line: str) -> None:
    """An instruction, or a form of one, that is not known is an error and never passed over."""
    (stage,) = read(f"FROM scratch\n{line}\n").stages

    with pytest.raises(NotUnderstood):
        note(Built(), stage.instructions[0])


def test_instructions_are_read_over_lines_comments_and_stages() -> None:
    """Continued lines are one; comments between them vanish; only needed stages are built."""
    file = read(
        "ARG BASE=debian:12\nFROM ${BASE} AS one\nRUN a \\\n# why\n && b\n"
        "FROM ${BASE} AS two\nFROM debian:12\nCOPY --from=one /a /b\n"
    )

    assert [stage.base for stage in file.stages] == ["debian:12"] * 3
    assert file.stages[0].instructions[0].rest.split() == ["a", "&&", "b"]
    assert [stage.name for stage in file.needed()] == ["one", "2"]
    assert copy_words("--from=one /a /b") == ("one", ("/a",), "/b")
    with pytest.raises(NotUnderstood):
        copy_words("--chown=1:1 a b")


def test_the_lock_can_be_installed_by_debian_12() -> None:
    """What run.txt pins takes Python 3.11.2, which Debian 12 and the proof of the image have."""
    pins = dict(
        line.split(" ")[0].split("==")
        for line in (ROOT / "requirements/run.txt").read_text().splitlines()
        if "==" in line
    )

    # From 3.0.2 on it asks for Python 3.11.5.
    assert tuple(map(int, pins["soupsieve"].split("."))) < (3,)
