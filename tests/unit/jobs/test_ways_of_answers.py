"""Answers by workbook, list and export: collected once, kept through mishaps."""

import pytest

from service.domain.actions import Leave
from service.domain.survey.responses import SourceKind
from service.errors import Forbidden, Locked
from service.jobs.collect_surveys import observe, plan
from service.jobs.evaluations import evaluations, yearly_surveys
from service.jobs.known import FORMS
from service.observe import Change
from service.ports import DONE, IN_PART
from service.store import Store
from tests.unit.effects.world import KEPT, World
from tests.unit.jobs.answered import (
    AFTER,
    BOOKS,
    HEADER,
    NAME,
    collect,
    evaluation,
    forms,
    hold,
    laid,
    sheet,
    with_list,
)


@pytest.fixture
async def held(world: World) -> World:
    return await hold(world)


# ---------------------------------------------------------------- three ways


async def test_three_ways_are_one(held: World) -> None:
    """Workbook, list and export of one form, in any order and by halves: each person once."""
    rows = with_list(held)
    for number, point in ((1, 4), (2, 5), (2, 5)):
        laid(rows, number, point)
    held.drives.put(KEPT, "Inkorg/Utvärdering(1-3).csv", sheet(4, 5, 6))
    await collect(held)
    assert (await evaluation(held)).n == 3

    held.drives.put(BOOKS, f"Enkäter/{NAME}", sheet(4, 5, 6, 6))
    await collect(held)
    found = await evaluation(held)

    assert found.n == 4
    assert {one.kind: one.used for one in found.sources} == {
        SourceKind.WORKBOOK: 4,
        SourceKind.LIST: 0,
        SourceKind.EXPORT: 0,
    }
    assert (found.forms, found.edited) == (1, 0)
    assert found.satisfaction is not None
    assert found.satisfaction.total == 21
    assert all(len(one.sha256) == 64 for one in found.sources)


async def test_an_edit_in_a_list(held: World) -> None:
    """It comes as a second row, and that one counts; the row's number is the list's own."""
    rows = with_list(held)
    laid(rows, 1, 2)
    laid(rows, 1, 6)
    await collect(held)
    found = await evaluation(held)

    assert (found.n, found.satisfaction and found.satisfaction.total) == (1, 6)


async def test_an_edit_that_is_taken_back_in_a_list(held: World) -> None:
    """The third row says what the first did, and it is the latest word; retries are no edits."""
    rows = with_list(held)
    for point in (2, 6, 6, 2, 2):
        laid(rows, 1, point)
    await collect(held)
    found = await evaluation(held)

    assert (found.n, found.satisfaction and found.satisfaction.total) == (1, 2)


async def test_several_forms_in_one_list(held: World) -> None:
    """The column that names the form keeps them apart."""
    rows = with_list(held)
    laid(rows, 1, 2)
    laid(rows, 1, 6, form="Årsenkät 2023")
    await collect(held)

    assert (await evaluation(held)).n == 1
    assert (await yearly_surveys(held.at))[2023].n == 1


async def test_a_deleted_row_is_gone(held: World) -> None:
    """Somebody has taken hers back; the others stay."""
    rows = with_list(held)
    ids = [laid(rows, number, 5) for number in (1, 2, 3)]
    await collect(held)
    rows.take_out(ids[0])
    await collect(held)

    assert (await evaluation(held)).n == 2


async def test_a_list_that_cannot_be_read(held: World) -> None:
    """It is gone without and named; what came before, and the other ways, stand."""
    rows = with_list(held)
    laid(rows, 1, 5)
    await collect(held)

    async def closed() -> dict[str, str]:
        raise Forbidden("list Svar")

    rows.titles = closed  # type: ignore[method-assign]
    held.drives.put(BOOKS, f"Enkäter/{NAME}", sheet(5, 6))
    outcome = await collect(held)

    assert outcome.run.outcome == IN_PART
    assert (await evaluation(held)).n == 2


# ---------------------------------------------------------------- workbooks that change


async def test_a_workbook_started_afresh(held: World) -> None:
    """Ids from 1 again, at other times: both parts count, and the coordinator is told."""
    book = held.drives.put(BOOKS, f"Enkäter/{NAME}", sheet(4, 4, 4, 4))
    await collect(held)
    held.drives.edit(book.id, sheet(6, 6, hour=16))
    await collect(held)
    held.drives.edit(book.id, sheet(6, 6, 6, hour=16))
    await collect(held)
    found = await evaluation(held)

    assert (found.n, len(found.sources)) == (7, 2)
    assert len({one.id for one in found.responses}) == 7
    [told] = [form.problem for form in (await forms(held)).values() if "@" in form.item_id]
    assert told == "formuläret har börjat om, de tidigare svaren är kvar"


async def test_an_emptied_workbook(held: World) -> None:
    """Its answers are kept and named, until a person says that they are to go."""
    book = held.drives.put(BOOKS, f"Enkäter/{NAME}", sheet(4, 4, 4, 4))
    await collect(held)
    held.drives.edit(book.id, HEADER.encode())
    await collect(held)
    await collect(held)

    assert (await evaluation(held)).n == 4
    [leave] = [one for one in plan(await observe(held.at), AFTER) if isinstance(one, Leave)]
    assert "--anyway" in leave.why
    await collect(held, anyway=True)
    assert (await evaluation(held)).n == 0


