"""A meeting that cannot be looked at steps aside, says why, and holds nobody up."""

from datetime import date, timedelta

import pytest

from service.domain.attendance import Attendance
from service.errors import Forbidden, NatverketError, NotFound, Throttled, Unreachable
from service.jobs.collect_attendance import JOB
from service.jobs.engine import run
from service.jobs.known import ATTENDANCE
from service.jobs.troubles import Looked, look_at_each, troubles
from service.ports import DONE, FAILED, IN_PART
from tests.unit.effects.fate import START
from tests.unit.effects.world import World, event, meeting
from tests.unit.jobs.test_collect_attendance import here, invite

CLOSED = "utan.policy@exempel.se"


async def looked(world: World, error: NatverketError | None) -> Looked[str]:
    """Look at two meetings, the first of which fails so."""

    async def look(each: object) -> str | None:
        if each is first and error is not None:
            raise error
        return "seen"

    first, second = meeting(), meeting(date(2023, 3, 9))
    return await look_at_each("job", (first, second), look, world.at)


@pytest.mark.parametrize("error", [Forbidden("x"), NotFound("x"), Throttled("x")])
async def test_the_rest_goes_on(world: World, error: NatverketError) -> None:
    """What is one meeting's leaves the others as they are, and is passed on."""
    found = await looked(world, error)

    assert found.found == ("seen",)
    assert [one.error for one in found.unread] == [error]
    (trouble,) = (await troubles(world.at))["uid-0308"]
    assert (trouble.job, trouble.why, trouble.remedy) == ("job", str(error), error.remedy)


async def test_what_concerns_the_run(world: World) -> None:
    """Without a network, nobody is asked."""
    with pytest.raises(Unreachable):
        await looked(world, Unreachable("graph"))


async def test_asked_ever_more_seldom(world: World) -> None:
    """Ten minutes, then twenty; since when it has been so is kept; the service's word wins."""
    await looked(world, Forbidden("x"))
    world.clock.on(minutes=9)
    assert (await looked(world, Forbidden("x"))).unread == ()
    world.clock.on(minutes=1)
    await looked(world, Throttled("x", until=START + timedelta(hours=3)))
    (trouble,) = (await troubles(world.at))["uid-0308"]

    assert (trouble.tries, trouble.since) == (2, START)
    assert trouble.not_before == START + timedelta(hours=3)


async def test_over(world: World) -> None:
    """What works again is no trouble any more."""
    await looked(world, Forbidden("x"))
    world.clock.on(minutes=10)
    found = await looked(world, None)

    assert found.found == ("seen", "seen")
    assert await troubles(world.at) == {}


async def test_an_organiser_without_policy(world: World) -> None:
    """The other organiser's meeting is counted; the run ends in part, and then is done."""
    world.meetings.closed = {CLOSED}
    world.meetings.present = (here("Ada"), here("Bo", hours=25))
    await invite(world, organizer=CLOSED)
    await invite(world, date(2023, 3, 9))
    world.clock.moment = event(date(2023, 3, 9)).end
    outcome = await run(JOB, world.at, START)

    assert (outcome.run.outcome, len(outcome.errors)) == (IN_PART, 1)
    assert CLOSED in outcome.run.note
    assert list(await world.ledger.seen(ATTENDANCE, Attendance)) == ["uid-0309"]
    assert (await run(JOB, world.at, START)).run.outcome == DONE

    world.meetings.closed = set()
    world.clock.on(minutes=10)
    await run(JOB, world.at, START)
    assert len(await world.ledger.seen(ATTENDANCE, Attendance)) == 2
    assert await troubles(world.at) == {}


async def test_a_run_that_fails_wholly(world: World) -> None:
    """What the mechanism lets through fails the run, as before."""

    async def find(organizer: str, join_url: str) -> str | None:
        raise Unreachable("graph")

    world.meetings.find = find  # type: ignore[method-assign]
    await invite(world)
    world.clock.moment = event().end

    assert (await run(JOB, world.at, START)).run.outcome == FAILED
