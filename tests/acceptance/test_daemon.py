"""`natverket run`: it wakes, works, stays alone on its state, and stops when it is told to."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.demo.tenant import ask, writes
from service.demo.year import prepare, tenant
from service.sandbox.process import Sandbox

SILENT = 120.0
"""Seconds after which a daemon that says nothing of what is waited for is ended."""
ENVIRONMENT = {k: v for k, v in os.environ.items() if not k.startswith("NATVERKET_")} | {
    "NATVERKET_WEB_PORT": "0"
}


@pytest.fixture
def prepared(tmp_path: Path) -> Iterator[tuple[Sandbox, Path]]:
    """A provisioned tenant on 1 January 2023, and the settings to reach it."""
    folder = tmp_path / "demo"
    with tenant(folder) as (sandbox, settings):
        asyncio.run(prepare(settings))
        yield sandbox, folder / "natverket.env"


def run(env_file: Path, **settings: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "service", "--env-file", env_file, "run"],
        stderr=subprocess.PIPE,
        text=True,
        env=ENVIRONMENT
        | {"NATVERKET_LOG_LEVEL": "info", "NATVERKET_LOG_FORMAT": "text"}
        | settings,
    )


def until(process: "subprocess.Popen[str]", *words: str) -> str:
    """Read its log up to a line that has all the words; fail if it ends before, or is silent."""
    assert process.stderr is not None
    impatient = threading.Timer(SILENT, process.kill)
    impatient.start()
    try:
        for line in process.stderr:
            if all(word in line for word in words):
                return line
    finally:
        impatient.cancel()
    raise AssertionError(f"it ended without a line of {words}")


def test_a_daemon_works_alone_until_it_is_told_to_stop(prepared: tuple[Sandbox, Path]) -> None:
    """
    It does what time brings, a second one on its state is refused, SIGHUP has it read its
    settings anew, SIGTERM ends it with 0.
    """
    sandbox, env_file = prepared
    daemon = run(env_file)
    try:
        until(daemon, "started")
        second = run(env_file)
        _, said = second.communicate(timeout=30)
        assert second.returncode == 1
        assert (
            f"another `natverket run` is using NATVERKET_STATE_URL: process {daemon.pid}, " in said
        )

        ask(sandbox, "clock", {"now": "2023-01-10T10:00:00Z"})
        assert "outcome=done" in until(daemon, "run", "job=sync_calendar")

        usable = env_file.read_text(encoding="utf-8")
        env_file.write_text(f"{usable}NATVERKET_SETLE_MINUTES=5\n", encoding="utf-8")
        daemon.send_signal(signal.SIGHUP)
        assert "NATVERKET_SETTLE_MINUTES" in until(daemon, "settings_refused")
        env_file.write_text(f"{usable}NATVERKET_SETTLE_MINUTES=5\n", encoding="utf-8")
        daemon.send_signal(signal.SIGHUP)
        until(daemon, "settings_taken_over")

        daemon.send_signal(signal.SIGTERM)
        until(daemon, "stopped")
        assert daemon.wait(30) == 0
    finally:
        daemon.kill()
        daemon.communicate()


def test_an_observing_daemon_writes_nothing_and_outlives_a_refusal(
    prepared: tuple[Sandbox, Path],
) -> None:
    """It says what it would do; a source that refuses is asked again; nothing is written."""
    sandbox, env_file = prepared
    before = writes(sandbox)
    refusal = {"match": {"path": "calendarView"}, "times": 1, "status": 403}
    daemon = run(env_file, NATVERKET_MODE="observe")
    try:
        until(daemon, "started")
        ask(sandbox, "faults", refusal)
        ask(sandbox, "clock", {"now": "2023-01-10T10:00:00Z"})
        until(daemon, "run_failed", "sync_calendar")
        ask(sandbox, "clock", {"now": "2023-01-10T10:15:00Z"})
        until(daemon, "would", "WriteRow")
        daemon.send_signal(signal.SIGTERM)
        until(daemon, "stopped")
        assert daemon.wait(30) == 0
    finally:
        daemon.kill()
        daemon.communicate()
    assert writes(sandbox) == before


def test_a_second_signal_leaves_at_once(tmp_path: Path) -> None:
    """While it signs in at a host that never answers: the first waits, the second does not."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        host = f"https://127.0.0.1:{silent.getsockname()[1]}"
        env_file = tmp_path / "own.env"
        env_file.write_text(
            f"""NATVERKET_TENANT_ID=10000000-0000-4000-8000-000000000001
NATVERKET_CLIENT_ID=10000000-0000-4000-8000-000000000002
NATVERKET_CLIENT_SECRET=of-nobody
NATVERKET_GRAPH_URL={host}
NATVERKET_AUTHORITY_URL={host}
NATVERKET_NETWORK_NAME=Nätverket
NATVERKET_NETWORK_FOCUS_GROUPS=klimat=Klimat
NATVERKET_NETWORK_READ_CHANNEL=false
NATVERKET_NETWORK_MAILBOX=natverk@exempel.se
NATVERKET_NETWORK_SITE=https://exempel.sharepoint.com/sites/natverk
NATVERKET_STATE_URL=sqlite:///{tmp_path}/own.db
"""
        )
        daemon = run(env_file)
        try:
            until(daemon, "started")
            silent.settimeout(SILENT)
            asked, _ = silent.accept()
            with asked:
                daemon.send_signal(signal.SIGTERM)
                until(daemon, "stopping")
                daemon.send_signal(signal.SIGTERM)
                assert daemon.wait(30) == -signal.SIGTERM
        finally:
            daemon.kill()
            daemon.communicate()


def test_what_hangs_is_left_behind() -> None:
    """A thread that never ends, such as one that asks a silent name server, keeps nobody back."""
    hang = "asyncio.run(asyncio.to_thread(threading.Event().wait))"
    ours = "from service.cli.run import leave_anyway; leave_anyway(0.1)"
    words = f"import asyncio, threading; {ours}; {hang}"
    assert subprocess.run([sys.executable, "-c", words], check=False).returncode == 0
