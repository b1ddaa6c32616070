"""Contents of a size that nobody tells, on a disk that has no room for them."""

import resource
from collections.abc import AsyncIterator

import pytest

from service.errors import CannotWrite
from service.graph.spool import IN_MEMORY, spooled


class Unmeasured:
    size = None

    async def read(self, offset: int = 0) -> AsyncIterator[bytes]:
        for _ in range(3):
            yield bytes(IN_MEMORY // 2)


async def test_no_room_for_temporary_files() -> None:
    """It says which folder has no room; when there is, the whole content is read."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (IN_MEMORY, before[1]))
    try:
        with pytest.raises(CannotWrite, match="temporary files in /"):
            async with spooled(Unmeasured()):
                pass
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    async with spooled(Unmeasured()) as whole:
        assert whole.size == IN_MEMORY * 3 // 2
