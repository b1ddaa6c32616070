"""A state as it lies there: looked at without making one."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from service.errors import StateError
from service.store.database import connect, file_of
from service.store.opening import version_of
from service.store.tables import VERSION


@dataclass(frozen=True, kw_only=True)
class Looks:
    place: str
    """The file, or the database without its password."""
    version: str | None
    """Of its tables; None where there is no state yet."""
    newest: str
    """The version that this Nätverket makes."""
    wal: bool = True
    """Reading does not wait for writing; of SQLite by its write-ahead log."""
    free: int | None = None
    """Bytes left on its disk; None for a server's."""


def look_at(url: str) -> Looks:
    """Raises StateError: it cannot be reached, read, or written."""
    file = file_of(url)
    if file is not None and not file.exists():
        return _absent(file)
    database = connect(url)
    try:
        place = database.subject if file is None else str(file)
        free = None if file is None else shutil.disk_usage(file.parent).free
        with database.reading() as connection:
            wal = file is None or connection.execute(_JOURNAL).scalar_one() == "wal"
        version = version_of(database)
        return Looks(place=place, version=version, newest=VERSION, wal=wal, free=free)
    finally:
        database.close()


_JOURNAL = text("PRAGMA journal_mode")


def _absent(file: Path) -> Looks:
    if not (file.parent.is_dir() and os.access(file.parent, os.W_OK)):
        raise StateError(f"state {file}", f"the folder {file.parent} cannot be written")
    free = shutil.disk_usage(file.parent).free
    return Looks(place=str(file), version=None, newest=VERSION, free=free)
