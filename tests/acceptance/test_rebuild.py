"""
A year whose state is lost, restored from an old copy, or left behind in another tenant.

After each, every job of the year runs again: no file is filed twice, no post is sent twice, and
what people did to files stands.
"""

import asyncio
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from service.cli.logs import log_to_stderr
from service.demo.replay import again, replay
from service.demo.tenant import ask, writes
from service.demo.year import prepare, tenant
from service.domain.register import Owner
from service.effects.register import SOURCE as REGISTER
from service.jobs import JOBS
from service.jobs.engine import run
from service.jobs.holdings.comparing import compare
from service.jobs.holdings.exporting import Subject, export
from service.jobs.known import items
from service.observe import SeenItem, SeenRow
from service.ports import Target
from service.rebuilding import Into, apply, rebuilt
from service.sandbox.process import Sandbox
from service.settings import Settings
from service.store import open_store
from service.wiring import Office, open_office
from service.workplace import Workplace
from tests.acceptance.rebuilding import (
    figures,
    lies,
    lose_and_rebuild,
    members,
    posts,
    said,
    with_state,
)

MARCH = datetime(2023, 3, 17, 12, 0, tzinfo=UTC)
JUNE = datetime(2023, 6, 16, 12, 0, tzinfo=UTC)
JULY = datetime(2023, 7, 7, 12, 0, tzinfo=UTC)
SANNA = "5a9d4000-0000-4000-8000-000000000002"

OF_FILES = ("materials", "recording", "transcript")

pytestmark = pytest.mark.proof


@dataclass(frozen=True, kw_only=True)
class Half:
    """Half a year, and the copy of its state that was taken in March."""

    sandbox: Sandbox
    settings: Settings
    march: Path
    done: tuple[str, ...]
    """What people did to files, as paths that must not come back."""


@pytest.fixture(scope="module")
def half(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Half]:
    folder = tmp_path_factory.mktemp("half")
    with tenant(folder / "demo") as (sandbox, settings):
        log_to_stderr("error", "text")
        march = folder / "march.db"
        asyncio.run(_play(settings, MARCH, march))
        done = _people(sandbox)
        asyncio.run(_on(settings, JUNE))
        yield Half(sandbox=sandbox, settings=settings, march=march, done=done)


async def _play(settings: Settings, until: datetime, copy: Path) -> None:
    await prepare(settings)
    async with open_office(settings) as office:
        assert (await replay(office, until, lambda _: None)).errors == []
        office.store.back_up(copy)


async def _on(settings: Settings, until: datetime) -> None:
    async with open_office(settings) as office:
        assert (await replay(office, until, lambda _: None)).errors == []
        await again(office)


def _people(sandbox: Sandbox) -> tuple[str, ...]:
    """A coordinator renames, moves, edits and deletes what was filed in February and March."""
    files = sorted(path for path in members(lies(sandbox)) if "/2023-0" in path)
    removed, renamed, moved, edited, *_ = [path.partition("/")[2] for path in files]
    by = {"by": SANNA, "library": "Dokumentation"}
    ask(sandbox, "act", {"act": "DeleteFile", **by, "path": removed})
    ask(sandbox, "act", {"act": "RenameFile", **by, "path": renamed, "name": "Omdöpt.docx"})
    folder = edited.rpartition("/")[0]
    ask(sandbox, "act", {"act": "MoveFile", **by, "path": moved, "folder": folder})
    text = {"text": "skrivet för hand"}
    ask(sandbox, "act", {"act": "EditFile", **by, "path": edited, "content": text})
    return tuple(f"Dokumentation/{path}" for path in (removed, renamed))


def _counted(says: Mapping[str, Any]) -> dict[str, Any]:
    """Without files that a person has removed: what was counted as filed is now known as gone."""
    told = figures(says)
    meetings = [{**one, **dict.fromkeys(OF_FILES)} for one in told["meetings"]]
    return {**told, "meetings": meetings, "totals": {**told["totals"], "filed": None}}


def _nothing_twice(half: Half, before: dict[str, str], sent: dict[str, int]) -> None:
    now = lies(half.sandbox)
    assert now.keys() == before.keys()
    assert members(now) == members(before)
    assert not now.keys() & set(half.done)
    assert posts(half.sandbox) == sent
    assert set(posts(half.sandbox).values()) == {1}


@pytest.mark.parametrize("reads", [True, False], ids=["channel read", "channel closed"])
def test_half_a_year_is_known_again(half: Half, tmp_path: Path, reads: bool) -> None:
    """With what people did; figures are the same, and every job of the year adds nothing."""
    before, sent, says = lies(half.sandbox), posts(half.sandbox), said(half.settings)
    result = lose_and_rebuild(half.sandbox, half.settings, tmp_path / "a.db", reads=reads)

    assert (result.writes_made, result.errors) == (0, ())
    _nothing_twice(half, before, sent)
    assert _counted(result.says) == _counted(says)
    assert not [one for one in result.made.held if one.what == "file"]


