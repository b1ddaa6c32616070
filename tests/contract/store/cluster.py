"""A throwaway PostgreSQL, which a test may stop and start."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

INSTALL = "PostgreSQL's server is not here: install it (Debian: apt-get install postgresql)"
START_SECONDS = 20


INITDB = ("--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8")
QUICK = ("fsync=off", "listen_addresses=", "shared_buffers=16MB", "max_connections=20")


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """A PostgreSQL that listens, while it runs, on a socket in a folder of its own."""

    folder: Path
    programs: Path
    owner: int | None

    def url(self, database: str) -> str:
        """Return the URL of a database."""
        return f"postgresql://natverket@/{database}?host={self.folder}"

    def make_database(self, name: str) -> str:
        """Make an empty database and return its URL."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        return self.url(name)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Have it run; all its sessions end with the block."""
        options = [word for setting in QUICK for word in ("-c", setting)]
        program = self.programs / "postgres"
        command = [program, "-D", self.folder / "data", "-k", self.folder, *options]
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                command, stdout=log, stderr=log, user=self.owner, cwd=self.folder
            )
            try:
                self._wait_for(process)
                yield
            finally:
                # Fast: sessions are not waited for (PostgreSQL, "Shutting Down the Server").
                process.send_signal(signal.SIGINT)
                process.wait(START_SECONDS)

    def _wait_for(self, process: "subprocess.Popen[bytes]") -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                psycopg.connect(self.url("postgres")).close()
            except psycopg.OperationalError:
                if process.poll() is not None or time.monotonic() > deadline:
                    pytest.fail((self.folder / "log").read_text())
            else:
                return


@contextmanager
def laid_out() -> Iterator[Cluster]:
    """Make a cluster, of an unprivileged user where we are root; it does not run yet."""
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
        yield Cluster(folder=folder, programs=programs, owner=owner)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


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
