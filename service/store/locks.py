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

from sqlalchemy import text

from service.errors import StateError
from service.store.database import Database


class Locks:
    """Locks by name, shared by every process that uses the state."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._file: int | None = None

    @contextmanager
    def exclusive(self, name: str) -> Iterator[bool]:
        """Hold a lock, or tell at once that another process has it."""
        number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:4]) >> 1
        if self._database.in_memory:
            yield True
        elif self._database.is_sqlite:
            with self._range(number) as taken:
                yield taken
        else:
            with self._session(number) as taken:
                yield taken

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
    def _session(self, number: int) -> Iterator[bool]:
        with self._database.session() as connection:
            query = text("SELECT pg_try_advisory_lock(:number)")
            taken = bool(connection.execute(query, {"number": number}).scalar_one())
            try:
                yield taken
            finally:
                if taken:
                    unlock = text("SELECT pg_advisory_unlock(:number)")
                    connection.execute(unlock, {"number": number})
