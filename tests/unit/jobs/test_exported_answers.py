"""Exports among people's files: collected, never shown as material; and what a person says."""

from datetime import timedelta

import pytest

from service.domain.actions import Leave, MoveFile, Unread
from service.effects.placements import UNPLACED, settle_on
from service.jobs import file_materials
from service.jobs.collect_surveys import observe, plan
from service.jobs.engine import Outcome, run
from service.jobs.evaluations import evaluations
from service.jobs.known import read_register
from service.jobs.surveys.placed import Said, say
from service.observe import SeenMail
from tests.unit.effects.world import KEPT, MEMBERS, TEAM, World, attachment
from tests.unit.jobs.answered import AFTER, BOOKS, NAME, collect, evaluation, forms, hold, sheet


@pytest.fixture
async def held(world: World) -> World:
    return await hold(world)


# ---------------------------------------------------------------- exports


COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096)
CLOSED = {
    ".xls": COMPOUND,
    ".ods": COMPOUND,
    ".xlsx": COMPOUND + "EncryptedPackage".encode("utf-16-le"),
}
"""What nobody can look into, by the file's ending."""


async def file(world: World) -> Outcome:
    return await run(file_materials.JOB, world.at, world.clock.now())


@pytest.mark.parametrize("order", [(file, collect), (collect, file)])
async def test_an_export_is_no_material(held: World, order: tuple[object, ...]) -> None:
    """Whichever job comes first: to the coordinators' folder, once, and never to members."""
    held.clock.on(hours=-2)
    put = held.drives.put(KEPT, f"{UNPLACED}/{NAME}", sheet(4, 5))
    held.clock.on(hours=2)
    for _ in range(3):
        for job in order:
            await job(held)  # type: ignore[operator]

    item = held.drives._shown(put.id)
    assert (item.drive_id, item.path.split("/")[0]) == (KEPT, "Underlag")
    assert (await evaluation(held)).n == 2
    assert not [i for i in held.drives.items.values() if i.drive_id == MEMBERS and not i.folder]
    assert not await held.ledger.effects("file/")

    held.drives.carry(put.id, KEPT, "Arkiv")
    held.drives.edit(put.id, sheet(4, 5, 6))
    await collect(held)
    assert (await evaluation(held)).n == 3


async def test_an_export_saved_with_macros_is_no_material(held: World) -> None:
    """Excel's other ending hides no single answers from us."""
    held.clock.on(hours=-2)
    held.drives.put(KEPT, f"{UNPLACED}/{NAME.replace('.csv', '.xlsm')}", sheet(4, 5))
    held.clock.on(hours=2)
    for job in (collect, file, collect, file):
        await job(held)

    assert (await evaluation(held)).n == 2
    assert not [i for i in held.drives.items.values() if i.drive_id == MEMBERS and not i.folder]


@pytest.mark.parametrize("ending", [".xls", ".ods", ".xlsx"])
async def test_what_nobody_can_look_into_is_held(held: World, ending: str) -> None:
    """An old format or a password: told with what to do, members get it on a person's word."""
    held.clock.on(hours=-2)
    put = held.drives.put(KEPT, f"{UNPLACED}/Natur i stadsplanering{ending}", CLOSED[ending])
    held.clock.on(hours=2)
    for job in (collect, file, collect, file):
        await job(held)
    [form] = [one for one in (await forms(held)).values() if one.item_id == put.id]

    assert ("lösenord" if ending == ".xlsx" else ".xlsx") in form.problem
    assert held.drives._shown(put.id).drive_id == KEPT

    await settle_on(f"inbox/{put.id}", "uid-0308", held.at)
    await file(held)
    assert held.drives._shown(put.id).drive_id == MEMBERS


async def test_an_export_in_a_meetings_folder_is_that_meetings(held: World) -> None:
    """The subfolder of the inbox tells, whatever the file is called."""
    await file(held)
    held.drives.put(KEPT, "Inkorg/2023-03-08 Natur i stadsplanering/Svar.csv", sheet(4, 5))
    await collect(held)
    assert (await evaluation(held)).n == 2


async def test_a_sheet_of_no_answers_is_material(held: World) -> None:
    """It waits until somebody has looked into it, and is filed then; so is its next version."""
    held.clock.on(hours=-2)
    put = held.drives.put(KEPT, "Inkorg/Artlista 2023-03-08.csv", b"Art;Antal\nEk;3\n")
    held.clock.on(hours=2)
    await file(held)
    assert held.drives._shown(put.id).path == "Inkorg"
    await collect(held)
    await file(held)
    assert held.drives.items[put.id].drive_id == MEMBERS


