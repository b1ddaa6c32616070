"""Files that the service copies from another library, and the way round of a refused move."""

import pytest

from service.domain.actions import FromItem, MoveFile, StoreFile, file_key
from service.effects.perform import perform
from service.errors import SourceVanished, StillCopying, UploadMismatch
from service.ports import Status
from service.store import Store
from tests.unit.effects.copies import MOODS
from tests.unit.effects.endings import ends_everywhere, shown
from tests.unit.effects.world import FOLDER, KEPT, MEMBERS, TEAM, World, contents, folder

COLUMNS = {"NvType": "Program", "NvMeetingId": "uid-0308"}
FILED = f"{MEMBERS}/{FOLDER}/Agenda.docx"


def copying(world: World, version: str = "") -> StoreFile:
    """A file of a watched folder that is to be filed."""
    there = [i for i in world.drives.items.values() if i.drive_id == TEAM and not i.folder]
    item = there[0] if there else world.drives.put(TEAM, "Material/Agenda.docx", b"agenda")
    return StoreFile(
        key=file_key("uid-0308", "watched", item.id),
        folder=folder(),
        name="Agenda.docx",
        source=FromItem(item=world.drives._shown(item.id)),
        columns=COLUMNS,
        meeting_id="uid-0308",
        version=version or item.ctag,
    )


def taking_out(world: World) -> MoveFile:
    """A file of the inbox, in a tenant where files are not moved between libraries."""
    world.drives.apart = True
    item = world.drives.put(KEPT, "Inkorg/Agenda.docx", b"agenda")
    return MoveFile(
        key=file_key("uid-0308", "inbox", item.id),
        item=item,
        folder=folder(),
        name="Agenda.docx",
        columns=COLUMNS,
        meeting_id="uid-0308",
    )


async def effect_of(world: World, key: str):
    return (await world.ledger.effects(key))[key]


# ---------------------------------------------------------------- copies


async def test_a_copy_passes_by(world: World) -> None:
    """Where the service copies, no byte is read or written here."""
    action = copying(world)
    await perform(action, world.at)

    assert contents(world) == {"Agenda.docx": b"agenda"}
    assert "store Agenda.docx" not in world.fate.writes
    assert (await effect_of(world, action.key)).status is Status.DONE


@pytest.mark.parametrize("mood", ["refused", "forbidden"])
async def test_a_refused_copy_is_streamed(world: World, mood: str) -> None:
    """What the service does not copy is read and written."""
    world.drives.copies.mood = mood
    await perform(copying(world), world.at)

    assert contents(world) == {"Agenda.docx": b"agenda"}
    assert world.drives.stored == [b"agenda"]


async def test_a_copy_under_a_taken_name(world: World) -> None:
    """A name that a person's file has is left to it, found out soon or late."""
    for mood in ("well", "late"):
        fresh = World(world.store)
        fresh.drives.copies.mood = mood
        fresh.drives.put(MEMBERS, f"{FOLDER}/Agenda.docx", b"theirs")
        await perform(copying(fresh), fresh.at)

        assert contents(fresh) == {"Agenda.docx": b"theirs", "Agenda (2).docx": b"agenda"}, mood


async def test_a_slow_copy_is_waited_for_by_the_next_run(world: World) -> None:
    """A run waits some minutes; the next goes on with the same copy."""
    world.drives.copies.mood = "never"
    action = copying(world)
    with pytest.raises(StillCopying):
        await perform(action, world.at)
    for copy in world.drives.copies.begun.values():
        copy.looks = 0
    await perform(action, world.restarted())

    assert contents(world) == {"Agenda.docx": b"agenda"}
    assert len(world.drives.copies.begun) == 1


async def test_a_copy_that_never_ends(world: World) -> None:
    """After a day it is given up, and the file is read and written."""
    world.drives.copies.mood = "never"
    action = copying(world)
    with pytest.raises(StillCopying):
        await perform(action, world.at)
    world.clock.on(hours=25)
    await perform(action, world.at)

    assert contents(world) == {"Agenda.docx": b"agenda"}
    assert world.drives.stored == [b"agenda"]


async def test_a_lost_monitor_finds_nobody_elses_file(world: World) -> None:
    """A person's file of that name is not taken for the copy."""
    world.drives.copies.mood = "never"
    action = copying(world)
    with pytest.raises(StillCopying):
        await perform(action, world.at)
    world.drives.copies.mood = "lost monitor"
    world.drives.put(MEMBERS, f"{FOLDER}/Agenda.docx", b"theirs")
    await perform(action, world.at)

    assert contents(world) == {"Agenda.docx": b"theirs", "Agenda (2).docx": b"agenda"}


