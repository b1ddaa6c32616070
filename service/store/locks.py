"""
Who may do what alone: locks that die with the process that holds them.

No expiry and no clock: after a crash the next process has the lock at once, and a process
that merely hangs keeps it. SQLite's are byte ranges of a file beside the database (POSIX
record locks), PostgreSQL's are advisory locks of a session.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from service.errors import StateError
from service.store.database import Database

_APPLICATION = "natverket, "
_LONGEST = 200
_HOLDER = """
SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid)
WHERE l.locktype = 'advisory' AND l.granted AND l.objid = :number
  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


class Locks:
    """Locks by name, shared by every process that uses the state."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._file: int | None = None

    @contextmanager
    def exclusive(self, name: str, holder: str = "") -> Iterator[bool]:
        """
        Hold a lock, or tell at once that another process has it.

        `holder`: what `holder()` tells another process meanwhile; one lock a state has it.
        """
        number = _number(name)
        if self._database.in_memory:
            yield True
        elif self._database.is_sqlite:
            with self._range(number) as taken:
                if taken and holder:
                    self._tell(holder)
                yield taken
        else:
            with self._session(number, holder) as taken:
                yield taken

    def holder(self, name: str) -> str:
        """Tell who holds the lock that was taken with such words; nothing where nobody said."""
        if self._database.in_memory:
            return ""
        if self._database.is_sqlite:
            return os.pread(self._open(), _LONGEST, 0).decode(errors="replace").strip("\0\n")
        with self._database.session() as connection:
            told = connection.execute(text(_HOLDER), {"number": _number(name)}).scalar()
        return str(told or "").removeprefix(_APPLICATION)

    def _tell(self, holder: str) -> None:
        file = self._open()
        try:
            os.ftruncate(file, 0)
            os.pwrite(file, holder.encode()[:_LONGEST], 0)
        except OSError as error:
            # On a full disk there is no word of who holds it, and it is held all the same.
            structlog.get_logger().info("holder_untold", why=error.strerror)

    def close(self) -> None:
        """Give everything up."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    @contextmanager
    def _range(self, number: int) -> Iterator[bool]:
        file = self._open()
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, number)
        except OSError:
            yield False
            return
        try:
            yield True
        finally:
            fcntl.lockf(file, fcntl.LOCK_UN, 1, number)

    def _open(self) -> int:
        # One descriptor for the process: closing any other would drop all its locks.
        if self._file is None:
            path = Path(f"{self._database.path}-locks")
            try:
                self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            except OSError as error:
                raise StateError(
                    self._database.subject, f"{path.name}: {error.strerror}"
                ) from error
        return self._file

    @contextmanager
    def _session(self, number: int, holder: str) -> Iterator[bool]:
        with self._database.session() as connection:
            if holder:
                # At most 63 bytes; it lives as long as the session that holds the lock.
                name = text("SELECT set_config('application_name', :name, false)")
                connection.execute(name, {"name": f"{_APPLICATION}{holder}"})
            query = text("SELECT pg_try_advisory_lock(:number)")
            taken = bool(connection.execute(query, {"number": number}).scalar_one())
            try:
                yield taken
            finally:
                if taken:
                    _unlock(connection, number)


def _unlock(connection: Connection, number: int) -> None:
    try:
        unlock = text("SELECT pg_advisory_unlock(:number)")
        connection.execute(unlock, {"number": number})
    except DBAPIError as error:
        # With its session the lock has ended, too.
        if not error.connection_invalidated:
            raise


def _number(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4]) >> 1
