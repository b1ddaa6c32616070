"""Files are stored, moved and tagged once, whatever happens in between."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from service.domain.actions import (
    Folder,
    FromEvent,
    FromRecording,
    MoveFile,
    PrepareFolder,
    Shelf,
    StoreFile,
    TagFile,
    file_key,
)
from service.effects.perform import perform
from service.errors import Locked, NotFound, TenantFailed
from service.observe import SeenItem, SeenRecording
from service.ports import Status
from service.store import Store
from tests.unit.effects.fate import CLIENT_ID, START, Bytes, Crash
from tests.unit.effects.world import (
    FOLDER,
    KEPT,
    MEMBERS,
    World,
    attachment,
    contents,
    drafting,
    folder,
)

COLUMNS = {"NvType": "Program", "NvMeetingId": "uid-0308"}


def storing(world: World, data: bytes = b"agenda", number: str = "a1") -> StoreFile:
    """An attachment that is to be filed."""
    file = attachment(number)
    world.calendar.files[number] = (file, data)
    return StoreFile(
        key=file_key("uid-0308", "event", number),
        folder=folder(),
        name="Agenda.docx",
        source=FromEvent(attachment=file),
        columns=COLUMNS,
        meeting_id="uid-0308",
    )


def moving(item: SeenItem, name: str = "Agenda.docx") -> MoveFile:
    return MoveFile(
        key=file_key("uid-0308", "inbox", item.id),
        item=item,
        folder=folder(),
        name=name,
        columns=COLUMNS,
        meeting_id="uid-0308",
    )


async def effect_of(world: World, key: str) -> Status:
    return (await world.ledger.effects(key))[key].status


# ---------------------------------------------------------------- once


async def test_store_once(world: World) -> None:
    """A stored file has its columns, and storing it again writes nothing."""
    action = storing(world)
    assert await perform(action, world.at)
    before = list(world.fate.writes)
    assert not await perform(action, world.restarted())

    assert world.fate.writes == before
    assert contents(world) == {"Agenda.docx": b"agenda"}
    assert list(world.drives.columns.values()) == [COLUMNS]
    assert await effect_of(world, action.key) is Status.DONE


async def test_move_once(world: World) -> None:
    """A moved file keeps its id and gets its columns; moving it again writes nothing."""
    item = world.drives.put(KEPT, "Inkorg/Agenda.docx", b"agenda")
    assert await perform(moving(item), world.at)
    before = list(world.fate.writes)
    assert not await perform(moving(item), world.restarted())

    assert world.fate.writes == before
    assert contents(world) == {"Agenda.docx": b"agenda"}
    assert world.drives.columns == {item.id: COLUMNS}


async def test_moved_back_stays(world: World) -> None:
    """A file that a person has moved back is not moved a second time."""
    item = world.drives.put(KEPT, "Inkorg/Agenda.docx", b"agenda")
    await perform(moving(item), world.at)
    world.drives.carry(item.id, KEPT, "Inkorg")

    assert not await perform(moving(world.drives._shown(item.id)), world.at)
    assert contents(world) == {}


async def test_tag_once(world: World) -> None:
    """A file that lies right gets its columns and nothing else, once."""
    item = world.drives.put(MEMBERS, f"{FOLDER}/Foto.jpg", b"foto")
    action = TagFile(
        key=file_key("uid-0308", "folder", item.id),
        item=item,
        columns=COLUMNS,
        meeting_id="uid-0308",
    )
    assert await perform(action, world.at)
    assert not await perform(action, world.at)

    assert world.fate.writes == ["columns Foto.jpg"]
    assert world.drives.columns == {item.id: COLUMNS}


async def test_prepare_once(world: World) -> None:
    """A folder is made once, and not again under its old name once a person has renamed it."""
    action = PrepareFolder(folder=folder())
    assert await perform(action, world.at)
    made = (await world.ledger.effects(action.folder.key))[action.folder.key].remote_id
    world.drives.rename(made or "", "Naturdagen")

    assert not await perform(action, world.at)
    assert world.drives.named(MEMBERS, "2023") == ["Naturdagen"]


async def test_renamed_folder_is_followed(world: World) -> None:
    """A file goes where the folder is now, whatever people call it."""
    await perform(storing(world), world.at)
    home = await world.drives.find(MEMBERS, FOLDER)
    world.drives.rename(home.id, "Naturdagen")
    await perform(storing(world, b"program", "a2"), world.at)

    assert set(contents(world, "2023/Naturdagen").values()) == {b"agenda", b"program"}


# ---------------------------------------------------------------- names and twins


async def test_taken_name(world: World) -> None:
    """A name that a person's file has is left to it: ours gets a number."""
    world.drives.put(MEMBERS, f"{FOLDER}/agenda.DOCX", b"theirs")
    await perform(storing(world), world.at)

    assert contents(world) == {"agenda.DOCX": b"theirs", "Agenda (2).docx": b"agenda"}


