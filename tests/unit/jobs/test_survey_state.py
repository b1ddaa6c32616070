"""What coordinators are told of the collecting of answers."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from service.domain.notice import Unplaced
from service.jobs import collect_surveys, watch_gaps
from service.jobs.engine import run
from service.jobs.known import CALENDAR, known
from service.jobs.overview import overview
from service.observe import Change
from service.render.cards import adaptive_card
from service.render.overview import loose
from tests.unit.effects.world import KEPT, World, event
from tests.unit.jobs.answered import BOOKS, sheet

FRIDAY = datetime(2023, 3, 17, 8, 0, tzinfo=UTC)


@pytest.fixture
async def held(world: World) -> World:
    """A meeting was held on Wednesday last week; it is Friday, nine o'clock."""
    await world.ledger.absorb(CALENDAR, [Change(id="event-0308", value=event())])
    world.clock.moment = FRIDAY
    return world


async def collect(world: World) -> None:
    await run(collect_surveys.JOB, world.at, world.clock.now())


async def card(world: World) -> str:
    await run(watch_gaps.JOB, world.at, world.clock.now())
    [summary] = [one for one in world.notices.under_way if "/summary/" in one.key]
    return adaptive_card(summary.card, key=summary.key).decode()


async def test_a_form_that_is_asked_about(held: World) -> None:
    """In the overview, in its lines and on Friday's card, with what to do about it."""
    held.drives.put(BOOKS, "Enkäter/Formulär1.csv", sheet(4, 5))
    await collect(held)
    now = await overview(held.at, await known(held.at))
    [form] = now.surveys.asked
    assert isinstance(form, Unplaced)
    assert form.name == "Formulär1.csv"

    [line, *_] = loose((), (), held.at.texts, width=200, forms=now.surveys.asked)
    assert "Formulär1.csv" in line
    assert "natverket survey place" in line
    assert "Enkäten ”Formulär1.csv”" in await card(held)


async def test_an_export_in_oplacerat_is_asked_about_once(held: World) -> None:
    """As a form, and not as a file beside it."""
    held.drives.put(KEPT, "Inkorg/Oplacerat/Svar.csv", sheet(4, 5))
    await collect(held)
    now = await overview(held.at, await known(held.at))
    assert [form.name for form in now.surveys.asked] == ["Svar.csv"]
    assert now.unplaced == ()


async def test_what_is_odd_is_told_once(held: World) -> None:
    """A workbook that is gone, two forms of one meeting: on one card, and not the week after."""
    book = held.drives.put(BOOKS, "Enkäter/Utvärdering 8 mars.csv", sheet(4, 5))
    held.drives.put(BOOKS, "Enkäter/Distans 8 mars.csv", sheet(4, 5, hour=17))
    await collect(held)
    held.drives.delete(book.id)
    await collect(held)
    told = await card(held)
    assert "filen är borttagen, svaren finns kvar" in told
    assert "svaren från 2 olika formulär är sammanräknade" in told

    held.notices.deliver()
    held.clock.moment = FRIDAY + timedelta(weeks=1)
    held.drives.put(BOOKS, "Enkäter/Formulär1.csv", sheet(4, 5))
    await collect(held)
    assert "borttagen" not in await card(held)


async def test_silence_is_one_line(held: World) -> None:
    """Two meetings with a link and no answer since the last one."""
    held.drives.put(BOOKS, "Enkäter/Utvärdering 8 mars.csv", sheet(4, 5))
    await collect(held)
    for number, days in ((2, 40), (3, 50)):
        later = event(body_html="<p>Utvärdering: https://forms.office.com/e/abc</p>")
        later = replace(
            later,
            id=f"event-{number}",
            ical_uid=f"uid-{number}",
            start=later.start + timedelta(days=days),
            end=later.end + timedelta(days=days),
        )
        await held.ledger.absorb(CALENDAR, [Change(id=later.id, value=later)])
    held.clock.moment = FRIDAY + timedelta(weeks=7)
    held.restarted()
    assert "Inga enkätsvar har kommit sedan 8 mars" in await card(held)
