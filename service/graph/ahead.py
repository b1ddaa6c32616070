"""A content that is read while what came before it is being sent, a few pieces ahead."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from types import TracebackType

from service.errors import SourceVanished, TenantError
from service.graph.quickxor import QuickXor
from service.graph.ranges import PIECE
from service.graph.spool import Measured

PIECES = 4
"""Read ahead at most: 2.5 MiB."""


class Ahead:
    """
    The content from an offset on, to be taken range by range.

    Its reader is a task of its own, so that source and target are waited for at once. No
    range is held: `PIECES` bounds what is read and not yet sent, whatever a range's size.
    """

    def __init__(self, content: Measured, offset: int) -> None:
        self._content = content
        self._offset = offset
        self._pieces: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._room = asyncio.Semaphore(PIECES)
        self._rest = memoryview(b"")
        self._failure: TenantError | None = None

    async def __aenter__(self) -> "Ahead":
        self._reader = asyncio.create_task(self._read())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._reader.cancel()
        await asyncio.gather(self._reader, return_exceptions=True)

    async def take(self, count: int, hash_: QuickXor) -> AsyncIterator[bytes]:
        """Yield the next `count` bytes, and take the hash on with them."""
        while count:
            piece = await self._piece(count)
            count -= len(piece)
            hash_.update(piece)
            yield piece

    def raise_failure(self) -> None:
        """Raise what the source failed with: on its way through httpx it may lose its shape."""
        if self._failure is not None:
            raise self._failure

    async def _read(self) -> None:
        pieces = self._content.read(self._offset)
        try:
            async for piece in pieces:
                await self._room.acquire()
                self._pieces.put_nowait(piece)
        finally:
            self._pieces.put_nowait(None)
            if isinstance(pieces, AsyncGenerator):
                await pieces.aclose()  # it may have a connection to give back

    async def _piece(self, most: int) -> bytes:
        while not self._rest:
            came = await self._next()
            if len(came) <= min(most, PIECE):
                return came  # as it is: nothing is copied here
            self._rest = memoryview(came)
        piece = bytes(self._rest[: min(most, PIECE)])
        self._rest = self._rest[len(piece) :]
        return piece

    async def _next(self) -> bytes:
        piece = await self._pieces.get()
        self._room.release()
        if piece is not None:
            return piece
        try:
            await self._reader
            raise SourceVanished("file to upload", "It is shorter than it was.")
        except TenantError as error:
            self._failure = error
            raise


async def advanced(content: Measured, hash_: QuickXor, offset: int) -> QuickXor:
    """Take a hash on to `offset`, by reading what lies between once more."""
    further = hash_.copy()
    if further.length < offset:
        async with Ahead(content, further.length) as source:
            async for _ in source.take(offset - further.length, further):
                pass
    return further