async def test_a_source_that_vanished(world: World) -> None:
    """A file that was taken away meanwhile is told, and nothing is made up."""
    action = copying(world)
    world.drives.delete(action.source.item.id)
    with pytest.raises(SourceVanished):
        await perform(action, world.at)
    assert contents(world) == {}


@pytest.mark.parametrize("mood", MOODS)
async def test_copy_ends_everywhere(state: Store, mood: str) -> None:
    """Wherever the process ends, a second run leaves one file with its columns."""

    async def prepare(world: World) -> StoreFile:
        world.drives.copies.mood = mood
        return copying(world)

    quiet = await ends_everywhere(state, prepare, stored=1)
    assert shown(quiet) == {FILED: b"agenda"}


async def test_a_source_edited_between_two_tries(world: World) -> None:
    """What is filed is not taken for the newer version, of which it may not be made."""
    world.drives.copies.mood = "never"
    action = copying(world)
    with pytest.raises(StillCopying):
        await perform(action, world.at)
    world.drives.edit(action.source.item.id, b"newer")
    world.drives.copies.begun["https://monitor/1"].looks = 0
    newer = copying(world)
    await perform(newer, world.restarted())

    effect = await effect_of(world, action.key)
    assert effect.baseline["version"] == action.version != newer.version


# ---------------------------------------------------------------- check-out


async def test_checked_in(state: Store) -> None:
    """A library that requires check-out shows the file to others, wherever the process ended."""

    async def prepare(world: World) -> StoreFile:
        world.drives.checked_out_first.add(MEMBERS)
        return copying(world)

    quiet = await ends_everywhere(state, prepare, stored=1)
    assert quiet.fate.writes[-1] == "check in Agenda.docx"
    item = await quiet.drives.find(MEMBERS, f"{FOLDER}/Agenda.docx")
    assert not item.checked_out


# ---------------------------------------------------------------- the way round


@pytest.mark.parametrize("mood", ["well", "refused", "slow", "lost answer", "never"])
async def test_the_way_round_ends_everywhere(state: Store, mood: str) -> None:
    """The copy is filed and the original put aside: neither both in place, nor one lost."""

    async def prepare(world: World) -> MoveFile:
        world.drives.copies.mood = mood
        return taking_out(world)

    quiet = await ends_everywhere(state, prepare, stored=1)
    assert shown(quiet) == {FILED: b"agenda", f"{KEPT}/Inkorg/Filat/Agenda.docx": b"agenda"}


async def test_two_originals_of_one_name(world: World) -> None:
    """Both are kept aside, with their contents."""
    await perform(taking_out(world), world.at)
    other = world.drives.put(KEPT, "Inkorg/Agenda.docx", b"another")
    action = MoveFile(
        key=file_key("uid-0308", "inbox", other.id),
        item=other,
        folder=folder(),
        name="Agenda.docx",
        columns=COLUMNS,
        meeting_id="uid-0308",
    )
    await perform(action, world.at)

    assert set(contents(world, "Inkorg/Filat", KEPT).values()) == {b"agenda", b"another"}
    assert set(contents(world).values()) == {b"agenda", b"another"}


async def test_the_folder_of_originals_is_made_again(world: World) -> None:
    """A coordinator who removes it when it is empty harms nothing."""
    await perform(taking_out(world), world.at)
    aside = await world.drives.find(KEPT, "Inkorg/Filat")
    for item_id in [i for i, item in world.drives.items.items() if item.parent_id == aside.id]:
        world.drives.delete(item_id)
    world.drives.delete(aside.id)
    other = world.drives.put(KEPT, "Inkorg/Annan.docx", b"another")
    action = MoveFile(
        key=file_key("uid-0308", "inbox", other.id),
        item=other,
        folder=folder(),
        name="Annan.docx",
        columns=COLUMNS,
        meeting_id="uid-0308",
    )
    await perform(action, world.at)

    assert contents(world, "Inkorg/Filat", KEPT) == {"Annan.docx": b"another"}


# ---------------------------------------------------------------- quarantine


async def test_a_mismatch_is_put_aside(world: World) -> None:
    """What was stored otherwise than it was sent: members do not see it, nobody deletes it."""
    world.drives.copies.mood = "refused"
    world.drives.spoilt.add("Agenda.docx")
    action = copying(world)
    with pytest.raises(UploadMismatch):
        await perform(action, world.at)

    assert contents(world) == {}
    assert contents(world, "Karantän", KEPT) == {"Agenda.docx": b"agend"}


async def test_a_second_mismatch_of_that_name(world: World) -> None:
    """Nothing in Karantän is written over, and the folder is made again where it was removed."""
    world.drives.copies.mood = "refused"
    world.drives.spoilt.add("Agenda.docx")
    for _ in range(2):
        with pytest.raises(UploadMismatch):
            await perform(copying(world), world.at)
        world.clock.on(hours=1)

    assert len(contents(world, "Karantän", KEPT)) == 2
