"""Who counts as a participant (settled 20)."""

from datetime import UTC, datetime, timedelta

import pytest

from service.jobs.collect_attendance import JOB, attendance
from service.jobs.engine import run
from service.jobs.known import ATTENDANCE, Attendance, known
from service.observe import Change, SeenPresence
from tests.unit.effects.world import ZONE, World, event

MORNING = datetime(2023, 3, 8, 8, 0, tzinfo=UTC)


def here(
    name: str, domain: str = "skara.exempel.se", report: str = "1", hours: float = 0, **other: str
) -> SeenPresence:
    """Somebody who joined so many hours into the first morning; without a domain, unsigned."""
    joined = MORNING + timedelta(hours=hours)
    mail = f"{name.casefold()}@{domain}" if domain else None
    return SeenPresence(
        report_id=report,
        mail=mail,
        name=other.get("shown", name),
        role=other.get("role", "Attendee"),
        joined=joined,
        left=joined + timedelta(hours=1),
    )


def count(*presences: SeenPresence) -> int:
    return attendance("uid-0308", presences, time_zone=ZONE).count


def test_distinct_people() -> None:
    """Somebody who comes back, in the same report or another, counts once."""
    assert count(here("Ada"), here("Ada", hours=1), here("Ada", report="2"), here("Bo")) == 2


def test_everybody_counts() -> None:
    """Organiser and speakers are participants."""
    assert count(here("Ada", role="Organizer"), here("Bo", role="Presenter"), here("Cy")) == 3


def test_unsigned_once_each() -> None:
    """People who did not sign in count once each, by the name that they gave."""
    gone_and_back = here("Gäst", "", hours=1)
    assert count(here("Gäst", ""), gone_and_back, here("Mötesrum Eken", "")) == 2


def test_unsigned_in_several_reports() -> None:
    """A name that comes in two reports is one person; another name is another."""
    assert count(here("Gäst", "", "1"), here("Gäst", "", "2"), here("Kim", "", "2")) == 2


def test_nameless() -> None:
    """Of those without mail and name, the report with most of them counts."""
    assert count(here(" ", "", "1"), here("", "", "2"), here("", "", "2")) == 2


def test_per_day() -> None:
    """Somebody who is there on both days counts on both, as in the coordinator's day counts."""
    assert count(here("Ada"), here("Ada", hours=24), here("Bo", hours=24)) == 3


def test_the_day_is_local() -> None:
    """Half past midnight in Sweden is the next day, though not in UTC."""
    late = here("Ada", hours=15.5)  # 23:30 UTC
    assert count(here("Ada"), late) == 2


def test_domains_alone_are_kept() -> None:
    """The mail domains, sorted and distinct, and no name."""
    counted = attendance(
        "uid-0308", [here("Ada"), here("Bo", "boras.exempel.se"), here("Cy")], time_zone=ZONE
    )
    assert counted.domains == ("boras.exempel.se", "skara.exempel.se")
    assert "Ada" not in repr(counted)


def test_nobody() -> None:
    """An empty report counts nobody."""
    assert count() == 0


# ---------------------------------------------------------------- when


async def counted(world: World, **ago: float) -> Attendance | None:
    """The count that is kept by a run so long after the meeting's end."""
    seen = event(join_url="https://teams.microsoft.com/l/meetup-join/m1")
    await world.ledger.absorb("calendar", [Change(id=seen.id, value=seen)])
    world.clock.moment = seen.end + timedelta(**ago)
    outcome = await run(JOB, world.at, world.clock.now())
    assert outcome.run.outcome == "done"
    return (await world.ledger.seen(ATTENDANCE, Attendance)).get("uid-0308")


@pytest.mark.parametrize(
    ("ago", "read"),
    [({"seconds": -1}, False), ({}, True), ({"hours": 71}, True), ({"days": 3}, False)],
)
async def test_window(world: World, ago: dict[str, float], read: bool) -> None:
    """Counted from the end for three days: reports are completed, people come back."""
    world.meetings.present = (here("Ada", hours=1),)
    assert (await counted(world, **ago) is not None) is read


async def test_only_this_occurrence(world: World) -> None:
    """Of a series, people of other weeks are no participants of this one."""
    world.meetings.present = (here("Ada", hours=1), here("Bo", hours=7 * 24))
    found = await counted(world)

    assert found is not None
    assert found.count == 1


async def test_the_meeting_knows_it(world: World) -> None:
    """The count is the meeting's, as long as no coordinator has given a number."""
    world.meetings.present = (here("Ada", hours=1), here("Bo", hours=1))
    await counted(world)
    [meeting] = (await known(world.at)).meetings

    assert (meeting.teams_count, meeting.participants) == (2, 2)
