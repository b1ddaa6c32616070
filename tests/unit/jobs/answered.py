"""A meeting that was held, and sheets with answers to its form."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from service.jobs import collect_surveys
from service.jobs.engine import Outcome, run
from service.jobs.evaluations import Evaluation, evaluations
from service.jobs.known import CALENDAR, FORMS, KnownForm
from service.observe import Change
from service.workplace import AnswerList
from tests.unit.effects.fakes import Rows
from tests.unit.effects.world import World, event

BOOKS = "drive-surveys"
HEADER = "ID;Starttid;Slutförandetid;Hur nöjd är du med dagen?\n"
NAME = "Utvärdering 2023-03-08.csv"
AFTER = datetime(2023, 3, 9, 12, tzinfo=UTC)


def sheet(*points: int, first: int = 1, hour: int = 15) -> bytes:
    """Responses numbered from `first`, a minute and a bit apart."""
    rows = [
        f"{first + n};2023-03-08 {hour}:{n:02}:07;2023-03-08 {hour}:{n:02}:41;{point}\n"
        for n, point in enumerate(points)
    ]
    return (HEADER + "".join(rows)).encode()


async def hold(world: World) -> World:
    """The meeting of 8 March was held yesterday; another one is to come."""
    other = replace(event(title="Vattenvård"), id="event-2", ical_uid="uid-2")
    other = replace(
        other, start=other.start + timedelta(days=40), end=other.end + timedelta(days=40)
    )
    await world.ledger.absorb(CALENDAR, [Change(id=one.id, value=one) for one in (event(), other)])
    world.clock.moment = AFTER
    return world


async def collect(world: World, *, anyway: bool = False) -> Outcome:
    at = replace(world.at, anyway=anyway)
    return await run(collect_surveys.JOB, at, world.clock.now())


async def evaluation(world: World) -> Evaluation:
    return (await evaluations(world.at))["uid-0308"]


async def forms(world: World) -> dict[str, KnownForm]:
    return await world.ledger.seen(FORMS, KnownForm)


def with_list(world: World) -> Rows:
    rows = Rows(world.fate)
    rows.named = {
        "Title": "Rubrik",
        "Formul_x00e4_r": "Formulär",
        "field_1": "Svars-ID",
        "field_2": "Starttid",
        "field_3": "Slutförandetid",
        "Hur_x0020_n_x00f6_jd": "Hur nöjd är du med dagen?",
    }
    world.at = replace(world.at, answers=AnswerList(id="l1", name="Svar", url="u", rows=rows))
    return rows


def laid(rows: Rows, number: int, point: int, *, form: str = "Utvärdering 8 mars") -> str:
    """The flow lays a response in the list, in UTC as Forms tells it."""
    return rows.fill(
        Title="-",
        Formul_x00e4_r=form,
        field_1=float(number),
        field_2=f"2023-03-08T14:{number - 1:02}:07Z",
        field_3=f"2023-03-08T14:{number - 1:02}:41Z",
        Hur_x0020_n_x00f6_jd=float(point),
        Created=f"2023-03-08T14:{number + len(rows.rows):02}:59Z",
    )
