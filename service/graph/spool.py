"""Contents whose size nobody tells: kept in memory, or in a file where they are large."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import IO, Protocol

from service.errors import CannotWrite
from service.graph.download import Download
from service.graph.ranges import PIECE
from service.ports import Content

IN_MEMORY = 8 << 20


class Measured(Protocol):
    """A content whose size is known."""

    size: int

    def read(self, offset: int = 0) -> AsyncIterator[bytes]: ...


class _Known:
    def __init__(self, content: Content, size: int) -> None:
        self.content = content
        self.size = size

    def read(self, offset: int = 0) -> AsyncIterator[bytes]:
        return self.content.read(offset)


class _Spooled:
    def __init__(self, file: IO[bytes], size: int) -> None:
        self.file = file
        self.size = size

    async def read(self, offset: int = 0) -> AsyncIterator[bytes]:
        self.file.seek(offset)
        while piece := self.file.read(PIECE):
            yield piece


@asynccontextmanager
async def spooled(content: Content) -> AsyncIterator[Measured]:
    """Give a content with a size, whatever it takes. Raises CannotWrite, and what reading does."""
    size = content.size
    if size is None and isinstance(content, Download) and content.large:
        size = await content.measure()
    if size is not None:
        yield _Known(content, size)
        return
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as file:
        total = 0
        async for piece in content.read():
            _add(piece, file)
            total += len(piece)
        yield _Spooled(file, total)


def _add(piece: bytes, file: IO[bytes]) -> None:
    try:
        file.write(piece)
    except OSError as error:
        folder = tempfile.gettempdir()
        raise CannotWrite(f"temporary files in {folder}", error.strerror or "") from error
