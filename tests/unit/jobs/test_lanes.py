"""What runs beside what: one meeting's files in order, meetings side by side."""

import asyncio
from collections import defaultdict
from dataclasses import replace
from datetime import timedelta

import pytest

from service.domain.actions import (
    Action,
    Forgo,
    FromEvent,
    FromRecording,
    Leave,
    PrepareFolder,
    StoreFile,
    TagFile,
    file_key,
)
from service.errors import Forbidden, Locked, NatverketError, Unreachable
from service.jobs.engine import SIDE_BY_SIDE, run
from service.jobs.lanes import LARGE, is_large, lane, stages
from service.observe import SeenRecording
from tests.unit.effects.fate import START
from tests.unit.effects.world import World, attachment, drafting, folder
from tests.unit.jobs.test_engine import job

LEAVE = Leave(subject="x", why="y")
ROW = Forgo(key="v1/x/y/z", why="y")


def storing(meeting: str, number: int, **other: object) -> StoreFile:
    file = attachment(f"{meeting}-{number}", f"{meeting}-{number}.txt", **other)
    return StoreFile(
        key=file_key(meeting, "event", file.id),
        folder=folder(meeting),
        name=file.name,
        source=FromEvent(attachment=file),
        columns={},
        meeting_id=meeting,
    )


def names(actions: tuple[Action, ...]) -> list[list[list[int]]]:
    return [[[number for number, _ in one] for one in stage] for stage in stages(actions)]


# ---------------------------------------------------------------- which


def test_neighbours_with_lanes_are_one_stage() -> None:
    """In order within a meeting; what is left alone is no wall; what has no lane is one."""
    a, b = storing("a", 1), storing("b", 1)
    plan = (a, b, LEAVE, storing("a", 2), PrepareFolder(folder=folder()), ROW, storing("b", 2), a)
    assert names(plan) == [[[0, 3], [1]], [[4]], [[5]], [[6], [7]]]
    assert names(()) == names((LEAVE,)) == []


def test_files_of_no_meeting_go_by_their_folder(world: World) -> None:
    """What is put aside is in one lane: it competes for names in one folder."""
    aside = storing("", 1)
    item = world.drives.put("drive-documentation", "2023/a.txt", b"a")
    tag = TagFile(key="k", item=item, columns={}, meeting_id="m")
    assert (lane(aside), lane(tag), lane(drafting("x"))) == (aside.folder.key, "m", "")


def test_what_is_large() -> None:
    """Recordings, and attachments that fill the memory."""
    recording = SeenRecording(
        id="r", meeting_id="m", created=START, ended=START, correlation_id=None
    )
    large = storing("a", 1, size=LARGE + 1)
    assert [is_large(x) for x in (large, storing("a", 1, size=LARGE), LEAVE)] == [
        True,
        False,
        False,
    ]
    assert is_large(
        StoreFile(
            key="k",
            folder=folder(),
            name="n",
            source=FromRecording(organizer="o", recording=recording),
            columns={},
            meeting_id="m",
        )
    )


# ---------------------------------------------------------------- how


class Watched:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.expected: list[int] = []
        self.begun: list[tuple[str, str, int | None]] = []
        self.ended: list[str] = []

    def expect(self, files: int) -> None:
        self.expected.append(files)

    def begin(self, key: str, name: str, size: int | None) -> None:
        self.begun.append((key, name, size))

    def moved(self, key: str, offset: int, size: int) -> None: ...

    def end(self, key: str) -> None:
        self.ended.append(key)


class Busy:
    """Attachments that take a while: what was begun, and how many at a time."""

    def __init__(self, world: World) -> None:
        self.begun: list[str] = []
        self.failing: dict[str, NatverketError] = {}
        self.slow = ""
        self.most = self.now = 0
        world.calendar.attachment = self.attachment  # type: ignore[method-assign,assignment]

    def attachment(self, file):
        return Slow(self, file.id)


class Slow:
    size = None

    def __init__(self, busy: Busy, name: str) -> None:
        self.busy, self.name = busy, name

    async def read(self, offset: int = 0):
        self.busy.begun.append(self.name)
        self.busy.now += 1
        self.busy.most = max(self.busy.most, self.busy.now)
        for _ in range(500 if self.name == self.busy.slow else 5):
            await asyncio.sleep(0)
        self.busy.now -= 1
        if self.name in self.busy.failing:
            raise self.busy.failing[self.name]
        yield self.name.encode()


