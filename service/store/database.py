"""One engine over SQLite or PostgreSQL: how to connect, begin, upsert, and what errors mean."""

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    ColumnElement,
    Connection,
    Engine,
    StaticPool,
    Table,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from service.errors import StateError
from service.store.tables import APPLICATION_ID

BUSY_MS = 5000
"""How long one process waits for another that is writing; our transactions last milliseconds."""

Insert = sqlite.Insert | postgresql.Insert


class Database:
    """
    An engine whose transactions raise nothing but StateError.

    The ports are `async` but the statements run on the spot, in the event loop: SQLite
    answers in about 0.1 ms, less than a hop to a thread and back costs, and so one
    loop's calls never interleave within a transaction.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writing = engine.execution_options(immediate=True)
        self.subject = f"state {engine.url.render_as_string(hide_password=True)}"
        self.is_sqlite = engine.dialect.name == "sqlite"
        self.path = engine.url.database or ""
        """Of the SQLite file."""
        self.in_memory = self.is_sqlite and self.path in ("", ":memory:")

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a transaction that only reads: it never waits for a writer."""
        with self._translated(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Open a transaction that may write; it holds SQLite's write lock from its start."""
        with self._translated(), self._writing.begin() as connection:
            yield connection

    @contextmanager
    def session(self) -> Iterator[Connection]:
        """Hold one connection, without a transaction that would keep others waiting."""
        with self._translated(), self._engine.connect() as connection:
            yield connection.execution_options(isolation_level="AUTOCOMMIT")

    def others_wrote(self) -> int | None:
        """
        A number that changes when another process has written; None: that cannot be told.

        SQLite tells it of its one connection in a few microseconds (PRAGMA data_version).
        """
        if not self.is_sqlite:
            return None
        with self._translated(), closing(self._engine.raw_connection()) as connection:
            cursor = connection.cursor()
            cursor.execute("PRAGMA data_version")
            row = cursor.fetchone()
        return None if row is None else int(row[0])

    @contextmanager
    def bare(self) -> Iterator[Any]:
        """Hold the driver's own cursor, outside any transaction: for what allows none."""
        with self._translated(), closing(self._engine.raw_connection()) as connection:
            try:
                yield connection.cursor()
            except sqlite3.Error as error:
                raise StateError(self.subject, str(error)) from error

    def insert(self, table: Table) -> Insert:
        """Insert, in the dialect that knows ON CONFLICT."""
        return sqlite.insert(table) if self.is_sqlite else postgresql.insert(table)

    def upsert(self, table: Table, **instead: ColumnElement[object]) -> Insert:
        """Insert or replace by primary key; `instead` gives other values for the replacing."""
        statement = self.insert(table)
        given = {c.name: statement.excluded[c.name] for c in table.c if not c.primary_key}
        return statement.on_conflict_do_update(
            index_elements=list(table.primary_key), set_=given | instead
        )

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            raise StateError(self.subject, _reason(error)) from error


def _reason(error: SQLAlchemyError) -> str:
    # The driver's words alone: SQLAlchemy adds the statement and its values, which may be
    # upload links or answers.
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    said = " ".join(str(cause).split()) or type(cause).__name__
    for part, meaning in _MEANINGS.items():
        if part in said:
            return f"{meaning} ({said})"
    return said


_MEANINGS = {
    "database is locked": f"another process has been writing for {BUSY_MS // 1000} seconds",
    "file is not a database": "the file is not an SQLite database",
    "malformed": "the file is damaged: restore it from a copy",
    "database or disk is full": "the disk is full",
    "readonly database": "the file cannot be written",
    "unable to open database file": "the file cannot be opened",
    "could not translate host name": "the database's host is not known",
    "Connection refused": "no database answers there",
    "password authentication failed": "the database refused user or password",
}


# ---------------------------------------------------------------- connecting


def connect(url: str) -> Database:
    """Make the engine for a URL; nothing is asked of the database before its first use."""
    parsed = _parse(url)
    if parsed.drivername == "sqlite":
        return Database(_sqlite_engine(parsed))
    if parsed.drivername == "postgresql":
        return Database(_postgresql_engine(parsed))
    raise _bad_url(f"`{parsed.drivername}` is no database that the state can be kept in")


def is_there(url: str) -> bool:
    """Tell whether there is a state at a URL, without making one. Raises StateError."""
    file = file_of(url)
    return file is None or file.exists()


def file_of(url: str) -> Path | None:
    """Return the SQLite file of a URL; None where the state is elsewhere. Raises StateError."""
    parsed = _parse(url)
    is_file = parsed.drivername == "sqlite" and parsed.database not in (None, "", ":memory:")
    return Path(str(parsed.database)).resolve() if is_file else None


def _parse(url: str) -> URL:
    try:
        return make_url(url)
    except ArgumentError:
        # Without its cause: that shows the URL, which may hold a password.
        raise _bad_url("it is not a URL") from None


def _bad_url(reason: str) -> StateError:
    return StateError(
        "NATVERKET_STATE_URL",
        reason,
        remedy="Write sqlite:///path/to/file.db or postgresql://user:password@host/database.",
    )


def _postgresql_engine(url: URL) -> Engine:
    try:
        return create_engine(
            url.set(drivername="postgresql+psycopg"),
            pool_size=2,
            pool_pre_ping=True,
            # Calls run in the event loop: a database that hangs must not hang the service.
            connect_args={
                "connect_timeout": 10,
                "application_name": "natverket",
                "options": "-c statement_timeout=30s -c lock_timeout=10s",
            },
        )
    except (ImportError, NoSuchModuleError) as error:
        raise StateError(
            "NATVERKET_STATE_URL",
            "the driver for PostgreSQL is not installed",
            remedy="Install it: pip install 'natverket[postgresql]'.",
        ) from error


def _sqlite_engine(url: URL) -> Engine:
    if url.database in (None, "", ":memory:"):
        engine = create_engine(url, poolclass=StaticPool)
    else:
        path = Path(str(url.database))
        _prepare_file(path)
        # One connection: the event loop's calls never overlap, and `others_wrote` needs it.
        engine = create_engine(
            url,
            poolclass=StaticPool,
            connect_args={"timeout": BUSY_MS / 1000, "check_same_thread": False},
        )
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    # Python's driver begins transactions by its own rules; None leaves that to `_begin_sqlite`.
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout={BUSY_MS}",
        "journal_mode=WAL",
        # What was claimed must be claimed after a power cut, too.
        "synchronous=FULL",
        "foreign_keys=ON",
        # What is deleted by a decision must not stay readable in the file's free pages.
        "secure_delete=ON",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that turns from reading to writing can fail at once, without waiting;
    # one that begins as a writer waits its turn.
    immediate = connection.get_execution_options().get("immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def _prepare_file(path: Path) -> None:
    subject = f"state {path}"
    if not path.parent.is_dir():
        raise StateError(subject, f"the folder {path.parent} is not there", remedy=_MAKE_FOLDER)
    if path.is_dir():
        raise StateError(subject, "that is a folder", remedy="Name a file in it.")
    if not path.exists():
        _lay_file(path, subject)
    if path.stat().st_size == 0:
        # Starting afresh on what was perhaps cut off would do everything a second time.
        raise StateError(subject, "the file is empty", remedy=_EMPTY)
    if not os.access(path, os.W_OK) or not os.access(path.parent, os.W_OK):
        raise StateError(subject, "the file or its folder cannot be written", remedy=_RIGHTS)


_MAKE_FOLDER = "Make the folder, or name another in NATVERKET_STATE_URL."
_EMPTY = "Restore it from a copy; or delete it and run `natverket rebuild`."
_RIGHTS = "Give the service's user the right to write the file and its folder."


def _lay_file(path: Path, subject: str) -> None:
    # Made beside and linked into place, so that an empty or half-made file of ours is never
    # seen, neither by a second process nor after a crash.
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}-") as folder:
            fresh = Path(folder) / "new.db"
            fresh.touch(mode=0o600)
            with closing(sqlite3.connect(fresh)) as connection:
                connection.execute(f"PRAGMA application_id={APPLICATION_ID}").close()
                connection.execute("PRAGMA journal_mode=WAL").close()
            _link(fresh, path)
    except (OSError, sqlite3.Error) as error:
        reason = f"no file can be made there ({error})"
        raise StateError(subject, reason, remedy=_RIGHTS) from error


def _link(fresh: Path, path: Path) -> None:
    try:
        path.hardlink_to(fresh)
    except FileExistsError:
        return  # Another process was first; its file is as good.
