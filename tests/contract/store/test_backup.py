"""A copy of a state in use; rows of one in another; nothing left of what was deleted."""

import sqlite3
import stat
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.domain.survey.responses import Response
from service.errors import StateError
from service.observe import Change, SeenRow
from service.ports import Effect, Status, UploadState
from service.store import Store, open_store

NOW = datetime(2023, 3, 1, tzinfo=UTC)
ANSWER = "mycket-hemligt-svar"


def effect(key: str, status: Status = Status.DONE, **more: object) -> Effect:
    return Effect(key=key, job="j", status=status, created=NOW, updated=NOW, **more)  # type: ignore[arg-type]


@pytest.fixture
def sqlite_store(sqlite_url: str) -> Store:
    return open_store(sqlite_url)


async def test_a_copy_is_whole_while_others_write(sqlite_store: Store, tmp_path: Path) -> None:
    """It holds what was kept, opens as a state, and only its owner may read it."""
    writer, copy = sqlite_store.ledger("n"), tmp_path / "copy.db"
    await writer.keep(effect("a"))
    with sqlite_store._database.writing() as connection:
        connection.exec_driver_sql("UPDATE effects SET attempts = 7")
        other = open_store(f"sqlite:///{tmp_path / 'natverket.db'}")
        other.back_up(copy)  # as of the last commit: nobody waits
        other.close()

    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    opened = open_store(f"sqlite:///{copy}")
    assert (await opened.ledger("n").effects())["a"].attempts == 0
    opened.close()
    sqlite_store.close()
    assert not _left_over(tmp_path)


def _left_over(folder: Path) -> list[Path]:
    return list(folder.glob(".copy*"))


async def test_a_copy_holds_no_address_of_an_upload(sqlite_store: Store, tmp_path: Path) -> None:
    """It carries its own authorisation; without it the upload begins anew."""
    upload = UploadState(
        url="https://x.example/hemlig", offset=1, size=2, expires=NOW, hash_state=b""
    )
    await sqlite_store.ledger("n").keep(effect("a", Status.CLAIMED, upload=upload))
    sqlite_store.back_up(tmp_path / "copy.db")
    sqlite_store.close()

    assert b"hemlig" not in (tmp_path / "copy.db").read_bytes()


async def test_a_file_is_never_written_over(sqlite_store: Store, tmp_path: Path) -> None:
    """Yesterday's copy may be all there is."""
    there = tmp_path / "copy.db"
    there.write_text("mine")
    with pytest.raises(StateError, match="there is such a file already"):
        sqlite_store.back_up(there)
    with pytest.raises(StateError, match="no copy can be written there"):
        sqlite_store.back_up(tmp_path / "nowhere" / "copy.db")
    sqlite_store.close()
    assert there.read_text() == "mine"


def test_of_postgresql_its_own_program_makes_the_copy(postgresql_url: str, tmp_path: Path) -> None:
    """The refusal tells the commands, there and back."""
    store = open_store(postgresql_url)
    with pytest.raises(StateError) as told:
        store.back_up(tmp_path / "copy.db")
    store.close()
    assert "pg_dump" in told.value.remedy
    assert "pg_restore" in told.value.remedy


async def test_what_was_deleted_is_in_no_file(sqlite_store: Store, tmp_path: Path) -> None:
    """Deleted answers stand in SQLite's log until it is emptied."""
    journal = sqlite_store.journal("n")
    await journal.replace_responses("f", [Response(id="1", submitted=NOW, answers={"q": ANSWER})])
    await journal.replace_responses("f", ())
    assert ANSWER.encode() in _bytes(tmp_path)
    sqlite_store.scrub()

    assert ANSWER.encode() not in _bytes(tmp_path)
    sqlite_store.close()


def _bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()))


async def test_scrubbing_a_log_that_is_being_read_is_told(
    sqlite_store: Store, tmp_path: Path
) -> None:
    """The answers are deleted all the same, and a stop of the service empties the log."""
    await sqlite_store.ledger("n").keep(effect("a"))
    with closing(sqlite3.connect(tmp_path / "natverket.db")) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM effects").fetchall()
        await sqlite_store.ledger("n").keep(effect("b"))
        with sqlite_store._database.session() as connection:
            connection.exec_driver_sql("PRAGMA busy_timeout=1")
        with pytest.raises(StateError, match="log could not be emptied"):
            sqlite_store.scrub()
    sqlite_store.close()


# ---------------------------------------------------------------- one state's rows in another


@pytest.fixture
async def made() -> Store:
    """What was made of a network beside the state: in memory."""
    store = open_store("sqlite:///:memory:")
    ledger = store.ledger("n")
    for one in (effect("done since"), effect("begun"), effect("over", attempts=9)):
        await ledger.keep(one)
    rows = [Change(id="1", value=SeenRow(id="1", etag="new", fields={}))]
    for source in ("register", "said"):
        await ledger.absorb(source, rows, cursor="new")
    return store


async def test_it_takes_the_place_of_what_was(store: Store, made: Store) -> None:
    """Of that network alone; imported history stays."""
    await store.ledger("n").keep(effect("old"))
    await store.ledger("other").keep(effect("theirs"))
    store.take_over(made, "n")

    assert (await store.ledger("n").effects()).keys() == {"begun", "done since", "over"}
    assert (await store.ledger("other").effects()).keys() == {"theirs"}
    assert await store.ledger("n").cursor("register") == "new"


async def test_an_old_copy_gains_what_was_done_since(store: Store, made: Store) -> None:
    """What it knew to be over stands; what it had begun gives way; people's words are its own."""
    ledger = store.ledger("n")
    for one in (
        effect("over", attempts=1),
        effect("old"),
        effect("begun", Status.CLAIMED),
    ):
        await ledger.keep(one)
    rows = [Change(id="1", value=SeenRow(id="1", etag="old", fields={}))]
    for source in ("register", "said"):
        await ledger.absorb(source, rows, cursor="old")
    store.add(made, "n", stands=("said",))

    ledger = store.ledger("n")
    effects = await ledger.effects()
    assert effects.keys() == {"begun", "done since", "old", "over"}
    assert (effects["over"].attempts, effects["begun"].status) == (1, Status.DONE)
    assert await ledger.cursor("register") is None
    assert (await ledger.seen("register", SeenRow))["1"].etag == "new"
    assert (await ledger.seen("said", SeenRow))["1"].etag == "old"
