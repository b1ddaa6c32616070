"""A session is gone on with, put elsewhere or given up, and never forgotten in between."""

import httpx
import pytest

from service.errors import (
    BadRequest,
    Changed,
    Conflict,
    Locked,
    NoSpace,
    SourceVanished,
    Throttled,
    UploadMismatch,
)
from service.graph.ranges import FIRST, UNIT
from service.graph.upload import SMALL
from service.ports import Target
from tests.contract.graph.fakes import Bytes, FakeClock, FakeSignIn, Library, gateway, pattern
from tests.contract.graph.uploading import TARGET, THREE, Kept, check, store

OTHER = Target(drive_id="d", parent_id="parent", name="insp (2).mp4")
DATA = pattern(THREE)


@pytest.fixture
def taken():
    """A library where a person's file appears during the upload."""

    class Taken(Library):
        def _commit(self, name, data, behaviour):
            self.items.setdefault("insp.mp4", b"a person's")
            return super()._commit(name, data, behaviour)

    return Taken()


# ---------------------------------------------------------------- the name was taken


async def refused(library, keep):
    """Upload everything, and find the name taken at the last byte."""
    with pytest.raises(Conflict):
        await store(library, Bytes(DATA), keep=keep)


async def test_a_whole_session_is_put_under_another_name(taken):
    """No byte is sent twice, and what was sent is still held against what is there."""
    keep = Kept()
    await refused(taken, keep)
    assert keep.states[-1].offset == THREE
    content = Bytes(DATA)
    stored = await store(taken, content, resume=keep.states[-1], keep=keep, target=OTHER)
    check(taken, stored, DATA, OTHER.name)
    assert (len(taken.ranges), taken.begun, content.reads) == (3, 1, [])
    assert taken.items["insp.mp4"] == b"a person's"


async def test_the_next_name_is_taken_as_well(taken):
    """A Conflict again; the session serves for the one after that."""
    keep = Kept()
    await refused(taken, keep)
    taken.items[OTHER.name] = b"another's"
    with pytest.raises(Conflict):
        await store(taken, Bytes(DATA), resume=keep.states[-1], keep=keep, target=OTHER)
    third = Target(drive_id="d", parent_id="parent", name="insp (3).mp4")
    stored = await store(taken, Bytes(DATA), resume=keep.states[-1], keep=keep, target=third)
    check(taken, stored, DATA, third.name)
    assert (len(taken.ranges), taken.begun) == (3, 1)


async def test_where_sessions_are_not_put_elsewhere(taken):
    """It is sent again under the other name, and the session of the first is given up."""
    taken.puts_elsewhere = False
    keep = Kept()
    await refused(taken, keep)
    stored = await store(taken, Bytes(DATA), resume=keep.states[-1], keep=keep, target=OTHER)
    check(taken, stored, DATA, OTHER.name)
    assert (len(taken.ranges), taken.begun, taken.cancelled) == (6, 2, ["/up/1"])


async def test_the_answer_to_putting_it_elsewhere_is_lost(taken):
    """It is looked up, not sent again."""
    keep = Kept()
    await refused(taken, keep)
    taken.content_faults = ["after"]
    stored = await store(taken, Bytes(DATA), resume=keep.states[-1], keep=keep, target=OTHER)
    check(taken, stored, DATA, OTHER.name)
    assert (taken.commits, len(taken.ranges)) == (1, 3)


async def test_a_whole_session_that_has_expired(taken):
    """It is sent again: putting it elsewhere is refused, and nothing is there."""
    keep = Kept()
    await refused(taken, keep)
    taken.sessions.clear()
    stored = await store(taken, Bytes(DATA), resume=keep.states[-1], keep=keep, target=OTHER)
    check(taken, stored, DATA, OTHER.name)
    assert len(taken.ranges) == 6


async def test_nobody_would_come_back_to_it(taken):
    """Without `keep` the session of a taken name is given up at once."""
    with pytest.raises(Conflict):
        await store(taken, Bytes(DATA))
    assert taken.cancelled == ["/up/1"]


async def test_room_is_made(taken):
    """507 at the last byte: once there is room, the file is made without sending it again."""
    library, keep = Library(), Kept()
    library.faults = {3: "full"}
    with pytest.raises(NoSpace):
        await store(library, Bytes(DATA), keep=keep)
    stored = await store(library, Bytes(DATA), resume=keep.states[-1], keep=keep)
    check(library, stored, DATA)
    assert (len(library.ranges), library.commits) == (3, 1)


async def test_killed_between_the_last_byte_and_its_refusal(taken):
    """The state is older than the session, which has every byte: it is put in its place."""
    keep = Kept()
    await refused(taken, keep)
    content = Bytes(DATA)
    stored = await store(taken, content, resume=keep.states[-2], keep=keep, target=OTHER)
    check(taken, stored, DATA, OTHER.name)
    assert (len(taken.ranges), content.reads) == (3, [3 * FIRST])


# ---------------------------------------------------------------- statuses of a range


@pytest.mark.parametrize("status", [401, 403, 404, 410])
async def test_an_address_that_no_longer_counts(status):
    """Asked once more, it still has the session: that is gone on with."""
    library = Library()
    library.faults = {2: status}
    check(library, await store(library, Bytes(DATA)), DATA)
    assert (library.begun, library.tokens_elsewhere) == (1, [])


