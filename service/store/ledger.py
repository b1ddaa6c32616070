"""What one network's service has seen and done: `service.ports.Ledger` over SQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Row, delete, func, select

from service.observe import Change
from service.ports import Effect, Status, UploadState
from service.store.codec import encode, reader
from service.store.database import Database
from service.store.reads import Reads
from service.store.tables import CURSORS, EFFECTS, SIGHTS

T = TypeVar("T")

_EFFECTS = "\0effects"
"""No source is called so."""

AFTER_ALL = "\U0010ffff"
"""The last character there is: closes the range of keys that start with a prefix."""


class SqlLedger:
    """The ledger of one network in a database that others may share."""

    def __init__(self, database: Database, network: str) -> None:
        self._database = database
        self._network = network
        subject = f"{database.subject}, effects of {network}"
        self._reads = Reads(database)
        self._baseline = reader(dict[str, object], subject)
        self._upload = reader(UploadState, subject)
        # Built once: putting a statement together takes longer than running it.
        self._keep = database.upsert(EFFECTS)
        self._begin = database.insert(EFFECTS).on_conflict_do_nothing().returning(EFFECTS.c.key)

    # ------------------------------------------------------------ seen

    async def cursor(self, source: str) -> str | None:
        """Return the cursor kept last."""
        query = select(CURSORS.c.value).where(
            CURSORS.c.network == self._network, CURSORS.c.source == source
        )
        with self._database.reading() as connection:
            return connection.execute(query).scalar()

    async def absorb(
        self, source: str, changes: Sequence[Change[T]], *, cursor: str | None = None
    ) -> None:
        """Keep sights and cursor in one transaction: a cursor never runs ahead of its sights."""
        of = {"network": self._network, "source": source}
        sights = [of | _sight(change) for change in changes]
        # A thing that is gone keeps its last sight, for people who ask what it was.
        last = func.coalesce(self._database.insert(SIGHTS).excluded.value, SIGHTS.c.value)
        with self._database.writing() as connection:
            if sights:
                connection.execute(self._database.upsert(SIGHTS, value=last), sights)
            if cursor is not None:
                connection.execute(self._database.upsert(CURSORS), of | {"value": cursor})
        if sights:
            self._reads.forget(source)

    async def forget(self, source: str) -> None:
        """Drop cursor and sights of the source."""
        with self._database.writing() as connection:
            for table in (CURSORS, SIGHTS):
                connection.execute(
                    delete(table).where(table.c.network == self._network, table.c.source == source)
                )
        self._reads.forget(source)

    async def let_go(self, source: str) -> None:
        """Delete the rows of what is gone; `seen` never told of them."""
        gone = delete(SIGHTS).where(
            SIGHTS.c.network == self._network, SIGHTS.c.source == source, SIGHTS.c.gone
        )
        with self._database.writing() as connection:
            connection.execute(gone)

    async def seen(self, source: str, kind: type[T]) -> dict[str, T]:
        """Return what is there, by id, in the order of the ids."""
        return dict(self._reads.recall(source, kind, lambda: self._read_seen(source, kind)))

    def _read_seen(self, source: str, kind: type[T]) -> dict[str, T]:
        read = reader(kind, f"{self._database.subject}, sights of {source}")
        query = (
            select(SIGHTS.c.id, SIGHTS.c.value)
            .where(SIGHTS.c.network == self._network, SIGHTS.c.source == source, ~SIGHTS.c.gone)
            .order_by(SIGHTS.c.id)
        )
        with self._database.reading() as connection:
            return {row.id: read(row.value) for row in connection.execute(query)}

    # ------------------------------------------------------------ done

    async def effects(self, prefix: str = "") -> dict[str, Effect]:
        """Return the effects whose key starts so, in the order of their keys."""
        return dict(self._reads.recall(_EFFECTS, prefix, lambda: self._read_effects(prefix)))

    def _read_effects(self, prefix: str) -> dict[str, Effect]:
        query = (
            select(EFFECTS)
            .where(
                EFFECTS.c.network == self._network,
                EFFECTS.c.key >= prefix,
                EFFECTS.c.key < prefix + AFTER_ALL,
            )
            .order_by(EFFECTS.c.key)
        )
        with self._database.reading() as connection:
            return {row.key: self._effect(row) for row in connection.execute(query)}

    async def claim(self, key: str, *, job: str, now: datetime) -> tuple[Effect, bool]:
        """Insert or nothing, in one statement: the database tells the one winner."""
        fresh = Effect(key=key, job=job, status=Status.CLAIMED, created=now, updated=now)
        there = select(EFFECTS).where(EFFECTS.c.network == self._network, EFFECTS.c.key == key)
        with self._database.writing() as connection:
            if connection.execute(self._begin, self._row(fresh)).first() is not None:
                self._reads.forget(_EFFECTS, lambda prefix: key.startswith(str(prefix)))
                return fresh, True
            return self._effect(connection.execute(there).one()), False

    async def keep(self, effect: Effect) -> None:
        """Write the effect, whether it was claimed before or is found again by a rebuild."""
        with self._database.writing() as connection:
            connection.execute(self._keep, self._row(effect))
        self._reads.forget(_EFFECTS, lambda prefix: effect.key.startswith(str(prefix)))

    def _row(self, effect: Effect) -> dict[str, object]:
        return {
            "network": self._network,
            "key": effect.key,
            "job": effect.job,
            "status": effect.status.value,
            "phase": effect.phase,
            "remote_id": effect.remote_id,
            "etag": effect.etag,
            "baseline": encode(effect.baseline),
            "upload": None if effect.upload is None else encode(effect.upload),
            "attempts": effect.attempts,
            "not_before": effect.not_before,
            "reason": effect.reason,
            "created": effect.created,
            "updated": effect.updated,
        }

    def _effect(self, row: Row[Any]) -> Effect:
        columns = row._asdict()
        upload = columns["upload"]
        read_as_is = ("key", "job", "phase", "remote_id", "etag", "attempts")
        return Effect(
            **{name: columns[name] for name in read_as_is},
            status=Status(columns["status"]),
            baseline=self._baseline(columns["baseline"]),
            upload=None if upload is None else self._upload(upload),
            not_before=columns["not_before"],
            reason=columns["reason"],
            created=columns["created"],
            updated=columns["updated"],
        )


def _sight(change: Change[T]) -> dict[str, object]:
    gone = change.value is None
    return {"id": change.id, "value": None if gone else encode(change.value), "gone": gone}
