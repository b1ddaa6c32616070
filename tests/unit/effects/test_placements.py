"""What a coordinator says of single files is done, wherever the process ended."""

import pytest

from service.effects.perform import perform
from service.effects.placements import (
    NOBODYS,
    PLACEMENTS,
    Placement,
    carry_over,
    file_again,
    take_back,
)
from service.errors import MoveRefused, NotFound
from service.ports import Status
from service.store import Store
from tests.unit.effects.endings import shown
from tests.unit.effects.fate import Crash
from tests.unit.effects.test_copies import taking_out
from tests.unit.effects.test_renewing import effect_of, filed, renewing
from tests.unit.effects.world import FOLDER, KEPT, MEMBERS, World, contents, folder

OTHER = folder("2023-05-10 Vatten")


async def back(world: World) -> None:
    await take_back(await effect_of(world), world.at)


async def over(world: World) -> None:
    await carry_over(await effect_of(world), "uid-0510", OTHER, world.at)


@pytest.mark.parametrize(
    ("say", "path"),
    [(back, f"{KEPT}/Inkorg/Oplacerat"), (over, f"{MEMBERS}/2023/2023-05-10 Vatten")],
)
async def test_said_twice(state: Store, say, path: str) -> None:
    """Cut off anywhere and said again, the file lies where it was said, once."""
    quiet = World(state)
    await filed(quiet)
    quiet.fate.end(None)
    await say(quiet)
    for boundary in range(1, quiet.fate.passed + 1):
        world = World(state)
        await filed(world)
        world.fate.end(boundary)
        with pytest.raises(Crash):
            await say(world)
        world.fate.end(None)
        world.restarted()
        await say(world)

        assert shown(world) == shown(quiet) == {f"{path}/Agenda.docx": b"first"}, boundary
        assert (await effect_of(world)).status is (await effect_of(quiet)).status
        assert len(world.drives.stored) == 1


async def test_taken_back(world: World) -> None:
    """Nobody's, for a reason that is told, and a new version does not bring it back."""
    item_id = await filed(world)
    await back(world)

    effect = await effect_of(world)
    assert (effect.status, effect.reason) == (
        Status.DROPPED,
        "en samordnare har tagit tillbaka den",
    )
    said = await world.ledger.seen(PLACEMENTS, Placement)
    assert {key: one.meeting_id for key, one in said.items()} == {
        "event/a1": NOBODYS,
        f"inbox/{item_id}": NOBODYS,
    }


async def test_carried_over_is_hers_still(world: World) -> None:
    """What a person edited before it was carried over is not written over afterwards."""
    world.drives.edit(await filed(world), b"hers")
    await over(world)
    await perform(renewing(world), world.at)

    assert contents(world, OTHER.path) == {
        "Agenda.docx": b"hers",
        "Agenda (ny version).docx": b"second",
    }


async def test_again_after_it_was_removed(world: World) -> None:
    """It is filed anew, also where its folder is gone."""
    await filed(world)
    home = await world.drives.find(MEMBERS, FOLDER)
    for item_id in [i for i, item in world.drives.items.items() if item.parent_id == home.id]:
        world.drives.delete(item_id)
    world.drives.delete(home.id)
    await file_again(await effect_of(world), "uid-0308", folder(), world.at)
    await filed(world)

    assert contents(world) == {"Agenda.docx": b"first"}


async def test_again_after_it_was_taken_back(world: World) -> None:
    """The file itself goes back: it is not filed a second time beside Oplacerat."""
    await filed(world)
    await back(world)
    await file_again(await effect_of(world), "uid-0308", folder(), world.at)

    assert shown(world) == {f"{MEMBERS}/{FOLDER}/Agenda.docx": b"first"}
    assert (await effect_of(world)).status is Status.DONE


async def test_again_where_only_its_columns_wait(world: World) -> None:
    """In place and parked: what is missing is done, and nothing is stored twice."""
    await filed(world)
    held = await effect_of(world)
    await world.ledger.keep(type(held)(**{**vars(held), "status": Status.PARKED}))
    await file_again(await effect_of(world), "uid-0308", folder(), world.at)
    await filed(world)

    assert world.drives.stored == [b"first"]
    assert (await effect_of(world)).status is Status.DONE


async def test_again_where_nothing_is_wrong(world: World) -> None:
    """A file that is filed and there is left alone."""
    await filed(world)
    before = await effect_of(world)
    await file_again(before, "uid-0308", folder(), world.at)

    assert await effect_of(world) == before


async def test_again_of_what_nobody_else_has(world: World) -> None:
    """A moved file that was removed is in the recycle bin alone, and the error says so."""
    action = taking_out(world)
    world.drives.apart = False
    await perform(action, world.at)
    world.drives.delete(action.item.id)
    with pytest.raises(NotFound) as told:
        await file_again(await effect_of(world, action.key), "uid-0308", folder(), world.at)
    assert "recycle bin" in told.value.remedy


async def test_taken_back_where_files_are_not_moved(world: World) -> None:
    """Where the tenant refuses the move, the error says what to do by hand."""
    await filed(world)
    world.drives.apart = True
    with pytest.raises(MoveRefused) as told:
        await back(world)
    assert "by hand" in told.value.remedy
    assert (await effect_of(world)).status is Status.DONE
