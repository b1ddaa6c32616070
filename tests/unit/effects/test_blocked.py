"""A blocked download is not walked round by a copy, unless IT has approved it (settled 26)."""

from dataclasses import replace

import pytest

from service.domain.actions import FromItem, FromRecording, Source, StoreFile, file_key
from service.effects.filing import store
from service.errors import DownloadBlocked
from service.observe import SeenItem, SeenRecording
from service.ports import Copied, Target
from tests.unit.effects.fakes import Blocked
from tests.unit.effects.fate import START, Bytes
from tests.unit.effects.world import World, folder

SEEN = SeenRecording(meeting_id="m", id="r1", created=START, ended=None, correlation_id=None)


def copying(world: World) -> list[str]:
    """The service copies; names of what it was asked to copy."""
    asked: list[str] = []

    async def begin_copy(item: SeenItem, target: Target) -> str:
        asked.append(target.name)
        return "https://monitor"

    async def copy_progress(
        item: SeenItem, target: Target, monitor: str, **other: object
    ) -> Copied:
        stored = await world.drives.store(target, Bytes(b"film"))
        return Copied(item=stored.item)

    world.drives.begin_copy = begin_copy
    world.drives.copy_progress = copy_progress
    return asked


def lying(world: World) -> SeenItem:
    """The film, in a library that the app may read."""
    return replace(world.drives.put("drive-team", "Film.mp4", b"film"), content_type="video/mp4")


def filing(source: Source) -> StoreFile:
    return StoreFile(
        key=file_key("uid-0308", "recording", "r1"),
        folder=folder(),
        name="Film.mp4",
        source=source,
        columns={},
        meeting_id="uid-0308",
    )


def told(item: SeenItem) -> FromRecording:
    return FromRecording(organizer="eva.exempel@exempel.se", recording=SEEN, lies_as=item)


@pytest.mark.parametrize("approved", [True, False])
@pytest.mark.parametrize("by_api", [True, False])
async def test_blocked(world: World, approved: bool, by_api: bool) -> None:
    """Refused before anything is copied; copied where IT has approved."""
    asked, item = copying(world), lying(world)
    world.meetings.blocked = {"r1"}
    world.drives.content = lambda drive_id, item_id: Blocked(item_id)
    at = replace(world.at, rules=replace(world.at.rules, copy_blocked=approved))
    action = filing(told(item) if by_api else FromItem(item=item))
    if approved:
        assert await store(action, at)
        assert asked == ["Film.mp4"]
    else:
        with pytest.raises(DownloadBlocked):
            await store(action, at)
        assert asked == []


async def test_open(world: World) -> None:
    """What may be downloaded is copied by the service, no byte of it through us."""
    asked, item = copying(world), lying(world)
    world.meetings.bytes["r1"] = b"film"
    assert await store(filing(told(item)), world.at)
    assert asked == ["Film.mp4"]
