"""Open a state: find it, refuse what is not ours or newer than we are, bring it up to date."""

from collections.abc import Collection
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, bindparam, delete, func, inspect, or_, select, text

from service.errors import StateError
from service.ports import DONE
from service.store import backup, copying
from service.store.database import Database, connect
from service.store.journal import SqlJournal
from service.store.ledger import SqlLedger
from service.store.locks import Locks
from service.store.tables import APPLICATION_ID, RUNS, VERSION

KEPT_RUNS = timedelta(days=90)
"""So long the records of runs are kept, for whoever asks what happened."""

_KEPT = RUNS.alias()
_SAME_JOB = (
    _KEPT.c.network == RUNS.c.network,
    _KEPT.c.job == RUNS.c.job,
    _KEPT.c.scope == RUNS.c.scope,
)
_LAST = select(func.max(_KEPT.c.period)).where(*_SAME_JOB).scalar_subquery()
_LAST_DONE = (
    select(func.max(_KEPT.c.period))
    .where(*_SAME_JOB, _KEPT.c.outcome == bindparam("done"))
    .scalar_subquery()
)
_OLD_RUNS = delete(RUNS).where(
    RUNS.c.period < bindparam("before"),
    RUNS.c.period != _LAST,
    or_(_LAST_DONE.is_(None), RUNS.c.period != _LAST_DONE),
)


class Store:
    """An open state. Close it when done."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._locks = Locks(database)
        self._ledgers: dict[str, SqlLedger] = {}
        self._journals: dict[str, SqlJournal] = {}

    def ledger(self, network: str) -> SqlLedger:
        """Return the ledger of one network: the same every time, since it remembers reads."""
        return self._ledgers.setdefault(network, SqlLedger(self._database, network))

    def journal(self, network: str) -> SqlJournal:
        """Return the journal of one network."""
        return self._journals.setdefault(network, SqlJournal(self._database, network))

    def prune(self, before: datetime) -> int:
        """
        Delete the records of runs of periods before a moment; return how many.

        Of every job the last run stays, and the last that was done: what is due follows from it.
        """
        with self._database.writing() as connection:
            return connection.execute(_OLD_RUNS, {"before": before, "done": DONE}).rowcount

    def exclusive(self, name: str, holder: str = "") -> AbstractContextManager[bool]:
        """Hold a lock by name, or tell that another process has it; it dies with its holder."""
        return self._locks.exclusive(name, holder)

    def holder(self, name: str) -> str:
        """Tell who holds a lock, in the words that it was taken with."""
        return self._locks.holder(name)

    def take_over(self, made: "Store", network: str) -> None:
        """Put one network of another state in the place of this one's (`service.store.copying`)."""
        copying.take_over(made._database, self._database, network)
        self._forget(network)

    def add(self, made: "Store", network: str, *, stands: Collection[str]) -> None:
        """Add one network of another state; of the sources in `stands`, what is here holds."""
        copying.add(made._database, self._database, network, stands)
        self._forget(network)

    def _forget(self, network: str) -> None:
        """What was read before is no longer so."""
        self._ledgers.pop(network, None)
        self._journals.pop(network, None)

    def back_up(self, to: Path) -> None:
        """Copy everything into a new file while others go on working (`service.store.backup`)."""
        backup.back_up(self._database, to)

    def scrub(self) -> None:
        """Leave nothing of what was deleted in the files beside SQLite's."""
        backup.scrub(self._database)

    def sizes(self) -> dict[str, int]:
        """Rows by table."""
        return copying.sizes(self._database)

    def bytes_used(self) -> int | None:
        """Of SQLite's file; None where another server keeps the state."""
        if not self._database.is_sqlite or self._database.in_memory:
            return None
        return Path(self._database.path).stat().st_size

    @property
    def version(self) -> str:
        """Of the schema."""
        with self._database.reading() as connection:
            return _version(connection) or ""

    def close(self) -> None:
        """Close all connections and give up all locks."""
        self._locks.close()
        self._database.close()


# ---------------------------------------------------------------- opening


def open_store(url: str) -> Store:
    """
    Open the state at a URL, making or migrating it where needed.

    Raises StateError: it cannot be reached or written, is not ours, or is newer than we are.
    """
    database = connect(url)
    try:
        _bring_up_to_date(database)
    except BaseException:
        database.close()
        raise
    return Store(database)


def version_of(database: Database) -> str | None:
    """Return a state's version; None where it has no tables yet. Raises StateError."""
    with database.reading() as connection:
        return _version(connection)


def _bring_up_to_date(database: Database) -> None:
    with database.reading() as connection:
        if database.is_sqlite:
            _refuse_foreign(database, connection)
        if _version(connection) == VERSION:
            return
    # It takes longer to load than all else here, and is needed once in a version's life.
    from service.store.migrating import migrate  # noqa: PLC0415

    # Asked again under the lock: another process may be migrating at this moment.
    with database.writing() as connection:
        _lock(database, connection)
        migrate(database, connection, _version(connection))


def _version(connection: Connection) -> str | None:
    """Return the version that Alembic has noted; None in a new state."""
    if not inspect(connection).has_table(_NOTED):
        return None
    found: str | None = connection.execute(text(f"SELECT version_num FROM {_NOTED}")).scalar()  # noqa: S608 - our own word
    return found


_NOTED = "alembic_version"


def _refuse_foreign(database: Database, connection: Connection) -> None:
    mark = connection.execute(text("PRAGMA application_id")).scalar_one()
    if mark == APPLICATION_ID or database.in_memory:
        return
    tables = inspect(connection).get_table_names()
    told = f"it holds other tables: {', '.join(sorted(tables)[:3])}" if tables else "not ours"
    raise StateError(
        database.subject,
        f"that is the database of another program ({told})",
        remedy="Name another file in NATVERKET_STATE_URL.",
    )


def _lock(database: Database, connection: Connection) -> None:
    # SQLite's transaction is the write lock already; PostgreSQL needs a word for it.
    if not database.is_sqlite:
        connection.execute(text(f"SELECT pg_advisory_xact_lock({APPLICATION_ID})"))
