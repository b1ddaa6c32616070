"""When meetings are counted, what is kept, and what one that cannot be read does to the rest."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from service.domain.attendance import Attendance
from service.jobs.collect_attendance import ASKED_FOR, COMPLETE_AFTER, JOB, is_due
from service.jobs.engine import Outcome, run
from service.jobs.findings import findings
from service.jobs.known import ATTENDANCE, known, underlag_folder
from service.observe import Change, SeenPresence
from tests.unit.effects.world import KEPT, World, contents, event, meeting

MORNING = datetime(2023, 3, 8, 8, 0, tzinfo=UTC)
ONLINE = {"join_url": "https://teams.microsoft.com/l/meetup-join/m1"}
HOUR = timedelta(hours=1)


def here(name: str, domain: str = "skara.exempel.se", hours: float = 1) -> SeenPresence:
    joined = MORNING + timedelta(hours=hours)
    mail = f"{name.casefold()}@{domain}" if domain else None
    return SeenPresence(
        report_id="1",
        mail=mail,
        name=name,
        role="Attendee",
        joined=joined,
        left=joined + HOUR,
        seconds=3600,
    )


async def invite(world: World, day: date = date(2023, 3, 8), **other: object) -> None:
    seen = event(day, **{**ONLINE, **other})
    await world.ledger.absorb("calendar", [Change(id=seen.id, value=seen)])


async def look(world: World, **ago: float) -> Outcome:
    """Run so long after the first meeting's end."""
    world.clock.moment = event().end + timedelta(**ago)
    return await run(JOB, world.at, world.clock.now())


async def counted(world: World) -> dict[str, int]:
    return {i: one.count for i, one in (await world.ledger.seen(ATTENDANCE, Attendance)).items()}


# ---------------------------------------------------------------- when


def looks(*, counted_at: float | None, every: timedelta = HOUR) -> list[float]:
    """Hours after the end at which a meeting is read, until it is done with."""
    held, last, found = meeting(**ONLINE), None, []
    age = timedelta(0)
    while age < timedelta(days=40):
        now = held.end + age
        known_by_now = counted_at is not None and bool(found) and found[-1] >= counted_at
        if is_due(held, last, complete=known_by_now, now=now):
            last = now
            found.append(age / HOUR)
        age += every
    return found


def test_a_counted_meeting_is_done_with() -> None:
    """Read often at first, once more after three days, then never again."""
    hours = looks(counted_at=0)

    assert hours[:4] == [0, 1, 2, 3]
    assert len(hours) <= 13
    assert hours[-2] * HOUR < COMPLETE_AFTER <= hours[-1] * HOUR


@pytest.mark.parametrize("minutes", [10, 60])
def test_an_uncounted_meeting_is_asked_for_a_month(minutes: int) -> None:
    """A report may come late: asked ever more seldom, and not for ever, whatever the poll."""
    hours = looks(counted_at=None, every=timedelta(minutes=minutes))

    assert len(hours) <= 20
    assert timedelta(days=15) < hours[-1] * HOUR < ASKED_FOR


def test_a_late_report() -> None:
    """A count that comes after a week ends the asking."""
    assert len([age for age in looks(counted_at=7 * 24) if age > 7 * 24]) == 1


@pytest.mark.parametrize(
    ("ago", "due"),
    [({"seconds": -1}, False), ({}, True), ({"days": 29}, True), ({"days": 30}, False)],
)
def test_window(ago: dict[str, float], due: bool) -> None:
    """From the end on; a daemon that was down for weeks still asks."""
    held = meeting(**ONLINE)
    assert is_due(held, None, complete=False, now=held.end + timedelta(**ago)) is due


def test_no_reports_to_ask_for() -> None:
    """A meeting without a link has none; one that has been moved is read anew."""
    held = meeting()
    assert not is_due(held, None, complete=False, now=held.end)
    moved = meeting(**ONLINE)
    assert is_due(moved, moved.end - HOUR, complete=True, now=moved.end)