async def test_taken_name_of_a_moved_file(world: World) -> None:
    """The same goes for a file that is moved."""
    world.drives.put(MEMBERS, f"{FOLDER}/Agenda.docx", b"theirs")
    item = world.drives.put(KEPT, "Inkorg/Agenda.docx", b"agenda")
    await perform(moving(item), world.at)

    assert contents(world) == {"Agenda.docx": b"theirs", "Agenda (2).docx": b"agenda"}


async def test_name_taken_during_an_upload(world: World) -> None:
    """What was sent goes under the next name: its ranges are not sent a second time."""
    action = recording(world)
    data = world.meetings.bytes["r1"]

    reads = 0

    class Slow(Bytes):
        """A person takes the name while the first range is being read."""

        async def read(self, offset: int = 0) -> AsyncIterator[bytes]:
            nonlocal reads
            reads += 1
            if reads == 2:
                world.drives.put(MEMBERS, f"{FOLDER}/Agenda.docx", b"theirs")
            yield self.data[offset:]

    world.meetings.recording = lambda *_: Slow(data)  # type: ignore[method-assign]
    await perform(action, world.at)

    assert contents(world) == {"Agenda.docx": b"theirs", "Agenda (2).docx": data}
    assert world.fate.writes.count("range") == 1


async def test_same_bytes_are_filed_once(world: World) -> None:
    """A second attachment of the same bytes is dropped, and the reason names the first."""
    first, second = storing(world), storing(world, number="a2")
    await perform(first, world.at)
    assert not await perform(second, world.at)

    effect = (await world.ledger.effects(second.key))[second.key]
    assert (effect.status, effect.reason) == (
        Status.DROPPED,
        "samma innehåll är redan arkiverat som ”Agenda.docx”",
    )
    assert world.drives.stored == [b"agenda"]


async def test_twin_in_the_inbox_stays(world: World) -> None:
    """A file of the inbox whose hash is that of a filed one is not moved."""
    await perform(storing(world), world.at)
    item = world.drives.put(KEPT, "Inkorg/Kopia.docx", b"agenda")

    assert not await perform(moving(item, "Kopia.docx"), world.at)
    assert contents(world) == {"Agenda.docx": b"agenda"}


async def test_lost_answer_gives_nobody_elses_file(state: Store) -> None:
    """Two attachments of one name: where one's answer is lost, the other does not take its file."""
    lost = 0
    for boundary in range(1, 30):
        world = World(state)
        first, second = storing(world, b"one"), storing(world, b"two", "a2")
        world.fate.end(boundary, lambda: TenantFailed("the answer was lost"))
        try:
            await perform(first, world.at)
        except TenantFailed:
            lost += 1
        world.fate.end(None)
        await perform(second, world.at)  # the first has stepped aside for some minutes
        await perform(first, world.at)

        assert sorted(contents(world).values()) == [b"one", b"two"], boundary
    assert lost > 5


# ---------------------------------------------------------------- the world ends


def by_person(world: World) -> SeenItem:
    return world.drives.put(KEPT, "Inkorg/Agenda.docx", b"agenda")


def in_place(world: World) -> SeenItem:
    return world.drives.put(MEMBERS, f"{FOLDER}/Agenda.docx", b"agenda")


def recording(world: World) -> StoreFile:
    """A recording that goes up in ranges."""
    seen = SeenRecording(meeting_id="m", id="r1", created=START, ended=None, correlation_id=None)
    world.meetings.bytes["r1"] = b"film" * 500
    return StoreFile(
        key=file_key("uid-0308", "recording", "r1"),
        folder=folder(),
        name="Agenda.docx",
        source=FromRecording(organizer="eva.exempel@exempel.se", recording=seen),
        columns=COLUMNS,
        meeting_id="uid-0308",
    )


SCENES = {
    "store": storing,
    "store beside a person's": lambda world: (in_place(world), storing(world, b"ours"))[1],
    "store in ranges": recording,
    "move": lambda world: moving(by_person(world)),
    "tag": lambda world: TagFile(
        key=file_key("uid-0308", "folder", "x"),
        item=in_place(world),
        columns=COLUMNS,
        meeting_id="uid-0308",
    ),
    "write a draft": lambda world: drafting("first"),
    "prepare": lambda world: PrepareFolder(folder=folder()),
}


