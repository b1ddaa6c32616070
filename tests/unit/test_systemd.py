"""What systemd is told: the words of sd_notify(3), by either kind of socket, or nobody."""

import asyncio
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.systemd import Systemd


@pytest.fixture(params=["path", "abstract"])
def manager(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[socket.socket, str]]:
    """A socket as systemd's, and its name in NOTIFY_SOCKET."""
    named = str(tmp_path / "notify") if request.param == "path" else f"@natverket-{tmp_path}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as own:
        own.bind(named.replace("@", "\0", 1) if named[0] == "@" else named)
        own.setblocking(False)
        yield own, named


def heard(own: socket.socket) -> list[str]:
    found = []
    while True:
        try:
            found.append(own.recv(4096).decode())
        except BlockingIOError:
            return found


def test_from_ready_to_stopping(manager: tuple[socket.socket, str]) -> None:
    """Each word once, a line of status only when it is news, times in microseconds."""
    own, name = manager
    systemd = Systemd({"NOTIFY_SOCKET": name})
    systemd.ready()
    systemd.status("2 networks,\nnothing in the way")
    systemd.status("2 networks,\nnothing in the way")
    before = time.monotonic_ns() // 1000
    systemd.reloading()
    systemd.stopping(60)
    ready, status, reloading, stopping = heard(own)

    assert ready == "READY=1"
    assert status == "STATUS=2 networks, nothing in the way"
    word, moment = reloading.splitlines()
    assert word == "RELOADING=1"
    assert before <= int(moment.removeprefix("MONOTONIC_USEC=")) <= time.monotonic_ns() // 1000
    assert stopping == "STOPPING=1\nEXTEND_TIMEOUT_USEC=60000000"


async def test_watchdog(manager: tuple[socket.socket, str]) -> None:
    """The loop itself beats, and one that hangs or has ended does not."""
    own, name = manager
    systemd = Systemd({"NOTIFY_SOCKET": name, "WATCHDOG_USEC": "2000"})
    with systemd.watchdog():
        async with asyncio.timeout(20):
            while len(beats := heard(own)) < 2:
                await asyncio.sleep(0)
                beats += heard(own)
                if beats:
                    break
    assert set(beats) == {"WATCHDOG=1"}
    await asyncio.sleep(0)
    heard(own)
    await asyncio.sleep(0)
    assert heard(own) == []


@pytest.mark.parametrize("environment", [{}, {"NOTIFY_SOCKET": "/nowhere/at/all"}])
def test_nobody_there(environment: dict[str, str]) -> None:
    """Without systemd, or where its socket is gone, nothing happens."""
    systemd = Systemd(environment)
    systemd.ready()
    systemd.stopping(1)
