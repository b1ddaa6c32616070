"""How a library's changes come into the ledger."""

from collections.abc import AsyncIterator
from dataclasses import replace

from service.jobs.reading import read_drive
from service.observe import Change, Page, SeenItem
from tests.unit.effects.library import Drives
from tests.unit.effects.world import MEMBERS, World


class Walked(Drives):
    """Libraries whose delta is forbidden: each reading is all that there is."""

    async def changes(self, drive_id: str, cursor: str | None) -> AsyncIterator[Page[SeenItem]]:
        assert cursor is None
        found = [await self.item(drive_id, item_id) for item_id in self.items]
        here = tuple(Change(id=item.id, value=item) for item in found if item)
        yield Page(changes=here, cursor=None, complete=True)


async def seen(world: World) -> set[str]:
    found = await world.ledger.seen(f"drive/{MEMBERS}", SeenItem)
    return {item.name for item in found.values() if not item.folder}


async def test_what_a_complete_reading_lacks_is_gone(world: World) -> None:
    """Removed from the ledger; what is still there stays, and no cursor is kept."""
    drives = Walked(world.fate, world.clock)
    at = replace(world.at, drives=drives)
    gone = drives.put(MEMBERS, "2023/a.txt", b"a")
    drives.put(MEMBERS, "2023/b.txt", b"b")
    await read_drive(at, MEMBERS)
    assert await seen(world) == {"a.txt", "b.txt"}

    drives.delete(gone.id)
    await read_drive(at, MEMBERS)

    assert await seen(world) == {"b.txt"}
    assert await world.ledger.cursor(f"drive/{MEMBERS}") is None


async def test_a_page_of_delta_says_nothing_of_the_rest(world: World) -> None:
    """What it does not name is still there."""
    world.drives.put(MEMBERS, "2023/a.txt", b"a")
    await read_drive(world.at, MEMBERS)
    world.drives.put(MEMBERS, "2023/b.txt", b"b")

    await read_drive(world.at, MEMBERS)

    assert await seen(world) == {"a.txt", "b.txt"}
