"""The same Office file is filed once, though every library writes its columns into it."""

import io
import zipfile

import pytest

from service.domain.actions import FromEvent, MoveFile, StoreFile, file_key
from service.effects.perform import perform
from service.parse.office import parts_digest
from tests.unit.effects.world import FOLDER, KEPT, World, attachment, contents, folder


def document(text: str, **properties: str) -> bytes:
    """An Office file with columns in it, as a library would have written them."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        package.writestr("[Content_Types].xml", f"<Types>{properties}</Types>")
        package.writestr("word/document.xml", text)
        package.writestr("docProps/custom.xml", str(properties))
    return target.getvalue()


def storing(world: World, data: bytes) -> StoreFile:
    file = attachment("a1")
    world.calendar.files["a1"] = (file, data)
    return StoreFile(
        key=file_key("uid-0308", "event", "a1"),
        folder=folder(),
        name="Agenda.docx",
        source=FromEvent(attachment=file),
        columns={},
        meeting_id="uid-0308",
    )


def moving(world: World, data: bytes) -> MoveFile:
    item = world.drives.put(KEPT, "Inkorg/Program.docx", data)
    return MoveFile(
        key=file_key("uid-0308", "inbox", item.id),
        item=item,
        folder=folder(),
        name="Program.docx",
        columns={},
        meeting_id="uid-0308",
    )


def test_what_a_library_writes_is_no_difference() -> None:
    """What people wrote is; what is no Office file has no such digest."""
    assert parts_digest(document("a", x="1")) == parts_digest(document("a", y="2")) != ""
    assert parts_digest(document("a")) != parts_digest(document("b"))
    assert parts_digest(b"PK no package") == ""


@pytest.mark.parametrize("inbox_first", [True, False])
async def test_filed_once(world: World, inbox_first: bool) -> None:
    """By the inbox and as an attachment, in either order."""
    ours, theirs = document("agenda", NvType="Program"), document("agenda")
    first, second = (moving, storing) if inbox_first else (storing, moving)
    await perform(first(world, ours if inbox_first else theirs), world.at)
    assert not await perform(second(world, theirs if inbox_first else ours), world.at)

    assert len(contents(world)) == 1


async def test_others_are_filed(world: World) -> None:
    """Two Office files that people wrote differently are two, whatever their size."""
    await perform(moving(world, document("agenda 1")), world.at)
    await perform(storing(world, document("agenda 2")), world.at)

    assert len(contents(world)) == 2


async def test_a_removed_twin_is_no_twin(world: World) -> None:
    """What a coordinator puts into the inbox after she has removed it is filed."""
    await perform(storing(world, b"agenda"), world.at)
    filed = await world.drives.find("drive-documentation", f"{FOLDER}/Agenda.docx")
    world.drives.delete(filed.id)
    await perform(moving(world, b"agenda"), world.at)

    assert contents(world) == {"Program.docx": b"agenda"}