async def test_a_sheet_that_becomes_an_export(held: World) -> None:
    """Judged as it was: another version waits anew."""
    held.clock.on(hours=-2)
    put = held.drives.put(KEPT, f"Inkorg/{NAME}", b"Art;Antal\nEk;3\n")
    await collect(held)
    held.drives.edit(put.id, sheet(4, 5))
    held.clock.on(hours=2)
    await file(held)
    assert held.drives._shown(put.id).path == "Inkorg"
    await collect(held)
    assert held.drives._shown(put.id).path.startswith("Underlag")


async def test_an_export_by_mail(held: World) -> None:
    """It waits, is laid in the inbox, and is collected from there."""
    hung = attachment("m1", NAME, holder_id="mail-1")
    sent = AFTER - timedelta(hours=2)
    mail = SeenMail(id="mail-1", subject="Svar", received=sent, has_attachments=True)
    held.mail.arrive(mail, (hung, sheet(4, 5)))
    for _ in range(3):
        await file(held)
        await collect(held)
        held.clock.on(hours=1)

    assert (await evaluation(held)).n == 2
    assert not [i for i in held.drives.items.values() if i.drive_id == MEMBERS and not i.folder]


async def test_an_export_in_a_watched_folder_stays_there(held: World) -> None:
    """It is named, and nobody files it."""
    held.clock.on(hours=-2)
    held.drives.put(TEAM, f"Material/{NAME}", sheet(4, 5))
    held.clock.on(hours=2)
    for _ in range(2):
        await file(held)
        await collect(held)
    seen = await file_materials.observe(held.at)
    left = [one for one in file_materials.plan(seen, held.clock.now()) if isinstance(one, Leave)]

    assert [one.why for one in left] == ["en enkäts svar: natverket survey list"]
    assert not held.drives.stored


# ---------------------------------------------------------------- what a person says


async def test_a_word_wins_from_then_on(held: World) -> None:
    """Unsure at first; said once, it stays so through new versions; or it is nobody's."""
    book = held.drives.put(BOOKS, "Enkäter/Formulär1.csv", sheet(4, 5))
    await collect(held)
    assert await evaluations(held.at) == {}
    await say(book.id, Said(said=AFTER, meeting_id="uid-0308"), held.at)
    held.drives.edit(book.id, sheet(4, 5, 6))
    await collect(held)
    assert (await evaluation(held)).n == 3

    await say(book.id, Said(said=AFTER), held.at)
    await collect(held)
    assert await evaluations(held.at) == {}
    assert not (await forms(held))[book.id].is_asked


async def test_a_file_that_was_placed_by_its_other_command(held: World) -> None:
    """`natverket file … --meeting` of an export tells whose answers they are."""
    put = held.drives.put(KEPT, "Inkorg/Svar.csv", sheet(4, 5))
    await settle_on(f"inbox/{put.id}", "uid-0308", held.at)
    await file(held)
    await collect(held)
    assert (await evaluation(held)).n == 2
    assert not await held.ledger.effects("file/")


async def test_a_workbooks_address_in_the_register(held: World) -> None:
    """Pasted into the row's survey link it tells whose the workbook is."""
    book = held.drives.put(BOOKS, "Enkäter/Formulär1.csv", sheet(4, 5))
    fields = {"NvMeetingId": "uid-0308", "Title": "Natur", "NvSurveyLink": f"{book.web_url}"}
    row = await held.rows.add(fields)
    held.rows.type(row.id, NvSurveyLink=f"https://exempel.sharepoint.com/:x:/{book.id}")
    held.drives.shared = _shared(held, book.id)  # type: ignore[method-assign]
    await file_materials.observe(held.at)
    await read_register(held.at)
    await collect(held)
    assert (await evaluation(held)).n == 2


def _shared(world: World, item_id: str):
    async def shared(url: str) -> object:
        return world.drives._shown(item_id) if url.endswith(item_id) else None

    return shared


async def test_a_second_run_does_nothing(held: World) -> None:
    """No action but what is left for a person."""
    held.drives.put(KEPT, f"Inkorg/{NAME}", sheet(4, 5))
    held.clock.on(hours=2)
    await collect(held)
    actions = plan(await observe(held.at), held.clock.now())
    assert not [one for one in actions if isinstance(one, MoveFile | Unread)]
