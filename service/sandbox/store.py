"""
The tenant's state: one SQLite database, one transaction a request.

Everything that changes takes a number from `next_seq`, so that every delta is the same
question: what has a higher number than the one in the link?
"""

import hashlib
import itertools
import sqlite3
import threading
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import Any

Row = sqlite3.Row
_SCHEMAS = ("", ".entra", ".sharepoint", ".exchange", ".meetings", ".teams", ".forms")
"""Packages with tables of their own."""
_SNAPSHOTS = itertools.count(1)
_GUIDS = uuid.UUID("6f1c7c3a-52d4-4f0b-9f7e-3b6f0c6f2a11")


def _tables() -> list[str]:
    return [
        resources.files(f"{__package__}{package}").joinpath("schema.sql").read_text()
        for package in _SCHEMAS
    ]


def tables_mark() -> str:
    """Differs where the tables do: state that was kept by other tables cannot be gone on from."""
    return hashlib.sha256("\n".join(_tables()).encode()).hexdigest()[:16]


class Store:
    """Used from several threads: whoever is inside `transaction` holds the lock."""

    writes = 0
    """Grows whenever anything but the log may have changed: what caches go by."""

    def __init__(self, path: Path | None) -> None:
        """`path` of the database file, or None to keep everything in memory."""
        self._lock = threading.RLock()
        self._depth = 0
        self._path = path
        self._db = sqlite3.connect(
            path or ":memory:",
            isolation_level=None,
            check_same_thread=False,
            cached_statements=512,
        )
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode=WAL")
        # A killed process loses nothing by this; only a power cut would.
        self._db.execute("PRAGMA synchronous=OFF")
        # What lies in a folder is counted up to the root by triggers that set each other off.
        self._db.execute("PRAGMA recursive_triggers=ON")
        for text in _tables():
            self._db.executescript(text)
        self._seq = int(self.state("seq") or 0)
        self._saved_seq = self._seq

    def close(self) -> None:
        with self._lock:
            self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside is kept, or on an exception nothing. Nested: a savepoint."""
        with self._lock:
            name = f"level{self._depth}"
            self._db.execute(f"SAVEPOINT {name}" if self._depth else "BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
            except BaseException:
                self._depth -= 1
                self.writes += 1
                self._db.execute(f"ROLLBACK TO {name}" if self._depth else "ROLLBACK")
                raise
            self._depth -= 1
            if self._depth:
                self._db.execute(f"RELEASE {name}")
                return
            if self._seq != self._saved_seq:
                self.set_state("seq", str(self._seq))
                self._saved_seq = self._seq
            self._db.execute("COMMIT")

    def one(self, sql: str, *values: object) -> Row | None:
        row: Row | None = self._db.execute(sql, values).fetchone()
        return row

    def all(self, sql: str, *values: object) -> list[Row]:
        return self._db.execute(sql, values).fetchall()

    def value(self, sql: str, *values: object) -> Any:
        row = self._db.execute(sql, values).fetchone()
        return row[0] if row else None

    def do(self, sql: str, *values: object) -> int:
        """Executes, and says how many rows it touched."""
        self.writes += 1
        return self._db.execute(sql, values).rowcount

    def log(self, **values: object) -> None:
        """A line of the requests' log; the one write that changes nothing of the tenant."""
        self._insert("requests", values)

    def do_many(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        """Executes once for each row of values."""
        self.writes += 1
        self._db.executemany(sql, rows)

    def insert(self, table: str, **values: object) -> None:
        self.writes += 1
        self._insert(table, values)

    def _insert(self, table: str, values: Mapping[str, object]) -> None:
        names = ", ".join(values)
        marks = ", ".join("?" * len(values))
        self._db.execute(
            f"INSERT INTO {table} ({names}) VALUES ({marks})",  # noqa: S608 - names are ours
            tuple(values.values()),
        )

    def update(self, table: str, key: str, **values: object) -> None:
        """Changes the row with this `id`."""
        self.writes += 1
        pairs = ", ".join(f"{name} = ?" for name in values)
        self._db.execute(
            f"UPDATE {table} SET {pairs} WHERE id = ?",  # noqa: S608 - names are ours
            (*values.values(), key),
        )

    def state(self, key: str) -> str | None:
        value: str | None = self.value("SELECT value FROM state WHERE key = ?", key)
        return value

    def set_state(self, key: str, value: str) -> None:
        self.do("INSERT OR REPLACE INTO state VALUES (?, ?)", key, value)

    def next_seq(self) -> int:
        self._seq += 1
        return self._seq

    @property
    def seq(self) -> int:
        return self._seq

    def new_guid(self, *parts: str) -> str:
        """The same in every run that does the same: replays are comparable."""
        return guid(*parts, str(self.next_seq()))

    def snapshot(self) -> "Snapshot":
        """The state as it is now, whatever is written later; not inside a transaction."""
        if self._path is None:
            raise ValueError("a tenant in memory alone cannot be read as it was")
        return Snapshot(self._path)


class Snapshot(Store):
    """What was in the store at one moment. Writing raises sqlite3.OperationalError."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        self._depth = 0
        self._path = path
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA query_only=ON")
        self._db.execute("BEGIN")
        # What is remembered of the present must not be taken for the past, nor the other way.
        self.writes = -next(_SNAPSHOTS)
        # The first reading is what fixes the moment (SQLite, "Isolation In SQLite").
        self._seq = self._saved_seq = int(self.state("seq") or 0)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Nothing can be written, so nothing needs to be kept or undone."""
        yield


def guid(*parts: str) -> str:
    return str(uuid.uuid5(_GUIDS, "\n".join(parts)))


def rows_after(rows: Sequence[Row], most: int) -> tuple[Sequence[Row], bool]:
    """A page of what was asked for with one row too many, and whether more follows."""
    return rows[:most], len(rows) > most
