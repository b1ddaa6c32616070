"""A content is read while it is being sent, and never far ahead."""

import asyncio

import pytest

from service.errors import TenantFailed
from service.graph.ahead import Ahead, advanced
from service.graph.quickxor import QuickXor
from service.graph.ranges import FIRST, LARGEST, PIECE
from service.graph.upload import SMALL
from service.ports import Target
from tests.contract.graph.fakes import Bytes, FakeClock, Library, gateway, pattern, quick_xor

HUGE = 1 << 40


class Endless:
    """A content that nobody could hold, and that counts what was read of it."""

    size = HUGE

    def __init__(self):
        self.pieces = 0
        self.is_left = False

    async def read(self, offset=0):
        try:
            while True:
                self.pieces += 1
                yield bytes(PIECE)
        finally:
            self.is_left = True


async def turns(count=50):
    """Let others run."""
    for _ in range(count):
        await asyncio.sleep(0)


async def test_it_reads_on_while_a_piece_is_being_sent():
    """The pieces that follow are there before they are asked for, but few of them."""
    content = Endless()
    async with Ahead(content, 0) as source:
        pieces = source.take(LARGEST, QuickXor())
        await anext(pieces)
        await turns()
        assert content.pieces > 1
        assert content.pieces * PIECE <= 4 << 20
        await pieces.aclose()


async def test_nothing_is_read_after_it_is_left():
    """The reader ends with the upload, and so does what it reads."""
    content = Endless()
    async with Ahead(content, 0):
        await turns()
    assert content.is_left
    read = content.pieces
    await turns()
    assert content.pieces == read


class Failing:
    size = HUGE

    def __init__(self, error):
        self.error = error

    async def read(self, offset=0):
        yield bytes(PIECE)
        raise self.error


@pytest.mark.parametrize("error", [TenantFailed("source"), RuntimeError("a fault of ours")])
async def test_what_the_reader_fails_with_comes_out(error):
    """An error of the source, or of ours, reaches whoever takes the pieces."""
    with pytest.raises(type(error)):
        await advanced(Failing(error), QuickXor(), 10 * PIECE)


@pytest.mark.parametrize("piece", [1, 1000, PIECE, PIECE + 1, 5 * PIECE])
async def test_ranges_are_cut_from_pieces_of_any_size(piece):
    """Every byte comes once, in order, in pieces that a socket can take."""
    data = pattern(3000 if piece == 1 else 3 * PIECE + 7)
    hash_, got = QuickXor(), []
    async with Ahead(Bytes(data, piece=piece), 5) as source:
        for count in (1000, len(data) - 1005):
            got += [one async for one in source.take(count, hash_)]
    assert b"".join(got) == data[5:]
    assert max(map(len, got)) <= PIECE
    assert hash_.digest() == quick_xor(data[5:])


class Slow(Bytes):
    """Each byte of it takes its time."""

    def __init__(self, data, clock, seconds):
        super().__init__(data, piece=PIECE)
        self.clock, self.seconds = clock, seconds

    async def read(self, offset=0):
        async for piece in super().read(offset):
            await self.clock.sleep(self.seconds)
            yield piece


async def test_ranges_stay_as_they_are_on_a_slow_line():
    """Time goes by the clock that is handed in: some 16 seconds a range, and it does not grow."""
    clock, library, data = FakeClock(), Library(), pattern(3 * FIRST + SMALL)
    target = Target(drive_id="d", parent_id="parent", name="film.mp4")
    async with gateway(library, clock) as tenant:
        await tenant.drives().store(target, Slow(data, clock, 1.0))
    assert library.items["film.mp4"] == data
    assert len(library.ranges) == 4
