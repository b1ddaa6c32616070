"""A planned row is taken over by its event: never written to before, never a second one."""

from datetime import date, timedelta

from service.domain.dates import date_value
from service.domain.meeting import Status
from service.jobs import sync_calendar
from service.jobs.engine import run
from service.jobs.known import known
from service.observe import FieldValue
from service.store import Store
from tests.unit.effects.fate import Crash
from tests.unit.effects.world import World, event

DAY = date(2023, 5, 10)
TYPED = {
    "Title": "Fladdermöss",
    "NvStart": date_value(DAY),
    "NvGroups": "naturvard",
    "NvPlace": "Skara, Stadshotellet",
    "NvNotes": "ring Eva",
}


def plan_a_row(world: World, row_id: str = "7", **columns: FieldValue) -> None:
    world.rows._put(row_id, {**TYPED, "id": row_id, **columns})


async def synced(world: World) -> None:
    outcome = await run(sync_calendar.JOB, world.restarted(), world.clock.now())
    assert outcome.errors == ()


def writes(world: World) -> list[str]:
    """Of the register alone: folders of the inbox are another matter."""
    return [one for one in world.fate.writes if one.startswith("row")]


async def test_nothing_is_written_to_a_planned_row(world: World) -> None:
    """It is wholly the coordinator's until its event comes."""
    plan_a_row(world)
    await synced(world)

    assert world.fate.writes == []
    [row] = (await known(world.at)).planned
    assert row.title == "Fladdermöss"


async def test_the_event_takes_its_row_over(world: World) -> None:
    """The id is written and what was empty is filled; what was typed stands, then and later."""
    plan_a_row(world)
    await synced(world)
    world.calendar.events = {"e": event(DAY, "Fladdermöss och belysning", location="Vara")}
    await synced(world)
    await synced(world)

    [row] = world.rows.rows.values()
    assert writes(world) == ["row updated"]
    assert row.fields["NvMeetingId"] == "uid-0510"
    assert row.fields["NvStatus"] == "Inbjudan skickad"
    assert row.fields["NvTime"] == "10:30–16:30"
    assert {name: row.fields[name] for name in TYPED} == TYPED
    [meeting] = (await known(world.at)).meetings
    assert (meeting.title, meeting.place) == ("Fladdermöss", "Skara, Stadshotellet")
    assert meeting.row_id == "7"
    assert (await known(world.at)).planned == ()


async def test_the_meeting_is_called_as_the_row_from_the_first_run(world: World) -> None:
    """Before the id is written every job already reads the event and its row as one."""
    plan_a_row(world)
    world.calendar.events = {"e": event(DAY, "Fladdermöss och belysning")}
    seen = await sync_calendar.observe(world.at)

    assert [one.title for one in seen.known.meetings] == ["Fladdermöss"]
    assert world.fate.writes == []


async def test_a_moved_event_keeps_its_row(world: World) -> None:
    """Once bound, the id alone tells."""
    plan_a_row(world)
    world.calendar.events = {"e": event(DAY, "Fladdermöss")}
    await synced(world)
    moved = event(date(2023, 6, 1), "Natt i fält", ical_uid="uid-0510", modified=world.clock.now())
    world.calendar.events = {"e": moved}
    await synced(world)

    [row] = world.rows.rows.values()
    assert row.fields["NvStart"] == "2023-06-01T12:00:00Z"


async def test_a_row_whose_day_the_coordinator_mends(world: World) -> None:
    """An event of another day makes no claim; once the days agree, one of the two is asked for."""
    plan_a_row(world, NvStart=date_value(date(2023, 5, 9)))
    world.calendar.events = {"e": event(DAY, "Fladdermöss")}
    await synced(world)
    assert len(world.rows.rows) == 2

    world.rows.type("7", NvStart=date_value(DAY))
    await synced(world)
    assert len(world.rows.rows) == 2
    [question] = (await known(world.at)).questions
    assert (question.row.row_id, question.same) == ("7", True)


async def test_an_unsure_event_waits_for_its_row(world: World) -> None:
    """No second row while it is asked; the answer, a like title, binds; past, it has its own."""
    plan_a_row(world, Title="Träff i maj")
    world.calendar.events = {"e": event(DAY, "Fladdermöss")}
    await synced(world)
    assert writes(world) == []

    world.rows.type("7", Title="Fladdermöss i maj")
    await synced(world)
    [row] = world.rows.rows.values()
    assert row.fields["NvMeetingId"] == "uid-0510"


async def test_an_unanswered_question_ends_with_the_meeting(world: World) -> None:
    """What is known of a meeting that was held needs a row."""
    plan_a_row(world, Title="Träff i maj")
    world.calendar.events = {"e": event(DAY, "Fladdermöss")}
    await synced(world)
    world.clock.on(days=80)
    await synced(world)

    assert writes(world) == ["row added"]
    [meeting] = (await known(world.at)).meetings
    assert meeting.status is Status.HELD


async def test_a_row_of_before_leaves_nothing_behind(world: World) -> None:
    """A row that was removed and planned anew: what stood in the old one was emptied by nobody."""
    world.calendar.events = {"e": event(DAY, "Fladdermöss", body_html="<p>Medverkande: Bo</p>")}
    await synced(world)
    [old] = world.rows.rows
    del world.rows.rows[old]
    world.rows._log.append(old)
    for other in ("8", "9"):  # the register is not all but empty
        plan_a_row(world, other, Title=f"Annat {other}", NvStart=date_value(date(2023, 9, 1)))
    plan_a_row(world)
    await synced(world)

    row = world.rows.rows["7"]
    assert row.fields["NvMeetingId"] == "uid-0510"
    assert row.fields["NvSpeakers"] == "Bo"


async def test_bound_once_after_any_crash(state: Store) -> None:
    """Wherever the process ends, there is one row, and what was typed stands in it."""
    reached = False
    for boundary in range(1, 40):
        world = World(state)
        plan_a_row(world)
        world.calendar.events = {"e": event(DAY, "Fladdermöss", location="Vara")}
        world.fate.end(boundary)
        try:
            await synced(world)
        except Crash:
            reached = reached or "row updated" in world.fate.writes
        world.fate.end(None)
        await synced(world)
        world.clock.on(minutes=15)
        later = world.clock.now() - timedelta(minutes=1)
        changed = event(DAY, "Fladdermöss", location="Vara", modified=later, body_html="x")
        world.calendar.events = {"e": changed}
        await synced(world)

        [row] = world.rows.rows.values()
        assert row.fields["NvMeetingId"] == "uid-0510", boundary
        assert {name: row.fields[name] for name in TYPED} == TYPED, boundary
    assert reached
