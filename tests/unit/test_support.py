"""What `natverket support` packs: shapes and counts, and nothing of people or secrets."""

import json
import stat
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from service.cli.support import Coder, contents
from service.cli.support import _write as write
from service.settings import Settings, read_settings
from service.store import open_store
from service.store.tables import SCHEMA, UtcTime

CANARY = "kanariefagel"
NOW = datetime(2023, 3, 1, tzinfo=UTC)
SET = {
    "TENANT_ID": f"{CANARY}-tenant",
    "CLIENT_ID": f"{CANARY}-client",
    "CLIENT_SECRET": f"{CANARY}-secret",
    "NETWORK_ID": f"{CANARY}-id",
    "NETWORK_NAME": f"{CANARY} Namn",
    "NETWORK_FOCUS_GROUPS": f"{CANARY}-g={CANARY} Grupp",
    "NETWORK_MAILBOX": f"{CANARY}@kommun.example",
    "NETWORK_SITE": f"https://{CANARY}.sharepoint.com/sites/{CANARY}",
    "NETWORK_TEAM": f"{CANARY}-team",
    "NETWORK_CHANNEL": f"19:{CANARY}@thread.tacv2",
    "NETWORK_WORKFLOW_URL": f"https://{CANARY}.example/?sig={CANARY}",
}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Canaries in every setting, and in every text column of every row of every table."""
    url = f"sqlite:///{tmp_path / 'natverket.db'}"
    open_store(url).close()
    env = {f"NATVERKET_{name}": value for name, value in SET.items()}
    return _planted(read_settings(None, env | {"NATVERKET_STATE_URL": url}), url)


def _planted(settings: Settings, url: str) -> Settings:
    engine = create_engine(url)
    with engine.begin() as connection:
        for table in SCHEMA.sorted_tables:
            for number in range(3):
                row = {}
                for column in table.columns:
                    is_time = isinstance(column.type, UtcTime)
                    kind = datetime if is_time else column.type.python_type
                    plain = {int: number, bool: False, datetime: NOW}.get(kind)
                    row[column.name] = f"{CANARY} {number}" if plain is None else plain
                row["network"] = f"{CANARY}-id"
                connection.execute(table.insert(), row | _readable(table.name, number))
    engine.dispose()
    return settings


def _readable(table: str, number: int) -> dict[str, object]:
    """What has to be JSON, or one of our own words, for the state to be read at all."""
    if table == "effects":
        baseline = json.dumps({"name": CANARY, "error": CANARY, "title": CANARY})
        upload = {"url": f"https://{CANARY}", "offset": 0, "size": 1, "hash_state": ""}
        told = json.dumps({**upload, "expires": NOW.isoformat()})
        status = ("parked", "claimed", "done")[number]
        return {"status": status, "baseline": baseline, "upload": told}
    if table == "runs":
        return {"job": "sync_calendar"}
    return {"answers": json.dumps({CANARY: CANARY})} if table == "responses" else {}


async def test_no_canary_is_in_the_pack(settings: Settings) -> None:
    """Neither as it was written nor encoded."""
    told = "\n".join((await contents(settings, Coder(b"salt"))).values()).casefold()

    forms = (CANARY, CANARY.encode().hex(), "kanarief")
    assert [form for form in forms if form in told] == []
    assert "natverket.db" not in told


async def test_it_tells_what_a_helper_needs(settings: Settings) -> None:
    """Versions, switches, sizes, runs and what waits; the list at its head names every file."""
    pack = await contents(settings, Coder(b"salt"))
    readme = pack["README.txt"]

    assert all(name in readme for name in pack if name != "README.txt")
    assert json.loads(pack["program.json"])["libraries"]["sqlalchemy"]
    assert json.loads(pack["settings.json"])["installation"]["poll_calendar"] == 15
    assert json.loads(pack["state.json"])["rows"]["effects"] >= 3
    [waiting] = json.loads(pack["waiting.json"])
    assert {one["status"] for one in waiting["waiting"]} == {"parked", "claimed"}
    assert {one["kind"] for one in waiting["waiting"]} == {"other"}


async def test_codes_compare_within_a_pack_alone(settings: Settings) -> None:
    """The same network has one code in all files, and another in the next pack."""
    first, second = [await contents(settings, Coder(salt)) for salt in (b"one", b"two")]

    def codes(pack: dict[str, str]) -> set[str]:
        return {json.loads(pack[name])[0]["network"] for name in ("runs.json", "waiting.json")}

    assert len(codes(first)) == 1
    assert codes(first) <= json.loads(first["settings.json"])["networks"].keys()
    assert codes(first).isdisjoint(codes(second))


def test_only_its_owner_reads_the_pack(tmp_path: Path) -> None:
    """It is a zip file with each text in it."""
    write(tmp_path / "pack.zip", {"README.txt": "a"})

    assert stat.S_IMODE((tmp_path / "pack.zip").stat().st_mode) == 0o600
    assert zipfile.ZipFile(tmp_path / "pack.zip").read("README.txt") == b"a"
