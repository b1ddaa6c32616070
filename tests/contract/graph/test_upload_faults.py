"""An upload arrives once and whole, whatever happens to its requests."""

import httpx
import pytest

from service.errors import (
    Conflict,
    NoSpace,
    SourceVanished,
    TenantFailed,
    Throttled,
    UploadMismatch,
)
from service.graph.ranges import FIRST, UNIT
from service.graph.upload import FRESH, SMALL
from service.ports import Target
from tests.contract.graph.fakes import (
    ELSEWHERE,
    Bytes,
    FakeClock,
    Library,
    pattern,
)
from tests.contract.graph.uploading import BORDERS, THREE, Kept, check, store


@pytest.mark.parametrize("size", [0, 1, 159, 160, SMALL - 1, SMALL])
async def test_a_small_file_takes_one_request(size):
    """Up to 4 MiB, the empty file included, no session is opened."""
    library, data = Library(), pattern(size)
    check(library, await store(library, Bytes(data)), data)
    assert (library.simple, library.begun) == (1, 0)


@pytest.mark.parametrize(
    ("size", "ranges"),
    [
        (SMALL + 1, 1),
        (FIRST - 1, 1),
        (FIRST, 1),
        (FIRST + 1, 2),
        (3 * FIRST - 1, 2),
        (3 * FIRST, 2),
        (3 * FIRST + 1, 3),
        (FIRST + UNIT, 2),
    ],
)
async def test_ranges_at_their_borders(size, ranges):
    """Every byte is sent once, at sizes around the ranges' borders."""
    library, data = Library(), pattern(size)
    check(library, await store(library, Bytes(data)), data)
    assert len(library.ranges) == ranges


@pytest.mark.parametrize("piece", [1 << 20, 333, FIRST + 7])
async def test_pieces_of_any_size(piece):
    """How the source cuts its bytes does not matter."""
    library, data = Library(), pattern(SMALL + 5)
    check(library, await store(library, Bytes(data, piece=piece)), data)


@pytest.mark.parametrize("size", [0, 5, SMALL, SMALL + 9])
async def test_a_content_of_unknown_size_is_kept_first(size):
    """Its size is learned before the first byte is sent."""
    library, data = Library(), pattern(size)
    check(library, await store(library, Bytes(data, size=None)), data)


@pytest.mark.parametrize("at", [1, 2, 3])
@pytest.mark.parametrize("fault", ["before", "after", "half", 500, 502, 503, 504, 509, 429])
async def test_a_range_that_fails_is_gone_on_with(fault, at):
    """A lost answer, a cut connection or a failure of the service costs no byte."""
    library, data = Library(), pattern(THREE)
    library.faults[at] = fault
    check(library, await store(library, Bytes(data)), data)
    assert library.begun == 1


async def test_every_request_fails_once():
    """Failures one after another are as harmless as one."""
    library, data = Library(), pattern(THREE)
    library.faults = {1: "before", 3: 500, 5: "after", 7: "half", 9: 503}
    check(library, await store(library, Bytes(data)), data)


@pytest.mark.parametrize("at", [1, 2, 3])
async def test_a_session_that_is_gone_is_replaced(at):
    """404: the file is sent again from the start, in a new session."""
    library, data = Library(), pattern(THREE)
    library.faults[at] = "gone"
    check(library, await store(library, Bytes(data)), data)
    assert library.begun == 2


async def test_the_last_answer_lost_and_the_session_gone():
    """The file is there already: it is recognised, not sent again."""
    library, data = Library(), pattern(THREE)
    library.faults = {3: "after"}
    stored = await store(library, Bytes(data))
    check(library, stored, data)
    assert library.begun == 1
    assert len(library.ranges) == 3


async def test_sessions_that_never_last_end_it():
    """An upload that makes no headway is given up, with an error of ours."""
    library = Library()
    library.faults = dict.fromkeys(range(1, 200), "gone")
    with pytest.raises(TenantFailed):
        await store(library, Bytes(pattern(THREE)))
    assert library.begun == FRESH


@pytest.mark.parametrize("die_at", [1, 2, 3])
async def test_resumed_after_a_crash_at_each_state(die_at):
    """Killed right after a state was kept, the next run sends only what is missing."""
    library, data, keep = Library(), pattern(THREE), Kept(die_at)
    with pytest.raises(KeyboardInterrupt):
        await store(library, Bytes(data), keep=keep)
    sent = len(library.ranges)
    assert keep.states[-1].offset == BORDERS[die_at - 1]
    check(library, await store(library, Bytes(data), resume=keep.states[-1]), data)
    assert len(library.ranges) == 3
    assert sent == die_at - 1
    assert library.begun == 1


