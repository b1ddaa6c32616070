"""
The image, as its Dockerfile makes it, without a container engine: built, run, measured.

`make image-check` runs it and prints the figures; it needs root, debootstrap and the net.
"""

import asyncio
import base64
import contextlib
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import tarfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from alembic import command as alembic
from dotenv import dotenv_values
from pydantic import SecretStr

from service.cli.logs import log_to_stderr
from service.demo.outcome import outcome
from service.demo.stories import STORIES, USUAL
from service.demo.tenant import ask
from service.demo.year import prepare, tenant
from service.sandbox.process import Sandbox
from service.settings import Settings
from service.shipped import shipped
from service.store.database import connect
from service.store.migrating import migrations
from service.store.tables import VERSION
from service.wiring import open_office
from tests.deploy.building import Image, added, build, command, empty_debian, lacking
from tests.deploy.confining import LAUNCH, NUMBERS, program
from tests.deploy.dockerfile import read

pytestmark = pytest.mark.proof

ROOT = Path(__file__).parents[2]
STATE = "/var/lib/natverket"
LARGEST = 430e6
"""Bytes beyond the base. More of it is a decision, and not something that happens."""
TOKEN = "only-for-this-very-proof-0123456789"

COMMANDS = (
    *("settings", "check", "jobs", "status", "meetings", "posts", "survey list", "plan"),
    *("plan --cards cards", "report annual 2023 --out annual", "report plan 2024 --out plan"),
    *("dispose", "teams-app --out app.zip", "backup copy.db", "support", "rebuild"),
)
MINIMAL = {
    "NATVERKET_TENANT_ID": "00000000-0000-4000-8000-000000000000",
    "NATVERKET_CLIENT_ID": "00000000-0000-4000-8000-000000000000",
    "NATVERKET_CLIENT_SECRET": "none",
    "NATVERKET_NETWORK_MAILBOX": "natverk@exempel.se",
    "NATVERKET_NETWORK_SITE": "https://exempel.sharepoint.com/sites/natverk",
    "NATVERKET_NETWORK_DESCRIPTION": "kommunnatverket",
    "NATVERKET_NETWORK_READ_CHANNEL": "false",
}

LOADED = """
import importlib.util, json, os, sys
import service.cli.main, service.graph.sdk
print(json.dumps([name for name, module in sorted(sys.modules.items())
    if (getattr(module, "__file__", None) or "").endswith(".py") and name != "__main__"
    and not os.path.exists(importlib.util.cache_from_source(module.__file__))]))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    reason = lacking()
    if reason:
        pytest.skip(f"the image is not built here: {reason}")
    made = tmp_path_factory.mktemp("image")
    # Another user than root is to reach what lies in it.
    for path in (made, *made.parents[:2]):
        path.chmod(path.stat().st_mode | 0o055)
    yield made
    subprocess.run(["rm", "-rf", made], check=True)


@pytest.fixture(scope="module")
def base(folder: Path) -> Image:
    return empty_debian(folder / "base")


@pytest.fixture(scope="module")
def image(folder: Path, base: Image) -> Image:
    return build(read((ROOT / "Dockerfile").read_text()), ROOT, base, folder)


@dataclass(frozen=True)
class Running:
    process: "subprocess.Popen[str]"
    port: int
    log: Path

    def get(self, path: str) -> int:
        return status(f"http://127.0.0.1:{self.port}{path}")


Start = Callable[..., contextlib.AbstractContextManager[Running]]


@pytest.fixture
def start(image: Image, tmp_path: Path) -> Start:
    """Start the image's own command as an engine would; it is ended when the block is left."""

    @contextlib.contextmanager
    def starting(
        sandbox: Sandbox, settings: Mapping[str, str], within: Sequence[str] = ()
    ) -> Iterator[Running]:
        state = tmp_path / "state"
        owned(state)
        shutil.copy(sandbox.ca_file, state / "ca.pem")
        os.chown(state / "ca.pem", 10001, 10001)
        port = free_port()
        env = {
            **settings,
            "NATVERKET_CA_FILE": f"{STATE}/ca.pem",
            "NATVERKET_WEB_PORT": str(port),
            "NATVERKET_LOG_LEVEL": "info",
            "NATVERKET_LOG_FORMAT": "json",
        }
        log = tmp_path / "log"
        words = [*within, *image.says.entrypoint, *image.says.command]
        with log.open("w") as told:
            process = subprocess.Popen(
                command(image, words, env, {state: STATE}), stdout=told, stderr=told, text=True
            )
            try:
                yield Running(process, port, log)
            finally:
                process.kill()
                process.wait()

    return starting


@pytest.fixture(scope="module")
def prepared(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Sandbox, dict[str, str]]]:
    """A provisioned tenant on 1 January 2023, and its settings as an engine would pass them on."""

    log_to_stderr("error", "text")
    place = tmp_path_factory.mktemp("tenant") / "demo"
    with tenant(place) as (sandbox, settings):
        asyncio.run(prepare(settings))
        yield sandbox, as_told(place / "natverket.env")


