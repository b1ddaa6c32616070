"""Which rows are written, what of them, and which inbox folders are kept ready."""

from dataclasses import replace
from datetime import date, timedelta

from service.domain.actions import PrepareFolder, WriteRow
from service.domain.meeting import Meeting, Status
from service.domain.register import fields_of
from service.jobs.engine import run
from service.jobs.known import known as facts
from service.jobs.sync_calendar import JOB, Observed, plan
from service.observe import Fields
from tests.unit.effects.fate import START
from tests.unit.effects.world import World, columns, event, meeting, network
from tests.unit.jobs.builders import known

HOUR = timedelta(hours=1)
ON, MOVED = date(2023, 3, 8), date(2023, 3, 15)
NATURE = meeting()
SAYS = fields_of(NATURE, network=network())


def planned(
    *meetings: Meeting,
    rows: dict[str, Fields] | None = None,
    bases: dict[str, Fields] | None = None,
    found: Fields | None = None,
) -> list[WriteRow]:
    seen = Observed(
        known=known(*meetings, rows=rows, bases=bases),
        findings={one.id: found or {} for one in meetings},
        owners=columns().owners,
        network=network(),
    )
    return [action for action in plan(seen, START) if isinstance(action, WriteRow)]


def folders(*meetings: Meeting) -> list[str]:
    seen = Observed(
        known=known(*meetings),
        findings={one.id: {} for one in meetings},
        owners=columns().owners,
        network=network(),
    )
    return [a.folder.path for a in plan(seen, START) if isinstance(a, PrepareFolder)]


# ---------------------------------------------------------------- rows


def test_new_row() -> None:
    """A meeting without a row gets one with all that is known, and that is its base."""
    [row] = planned(NATURE, found={"NvFileCount": 2, "NvMissing": None})

    assert row.row is None
    assert row.fields["Title"] == "Natur i stadsplanering"
    assert row.fields["NvFileCount"] == 2
    assert "NvMissing" not in row.fields
    assert row.base == row.fields


def test_row_made_again() -> None:
    """A row that is made again has no base of before: what is empty in it nobody emptied."""
    [row] = planned(NATURE, bases={NATURE.id: {**SAYS, "NvSpeakers": "Bo Exempel"}})

    assert "NvSpeakers" not in row.base


def test_nothing_to_do() -> None:
    """A row that says everything, with its base, is left alone."""
    assert planned(NATURE, rows={NATURE.id: SAYS}, bases={NATURE.id: SAYS}) == []


def test_row_without_base_is_taken_over() -> None:
    """A row that says everything but whose base is lost is only remembered."""
    [row] = planned(NATURE, rows={NATURE.id: SAYS})

    assert (row.fields, row.base) == ({}, {})


def test_untouched_column_follows_the_invitation() -> None:
    """A prefilled column that nobody changed is written anew."""
    old = {**SAYS, "NvPlace": "Vara"}
    [row] = planned(NATURE, rows={NATURE.id: old}, bases={NATURE.id: old})

    assert row.fields == {"NvPlace": "Skara"}
    assert row.base == SAYS


def test_what_a_person_changed_stands() -> None:
    """A prefilled column that a person changed, or emptied, is not written."""
    base = {**SAYS, "NvSpeakers": "Bo Exempel"}
    typed = {**base, "NvPlace": "Gullspång", "NvSpeakers": ""}
    speaking = replace(NATURE, speakers="Bo Exempel")

    assert planned(speaking, rows={NATURE.id: typed}, bases={NATURE.id: base}) == []


def test_service_column_is_ours() -> None:
    """A column of the service is written over whatever a person typed there."""
    typed = {**SAYS, "NvStatus": "Kanske"}
    [row] = planned(NATURE, rows={NATURE.id: typed}, bases={NATURE.id: SAYS})

    assert row.fields == {"NvStatus": "Inbjudan skickad"}


def test_cancelled_without_row() -> None:
    """A meeting that was cancelled before it had a row gets none."""
    assert planned(replace(NATURE, status=Status.CANCELLED)) == []


def test_cancelled_with_row() -> None:
    """A meeting that had a row is shown as cancelled."""
    cancelled = replace(NATURE, status=Status.CANCELLED)
    [row] = planned(cancelled, rows={NATURE.id: SAYS}, bases={NATURE.id: SAYS})

    assert row.fields == {"NvStatus": "Inställt"}


# ---------------------------------------------------------------- the inbox


def on(month: int, day: int, **other: object) -> Meeting:
    return meeting(date(2023, month, day), f"Möte {month}", **other)


def test_two_latest_three_next() -> None:
    """Folders for the two latest and the three next meetings, none for cancelled ones."""
    held = [on(1, 10), on(1, 20), on(2, 10), on(2, 20, status=Status.CANCELLED)]
    coming = [on(3, 8, status=Status.CANCELLED), on(3, 10), on(4, 1), on(5, 1), on(6, 1)]

    assert folders(*held, *coming) == [
        "Inkorg/2023-01-20 Möte 1",
        "Inkorg/2023-02-10 Möte 2",
        "Inkorg/2023-03-10 Möte 3",
        "Inkorg/2023-04-01 Möte 4",
        "Inkorg/2023-05-01 Möte 5",
    ]


def test_a_meeting_under_way_is_coming() -> None:
    """Until it is over, a meeting is among the next."""
    now = replace(NATURE, start=START - timedelta(hours=1), end=START + timedelta(seconds=1))
    over = replace(NATURE, id="uid-over", end=START)

    assert len(folders(now, on(4, 1), on(5, 1), on(6, 1))) == 3
    assert len(folders(over, on(4, 1), on(5, 1), on(6, 1))) == 4


def test_no_meetings() -> None:
    """An empty calendar asks for nothing."""
    assert folders() == []
    assert planned() == []


# ---------------------------------------------------------------- what is remembered


async def test_former_days(world: World) -> None:
    """A meeting that is moved, and moved back, remembers the other days it was announced for."""
    for number, day in enumerate((date(2023, 3, 8), date(2023, 3, 15), date(2023, 3, 8))):
        moved = replace(event(day), id="event", ical_uid="uid", modified=START + HOUR * number)
        world.calendar.events = {"event": moved}
        await run(JOB, world.at, START + HOUR * number)

        [now] = (await facts(world.at)).meetings
        assert now.first_day == day
        assert now.former_days == (() if number == 0 else {8: (MOVED,), 15: (ON,)}[day.day])