@pytest.mark.parametrize("ranges", [0, 1])
async def test_resumed_from_a_state_older_than_the_service(ranges):
    """The service has more than was kept: the hash is caught up by reading, not by sending."""
    library, data, keep = Library(), pattern(THREE), Kept()
    kept = Kept(3)
    with pytest.raises(KeyboardInterrupt):
        await store(library, Bytes(data), keep=kept)
    stale = kept.states[ranges]
    check(library, await store(library, Bytes(data), resume=stale, keep=keep), data)
    assert len(library.ranges) == 3


async def test_resumed_when_it_had_arrived():
    """The crash came after the last range: the file is recognised by its hash."""
    library, data, keep = Library(), pattern(THREE), Kept()
    await store(library, Bytes(data), keep=keep)
    check(library, await store(library, Bytes(data), resume=keep.states[-1]), data)
    assert (library.begun, len(library.ranges)) == (1, 3)


async def test_resumed_when_the_name_is_now_another_file():
    """A file of the same size but other bytes is not taken for ours."""
    library, data, keep = Library(), pattern(THREE), Kept(2)
    with pytest.raises(KeyboardInterrupt):
        await store(library, Bytes(data), keep=keep)
    library.sessions.clear()
    library.items["insp.mp4"] = bytes(len(data))
    with pytest.raises(Conflict):
        await store(library, Bytes(data), resume=keep.states[-1])
    assert library.items["insp.mp4"] == bytes(len(data))


async def test_a_state_of_another_size_is_not_used():
    """A source that has grown since is sent whole, in a new session."""
    library, keep = Library(), Kept(2)
    with pytest.raises(KeyboardInterrupt):
        await store(library, Bytes(pattern(THREE)), keep=keep)
    data = pattern(THREE + 1)
    check(library, await store(library, Bytes(data), resume=keep.states[-1]), data)
    assert library.begun == 2


async def test_states_are_kept_before_and_between():
    """`keep` comes before the first range and after each acknowledged one."""
    library, keep = Library(), Kept()
    await store(library, Bytes(pattern(THREE)), keep=keep)
    assert [state.offset for state in keep.states] == list(BORDERS)
    assert keep.states[0].url.startswith(ELSEWHERE)


async def test_the_name_taken_meanwhile():
    """409 on the last range is a Conflict, and the session is given back."""
    library = Library()
    library.items["insp.mp4"] = b"a person's"
    with pytest.raises(Conflict):
        await store(library, Bytes(pattern(SMALL + 1)))
    assert library.items["insp.mp4"] == b"a person's"
    assert library.sessions == {}


@pytest.mark.parametrize("size", [7, SMALL + 1])
async def test_no_space(size):
    """507 stops it: a person must make room."""
    library = Library()
    library.faults, library.content_faults = {1: 507}, [507]
    with pytest.raises(NoSpace):
        await store(library, Bytes(pattern(size)))


@pytest.mark.parametrize("fault", ["before", "after", 500, 503])
async def test_a_small_file_whose_answer_is_lost(fault):
    """It is looked up before it is sent again, so that it does not stand in its own way."""
    library, data = Library(), pattern(700)
    library.content_faults = [fault]
    check(library, await store(library, Bytes(data)), data)
    assert library.simple == (1 if fault == "after" else 2)


async def test_a_small_file_under_a_taken_name():
    """The same bytes under the same name are a Conflict as well: they are not ours."""
    library = Library()
    library.items["insp.mp4"] = b"same"
    with pytest.raises(Conflict):
        await store(library, Bytes(b"same"))


async def test_a_source_that_is_shorter_than_it_said():
    """SourceVanished, not a failure of the service, and not retried."""
    library = Library()
    with pytest.raises(SourceVanished):
        await store(library, Bytes(pattern(SMALL + 1), size=SMALL + 2))
    assert library.items == {}


async def test_other_bytes_there_than_sent():
    """A hash that differs is an UploadMismatch where SharePoint leaves files alone."""

    class Corrupting(Library):
        def _commit(self, name, data, behaviour):
            return super()._commit(name, bytes(len(data)), behaviour)

    with pytest.raises(UploadMismatch):
        await store(Corrupting(), Bytes(pattern(900)))
    target = Target(drive_id="d", parent_id="parent", name="bilder.pptx")
    stored = await store(Corrupting(), Bytes(pattern(900)), target=target)
    assert stored.sent_hash != stored.item.quick_xor_hash


async def test_a_long_pause_is_told_not_slept():
    """Retry-After beyond the cap raises Throttled with its time."""

    class Closed(Library):
        async def _session_request(self, request):
            await request.aread()
            return httpx.Response(429, headers={"Retry-After": "3600"}, json={})

    clock = FakeClock()
    with pytest.raises(Throttled) as caught:
        await store(Closed(), Bytes(pattern(SMALL + 1)), clock=clock)
    assert (caught.value.until - clock.now()).total_seconds() == 3600
    assert clock.slept == []
