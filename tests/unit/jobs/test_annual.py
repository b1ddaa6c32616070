"""What the ledger knows of a year, put together for its report."""

from datetime import date

from service.domain.annual.lacking import Planned
from service.domain.attendance import Attendance
from service.effects.register import SOURCE as REGISTER
from service.jobs.annual import compiled
from service.jobs.known import ATTENDANCE
from service.observe import Change, SeenRow
from service.ports import HistoryPoint
from tests.unit.effects.world import World, event

DAY = date(2023, 2, 1)
HELD = event(DAY)


async def absorb(world: World, source: str, *values: object) -> None:
    changes = [Change(id=f"{source}-{place}", value=one) for place, one in enumerate(values)]
    await world.ledger.absorb(source, changes)


def row(number: int, **fields: object) -> SeenRow:
    return SeenRow(id=f"row-{number}", etag="1", fields=fields)  # type: ignore[arg-type]


async def test_the_year_comes_from_the_state_alone(world: World) -> None:
    """Meetings, counts and organisations are those of the ledger; the tenant is asked nothing."""
    await absorb(world, "calendar", HELD)
    counted = Attendance(meeting_id=HELD.ical_uid, count=12, organisations=(("Ale", 10), ("", 2)))
    await world.ledger.absorb(ATTENDANCE, [Change(id=HELD.ical_uid, value=counted)])
    one = await compiled(world.at, 2023)

    assert [(entry.id, entry.participants) for entry in one.report.entries] == [(HELD.ical_uid, 12)]
    assert one.beside.unknown == {HELD.ical_uid: 2}
    assert set(one.beside.rows) == {HELD.ical_uid}


async def test_earlier_years_are_known_by_the_vocabulary(world: World) -> None:
    """An imported question in another wording is followed by the key of its standing question."""
    known_as = world.at.vocabulary.recognise("Hur nöjd är du?")
    assert known_as is not None
    points = [
        HistoryPoint(year=2021, question="Hur nöjd var du med träffen?", mean="4,9", n=40),
        HistoryPoint(year=2022, question="Hur nöjd är du?", mean="5,1", n=40),
        HistoryPoint(year=2022, question="Egen fråga?", mean="4,0", n=40),
    ]
    await world.journal.import_history(points)
    yearly = (await compiled(world.at, 2023)).report.yearly

    assert yearly is not None
    lines = {trend.question: [one.year for one in trend.points] for trend in yearly.trends}
    assert lines == {"Hur nöjd är du?": [2021, 2022], "Egen fråga?": [2022]}


async def test_planned_rows_whose_day_has_passed(world: World) -> None:
    """A row without an event is planned; one ticked as cancelled, or with an event, is not."""
    noon = "T12:00:00Z"
    rows = (
        row(1, Title="Vinterträff", NvStart=f"2023-01-20{noon}"),
        row(2, Title="Inställd", NvStart=f"2023-01-21{noon}", NvCancelled=True),
        row(3, Title="Höstträff", NvStart=f"2023-10-20{noon}"),
        row(4, Title="Hållen", NvStart=f"2023-02-01{noon}", NvMeetingId=HELD.ical_uid),
        row(5, Title="Utan dag"),
    )
    await absorb(world, REGISTER, *rows)

    planned = (await compiled(world.at, 2023)).beside.planned
    assert planned == (Planned(title="Vinterträff", day=date(2023, 1, 20)),)
