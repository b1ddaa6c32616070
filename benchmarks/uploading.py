"""
One file into one library by the service's own uploader, and nothing besides.

`python -m benchmarks.uploading URL FILE`: a process of its own, whose memory is measured.
"""

import asyncio
import logging
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import structlog

from service.graph.clock import SystemClock
from service.graph.gateway import Gateway, TenantSettings
from service.graph.ranges import PIECE
from service.ports import Target


class File:
    """A content on disk."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size: int | None = path.stat().st_size

    async def read(self, offset: int = 0) -> AsyncIterator[bytes]:
        with self.path.open("rb", buffering=0) as file:
            file.seek(offset)
            while piece := file.read(PIECE):
                yield piece


class SignIn:
    """A token that the receiver does not look at."""

    async def token(self, claims: str | None = None) -> str:
        del claims
        return "token"

    def forget(self, value: str) -> None: ...

    def close(self) -> None: ...


async def upload(url: str, path: Path) -> None:
    settings = TenantSettings(tenant_id="tenant", client_id="client", graph_url=url)
    async with Gateway(settings, SystemClock(), sign_in=SignIn()) as tenant:
        target = Target(drive_id="d", parent_id="root", name=path.name)
        await tenant.drives().store(target, File(path))


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.INFO))
    asyncio.run(upload(sys.argv[1], Path(sys.argv[2])))