async def test_asked_once(world: World) -> None:
    """A run within half an hour of the last asks nothing."""
    await invite(world)
    await look(world, minutes=1)
    await look(world, minutes=20)

    assert world.meetings.asked == ["m1"]


# ---------------------------------------------------------------- what is kept


async def test_only_this_occurrence(world: World) -> None:
    """A series shares one online meeting: people of other weeks are no participants."""
    world.meetings.present = (here("Ada"), here("Bo", hours=7 * 24))
    await invite(world)
    await invite(world, date(2023, 3, 15))
    await look(world)
    assert await counted(world) == {"uid-0308": 1}

    await look(world, days=7)
    assert await counted(world) == {"uid-0308": 1, "uid-0315": 1}


async def test_the_meeting_knows_it(world: World) -> None:
    """The count is the meeting's, as long as no coordinator has given a number."""
    world.meetings.present = (here("Ada"), here("Bo"))
    await invite(world)
    await look(world)
    [held] = (await known(world.at)).meetings

    assert (held.teams_count, held.participants) == (2, 2)


async def test_the_registers_words(world: World) -> None:
    """Organisations with their numbers; who did not sign in is *okänd*."""
    world.meetings.present = (here("Ada"), here("Bo"), here("Kim", ""))
    await invite(world)
    await look(world)
    columns = (await findings(world.at, await known(world.at)))["uid-0308"]

    assert columns["NvTeamsOrgs"] == "skara.exempel.se 2, okänd 1"


async def test_a_former_versions_count(world: World) -> None:
    """It is read, leaves the register's words as they stand, and is told anew by itself."""
    former = {"meeting_id": "uid-0308", "count": 2, "domains": ["skara.exempel.se"]}
    await invite(world)
    await world.ledger.absorb(ATTENDANCE, [Change(id="uid-0308", value=former)])
    facts = await known(world.at)
    assert facts.meetings[0].teams_count == 2
    assert "NvTeamsOrgs" not in (await findings(world.at, facts))["uid-0308"]

    world.meetings.present = (here("Ada"), here("Bo"))
    await look(world, days=5)
    columns = (await findings(world.at, await known(world.at)))["uid-0308"]
    assert columns["NvTeamsOrgs"] == "skara.exempel.se 2"


# ---------------------------------------------------------------- the list


def keeping(world: World) -> None:
    world.at = replace(world.at, rules=replace(world.at.rules, keep_attendees=True))


async def test_no_list_unless_asked_for(world: World) -> None:
    """Names stay in Teams."""
    world.meetings.present = (here("Ada"),)
    await invite(world)
    await look(world)

    assert world.drives.stored == []


async def test_a_list_asked_for_later(world: World) -> None:
    """Of a meeting that was counted long ago, within the month, the list is made up for."""
    world.meetings.present = (here("Ada"),)
    await invite(world)
    await look(world, days=4)
    keeping(world)
    await look(world, days=20)
    assert len(world.drives.stored) == 1

    await look(world, days=29)
    assert len(world.meetings.asked) == 2


async def test_a_list_for_coordinators(world: World) -> None:
    """Where the setting says so; written once, and anew when somebody more is known."""
    keeping(world)
    world.meetings.present = (here("Ada"), here("=1+1", ""))
    await invite(world)
    await look(world)
    await look(world, hours=1)
    assert len(world.drives.stored) == 1

    world.meetings.present = (*world.meetings.present, here("Bo"))
    await look(world, hours=2)
    files = contents(world, underlag_folder(meeting()).path, KEPT)
    assert list(files) == ["Deltagare 2023-03-08 Natur i stadsplanering.xlsx"]
    sheet = load_workbook(BytesIO(next(iter(files.values())))).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows == [
        ["Dag", "Namn", "E-postadress", "Organisation", "Minuter"],
        ["2023-03-08", "Ada", "ada@skara.exempel.se", "skara.exempel.se", 60],
        ["2023-03-08", "=1+1", None, "okänd", 60],
        ["2023-03-08", "Bo", "bo@skara.exempel.se", "skara.exempel.se", 60],
    ]
    assert sheet["B3"].data_type == "s"