def test_an_old_copy_catches_up(half: Half, tmp_path: Path) -> None:
    """March's copy in June: what was done since is added, and nothing of it done again."""
    before, sent = lies(half.sandbox), posts(half.sandbox)
    state = tmp_path / "restored.db"
    shutil.copy(half.march, state)
    settings = with_state(half.settings, state)
    asyncio.run(_catch_up(settings, tmp_path / "beside.db"))

    _nothing_twice(half, before, sent)
    says = said(settings)
    assert _counted(says) == _counted(said(half.settings))


async def _catch_up(settings: Settings, beside: Path) -> None:
    async with open_office(with_state(settings, beside)) as office:
        made = await rebuilt(office.workplaces[0])
        target = open_store(settings.state_url.get_secret_value())
        await apply(office.store, target, made.network, Into.OLD_COPY)
        target.close()
    async with open_office(settings) as office:
        await _every_job(office)
        await again(office)


async def _every_job(office: Office) -> None:
    at = office.workplaces[0]
    for job in JOBS:
        if job.wanted(at):
            assert (await run(job, at, at.clock.now())).errors == ()


def test_a_network_moves_to_another_tenant(half: Half, tmp_path: Path) -> None:
    """
    Rows and files, with their columns, are carried over; the state is made there under the same
    id. The export of the old tenant and the new one's tell the same, and no job adds anything.
    """
    old, new = tmp_path / "old", tmp_path / "new"
    asyncio.run(_export(half.settings, old))
    seed = f"{Path(__file__).with_name('new_host.py')}:seed"
    with tenant(tmp_path / "second", seed=seed) as (sandbox, settings):
        asyncio.run(prepare(settings))
        asyncio.run(_carry(half.settings, settings))
        fresh = with_state(settings, tmp_path / "moved.db")
        carried = members(lies(sandbox))
        held = asyncio.run(_settle_in(fresh))
        assert held == ()
        assert members(lies(sandbox)).keys() == carried.keys()
        count = writes(sandbox)
        asyncio.run(_export(fresh, new))
        assert writes(sandbox) == count

    found = compare(old, new)
    assert found.damaged == ()
    assert [path for path in found.absent if "Dokumentation" in path] == []
    assert found.rows > 5
    assert found.other_figures == ()


async def _export(settings: Settings, folder: Path) -> None:
    async with open_office(settings) as office:
        await export(Subject(name="2023", year=2023), folder, office.workplaces[0])


async def _carry(old: Settings, new: Settings) -> None:
    """As a person with a tool does it: libraries with their columns, the register's rows."""
    async with open_office(old) as there, open_office(new) as here:
        source, target = there.workplaces[0], here.workplaces[0]
        for row in (await source.ledger.seen(REGISTER, SeenRow)).values():
            await target.register.add(_of_row(row, source))
        columns = {
            (one.path, one.name): one.fields
            for one in await source.drives.all_columns(source.places.documentation)
        }
        for item in (await items(source, source.places.documentation)).values():
            if not item.folder:
                await _upload(item, columns.get((item.path, item.name), {}), source, target)


def _of_row(row: SeenRow, at: Workplace) -> dict[str, object]:
    own = {column.name for column in at.columns.register if column.owner in Owner}
    return {name: value for name, value in row.fields.items() if name in own and value is not None}


async def _upload(
    item: SeenItem, fields: dict[str, object], source: Workplace, target: Workplace
) -> None:
    folder = await target.drives.ensure_folder(target.places.documentation, item.path)
    content = source.drives.content(item.drive_id, item.id)
    where = Target(drive_id=target.places.documentation, parent_id=folder.id, name=item.name)
    stored = await target.drives.store(where, content)
    wanted = {name: value for name, value in fields.items() if name.startswith("Nv") and value}
    await target.drives.set_columns(target.places.documentation, stored.item.id, wanted)


async def _settle_in(settings: Settings) -> tuple[str, ...]:
    """Make the state in the new tenant, run everything once; return what was held of files."""
    async with open_office(settings) as office:
        clock = office.clock
        await clock.move_to(JULY)  # type: ignore[union-attr]
        at = replace(office.workplaces[0], messages={})
        made = await rebuilt(at)
        for job in JOBS:
            if job.wanted(at):
                await run(job, at, at.clock.now())
        return tuple(one.name for one in made.held if one.what == "file")
