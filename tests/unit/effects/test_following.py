"""What is filed follows its meeting: columns, folders, pictures; what a person laid stays."""

import pytest

from service.domain.actions import (
    Folder,
    PrepareFolder,
    RelocateFile,
    RenameFolder,
    RetagFile,
    Shelf,
)
from service.effects.perform import perform
from service.errors import Changed, Conflict, Locked
from service.store import Store
from tests.unit.effects.endings import ends_everywhere, shown
from tests.unit.effects.test_renewing import COLUMNS, KEY, effect_of, filed
from tests.unit.effects.world import FOLDER, MEMBERS, World, contents, folder

PICTURES = Folder(
    key="folder/pictures/uid-0308", shelf=Shelf.DOCUMENTATION, path="Bilder", within=folder()
)


async def retagging(world: World) -> RetagFile:
    item_id = await filed(world)
    return RetagFile(
        key=f"retag/{KEY}",
        of=KEY,
        item=world.drives._shown(item_id),
        columns={"NvMeeting": "Natur och klimat"},
        meeting_id="uid-0510",
    )


async def relocating(world: World) -> RelocateFile:
    item_id = await filed(world)
    return RelocateFile(
        key=f"relocate/{KEY}",
        of=KEY,
        item=world.drives._shown(item_id),
        folder=PICTURES,
        name="Agenda.docx",
        columns={},
    )


async def renaming(world: World, path: str = "2023/2023-03-15 Natur") -> RenameFolder:
    await perform(PrepareFolder(folder=folder()), world.at)
    home = await world.drives.find(MEMBERS, FOLDER)
    return RenameFolder(key=folder().key, item=home, path=path)


async def test_columns_follow(state: Store) -> None:
    """Those that changed are written, the others kept, and whose the file is is remembered."""
    quiet = await ends_everywhere(state, retagging, stored=1, once=False)
    effect = await effect_of(quiet)

    assert list(quiet.drives.columns.values()) == [{**COLUMNS, "NvMeeting": "Natur och klimat"}]
    assert effect.baseline["meeting"] == "uid-0510"
    assert effect.baseline["columns"] == {**COLUMNS, "NvMeeting": "Natur och klimat"}


async def test_columns_follow_more_than_once(world: World) -> None:
    """A meeting may be renamed again and again."""
    action = await retagging(world)
    assert await perform(action, world.at)
    assert await perform(action, world.at)


async def test_columns_of_a_file_that_is_open_wait(world: World) -> None:
    """A file that somebody has open is tagged when it is closed."""
    action = await retagging(world)
    world.drives.locked.add(action.item.id)
    with pytest.raises(Locked):
        await perform(action, world.at)
    world.drives.locked.clear()
    assert await perform(action, world.at)


async def test_pictures_are_put_together(state: Store) -> None:
    """A picture goes into a folder within the meeting's, keeping its id and its columns."""
    quiet = await ends_everywhere(state, relocating, stored=1)
    assert shown(quiet) == {f"{MEMBERS}/{FOLDER}/Bilder/Agenda.docx": b"first"}


async def test_pictures_go_where_the_folder_is(world: World) -> None:
    """The folder of a meeting that a person has renamed gets the folder of its pictures."""
    action = await relocating(world)
    home = await world.drives.find(MEMBERS, FOLDER)
    world.drives.rename(home.id, "Naturdagen")
    await perform(action, world.at)

    assert contents(world, "2023/Naturdagen/Bilder") == {"Agenda.docx": b"first"}


@pytest.mark.parametrize("path", ["2023/2023-03-15 Natur", "2024/2024-01-10 Natur"])
async def test_a_folder_is_renamed(state: Store, path: str) -> None:
    """Also into another year; the folder keeps its id, and files go on to find it."""

    async def prepare(world: World) -> RenameFolder:
        await filed(world)
        return await renaming(world, path)

    quiet = World(state)
    await perform(await prepare(quiet), quiet.at)
    assert contents(quiet, path) == {"Agenda.docx": b"first"}

    for boundary in range(1, quiet.fate.passed + 1):
        world = World(state)
        action = await prepare(world)
        world.fate.end(boundary)
        try:
            await perform(action, world.at)
        except Exception:  # noqa: BLE001 - the end of the world
            world.fate.end(None)
        baseline = (await effect_of(world, folder().key)).baseline
        there = world.drives._shown(action.item.id)
        ours = {f"{baseline['path']}/{baseline['name']}", baseline.get("renaming")}
        assert f"{there.path}/{there.name}" in ours, "it would be taken for a person's"


async def test_renamed_by_a_person_in_between(world: World) -> None:
    """Who was quicker wins."""
    action = await renaming(world)
    world.drives.rename(action.item.id, "Naturdagen")
    with pytest.raises(Changed):
        await perform(action, world.at)

    assert world.drives.named(MEMBERS, "2023") == ["Naturdagen"]


async def test_the_name_is_taken(world: World) -> None:
    """Another folder of that name is not merged with ours."""
    action = await renaming(world)
    world.drives.put(MEMBERS, "2023/2023-03-15 Natur/Egen.docx", b"theirs")
    with pytest.raises(Conflict):
        await perform(action, world.at)

    assert world.drives.named(MEMBERS, "2023") == ["2023-03-08 Natur", "2023-03-15 Natur"]
