"""A process that ends at every boundary in turn, and is begun again."""

from collections.abc import Awaitable, Callable

import pytest

from service.domain.actions import Action
from service.effects.perform import perform
from service.errors import TenantError
from service.store import Store
from tests.unit.effects.fate import Crash
from tests.unit.effects.world import KEPT, MEMBERS, World


def shown(world: World) -> dict[str, bytes]:
    """Every file of the two libraries, by its path."""
    drives = world.drives
    found = [drives._shown(i) for i, item in drives.items.items() if not item.folder]
    return {
        f"{item.drive_id}/{item.path}/{item.name}": drives.data[item.id]
        for item in found
        if item.drive_id in (MEMBERS, KEPT)
    }


async def ends_everywhere(
    state: Store,
    prepare: Callable[[World], Awaitable[Action]],
    *,
    stored: int,
    tries: int = 4,
    once: bool = True,
) -> World:
    """
    Hold every ending against an undisturbed run; return the world of that.

    `stored` files are written at the most, whatever happens. What may be asked for again and
    again is not done `once`.
    """
    quiet = World(state)
    action = await prepare(quiet)
    quiet.fate.end(None)
    await again(action, quiet, tries)
    columns = sorted(map(str, quiet.drives.columns.values()))
    for boundary in range(1, quiet.fate.passed + 1):
        world = World(state)
        action = await prepare(world)
        before = len(world.drives.stored)
        world.fate.end(boundary)
        with pytest.raises(Crash):
            await again(action, world, tries)
        world.fate.end(None)
        world.restarted()
        await again(action, world, tries)
        writes = list(world.fate.writes)
        await perform(action, world.restarted())

        assert shown(world) == shown(quiet), boundary
        assert sorted(map(str, world.drives.columns.values())) == columns, boundary
        assert not once or world.fate.writes == writes, boundary
        assert len(world.drives.stored) - before <= stored, boundary
    return quiet


async def again(action: Action, world: World, tries: int) -> None:
    """Perform until the service has ended what it was at."""
    for _ in range(tries):
        try:
            await perform(action, world.at)
        except TenantError:
            world.clock.on(hours=12)
        else:
            return
