"""
What systemd is told of the daemon: sd_notify(3), over the datagram socket in NOTIFY_SOCKET.

Where the variable is not set, nothing is told. What cannot be sent is lost without a word:
systemd acts on what it does not hear, and nobody else can mend that.
"""

import asyncio
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

_PER_SECOND = 1_000_000


class Systemd:
    """The service manager, as far as there is one. `environment` holds its variables."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._address = environment.get("NOTIFY_SOCKET", "")
        self._said = ""
        # Half of what it allows, as sd_watchdog_enabled(3) recommends.
        allowed = environment.get("WATCHDOG_USEC", "")
        self._beat = int(allowed) / _PER_SECOND / 2 if allowed.isdecimal() else 0.0

    def ready(self) -> None:
        """Page and scheduler are up, or the settings have been read anew."""
        self._tell("READY=1")

    def reloading(self) -> None:
        """It reads its settings anew; `ready` ends it (Type=notify-reload)."""
        moment = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
        self._tell(f"RELOADING=1\nMONOTONIC_USEC={moment}")

    def stopping(self, seconds: float) -> None:
        """It ends, and may take so long: longer than the unit allows, if need be."""
        self._tell(f"STOPPING=1\nEXTEND_TIMEOUT_USEC={round(seconds * _PER_SECOND)}")

    def status(self, line: str) -> None:
        """One line for `systemctl status`, told when it is another than before."""
        if line != self._said:
            self._said = line
            self._tell(f"STATUS={' '.join(line.split())}")

    @contextmanager
    def watchdog(self) -> Iterator[None]:
        """Beat from the running event loop itself, so that one that hangs is seen."""
        if not (self._address and self._beat):
            yield
            return
        beating = asyncio.get_running_loop().call_soon(self._beat_on)
        self._beating: asyncio.Handle = beating
        try:
            yield
        finally:
            self._beating.cancel()

    def _beat_on(self) -> None:
        self._tell("WATCHDOG=1")
        self._beating = asyncio.get_running_loop().call_later(self._beat, self._beat_on)

    def _tell(self, message: str) -> None:
        if not self._address:
            return
        # A leading @ stands for the abstract namespace's null byte.
        address = "\0" + self._address[1:] if self._address[0] == "@" else self._address
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
            out.sendto(message.encode(), socket.MSG_DONTWAIT, address)