def many(meetings: int, files: int, **other: object) -> list[StoreFile]:
    """File by file through the meetings, as a plan in the order of time would have it."""
    return [storing(f"m{m:02}", n, **other) for n in range(files) for m in range(meetings)]


async def test_meetings_side_by_side_and_files_in_order(world: World) -> None:
    """So many lanes at a time and no more; within one the plan's order."""
    busy = Busy(world)
    outcome = await run(job(*many(12, 3)), world.at, START)

    assert (outcome.run.outcome, outcome.run.did) == ("done", 36)
    assert busy.most == SIDE_BY_SIDE
    of_meeting = defaultdict(list)
    for name in busy.begun:
        of_meeting[name[:3]].append(name)
    assert all(begun == sorted(begun) for begun in of_meeting.values())


async def test_the_same_end_as_one_after_the_other(world: World) -> None:
    """Errors are told in the plan's order, whichever came first; the second run does nothing."""
    busy = Busy(world)
    actions = many(9, 2)
    failing = [actions[n].source.attachment.id for n in (2, 11, 16)]
    busy.failing = {name: Locked(name) for name in failing}
    busy.slow = failing[0]
    outcome = await run(job(*actions), world.at, START)

    assert outcome.run.did == 15
    assert [error.subject for error in outcome.errors] == failing
    world.clock.moment += timedelta(days=1)
    busy.failing = {}
    assert (await run(job(*actions), world.at, START)).run.did == 3
    assert (await run(job(*actions), world.at, START)).run.did == 0


@pytest.mark.parametrize("error", [Forbidden("site"), Unreachable("graph.microsoft.com")])
async def test_a_stop_lets_end_what_is_under_way(world: World, error: NatverketError) -> None:
    """Those beside it are finished and recorded; nothing more is begun, in no lane."""
    busy = Busy(world)
    actions = [*many(20, 3), PrepareFolder(folder=folder("afterwards"))]
    busy.failing = {"m03-0": error}
    outcome = await run(job(*actions), world.at, START)

    assert outcome.errors == (error,)
    assert outcome.run.did == len(world.drives.stored) == len(busy.begun) - 1
    assert len(busy.begun) <= 2 * SIDE_BY_SIDE
    assert await world.drives.find("drive-documentation", "2023/afterwards") is None


async def test_large_ones_go_one_at_a_time(world: World) -> None:
    """Each has its part of the memory, and of the line."""
    busy = Busy(world)
    await run(job(*many(9, 1, size=LARGE + 1)), world.at, START)
    assert (busy.most, len(busy.begun)) == (1, 9)


async def test_a_stop_reaches_large_ones_that_wait(world: World) -> None:
    """Those that wait for their turn at the line do not begin when it comes."""
    busy = Busy(world)
    busy.failing = {"m00-0": Forbidden("site")}
    outcome = await run(job(*many(9, 1, size=LARGE + 1)), world.at, START)
    assert (outcome.run.did, len(busy.begun)) == (0, 1)


async def test_a_bug_in_a_lane_is_raised_as_itself(world: World) -> None:
    """As without lanes: what is no error of the tenant's is ours, and not swallowed."""
    busy = Busy(world)
    busy.failing = {"m01-0": KeyError("bug")}  # type: ignore[dict-item]
    with pytest.raises(KeyError):
        await run(job(*many(3, 1)), world.at, START)


async def test_progress_is_told_of_every_file(world: World) -> None:
    """How many, each one's beginning, its bytes as they are stored, and its end."""
    watched = Watched()
    busy = Busy(world)
    actions = many(2, 2)
    busy.failing = {"m00-1": Locked("m00-1")}
    await run(job(*actions, LEAVE, ROW), replace(world.at, progress=watched), START)

    assert watched.expected == [4]
    assert sorted(watched.begun) == sorted((a.key, a.name, 80_000) for a in actions)
    assert sorted(watched.ended) == sorted(a.key for a in actions)