async def test_an_emptied_workbook_that_was_away(held: World) -> None:
    """What is kept is told of still when the workbook is back."""
    book = held.drives.put(BOOKS, f"Enkäter/{NAME}", sheet(4, 4, 4, 4))
    await collect(held)
    held.drives.edit(book.id, HEADER.encode())
    await collect(held)
    told = (await forms(held))[book.id].problem
    for drive in ("drive-of-others", BOOKS):
        held.drives.carry(book.id, drive, "Enkäter")
        await collect(held)

    assert (await forms(held))[book.id].problem == told != ""


async def test_cut_off_where_a_form_was_started_afresh(held: World) -> None:
    """What was there before is laid aside once, though it is done again."""
    book = held.drives.put(BOOKS, f"Enkäter/{NAME}", sheet(4, 4, 4, 4))
    await collect(held)
    before = await held.at.journal.responses(book.id)
    known = (await forms(held))[book.id]
    held.drives.edit(book.id, sheet(6, 6, hour=16))
    await collect(held)
    await held.at.journal.replace_responses(book.id, before)
    await held.ledger.absorb(FORMS, [Change(id=book.id, value=known)])
    await collect(held)
    found = await evaluation(held)

    assert (found.n, len(found.sources), found.repeated) == (6, 2, 0)


async def test_a_workbook_that_is_moved_or_gone(held: World) -> None:
    """Followed by its id, out of its folder and into another library; gone, its answers stay."""
    book = held.drives.put(BOOKS, f"Enkäter/{NAME}", sheet(4, 5))
    await collect(held)
    held.drives.carry(book.id, BOOKS, "Arkiv")
    held.drives.edit(book.id, sheet(4, 5, 6))
    await collect(held)
    assert (await evaluation(held)).n == 3

    held.drives.carry(book.id, KEPT, "Enkäter")
    held.drives.rename(book.id, "8 mars.csv")
    held.drives.edit(book.id, sheet(4, 5, 6, 1))
    await collect(held)
    assert (await evaluation(held)).n == 4

    held.drives.delete(book.id)
    await collect(held)
    assert (await evaluation(held)).n == 4
    assert (await forms(held))[book.id].problem == "filen är borttagen, svaren finns kvar"


async def test_a_workbook_that_cannot_be_read(held: World) -> None:
    """Locked: named, tried again, and what it told before stands."""
    book = held.drives.put(BOOKS, f"Enkäter/{NAME}", sheet(4, 5))
    await collect(held)
    held.drives.edit(book.id, sheet(4, 5, 6))
    content = held.drives.content

    def locked(drive_id: str, item_id: str) -> object:
        raise Locked(NAME)

    held.drives.content = locked  # type: ignore[method-assign,assignment]
    outcome = await collect(held)
    assert outcome.run.outcome == IN_PART
    assert (await evaluation(held)).n == 2

    held.drives.content = content  # type: ignore[method-assign]
    assert (await collect(held)).run.outcome == DONE
    assert (await evaluation(held)).n == 3
    assert not (await forms(held))[book.id].problem


async def test_two_forms_of_one_meeting(held: World) -> None:
    """Other responses, whatever the forms are called: added up, and known to be two."""
    held.drives.put(BOOKS, f"Enkäter/{NAME}", sheet(4, 5))
    held.drives.put(BOOKS, "Enkäter/Distans/Utvärdering 8 mars.csv", sheet(1, 1, 1, hour=17))
    await collect(held)
    found = await evaluation(held)
    assert (found.n, found.forms) == (5, 2)


async def test_the_version_follows_what_counts(held: World) -> None:
    """Another one for another answer; the same when nothing has changed."""
    book = held.drives.put(BOOKS, f"Enkäter/{NAME}", sheet(4, 5))
    await collect(held)
    first = (await evaluation(held)).version
    await collect(held)
    assert (await evaluation(held)).version == first
    held.drives.edit(book.id, sheet(4, 6))
    await collect(held)
    assert (await evaluation(held)).version != first


async def test_two_networks_share_nothing(held: World, state: Store) -> None:
    """Two on one installation: what one has collected the other does not see."""
    held.drives.put(BOOKS, f"Enkäter/{NAME}", sheet(4, 5))
    await collect(held)
    other = World(state)
    assert await evaluations(other.at) == {}
    assert await forms(other) == {}


async def test_a_password_is_told(held: World) -> None:
    """A protected workbook: earlier answers stand, and what to do is said in Swedish."""
    book = held.drives.put(BOOKS, f"Enkäter/{NAME}", sheet(4, 5))
    await collect(held)
    held.drives.rename(book.id, NAME.replace("csv", "xlsx"))
    held.drives.edit(book.id, bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600))
    await collect(held)
    assert (await evaluation(held)).n == 2
    assert (await forms(held))[book.id].problem
