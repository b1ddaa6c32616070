"""A state of each kind: SQLite in a folder, PostgreSQL in a throwaway cluster."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg
import pytest

from service.store import Store, open_store

INSTALL = "PostgreSQL's server is not here: install it (Debian: apt-get install postgresql)"
START_SECONDS = 20


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """A running PostgreSQL that listens on a socket in a folder of its own."""

    folder: Path

    def url(self, database: str) -> str:
        """Return the URL of a database."""
        return f"postgresql://natverket@/{database}?host={self.folder}"

    def make_database(self, name: str) -> str:
        """Make an empty database and return its URL."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        return self.url(name)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """Start a cluster, as an unprivileged user where we are root; stop and remove it after."""
    programs = _programs()
    if programs is None:
        pytest.skip(INSTALL)
    owner = _owner()
    # Not under pytest's folder: that is closed to other users, and too long for a socket.
    folder = Path(tempfile.mkdtemp(prefix="nv-pg-"))
    try:
        if owner is not None:
            os.chown(folder, owner, -1)
        subprocess.run(
            [programs / "initdb", "-D", folder / "data", "-U", "natverket", *INITDB],
            check=True,
            capture_output=True,
            user=owner,
            cwd=folder,
        )
        with _serve(programs, folder, owner):
            yield Cluster(folder=folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


INITDB = ("--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8")
QUICK = ("fsync=off", "listen_addresses=", "shared_buffers=16MB", "max_connections=20")


@contextmanager
def _serve(programs: Path, folder: Path, owner: int | None) -> Iterator[None]:
    options = [word for setting in QUICK for word in ("-c", setting)]
    command = [programs / "postgres", "-D", folder / "data", "-k", folder, *options]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, user=owner, cwd=folder)
        try:
            _wait_for(process, folder)
            yield
        finally:
            process.terminate()
            process.wait(START_SECONDS)


def _wait_for(process: "subprocess.Popen[bytes]", folder: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(Cluster(folder=folder).url("postgres")).close()
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > deadline:
                pytest.fail((folder / "log").read_text())
        else:
            return


def _programs() -> Path | None:
    found = [Path(path).resolve().parent for path in [shutil.which("initdb")] if path]
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    whole = [f for f in found if (f / "initdb").exists() and (f / "postgres").exists()]
    return whole[0] if whole else None


def _owner() -> int | None:
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_uid
        except KeyError:
            continue
    pytest.skip("PostgreSQL does not run as root, and there is no other user here")


NUMBERS = count(1)


@pytest.fixture
def postgresql_url(cluster: Cluster) -> str:
    """An empty PostgreSQL database."""
    return cluster.make_database(f"state{next(NUMBERS)}")


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """An SQLite file that is not there yet."""
    return f"sqlite:///{tmp_path / 'natverket.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """Where a state can be kept, one of each kind."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """An open, empty state."""
    opened = open_store(url)
    yield opened
    opened.close()
