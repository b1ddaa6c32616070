"""The operations plan through its life: drafted, published, kept up to date, left to people."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from icalendar import Calendar, Event

from service.domain.dates import date_value
from service.domain.plan.listing import Listed
from service.effects.publishing import release
from service.errors import NotFound
from service.jobs import publish_plan, sync_calendar
from service.jobs.engine import run
from service.jobs.known import known
from service.jobs.plans import LISTING, PLANS, document_key, subscribed
from service.jobs.reading import read_drive
from service.jobs.situation import situation
from service.observe import FieldValue
from service.workplace import Workplace
from tests.unit.effects.world import KEPT, MEMBERS, World, contents, event

AUTUMN = datetime(2022, 11, 1, 9, tzinfo=UTC)
DAY = date(2023, 5, 10)
DRAFT, TEXT = "Verksamhetsplan 2023.docx", "Verksamhetsplan 2023 – text att klistra in.txt"
ICS = "Verksamhetsplan 2023.ics"


@pytest.fixture
def autumn(world: World) -> World:
    """The year before, with one planned meeting."""
    world.clock.moment = AUTUMN
    plan_a_row(world)
    return world


def plan_a_row(world: World, row_id: str = "7", **columns: FieldValue) -> None:
    typed = {"Title": "Fladdermöss", "NvStart": date_value(DAY), "NvGroups": "naturvard"}
    world.rows._put(row_id, {**typed, "id": row_id, **columns})


async def ran(world: World) -> Workplace:
    """As the jobs run in turn: the calendar, the libraries, the plan."""
    at = world.restarted()
    for job in (sync_calendar.JOB, publish_plan.JOB):
        assert (await run(job, at, world.clock.now())).errors == ()
        for drive in (MEMBERS, KEPT):
            await read_drive(at, drive)
    world.clock.on(minutes=15)
    return at


async def published(world: World) -> Workplace:
    at = await ran(world)
    await release(document_key(2023), PLANS, at)
    return await ran(world)


async def edit(world: World, drive: str, path: str) -> None:
    item = await world.drives.find(drive, path)
    assert item is not None
    world.drives.edit(item.id, b"hers")


def plans(world: World) -> dict[str, bytes]:
    return contents(world, PLANS.path)


def drafts(world: World) -> dict[str, bytes]:
    return contents(world, "Rapportutkast", KEPT)


def read(content: bytes) -> list[Event]:
    return list(Calendar.from_ical(content).walk("VEVENT"))


# ---------------------------------------------------------------- drafted


async def test_drafted_for_the_coordinators(autumn: World) -> None:
    """Document and text lie in the drafts, a folder is ready, and members see nothing."""
    await ran(autumn)

    assert set(drafts(autumn)) == {DRAFT, TEXT}
    assert plans(autumn) == {}
    assert await autumn.at.drives.find(MEMBERS, PLANS.path) is not None
    assert await subscribed(autumn.at) is None


async def test_not_for_a_year_that_has_no_date(world: World) -> None:
    """An undated row alone, or a year that is over, makes no plan."""
    world.clock.moment = AUTUMN
    plan_a_row(world, NvStart=None)
    plan_a_row(world, "8", NvStart=date_value(date(2022, 3, 1)))
    await ran(world)

    assert drafts(world) == {}


async def test_nothing_new_writes_nothing(autumn: World) -> None:
    """A second run, at another time, leaves everything as it is; a published plan too."""
    for _ in range(2):
        await ran(autumn)
        before = list(autumn.fate.writes)
        await ran(autumn)
        assert autumn.fate.writes == before
        if not plans(autumn):
            await release(document_key(2023), PLANS, autumn.at)


async def test_a_draft_that_was_edited_stands(autumn: World) -> None:
    """What the plan says later lies beside it."""
    await ran(autumn)
    await edit(autumn, KEPT, f"Rapportutkast/{DRAFT}")
    plan_a_row(autumn, "8", Title="Klimat")
    await ran(autumn)

    found = drafts(autumn)
    assert found[DRAFT] == b"hers"
    assert set(found) == {DRAFT, TEXT, "Verksamhetsplan 2023 (2022-11-01).docx"}


# ---------------------------------------------------------------- published


async def test_published_by_moving_it(autumn: World) -> None:
    """The draft itself lies with the members now, with the calendar beside it."""
    await published(autumn)

    assert set(plans(autumn)) == {DRAFT, ICS}
    assert set(drafts(autumn)) == {TEXT}
    [entry] = read(plans(autumn)[ICS])
    assert (entry["SUMMARY"], entry["STATUS"]) == ("Fladdermöss", "TENTATIVE")


@pytest.mark.parametrize("name", ["verksamhetsplan_2023_slutlig.docx", "Plan 2023.PDF"])
async def test_published_by_a_document_of_ones_own(autumn: World, name: str) -> None:
    """Any document with the year in its name, in that folder, says so; it is left alone."""
    await ran(autumn)
    autumn.drives.put(MEMBERS, f"{PLANS.path}/{name}", b"hers")
    autumn.drives.put(MEMBERS, f"{PLANS.path}/Mall 20231.docx", b"x")
    autumn.drives.put(MEMBERS, f"{PLANS.path}/~$rksamhetsplan 2024.docx", b"x")
    await ran(autumn)
    await ran(autumn)

    others = {"Mall 20231.docx", "~$rksamhetsplan 2024.docx"}
    assert set(plans(autumn)) == {name, ICS, *others}
    assert plans(autumn)[name] == b"hers"
    assert set(drafts(autumn)) == {DRAFT, TEXT}


async def test_kept_up_to_date_where_it_lies(autumn: World) -> None:
    """Document and calendar follow: bound, moved, cancelled, under one UID."""
    await published(autumn)
    first, before = plans(autumn), read(plans(autumn)[ICS])[0]
    autumn.calendar.events = {"e": event(DAY, "Fladdermöss", modified=autumn.clock.now())}
    await ran(autumn)
    await ran(autumn)
    [booked] = read(plans(autumn)[ICS])
    assert plans(autumn)[DRAFT] != first[DRAFT]
    assert (booked["UID"], booked["STATUS"]) == (before["UID"], "CONFIRMED")
    assert booked["SEQUENCE"] > before["SEQUENCE"]

    gone = event(DAY, "Fladdermöss", cancelled=True, modified=autumn.clock.now())
    autumn.calendar.events = {"e": gone}
    await ran(autumn)
    [cancelled] = read(plans(autumn)[ICS])
    assert (cancelled["UID"], cancelled["STATUS"]) == (before["UID"], "CANCELLED")
    assert cancelled["SEQUENCE"] > booked["SEQUENCE"]
    assert set(plans(autumn)) == {DRAFT, ICS}


async def test_moved_under_another_id(autumn: World) -> None:
    """A browser may make a new file of what it moves: it is still ours, and kept up to date."""
    at = await published(autumn)
    item = await at.drives.find(MEMBERS, f"{PLANS.path}/{DRAFT}")
    assert item is not None
    moved = replace(autumn.drives.items.pop(item.id), id="another")
    autumn.drives.data["another"] = autumn.drives.data.pop(item.id)
    autumn.drives._log.append((MEMBERS, item.id))
    autumn.drives._put(moved, by=item.modified_by_app)
    plan_a_row(autumn, "8", Title="Klimat", NvStart=date_value(date(2023, 9, 1)))
    before = plans(autumn)[DRAFT]
    await ran(autumn)

    assert plans(autumn)[DRAFT] != before
    assert (set(plans(autumn)), set(drafts(autumn))) == ({DRAFT, ICS}, {TEXT})


async def test_published_and_edited(autumn: World) -> None:
    """Hers stands alone among the members; a new draft is written for her to look at."""
    await published(autumn)
    await edit(autumn, MEMBERS, f"{PLANS.path}/{DRAFT}")
    await ran(autumn)
    assert set(drafts(autumn)) == {TEXT}

    plan_a_row(autumn, "8", Title="Klimat", NvStart=date_value(date(2023, 9, 1)))
    await ran(autumn)
    await ran(autumn)
    assert set(plans(autumn)) == {DRAFT, ICS}
    assert plans(autumn)[DRAFT] == b"hers"
    assert len(read(plans(autumn)[ICS])) == 2
    assert set(drafts(autumn)) == {TEXT, DRAFT}


async def test_taken_back(autumn: World) -> None:
    """Without its document it is not published: subscribers get nothing any more."""
    at = await published(autumn)
    assert await subscribed(at) is not None
    item = await at.drives.find(MEMBERS, f"{PLANS.path}/{DRAFT}")
    assert item is not None
    autumn.drives.delete(item.id)
    at = await ran(autumn)
    assert await subscribed(at) is None


async def test_subscribers_get_what_members_have(autumn: World) -> None:
    """The same entries, and since when they are so."""
    at = await published(autumn)
    found = await subscribed(at)
    assert found is not None
    [theirs], [members] = read(found[0]), read(plans(autumn)[ICS])
    assert theirs == members
    assert found[1] == theirs["LAST-MODIFIED"].dt


async def test_told_once_it_is_published(autumn: World) -> None:
    """With the folder's address and the number of dates; before that there is nothing to tell."""
    at = await ran(autumn)
    assert (await situation(at, await known(at), {})).plans == ()

    at = await published(autumn)
    [fact] = (await situation(at, await known(at), {})).plans
    folder = await at.drives.find(MEMBERS, PLANS.path)
    assert folder is not None
    assert (fact.year, fact.meetings, fact.link) == (2023, 1, folder.web_url)
    first = fact.published
    at = await ran(autumn)
    [again] = (await situation(at, await known(at), {})).plans
    assert again.published == first


async def test_a_plan_of_before_the_service_is_no_news(autumn: World) -> None:
    """It is published, and was so before anybody could tell of it."""
    old = autumn.drives.put(MEMBERS, f"{PLANS.path}/Verksamhetsplan 2023.pdf", b"hers")
    autumn.clock.on(days=1)
    await autumn.ledger.claim("started", job="service", now=autumn.clock.now())
    await ran(autumn)
    at = await ran(autumn)

    [fact] = (await situation(at, await known(at), {})).plans
    assert fact.published == old.created


async def test_only_asked_what_it_would_do(autumn: World) -> None:
    """A rehearsal writes nothing down."""
    at = replace(autumn.restarted(), rehearsal=True)
    await sync_calendar.observe(at)
    seen = await publish_plan.observe(at)

    assert [work.plan.year for work in seen.work] == [2023]
    assert (await autumn.ledger.seen(LISTING, Listed), autumn.fate.writes) == ({}, [])


async def test_without_a_draft_nothing_is_released(autumn: World) -> None:
    """What to do is said."""
    with pytest.raises(NotFound, match="no draft") as told:
        await release(document_key(2023), PLANS, autumn.at)
    assert PLANS.path in told.value.remedy
