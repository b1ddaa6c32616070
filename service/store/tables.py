"""
The tables, as they are after the last migration.

A change here needs a migration in `service.store.migrations.versions`; a test compares
the two. Every table carries the network, so that one database can serve several.
"""

from datetime import UTC, datetime

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Dialect,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
)

APPLICATION_ID = 0x4E415456
"""`NATV`: marks an SQLite file as ours (`PRAGMA application_id`)."""

VERSION = "0002"
"""Of the last migration, which these tables are as after."""

# Keys are looked up by prefix, that is by range: only byte order makes that right.
Key = Text().with_variant(Text(collation="C"), "postgresql")


class UtcTime(TypeDecorator[datetime]):
    """An instant: aware in Python, `timestamptz` in PostgreSQL, UTC text in SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a time that does not say where it holds."""
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give SQLite's times their zone back and PostgreSQL's ours."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


SCHEMA = MetaData(naming_convention={"pk": "pk_%(table_name)s"})

SIGHTS = Table(
    "sights",
    SCHEMA,
    Column("network", Text, primary_key=True),
    Column("source", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("value", Text),
    Column("gone", Boolean, nullable=False),
)

CURSORS = Table(
    "cursors",
    SCHEMA,
    Column("network", Text, primary_key=True),
    Column("source", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

EFFECTS = Table(
    "effects",
    SCHEMA,
    Column("network", Text, primary_key=True),
    Column("key", Key, primary_key=True),
    Column("job", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("phase", Text, nullable=False),
    Column("remote_id", Text),
    Column("etag", Text),
    Column("baseline", Text, nullable=False),
    Column("upload", Text),
    Column("attempts", Integer, nullable=False),
    Column("not_before", UtcTime),
    Column("reason", Text, nullable=False),
    Column("created", UtcTime, nullable=False),
    Column("updated", UtcTime, nullable=False),
)

RUNS = Table(
    "runs",
    SCHEMA,
    Column("network", Text, primary_key=True),
    Column("job", Text, primary_key=True),
    Column("scope", Text, primary_key=True),
    Column("period", UtcTime, primary_key=True),
    Column("started", UtcTime, nullable=False),
    Column("finished", UtcTime, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("did", Integer, nullable=False),
    Column("note", Text, nullable=False),
)

RESPONSES = Table(
    "responses",
    SCHEMA,
    Column("network", Text, primary_key=True),
    Column("form", Text, primary_key=True),
    # The sheet's order is the identity: some sheets number their rows anew, or not at all.
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False),
    Column("submitted", UtcTime),
    Column("answers", Text, nullable=False),
    Column("started", UtcTime),
    Column("changed", UtcTime),
    Column("row", Integer),
)

HISTORY = Table(
    "history",
    SCHEMA,
    Column("network", Text, primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("question", Text, primary_key=True),
    Column("mean", Text, nullable=False),
    Column("n", Integer, nullable=False),
)
