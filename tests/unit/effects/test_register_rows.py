"""Rows of the register are written where they differ, and what people typed stands."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from service.domain.actions import WriteRow
from service.effects.perform import perform
from service.errors import Changed
from service.jobs import sync_calendar
from service.jobs.engine import run
from service.observe import SeenRow
from service.store import Store
from tests.unit.effects.fate import START, Crash
from tests.unit.effects.world import World, event

FIELDS = {"NvMeetingId": "uid-0308", "Title": "Natur", "NvPlace": "Skara"}


def writing(row: SeenRow | None = None, **fields: str) -> WriteRow:
    return WriteRow(
        key="row/uid-0308",
        row=row,
        fields=fields if row else FIELDS,
        base={**FIELDS, **fields},
    )


async def test_added_once(state: Store) -> None:
    """A row is added once, wherever the process ends between asking and knowing."""
    for boundary in range(1, 12):
        world = World(state)
        world.fate.end(boundary)
        try:
            await perform(writing(), world.at)
        except Crash:
            world.fate.end(None)
            await perform(writing(), world.restarted())

        assert [row.fields for row in world.rows.rows.values()] == [FIELDS], boundary


async def test_updated(world: World) -> None:
    """A row gets what differs, and its new sight is known at once."""
    await perform(writing(), world.at)
    [row] = world.rows.rows.values()
    assert await perform(writing(row, NvPlace="Alingsås"), world.at)

    seen = await world.ledger.seen("register", SeenRow)
    assert seen[row.id] == world.rows.rows[row.id]
    assert seen[row.id].fields["NvPlace"] == "Alingsås"


async def test_a_person_was_quicker(world: World) -> None:
    """A row that a person has changed since it was read is not written over."""
    await perform(writing(), world.at)
    [row] = world.rows.rows.values()
    world.rows.type(row.id, NvPlace="Gullspång")
    with pytest.raises(Changed):
        await perform(writing(row, NvPlace="Alingsås"), world.at)

    assert world.rows.rows[row.id].fields["NvPlace"] == "Gullspång"


async def test_taken_over_without_a_write(world: World) -> None:
    """A row that says everything already is only remembered."""
    await perform(writing(), world.at)
    [row] = world.rows.rows.values()
    before = list(world.fate.writes)

    assert not await perform(replace(writing(row), fields={}), world.at)
    assert world.fate.writes == before


# ---------------------------------------------------------------- with the job


async def synced(world: World) -> None:
    outcome = await run(sync_calendar.JOB, world.restarted(), world.clock.now())
    assert outcome.errors == ()


def place_of(world: World) -> object:
    [row] = world.rows.rows.values()
    return row.fields.get("NvPlace")


async def test_the_invitation_is_followed_after_any_crash(state: Store) -> None:
    """Wherever a write is cut off, the row is still known to be ours and follows the event."""
    reached = False
    for boundary in range(1, 60):
        world = World(state)
        world.calendar.events = {"event-0308": event(location="Skara")}
        world.fate.end(boundary)
        try:
            await synced(world)
        except Crash:
            reached = reached or "row added" in world.fate.writes
        world.fate.end(None)
        await synced(world)
        for place in ("Alingsås", "Vara"):
            world.clock.on(minutes=15)
            world.calendar.events = {"event-0308": event(location=place)}
            world.fate.end(boundary)
            try:
                await synced(world)
            except Crash:
                world.fate.end(None)
                await synced(world)
            world.fate.end(None)
            assert place_of(world) == place, boundary
    assert reached


async def test_what_a_person_typed_stands_after_a_crash(state: Store) -> None:
    """A column that a person changed between a cut-off write and the next run stays theirs."""
    for boundary in range(1, 60):
        world = World(state)
        world.calendar.events = {"event-0308": event(location="Skara")}
        world.fate.end(boundary)
        try:
            await synced(world)
        except Crash:
            world.fate.end(None)
        world.fate.end(None)
        for row in list(world.rows.rows):
            world.rows.type(row, NvPlace="Gullspång")
        typed = bool(world.rows.rows)
        await synced(world)
        world.calendar.events = {"event-0308": event(location="Alingsås")}
        await synced(world)

        assert place_of(world) == ("Gullspång" if typed else "Alingsås"), boundary


async def test_nothing_to_do_writes_nothing(world: World) -> None:
    """A second run straight after makes no write."""
    world.calendar.events = {
        "event-0308": event(),
        "event-0510": event(date(2023, 5, 10), "Vatten"),
    }
    await synced(world)
    before = list(world.fate.writes)
    await synced(world)

    assert world.fate.writes == before
    assert len(world.rows.rows) == 2


async def test_an_event_that_is_gone_is_cancelled(world: World) -> None:
    """An event that a listing no longer shows, and a GET does not either, is cancelled."""
    world.calendar.events = {"event-0308": event()}
    await synced(world)
    world.calendar.events = {}
    world.clock.moment = START + timedelta(days=31)  # another month: everything is listed anew
    await synced(world)

    [row] = world.rows.rows.values()
    assert row.fields["NvStatus"] == "Inställt"
