"""New versions of what is filed: over the old one, or beside what a person has made of it."""

import pytest

from service.domain.actions import FromEvent, RenewFile, RetagFile, StoreFile, file_key
from service.effects.perform import perform
from service.effects.placements import file_again
from service.errors import Changed, UploadMismatch
from service.ports import Status
from service.store import Store
from tests.unit.effects.endings import ends_everywhere, shown
from tests.unit.effects.fate import Crash
from tests.unit.effects.world import FOLDER, KEPT, MEMBERS, World, attachment, contents, folder

COLUMNS = {"NvType": "Program", "NvMeetingId": "uid-0308"}
KEY = file_key("uid-0308", "event", "a1")
HERE = f"{MEMBERS}/{FOLDER}"
LARGE = b"film" * 500


async def filed(world: World, data: bytes = b"first") -> str:
    """An attachment that is filed; the id of the file."""
    file = attachment("a1")
    world.calendar.files["a1"] = (file, data)
    action = StoreFile(
        key=KEY,
        folder=folder(),
        name="Agenda.docx",
        source=FromEvent(attachment=file),
        columns=COLUMNS,
        meeting_id="uid-0308",
        version="a1",
    )
    await perform(action, world.at)
    return (await effect_of(world)).remote_id or ""


async def effect_of(world: World, key: str = KEY):
    return (await world.ledger.effects(key))[key]


def renewing(world: World, data: bytes = b"second", version: str = "a2") -> RenewFile:
    file = attachment(version)
    world.calendar.files[version] = (file, data)
    return RenewFile(
        key=f"renew/{KEY}/{version}",
        of=KEY,
        name="Agenda.docx",
        label="ny version",
        source=FromEvent(attachment=file),
        version=version,
    )


async def test_over_what_nobody_touched(world: World) -> None:
    """The file keeps its id, its name and its columns, and has the new bytes."""
    item_id = await filed(world)
    assert await perform(renewing(world), world.at)

    assert contents(world) == {"Agenda.docx": b"second"}
    effect = await effect_of(world)
    assert (effect.remote_id, effect.baseline["version"]) == (item_id, "a2")
    assert world.drives.columns[item_id] == COLUMNS


async def test_a_persons_type_stands(world: World) -> None:
    """What a person has said of the file's type is not said again by us."""
    item_id = await filed(world)
    world.drives.columns[item_id] = {**COLUMNS, "NvType": "Rapport"}
    await perform(renewing(world), world.at)

    assert world.drives.columns[item_id]["NvType"] == "Rapport"


async def test_where_a_person_has_moved_it(world: World) -> None:
    """Renamed and moved is not edited: it is renewed where it is, as it is called."""
    item_id = await filed(world)
    world.drives.rename(item_id, "Dagordning.docx")
    world.drives.carry(item_id, MEMBERS, "Arkiv")
    await perform(renewing(world), world.at)

    assert contents(world, "Arkiv") == {"Dagordning.docx": b"second"}


async def test_beside_what_a_person_edited(world: World) -> None:
    """Hers stays as it is; the new one lies beside it, named so, and is renewed from then on."""
    item_id = await filed(world)
    world.drives.edit(item_id, b"hers")
    await perform(renewing(world), world.at)
    assert contents(world) == {"Agenda.docx": b"hers", "Agenda (ny version).docx": b"second"}

    await perform(renewing(world, b"third", "a3"), world.at)
    assert contents(world) == {"Agenda.docx": b"hers", "Agenda (ny version).docx": b"third"}


async def test_beside_what_we_have_tagged_since(world: World) -> None:
    """Her edit is not forgotten when our app writes columns after it."""
    item_id = await filed(world)
    world.drives.edit(item_id, b"hers")
    retag = RetagFile(
        key=f"retag/{KEY}",
        of=KEY,
        item=world.drives._shown(item_id),
        columns={"NvMeeting": "Natur och klimat"},
        meeting_id="uid-0308",
    )
    await perform(retag, world.at)
    await perform(renewing(world), world.at)

    assert contents(world) == {"Agenda.docx": b"hers", "Agenda (ny version).docx": b"second"}


async def test_removed_stays_removed(world: World) -> None:
    """What a person has removed is not brought back by a new version."""
    world.drives.delete(await filed(world))
    action = renewing(world)
    assert not await perform(action, world.at)

    assert contents(world) == {}
    assert (await effect_of(world, action.key)).status is Status.DROPPED
    assert (await effect_of(world)).baseline["version"] == "a2"


async def test_the_same_bytes_write_nothing(world: World) -> None:
    """An invitation that was sent anew has other ids and the same files."""
    await filed(world)
    before = list(world.fate.writes)
    assert not await perform(renewing(world, b"first"), world.at)

    assert world.fate.writes == before
    assert (await effect_of(world)).baseline["version"] == "a2"


async def test_edited_while_we_write(world: World) -> None:
    """Who was quicker wins: the write is refused, and the next run puts the new one beside."""
    item_id = await filed(world)
    store = world.drives.store

    async def quicker(*args, **named):
        world.drives.edit(item_id, b"hers")
        return await store(*args, **named)

    world.drives.store = quicker
    with pytest.raises(Changed):
        await perform(renewing(world), world.at)
    world.drives.store = store
    await perform(renewing(world), world.at)

    assert contents(world) == {"Agenda.docx": b"hers", "Agenda (ny version).docx": b"second"}


@pytest.mark.parametrize("data", [b"second", LARGE], ids=["at once", "in ranges"])
@pytest.mark.parametrize("edited", [False, True])
async def test_renewing_ends_everywhere(state: Store, edited: bool, data: bytes) -> None:
    """Wherever the process ends, there is one new version, and hers is untouched."""

    async def prepare(world: World) -> RenewFile:
        item_id = await filed(world)
        if edited:
            world.drives.edit(item_id, b"hers")
        return renewing(world, data)

    quiet = await ends_everywhere(state, prepare, stored=1)
    hers = {f"{HERE}/Agenda.docx": b"hers", f"{HERE}/Agenda (ny version).docx": data}
    assert shown(quiet) == (hers if edited else {f"{HERE}/Agenda.docx": data})


async def test_a_session_of_the_old_target_is_not_gone_on_with(world: World) -> None:
    """Edited while a large one was half sent over it: the new one goes beside, from its start."""
    item_id = await filed(world)
    action = renewing(world, LARGE)
    world.fate.before = "store"
    with pytest.raises(Crash):
        await perform(action, world.at)
    world.fate.end(None)
    world.drives.edit(item_id, b"hers")
    await perform(action, world.restarted())

    assert contents(world) == {"Agenda.docx": b"hers", "Agenda (ny version).docx": LARGE}


async def test_a_spoilt_version_is_put_aside(world: World) -> None:
    """It is filed no more and parked; asked for again, it is filed anew."""
    await filed(world)
    world.drives.spoilt.add("Agenda.docx")
    with pytest.raises(UploadMismatch):
        await perform(renewing(world), world.at)
    assert contents(world) == {}
    assert contents(world, "Karantän", KEPT) == {"Agenda.docx": b"secon"}
    parked = await effect_of(world)
    assert parked.status is Status.PARKED

    world.drives.spoilt.clear()
    await file_again(parked, "uid-0308", folder(), world.at)
    again = renewing(world)
    store = StoreFile(
        key=KEY,
        folder=folder(),
        name="Agenda.docx",
        source=again.source,
        columns=COLUMNS,
        meeting_id="uid-0308",
        version="a2",
    )
    await perform(store, world.at)
    assert contents(world) == {"Agenda.docx": b"second"}
