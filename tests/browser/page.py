"""The status page over made-up networks, served from a thread of its own."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from service.store import Store, open_store
from service.web.app import application
from service.web.page import Entrance, page_routes
from service.web.serving import listening
from tests.unit.web.page.house import House

Made = Callable[[Store], Awaitable[House]]


class Served:
    """What a test needs of it: where it is, and what was pressed."""

    def __init__(self) -> None:
        self.home = ""
        self.house: House | None = None
        self.up, self.done = threading.Event(), threading.Event()

    @property
    def woken(self) -> list[tuple[str, str]]:
        return self.house.woken if self.house else []


@contextmanager
def serving(made: Made, folder: Path, entrance: Entrance | None = None) -> Iterator[Served]:
    """Serve until the block ends."""
    served = Served()

    async def serve() -> None:
        store = open_store(f"sqlite:///{folder / 'page.db'}")
        served.house = await made(store)
        app = application(page_routes(served.house, entrance or Entrance()))
        async with listening(app, "127.0.0.1", 0) as address:
            served.home = address
            served.up.set()
            await asyncio.to_thread(served.done.wait)
        store.close()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    assert served.up.wait(20)
    try:
        yield served
    finally:
        served.done.set()
        thread.join(20)
