"""What looks like a mishap is refused until a person says that it is none."""

from dataclasses import replace

from service.errors import SourceEmptied, TooManyChanges
from service.jobs.engine import run
from service.jobs.file_materials import JOB
from service.observe import Change
from service.ports import DONE, FAILED, IN_PART
from tests.unit.effects.fate import START
from tests.unit.effects.world import KEPT, MEMBERS, TEAM, World, event

INBOX = "Inkorg/2023-03-08 Natur"


async def filing(world: World):
    return await run(JOB, world.at, START)


async def dropped(world: World, count: int = 12) -> list[str]:
    """Files that people have put into a meeting's folder of the inbox, and that are still."""
    await world.ledger.absorb("calendar", [Change(id="event-0308", value=event())])
    names = [f"Fil {number}.pdf" for number in range(count)]
    found = [world.drives.put(KEPT, f"{INBOX}/{name}", name.encode()).id for name in names]
    world.clock.on(hours=1)
    return found


async def test_an_inbox_that_we_have_emptied_is_no_mishap(world: World) -> None:
    """What was moved to the other library is not gone, whoever moved it."""
    ids = await dropped(world)
    world.drives.carry(ids[0], MEMBERS, "2023/Eget")
    assert (await filing(world)).run.outcome == DONE
    assert world.drives.named(KEPT, INBOX) == []

    again = await filing(world)
    assert (again.run.outcome, again.run.did) == (DONE, 0)


async def test_an_emptied_library_is_refused(world: World) -> None:
    """Nothing is done or forgotten, at every run, until a person says that it was meant."""
    ids = await dropped(world)
    await filing(world)
    await filing(world)
    for item_id in ids:
        world.drives.delete(item_id)
    for _ in range(2):
        refused = await filing(world)
        assert refused.run.outcome == FAILED
        assert isinstance(refused.errors[0], SourceEmptied)
    world.at = replace(world.at, anyway=True)
    assert (await filing(world)).run.outcome == DONE
    world.restarted()
    assert (await filing(world)).run.outcome == DONE


async def test_an_emptied_watched_folder_stops_nothing_else(world: World) -> None:
    """It is told; what others put into the inbox is filed all the same."""
    names = [f"Fil {number}.pdf" for number in range(12)]
    ids = [world.drives.put(TEAM, f"Material/{name}", name.encode()).id for name in names]
    await filing(world)
    for item_id in ids:
        world.drives.delete(item_id)
    await dropped(world, 1)
    outcome = await filing(world)

    assert outcome.run.outcome == IN_PART
    assert isinstance(outcome.errors[0], SourceEmptied)
    assert world.drives.named(KEPT, INBOX) == []


async def test_a_plan_of_very_many_changes_is_refused(world: World) -> None:
    """It is said how many, how many are allowed, and how to have them all the same."""
    await dropped(world)
    world.at = replace(world.at, rules=replace(world.at.rules, most_changes=11))
    refused = await filing(world)
    assert isinstance(refused.errors[0], TooManyChanges)
    assert "12 changes; 11 are allowed" in str(refused.errors[0])
    assert world.fate.writes == []

    world.at = replace(world.at, anyway=True)
    assert (await filing(world)).run.did == 12