@pytest.mark.parametrize("error", [Crash, lambda: TenantFailed("the answer was lost")])
@pytest.mark.parametrize("scene", SCENES)
async def test_end_at_every_boundary(
    state: Store, scene: str, error: Callable[[], Exception]
) -> None:
    """Wherever the process ends, a second run leaves what an undisturbed one would have left."""
    quiet = World(state)
    await perform(SCENES[scene](quiet), quiet.at)
    undisturbed = (contents(quiet), contents(quiet, "2023/Utkast", KEPT), quiet.drives.stored)
    columns = list(quiet.drives.columns.values())
    for boundary in range(1, quiet.fate.passed + 1):
        world = World(state)
        action = SCENES[scene](world)
        world.fate.end(boundary, error)
        with pytest.raises((Crash, TenantFailed)):
            await perform(action, world.at)
        world.fate.end(None)
        await perform(action, world.restarted())
        writes = list(world.fate.writes)
        await perform(action, world.restarted())

        found = (contents(world), contents(world, "2023/Utkast", KEPT))
        assert found == undisturbed[:2], boundary
        assert list(world.drives.columns.values()) == columns, boundary
        assert world.fate.writes == writes, boundary
        # A document of ours may be written twice over itself; a file of others never.
        assert len(world.drives.stored) <= len(undisturbed[2]) + (scene == "write a draft")


async def test_crash_in_a_renamed_folder(state: Store) -> None:
    """A file that was stored before a crash is known again in a folder with another name."""
    for boundary in range(1, 30):
        world = World(state)
        await perform(PrepareFolder(folder=folder()), world.at)
        home = await world.drives.find(MEMBERS, FOLDER)
        world.drives.rename(home.id, "Naturdagen")
        world.fate.end(boundary)
        try:
            await perform(storing(world), world.at)
        except Crash:
            world.fate.end(None)
            await perform(storing(world), world.restarted())
        assert contents(world, "2023/Naturdagen") == {"Agenda.docx": b"agenda"}


async def test_removed_while_filed(world: World) -> None:
    """A file that a person removes before it has its columns is reported, and not stored again."""
    action = storing(world)
    world.fate.before = "columns"
    with pytest.raises(Crash):
        await perform(action, world.at)
    world.fate.end(None)
    effect = (await world.ledger.effects(action.key))[action.key]
    world.drives.delete(effect.remote_id or "")
    with pytest.raises(NotFound):
        await perform(action, world.restarted())

    assert world.drives.stored == [b"agenda"]


async def test_locked_file_waits(world: World) -> None:
    """A file that somebody has open stays where it is, whole, and is moved when it is closed."""
    item = by_person(world)
    world.drives.locked.add(item.id)
    with pytest.raises(Locked):
        await perform(moving(item), world.at)
    world.drives.locked.clear()

    assert await perform(moving(item), world.at)
    assert contents(world) == {"Agenda.docx": b"agenda"}


async def test_stepped_aside_waits(world: World) -> None:
    """An effect that is to be tried later is left alone until then."""
    action = storing(world)
    effect, _ = await world.ledger.claim(action.key, job="filing", now=START)
    later = {**vars(effect), "not_before": START + timedelta(minutes=10)}
    await world.ledger.keep(type(effect)(**later))
    assert not await perform(action, world.at)
    world.clock.on(minutes=10)

    assert await perform(action, world.at)


async def test_the_app_is_named_as_writer(world: World) -> None:
    """What tells our files from people's is the app that wrote last."""
    await perform(storing(world), world.at)
    item = await world.drives.find(MEMBERS, f"{FOLDER}/Agenda.docx")

    assert item.modified_by_app == CLIENT_ID


async def test_hidden_before_its_columns_were_written(world: World) -> None:
    """Stored for members, cut off, and to be the coordinators' only by then: it is finished."""
    action = storing(world)
    world.fate.before = "columns"
    with pytest.raises(Crash):
        await perform(action, world.at)
    world.fate.end(None)
    hidden = Folder(key="folder/coordination/uid-0308", shelf=Shelf.COORDINATION, path="Underlag")

    assert await perform(replace(action, folder=hidden, columns={}), world.restarted())
    assert await effect_of(world, action.key) is Status.DONE
    assert contents(world) == {"Agenda.docx": b"agenda"}
