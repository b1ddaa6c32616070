"""Blocking work beside the event loop, which nobody waits for when the service leaves."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from contextvars import copy_context
from typing import TypeVar

T = TypeVar("T")


async def aside(work: Callable[[], T]) -> T:
    """
    Do blocking work in a thread of its own; return or raise as it does.

    asyncio's own threads are waited for at the end of the process, however long they hang
    (https://docs.python.org/3.11/library/asyncio-eventloop.html#asyncio.loop.shutdown_default_executor).
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def tell(settle: Callable[[], None]) -> None:
        # By then the loop may be closed, and whoever waited gone.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(lambda: None if done.done() else settle())

    def run() -> None:
        try:
            found = work()
        except BaseException as error:  # noqa: BLE001 - it is raised where it is waited for
            failure = error
            tell(lambda: done.set_exception(failure))
        else:
            tell(lambda: done.set_result(found))

    context = copy_context()
    threading.Thread(target=context.run, args=(run,), daemon=True, name="aside").start()
    return await done
