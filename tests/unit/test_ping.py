"""The dead-man's switch: at most once a minute, its failure told once, its address never."""

from datetime import timedelta

import httpx
from structlog.testing import capture_logs

from service.graph.ping import Ping
from tests.unit.effects.fate import START, Clock

URL = "https://hc.example/ping/5c1f0000-secret"


class Watcher(httpx.AsyncBaseTransport):
    """Answers as it is told to, and counts."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.status: int | None = 200

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.calls.append(f"{request.method} {request.url}")
        if self.status is None:
            raise httpx.ConnectError(f"cannot reach {request.url}")
        return httpx.Response(self.status)


async def test_once_a_minute() -> None:
    """Rounds that follow each other closely are one call, a plain GET."""
    clock, watcher = Clock(), Watcher()
    ping = Ping(clock, watcher)
    await ping.call(URL)
    clock.on(seconds=59)
    await ping.call(URL)
    assert watcher.calls == [f"GET {URL}"]
    clock.on(seconds=1)
    await ping.call(URL)
    assert len(watcher.calls) == 2


async def test_its_failure_is_told_once() -> None:
    """Until it works again, which is told too; nothing shows the address."""
    clock, watcher = Clock(), Watcher()
    ping = Ping(clock, watcher)
    with capture_logs() as logs:
        for watcher.status in (None, 500, 404, 200, 200):
            await ping.call(URL)
            clock.on(minutes=5)
    assert [log["event"] for log in logs] == ["ping_failed", "ping_works_again"]
    assert "hc.example" not in str(logs)
    assert timedelta(minutes=25) == clock.now() - START