@pytest.mark.parametrize("status", [401, 403, 404, 410])
async def test_an_address_that_is_dead(status):
    """It takes no range and tells nothing: one new session, and nothing more to the old one."""
    library = Library()
    library.faults = {2: status, 3: status}
    check(library, await store(library, Bytes(DATA)), DATA)
    assert library.begun == 2
    assert library.addresses == ["/up/1", *["/up/2"] * 3]


async def test_the_range_before_is_still_on_its_way():
    """A 409 that is no taken name: after a pause the session is asked."""
    library, clock = Library(), FakeClock()
    library.faults = {2: 409}
    check(library, await store(library, Bytes(DATA), clock=clock), DATA)
    assert library.begun == 1
    assert sum(clock.slept) > 0


@pytest.mark.parametrize(("status", "kind"), [(412, Changed), (400, BadRequest), (405, BadRequest)])
async def test_what_no_later_try_mends(status, kind):
    """It is raised, and the session is given up."""
    library = Library()
    library.faults = {2: status}
    with pytest.raises(kind):
        await store(library, Bytes(DATA), keep=Kept())
    assert library.cancelled == ["/up/1"]


@pytest.mark.parametrize(("status", "kind"), [(423, Locked), (429, Throttled), (507, NoSpace)])
async def test_what_a_later_try_mends(status, kind):
    """It is raised after some patience, and the session is left for that try."""
    library, keep = Library(), Kept()
    library.faults = {n: status for n in range(2, 60) if n % 2 == 0 or status == 507}
    with pytest.raises(kind):
        await store(library, Bytes(DATA), keep=keep)
    library.faults = {}
    check(library, await store(library, Bytes(DATA), resume=keep.states[-1]), DATA)
    assert (library.begun, library.cancelled) == (1, [])


async def test_a_token_that_ends_meanwhile():
    """401 where the session is made: another token, and none of them to the session."""

    class Expiring(Library):
        async def handle_async_request(self, request):
            if request.headers.get("Authorization", "").endswith("-0"):
                return httpx.Response(401, json={})
            return await super().handle_async_request(request)

    library, sign_in = Expiring(), FakeSignIn()
    async with gateway(library, FakeClock(), sign_in=sign_in) as tenant:
        stored = await tenant.drives().store(TARGET, Bytes(DATA))
    check(library, stored, DATA)
    assert len(sign_in.forgotten) == 1


# ---------------------------------------------------------------- sessions that are left


async def test_the_source_vanishes():
    """What was sent of it is given up."""
    library = Library()
    with pytest.raises(SourceVanished):
        await store(library, Bytes(DATA, size=THREE + 1), keep=Kept())
    assert library.cancelled == ["/up/1"]


async def test_the_source_has_another_size_than_before():
    """The session of what it was is given up, even where what it is needs none."""
    for data in (pattern(THREE + 1), b"small", b""):
        library, keep = Library(), Kept(2)
        with pytest.raises(KeyboardInterrupt):
            await store(library, Bytes(DATA), keep=keep)
        check(library, await store(library, Bytes(data), resume=keep.states[-1]), data)
        assert library.cancelled == ["/up/1"]


async def test_a_session_with_less_than_it_said():
    """What it acknowledged is not there: begun anew, and the old one is given up."""
    library, keep = Library(), Kept(3)
    with pytest.raises(KeyboardInterrupt):
        await store(library, Bytes(DATA), keep=keep)
    del library.sessions["/up/1"].data[UNIT:]
    check(library, await store(library, Bytes(DATA), resume=keep.states[-1]), DATA)
    assert library.cancelled == ["/up/1"]


async def test_a_session_that_does_not_begin_at_nought():
    """A new session begins where it says itself."""

    class Begun(Library):
        async def _create(self, request):
            answer = await super()._create(request)
            self.sessions["/up/1"].data += DATA[:UNIT]
            return httpx.Response(200, json=answer.json() | {"nextExpectedRanges": [f"{UNIT}-"]})

    library = Begun()
    check(library, await store(library, Bytes(DATA)), DATA)
    assert library.ranges[0].startswith(f"bytes {UNIT}-")


async def test_a_lost_session_costs_no_reading_where_nothing_came_of_it():
    """What has another size is not ours: the source is not read to find that out."""
    library, keep = Library(), Kept(2)
    with pytest.raises(KeyboardInterrupt):
        await store(library, Bytes(DATA), keep=keep)
    library.sessions.clear()
    library.items["insp.mp4"] = b"a person's"
    content = Bytes(DATA)
    with pytest.raises(Conflict):
        await store(library, content, resume=keep.states[-1], keep=Kept())
    assert content.reads == [0]


# ---------------------------------------------------------------- what is there


@pytest.mark.parametrize("size", [900, SMALL + 1])
async def test_a_mismatch_tells_the_item(size):
    """By its id, so that it can be put aside."""

    class Corrupting(Library):
        def _commit(self, name, data, behaviour):
            return super()._commit(name, bytes(len(data)), behaviour)

    with pytest.raises(UploadMismatch) as caught:
        await store(Corrupting(), Bytes(pattern(size)))
    assert caught.value.item == "id-insp.mp4"
