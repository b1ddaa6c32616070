"""Files that an invitation links to: copied, and followed while they may still be worked on."""

from collections.abc import Callable

import pytest

from service.errors import Forbidden
from service.jobs import file_materials, sync_calendar
from service.jobs.engine import run
from service.observe import SeenItem
from service.ports import DONE
from tests.unit.effects.fate import SITE
from tests.unit.effects.world import MEMBERS, WATCHED, World, event

FOLDER = "2023/2023-03-08 Natur i stadsplanering, Skara (Naturvårdsgruppen)"


@pytest.fixture
async def linked(world: World) -> SeenItem:
    """A file in another library, to which the invitation of 8 March links."""
    item = world.drives.put(WATCHED.drive_id, "Annat/Underlag.txt", b"first")
    body = f'<p>Läs <a href="{SITE}/{item.id}">underlaget</a></p>'
    world.calendar.events = {"event": event(id="event", body_html=body)}
    world.clock.on(hours=1)
    await files(world)
    return item


async def files(world: World) -> str:
    now = world.clock.now()
    await run(sync_calendar.JOB, world.at, now)
    return (await run(file_materials.JOB, world.at, now)).run.outcome


def asked(world: World, monkeypatch: pytest.MonkeyPatch, answer: Callable[[str], None]) -> None:
    looked_up = world.drives.shared

    async def shared(url: str) -> SeenItem | None:
        answer(url)
        return await looked_up(url)

    monkeypatch.setattr(world.drives, "shared", shared)


async def test_it_is_filed(world: World, linked: SeenItem) -> None:
    """In the meeting's folder, under its own name."""
    assert world.drives.named(MEMBERS, FOLDER) == ["Underlag.txt"]


async def test_what_is_edited_there_is_renewed(world: World, linked: SeenItem) -> None:
    """A day later the new bytes lie over the old ones, though the invitation stands as it was."""
    world.drives.edit(linked.id, b"second")
    world.clock.on(days=1, hours=1)
    assert await files(world) == DONE

    [there] = [i for i in world.drives.items.values() if i.drive_id == MEMBERS and not i.folder]
    assert world.drives.data[there.id] == b"second"


async def test_once_a_day_and_not_for_ever(
    world: World, linked: SeenItem, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two cycles of a day ask once; two weeks after the meeting nobody asks any more."""
    seen: list[str] = []
    asked(world, monkeypatch, seen.append)
    for _ in range(2):
        world.clock.on(hours=13)
        await files(world)
    assert len(seen) == 1

    world.clock.on(days=40)
    await files(world)
    assert len(seen) == 1


async def test_a_link_that_may_not_be_followed(
    world: World, linked: SeenItem, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stops nothing, says why, and is tried again."""

    def refuse(url: str) -> None:
        raise Forbidden(url, "no role on the site")

    asked(world, monkeypatch, refuse)
    world.clock.on(days=1, hours=1)
    assert await files(world) == DONE
    seen = await file_materials.observe(world.at)

    assert [note.subject for note in seen.notes] == [f"{SITE}/{linked.id}"]
    assert world.drives.named(MEMBERS, FOLDER) == ["Underlag.txt"]
    monkeypatch.undo()
    world.clock.on(days=1, hours=1)
    assert (await file_materials.observe(world.at)).notes == ()