def test_it_works_on_a_read_only_root_until_it_is_told_to_stop(
    image: Image, start: Start, prepared: tuple[Sandbox, dict[str, str]], tmp_path: Path
) -> None:
    """As its user, without capabilities: the page answers, jobs are done, SIGTERM ends with 0."""
    sandbox, settings = prepared
    with start(sandbox, settings) as running:
        until(lambda: running.get("/readyz") == 200, running)
        print("ready after", processor(running.process.pid), "CPU s", end=", ")
        assert running.get("/livez") == 200
        assert health(image, running.port) == 0

        ask(sandbox, "clock", {"now": "2023-01-10T10:00:00Z"})
        until(lambda: '"outcome": "done"' in log_of(running, "sync_calendar"), running)
        print("resident", resident(running.process.pid) // 1024, "MB after a round of jobs")

        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(75) == 0, running.log.read_text()[-2000:]
        assert health(image, running.port) != 0

    owners = {path.stat().st_uid for path in (tmp_path / "state").iterdir()}
    assert (tmp_path / "state/natverket.db").is_file()
    assert owners == {10001}


@pytest.mark.skipif(not NUMBERS.is_file(), reason="the calls' numbers: apt-get install libc6-dev")
def test_the_units_limits_let_it_work(
    start: Start, prepared: tuple[Sandbox, dict[str, str]]
) -> None:
    """With the unit's system calls alone, and no memory both written and run, it does its jobs."""
    sandbox, settings = prepared
    calls = program((ROOT / "deploy/natverket.service").read_text())
    confined = ["python", "-c", LAUNCH, base64.b64encode(calls).decode()]
    with start(sandbox, settings, confined) as running:
        until(lambda: running.get("/livez") == 200, running)
        told = Path(f"/proc/{running.process.pid}/status").read_text()
        assert re.search(r"^Seccomp:\s+2$", told, re.MULTILINE)

        ask(sandbox, "clock", {"now": "2023-01-11T10:00:00Z"})
        until(lambda: '"outcome": "done"' in log_of(running, "sync_calendar"), running)

        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(75) == 0, running.log.read_text()[-2000:]


def test_beyond_loopback_it_wants_a_token(
    image: Image, start: Start, prepared: tuple[Sandbox, dict[str, str]]
) -> None:
    """With 0.0.0.0 and no token it ends with 2 and says why; with one it answers who has it."""
    sandbox, settings = prepared
    everywhere = settings | {"NATVERKET_WEB_HOST": "0.0.0.0"}
    with start(sandbox, everywhere) as running:
        assert running.process.wait(60) == 2
        assert "NATVERKET_WEB_TOKEN" in running.log.read_text()

    with start(sandbox, everywhere | {"NATVERKET_WEB_TOKEN": TOKEN}) as running:
        until(lambda: running.get("/livez") == 200, running)
        assert running.get("/readyz") in (200, 503)
        for path in ("/metrics", "/"):
            page = f"http://127.0.0.1:{running.port}{path}"
            assert status(page) != 200
            assert status(page, {"Authorization": f"Bearer {TOKEN}"}) == 200


def test_a_whole_year_is_played_in_it(image: Image, tmp_path: Path) -> None:
    """
    What is imported late is there, and all that remains of the SDK is enough: every job of 2023
    runs inside, to the figures that the network published; then each command answers.
    """
    with tenant(tmp_path / "demo") as (sandbox, settings):
        state = owned(tmp_path / "own")
        shutil.copy(sandbox.ca_file, state / "ca.pem")
        (state / "history.csv").write_bytes(shipped("seeds", STORIES[USUAL].history).read_bytes())
        for path in state.iterdir():
            os.chown(path, 10001, 10001)
        env = as_told(tmp_path / "demo/natverket.env") | {"NATVERKET_CA_FILE": f"{STATE}/ca.pem"}
        for line in ("provision --yes", "import history history.csv", "replay", *COMMANDS):
            before = used()
            inside(image, ["natverket", *line.split()], tmp_path, env, codes=(0, 3))
            print(f"{line}: {used() - before:.1f} CPU s", end=", ")

        url = SecretStr(f"sqlite:///{state}/natverket.db")
        assert asyncio.run(agrees(settings.model_copy(update={"state_url": url})))


def test_an_older_state_is_migrated(image: Image, tmp_path: Path) -> None:
    """Migrations, which nothing else imports, are there: the first version's state is raised."""
    state = owned(tmp_path / "own")
    database = connect(f"sqlite:///{state}/natverket.db")
    config = migrations()
    with database.writing() as connection:
        config.attributes["connection"] = connection
        alembic.upgrade(config, "0001")
    database.close()
    for path in state.iterdir():
        os.chown(path, 10001, 10001)

    inside(image, ["natverket", "backup", "copy.db"], tmp_path, MINIMAL)

    with closing(sqlite3.connect(state / "copy.db")) as copy:
        assert copy.execute("SELECT version_num FROM alembic_version").fetchone() == (VERSION,)


def test_it_is_small(image: Image, base: Image, tmp_path: Path) -> None:
    """No compiler, no pip, nothing of the SDK's unused trees; and below a stated size."""
    files = added(image, base)
    size = sum(path.stat().st_size for path in files)
    packed = tmp_path / "image.tar.gz"
    with tarfile.open(packed, "w:gz", compresslevel=6) as archive:
        for path in files:
            archive.add(path, path.relative_to(image.root))
    kept = [path for path in files if "bytecode" in path.parts]
    print(f"beyond the base {size / 1e6:.0f} MB in {len(files)} files", end=", ")
    print(f"{packed.stat().st_size / 1e6:.0f} MB packed", end=", ")
    print(f"of it bytecode {sum(path.stat().st_size for path in kept) / 1e6:.0f} MB")

    there = {path.name for path in (image.root / "opt/natverket/bin").iterdir()}
    assert not there & {"pip", "pip3", "hatchling"}
    assert not list(image.root.glob("usr/bin/*gcc*"))
    assert not list(image.root.rglob("msgraph/generated/groups"))
    assert size < LARGEST


def test_everything_that_it_loads_has_bytecode(image: Image, tmp_path: Path) -> None:
    """Nothing that commands and gateway import is compiled at the start, by whose CPU seconds."""
    done = inside(image, ["python", "-c", LOADED], tmp_path)
    assert json.loads(done.stdout) == []

    for prefix in (image.says.env["PYTHONPYCACHEPREFIX"], "/nowhere"):
        before = used()
        words = ["python", "-c", "import service.cli.main"]
        inside(image, words, tmp_path, {"PYTHONPYCACHEPREFIX": prefix})
        print(f"imports of the command line: {used() - before:.1f} CPU s, bytecode from {prefix}")


# ---------------------------------------------------------------- asking


def inside(
    image: Image,
    words: Sequence[str],
    state: Path,
    env: Mapping[str, str] | None = None,
    codes: Sequence[int] = (0,),
) -> "subprocess.CompletedProcess[str]":
    done = subprocess.run(
        command(image, words, env or {}, {owned(state / "own"): STATE}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in codes, f"{words}: {done.stdout[-1000:]}{done.stderr[-3000:]}"
    return done


async def agrees(settings: Settings) -> bool:
    """Tell whether a state of 2023 comes to what the network published of that year."""
    async with open_office(settings) as office:
        return (await outcome(office.workplaces[0], 2023)).agrees


def as_told(env_file: Path) -> dict[str, str]:
    """Return a tenant's settings as an engine passes them on: places inside are the image's."""
    told = dotenv_values(env_file)
    own = ("NATVERKET_STATE_URL", "NATVERKET_CA_FILE")
    return {key: text or "" for key, text in told.items() if key not in own}


def used() -> float:
    """Return the CPU seconds of all commands that have ended."""
    times = os.times()
    return times.children_user + times.children_system


def processor(pid: int) -> float:
    """Return the CPU seconds that a process has used so far."""
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def owned(folder: Path) -> Path:
    """Make a folder as an engine makes a volume: its user's. Others may pass through above."""
    folder.mkdir(exist_ok=True)
    os.chown(folder, 10001, 10001)
    return folder


def health(image: Image, port: int) -> int:
    """Run the image's own health check beside the daemon; returns its exit code."""
    words = command(image, image.says.healthcheck, {"NATVERKET_WEB_PORT": str(port)}, {})
    return subprocess.run(words, capture_output=True, check=False).returncode


def status(url: str, headers: Mapping[str, str] | None = None) -> int:
    """Return the status of an answer on loopback; 0: nobody answers."""
    try:
        with urllib.request.urlopen(
            urllib.request.Request(url, headers=dict(headers or {}))
        ) as got:
            return int(got.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def until(is_so: Callable[[], bool], running: Running, seconds: float = 120) -> None:
    """Look again and again; a daemon that ended, or never comes to it, fails the test."""
    end = time.monotonic() + seconds
    while not is_so():
        ended = running.process.poll()
        assert ended is None, f"ended with {ended}: {running.log.read_text()[-3000:]}"
        assert time.monotonic() < end, running.log.read_text()[-3000:]
        time.sleep(0.2)


def log_of(running: Running, job: str) -> str:
    return "\n".join(line for line in running.log.read_text().splitlines() if job in line)


def resident(pid: int) -> int:
    """Return the process's resident memory in KiB."""
    words = Path(f"/proc/{pid}/status").read_text().split()
    return int(words[words.index("VmRSS:") + 1])


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])
