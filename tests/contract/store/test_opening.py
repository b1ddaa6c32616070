"""Opening a state: made, migrated, shared, or refused with words that help."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text

import service
from service.domain.survey.responses import Response
from service.errors import StateError
from service.store import Store, open_store
from service.store.database import connect
from service.store.migrating import migrations
from service.store.tables import APPLICATION_ID, SCHEMA

HOLDER = Path(__file__).with_name("holder.py")
NOW = datetime(2023, 3, 1, tzinfo=UTC)


def engine_url(url: str) -> str:
    """Name the driver, as SQLAlchemy wants it."""
    return url.replace("postgresql:", "postgresql+psycopg:")


def execute(url: str, statement: str) -> None:
    """Run one statement past the store."""
    engine = create_engine(engine_url(url))
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


# ---------------------------------------------------------------- schema


def test_the_tables_are_the_sum_of_the_migrations(store: Store, url: str) -> None:
    """What the migrations made is what the code declares: nothing to add, alter or drop."""
    engine = create_engine(engine_url(url))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SCHEMA) == []
    engine.dispose()


def test_every_table_carries_the_network() -> None:
    """The network is the first part of every primary key."""
    assert {next(iter(t.primary_key)).name for t in SCHEMA.tables.values()} == {"network"}


async def test_what_was_kept_is_there_after_opening_again(url: str) -> None:
    """A state is not made anew when it is opened."""
    first = open_store(url)
    await first.ledger("n").absorb("calendar", [], cursor="kept")
    first.close()

    second = open_store(url)
    assert await second.ledger("n").cursor("calendar") == "kept"
    second.close()


async def test_an_older_state_keeps_its_responses(url: str) -> None:
    """What was collected before the tables grew is there afterwards, and its gaps are empty."""
    database = connect(url)
    config = migrations()
    with database.writing() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        zone = "" if url.startswith("sqlite") else "+00"
        connection.execute(
            text(
                "INSERT INTO responses (network, form, position, id, submitted, answers) VALUES "
                f"('n', 'f', 0, '1', '2023-03-01 00:00:00.000000{zone}', '{{\"Nöjd?\": \"5\"}}')"
            )
        )
    database.close()

    store = open_store(url)
    kept = await store.journal("n").responses("f")
    assert kept == (Response(id="1", submitted=NOW, answers={"Nöjd?": "5"}),)
    store.close()


def test_a_newer_state_is_refused_by_version(store: Store, url: str) -> None:
    """Code does not touch a state that a later version wrote, and names both versions."""
    execute(url, "UPDATE alembic_version SET version_num = '0999'")

    with pytest.raises(StateError, match=r"version 0999, .* up to 0002") as caught:
        open_store(url)
    assert "newer" in caught.value.remedy


async def test_two_may_open_a_new_state_at_once(url: str) -> None:
    """Of two processes that start together, one migrates and both get a whole state."""
    children = [start_claimant(url, 1) for _ in range(2)]
    for child in children:
        assert read(child) == "ready"
    for child in children:
        stop(child)


# ---------------------------------------------------------------- several processes


def start_claimant(url: str, many: int) -> "subprocess.Popen[str]":
    """Start a process that will claim so many keys when it gets a line."""
    program = Path(__file__).with_name("claimant.py")
    root = str(Path(service.__file__).parent.parent)
    return subprocess.Popen(
        [sys.executable, "-W", "error", program, url, str(many)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": root},
    )


def read(child: "subprocess.Popen[str]") -> str:
    """Read the next line that a child says."""
    assert child.stdout is not None
    return child.stdout.readline().strip()


def tell(child: "subprocess.Popen[str]") -> None:
    """Let a child go on."""
    assert child.stdin is not None
    child.stdin.write("\n")
    child.stdin.flush()


def stop(child: "subprocess.Popen[str]") -> None:
    """End a child, which must have had no trouble."""
    child.communicate("\n")
    assert child.returncode == 0


async def test_of_two_processes_one_wins_each_claim(store: Store, url: str) -> None:
    """Two processes claim the same keys at the same time: each key has exactly one winner."""
    many = 60
    children = [start_claimant(url, many) for _ in range(2)]
    for child in children:
        assert read(child) == "ready"
    for child in children:
        tell(child)
    won = [key for child in children for key in json.loads(read(child))]
    for child in children:
        stop(child)

    assert sorted(won) == sorted(f"key/{number}" for number in range(many))


async def test_a_claim_outlives_its_process(store: Store, url: str) -> None:
    """Killed between claim and keep, a process leaves the effect claimed: begun, unknown."""
    child = start_claimant(url, 1)
    assert read(child) == "ready"
    tell(child)
    assert read(child) == '["key/0"]'
    child.kill()
    child.communicate()

    effect, won = await store.ledger("network").claim("key/0", job="file", now=NOW)
    assert not won
    assert effect.status == "claimed"


# ---------------------------------------------------------------- locks


def test_a_lock_is_held_by_one_process(store: Store, url: str) -> None:
    """While another process holds a lock it is refused, others of other names are not."""
    holder = subprocess.Popen(
        [sys.executable, HOLDER, url, "run"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline().strip() == "held"
    with store.exclusive("run", "process 8, never") as free:
        assert not free
        assert store.holder("run") == "process 7, since then"
    with store.exclusive("other") as free:
        assert free

    holder.kill()
    holder.communicate()
    with store.exclusive("run") as free:
        assert free, "a lock dies with the process that held it"


# ---------------------------------------------------------------- refused


def test_an_sqlite_state_is_durable_and_marked(sqlite_url: str) -> None:
    """The file carries our application id, keeps a write-ahead log and is ours alone to read."""
    open_store(sqlite_url).close()
    path = Path(sqlite_url.removeprefix("sqlite:///"))

    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert path.stat().st_mode & 0o077 == 0


def test_a_connection_waits_for_writers_and_syncs(sqlite_url: str) -> None:
    """Each connection waits for others, syncs every commit and enforces foreign keys."""
    open_store(sqlite_url).close()
    database = connect(sqlite_url)
    with database.reading() as connection:
        found = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("busy_timeout", "synchronous", "foreign_keys")
        }
    database.close()

    assert found == {"busy_timeout": 5000, "synchronous": 2, "foreign_keys": 1}


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    """A file cut to nothing is not taken for a new state."""
    (tmp_path / "state.db").touch()

    with pytest.raises(StateError, match="empty") as caught:
        open_store(f"sqlite:///{tmp_path / 'state.db'}")
    assert "rebuild" in caught.value.remedy


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    """The folder is not made: it may be a volume that is not mounted."""
    with pytest.raises(StateError, match=r"folder .*absent is not there"):
        open_store(f"sqlite:///{tmp_path / 'absent' / 'state.db'}")


def test_a_folder_is_no_state(tmp_path: Path) -> None:
    """The URL must name a file."""
    with pytest.raises(StateError, match="that is a folder"):
        open_store(f"sqlite:///{tmp_path}")


def test_a_folder_that_cannot_be_written_is_refused() -> None:
    """Where no file can be made, the reason is the system's and nothing is left behind."""
    with pytest.raises(StateError, match="no file can be made there") as caught:
        open_store("sqlite:////proc/state.db")
    assert "right to write" in caught.value.remedy


