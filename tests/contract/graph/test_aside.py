"""Blocking work beside the loop: a sign-in that hangs keeps nobody from leaving."""

import asyncio
import threading

import pytest

from service.graph.aside import aside


def test_what_hangs_is_left_behind() -> None:
    """The loop ends while the work goes on, and the process does not wait for its thread."""
    going_on, over = threading.Event(), threading.Event()
    found: list[threading.Thread] = []

    def work() -> None:
        found.append(threading.current_thread())
        going_on.set()
        over.wait()

    async def leave() -> None:
        asking = asyncio.create_task(aside(work))
        await asyncio.to_thread(going_on.wait)
        asking.cancel()

    asyncio.run(leave())
    (thread,) = found
    assert thread.is_alive()
    assert thread.daemon
    over.set()
    thread.join()


async def test_it_is_as_if_called() -> None:
    """What the work returns is returned, what it raises is raised."""
    assert await aside(lambda: 7) == 7
    with pytest.raises(KeyError):
        await aside(lambda: {}["nothing"])
