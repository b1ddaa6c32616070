"""Once a week everything is listed whole: what the changes did not tell is found."""

from service.jobs.compare_sources import observe, plan
from service.jobs.known import CALENDAR
from service.jobs.reading import read_drive
from service.observe import Change, SeenItem
from tests.unit.effects.fate import START
from tests.unit.effects.world import MEMBERS, World


async def test_what_delta_did_not_tell(world: World) -> None:
    """Files that were missed, and files that are long gone, are taken over and told."""
    kept = world.drives.put(MEMBERS, "2023/Kvar.docx", b"x")
    await read_drive(world.at, MEMBERS)
    missed = world.drives.put(MEMBERS, "2023/Missad.docx", b"y")
    source = f"drive/{MEMBERS}"
    cursor = str(len(world.drives._log))
    ghost = Change[SeenItem](id="ghost", value=missed)
    await world.ledger.absorb(source, [ghost], cursor=cursor)

    drifts = await observe(world.at)
    [told] = plan(drifts, START)

    assert {kept.id, missed.id} <= (await world.ledger.seen(source, SeenItem)).keys()
    assert "ghost" not in await world.ledger.seen(source, SeenItem)
    assert f"unseen: {missed.id}; vanished: ghost" in str(told)


async def test_nothing_has_drifted(world: World) -> None:
    """What has changed in the ordinary way since it was last read is no drift."""
    world.drives.put(MEMBERS, "2023/Ny.docx", b"x")

    assert plan(await observe(world.at), START) == ()
    assert await world.ledger.cursor(CALENDAR) == ""