def test_a_file_that_cannot_be_written_is_refused(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A state that could only be read is refused when it is opened, not at the first claim."""
    open_store(sqlite_url).close()
    monkeypatch.setattr(os, "access", lambda *_: False)

    with pytest.raises(StateError, match="cannot be written"):
        open_store(sqlite_url)


def test_another_programs_database_is_refused(tmp_path: Path) -> None:
    """An SQLite file without our mark is left as it is."""
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE things (id INTEGER)")

    with pytest.raises(StateError, match=r"another program .*things"):
        open_store(f"sqlite:///{path}")


def test_what_is_no_database_is_refused(tmp_path: Path) -> None:
    """A file of another kind is told from a damaged state."""
    path = tmp_path / "notes.txt"
    path.write_text("not a database " * 400)

    with pytest.raises(StateError, match="not an SQLite database"):
        open_store(f"sqlite:///{path}")


@pytest.mark.parametrize("bad", ["natverket.db", "mysql://h/d", "sqlite+aiosqlite:///x", ""])
def test_other_urls_are_refused(bad: str) -> None:
    """What is neither SQLite nor PostgreSQL is refused with an example of either."""
    with pytest.raises(StateError, match="NATVERKET_STATE_URL") as caught:
        open_store(bad)
    assert "sqlite:///" in caught.value.remedy


def test_an_unreachable_server_is_a_state_error_without_the_password(tmp_path: Path) -> None:
    """The reason is the driver's; the password of the URL is not repeated."""
    with pytest.raises(StateError) as caught:
        open_store(f"postgresql://user:hidden-word@/state?host={tmp_path}")
    assert "hidden-word" not in f"{caught.value} {caught.value.subject}"


async def test_a_state_in_memory_works(tmp_path: Path) -> None:
    """`sqlite:///:memory:` is a whole state that ends with the process, for trying out."""
    store = open_store("sqlite:///:memory:")
    assert (await store.ledger("n").claim("key", job="file", now=NOW))[1]
    assert not (await store.ledger("n").claim("key", job="file", now=NOW))[1]
    store.close()


async def test_a_locked_state_is_said_so(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """If another process writes for longer than we wait, the error says that."""
    monkeypatch.setattr("service.store.database.BUSY_MS", 1)
    store = open_store(sqlite_url)
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StateError, match="another process"):
            await store.ledger("n").claim("key", job="file", now=NOW)
        other.rollback()
    assert (await store.ledger("n").claim("key", job="file", now=NOW))[1]
    store.close()
