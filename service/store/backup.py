"""
A copy of an SQLite state while it is in use, and a file without traces of what was deleted.

The copy is whole as of one moment (https://www.sqlite.org/lang_vacuum.html#vacuuminto), is
looked through, and gets its name only then. Addresses of unfinished uploads are left out: they
carry their own authorisation, and an upload is begun anew without them.
"""

import os
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from service.errors import StateError
from service.store.database import Database
from service.store.tables import APPLICATION_ID

_PG_DUMP = (
    "Take the copy with PostgreSQL's own: pg_dump --format=custom --file=FILE DATABASE; back with "
    "pg_restore --clean --if-exists --dbname=DATABASE FILE."
)


def back_up(database: Database, to: Path) -> None:
    """Write the copy, whole or not at all, readable by its owner alone. Raises StateError."""
    if not database.is_sqlite:
        raise StateError(database.subject, "it is no SQLite file", remedy=_PG_DUMP)
    if to.exists():
        raise StateError(str(to), "there is such a file already", remedy="Name another.")
    try:
        with tempfile.TemporaryDirectory(dir=to.parent, prefix=f".{to.name}-") as folder:
            copy = Path(folder) / "copy.db"
            copy.touch(mode=0o600)
            with database.bare() as cursor:
                cursor.execute("VACUUM INTO ?", (str(copy),))
            _finish(copy)
            # A link, unlike a rename, writes over nothing that has come in the meantime.
            to.hardlink_to(copy)
    except OSError as error:
        reason = f"no copy can be written there ({error.strerror or error})"
        raise StateError(
            str(to), reason, remedy="Name a folder that this user may write."
        ) from error


def _finish(copy: Path) -> None:
    try:
        with closing(sqlite3.connect(copy)) as connection, connection:
            connection.execute("UPDATE effects SET upload = NULL WHERE upload IS NOT NULL")
            connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
            found = connection.execute("PRAGMA integrity_check").fetchall()
        if found != [("ok",)]:
            raise StateError(str(copy), f"the copy is damaged: {found[0][0]}")
        with closing(sqlite3.connect(copy)) as connection:
            # What was taken out a moment ago leaves its pages.
            connection.execute("VACUUM")
    except sqlite3.Error as error:
        raise StateError(str(copy), f"the copy cannot be read ({error})") from error
    with copy.open("rb") as file:
        os.fsync(file.fileno())


def scrub(database: Database) -> None:
    """
    Empty SQLite's log, in whose pages deleted answers would be readable until it is reused.

    Raises StateError while another process reads all the time. PostgreSQL keeps what was
    deleted until it is vacuumed.
    """
    if not database.is_sqlite:
        with database.session() as connection:
            connection.exec_driver_sql("VACUUM responses")
            connection.exec_driver_sql("VACUUM sights")
        return
    with database.bare() as cursor:
        busy, *_ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise StateError(
            database.subject,
            "its log could not be emptied: another process is reading",
            remedy="The answers are deleted. Stop the service once, and the log is emptied.",
        )
