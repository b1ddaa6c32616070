"""What coordinators decide of posts to come, from the ledger alone."""

from dataclasses import replace
from datetime import timedelta

import pytest

from service.effects.approving import held
from service.errors import NotFound
from service.jobs import deciding, post_reminders
from service.jobs.deciding import Approval
from service.jobs.engine import run
from service.jobs.known import CALENDAR
from service.observe import Change
from service.workplace import Workplace
from tests.unit.effects import world as given
from tests.unit.effects.fate import START
from tests.unit.effects.world import World

FORM = "https://forms.office.com/e/Anmalan0308"
FIRST, LAST_DAY = "registration_closing", "registration_last_day"


@pytest.fixture
async def at(world: World) -> Workplace:
    """A meeting a week away, in the first weeks of the service."""
    event = given.event(body_html=f"<p>Anmälan: {FORM} senast 6 mars</p>")
    await world.ledger.absorb(CALENDAR, [Change(id=event.id, value=event)])
    return replace(world.restarted(), posts_wait_until=START + timedelta(weeks=8))


async def reminders(at: Workplace) -> dict[str, deciding.Foreseen]:
    return {one.post.kind: one for one in await deciding.foreseen(at)}


async def test_foreseen(world: World, at: Workplace) -> None:
    """What is due and what is to come; nothing is asked of the tenant, nothing written."""
    before = await at.ledger.effects()
    found = await reminders(at)

    assert [found[kind].post.kind for kind in (FIRST, LAST_DAY, "soon")]
    assert {one.approval for one in found.values()} == {Approval.NEEDED}
    assert found["soon"].held_by == "uid-0308"
    assert await at.ledger.effects() == before
    assert world.fate.writes == []


async def test_without_ways_out(at: Workplace) -> None:
    """The state alone knows no way out of the house; the settings say where posts go."""
    there = await reminders(at)
    alone = await reminders(replace(at, outlets=(), messages={}))
    assert {k: v.messages for k, v in alone.items()} == {k: v.messages for k, v in there.items()}


async def test_what_waits_is_shown(at: Workplace) -> None:
    """A post that was due and waits for a tick is still drawn, and is posted once approved."""
    await run(post_reminders.JOB, at, START)
    waits = (await reminders(at))[FIRST]
    assert waits.approval is Approval.WAITS

    await deciding.approve(waits.post.key, at)
    assert (await reminders(at))[FIRST].approval is Approval.GIVEN
    await run(post_reminders.JOB, at, START + timedelta(minutes=15))
    assert FIRST not in await reminders(at)


async def test_approved_ahead(world: World, at: Workplace) -> None:
    """A post that is approved before it is due goes out on its day without a word more."""
    last_day = (await reminders(at))[LAST_DAY]
    await deciding.approve(last_day.post.key, at)
    assert (await reminders(at))[LAST_DAY].approval is Approval.GIVEN
    assert world.fate.writes == []

    world.clock.moment = last_day.post.due
    await run(post_reminders.JOB, at, world.clock.moment)
    assert len(world.fate.writes) == 1


async def test_approved_and_never_made(world: World, at: Workplace) -> None:
    """What was approved ahead and has lost its use waits for nobody."""
    soon = (await reminders(at))["soon"]
    await deciding.approve(soon.post.key, at)
    await deciding.hold("uid-0308", at)
    world.clock.on(days=20)
    await run(post_reminders.JOB, at, world.clock.now())

    effect = (await at.ledger.effects(soon.messages[0].key))[soon.messages[0].key]
    assert effect.reason == "no longer useful"
    assert world.fate.writes == []


async def test_what_is_not_foreseen(at: Workplace) -> None:
    """What waits and cannot be drawn is listed apart, and is approved by its key."""
    await run(post_reminders.JOB, at, START)
    assert await deciding.waiting_besides(await deciding.foreseen(at), at) == ()
    (waits,) = await deciding.waiting_besides((), at)
    await deciding.approve(waits.key, at)
    assert await deciding.waiting_besides((), at) == ()


async def test_hold(at: Workplace) -> None:
    """A meeting, a kind; what is neither is refused."""
    await deciding.hold("uid-0308", at)
    assert not {FIRST, LAST_DAY, "soon"} & (await reminders(at)).keys()
    await deciding.release("uid-0308", at)
    await deciding.hold("soon", at)
    assert {FIRST, LAST_DAY} <= (await reminders(at)).keys()
    assert "soon" not in await reminders(at)
    for refused in (deciding.hold("uid-9999", at), deciding.release("uid-0308", at)):
        with pytest.raises(NotFound):
            await refused


async def test_pause(at: Workplace) -> None:
    """All kinds at once; resumed, what was held by itself stays so."""
    await deciding.hold("uid-0308", at)
    await deciding.pause(at)
    assert deciding.is_paused(await held(at))
    assert await deciding.foreseen(at) == ()
    await deciding.resume(at)
    assert await held(at) == {"uid-0308": "Natur i stadsplanering"}
