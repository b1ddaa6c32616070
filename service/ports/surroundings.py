"""What everything stands on: time, bytes, and somebody who looks on."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The one source of time: every wait, pace and deadline goes through it."""

    def now(self) -> datetime:
        """The time, aware, in UTC."""

    async def sleep(self, seconds: float) -> None: ...


class Content(Protocol):
    """Bytes that can be read again from any offset."""

    size: int | None
    """Bytes; None where the source does not tell before it is read."""

    def read(self, offset: int = 0) -> AsyncIterator[bytes]:
        """Yield the bytes from `offset` on, in pieces of any size."""


class Progress(Protocol):
    """
    Is told of a run's files while they are filed, several at a time; keys tell them apart.

    It must not raise, nor take long: whoever tells it waits.
    """

    def expect(self, files: int) -> None:
        """So many will begin, unless the run ends before."""

    def begin(self, key: str, name: str, size: int | None) -> None:
        """`size`: bytes that will pass through us; None: not known yet."""

    def moved(self, key: str, offset: int, size: int) -> None:
        """So many of its bytes have been stored."""

    def end(self, key: str) -> None:
        """It is filed, or was left."""


class Meter(Protocol):
    """
    Is told what happened, as it happens, to be counted.

    Told are constant words, a network's id and numbers: no names, titles, paths or addresses.
    It must not raise, nor take long.
    """

    def asked(self, service: str, outcome: str, seconds: float) -> None:
        """One request over the wire: `2xx` … `5xx`, `429` where it was throttled, `lost`."""

    def waited(self, service: str, seconds: float) -> None:
        """A request was held back so long: by a pause the service named, or by our budget."""

    def spent(self, units: int, limit: int) -> None:
        """SharePoint resource units of a request, and how many a minute are taken to be allowed."""

    def ran(self, network: str, job: str, outcome: str, seconds: float) -> None:
        """A run has ended: `done`, `in part` or `failed`."""

    def filed(self, network: str, size: int) -> None:
        """A file is in place; `size`: bytes that passed through us."""

    def posted(self, network: str, via: str, outcome: str) -> None:
        """A message was sent: `proved`, `queued`, `refused` or `unknown`."""


class Unmetered:
    """A meter that nobody reads."""

    def asked(self, service: str, outcome: str, seconds: float) -> None: ...

    def waited(self, service: str, seconds: float) -> None: ...

    def spent(self, units: int, limit: int) -> None: ...

    def ran(self, network: str, job: str, outcome: str, seconds: float) -> None: ...

    def filed(self, network: str, size: int) -> None: ...

    def posted(self, network: str, via: str, outcome: str) -> None: ...


class Untold:
    """Progress that nobody is told of."""

    def expect(self, files: int) -> None: ...

    def begin(self, key: str, name: str, size: int | None) -> None: ...

    def moved(self, key: str, offset: int, size: int) -> None: ...

    def end(self, key: str) -> None: ...
