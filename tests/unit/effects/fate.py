"""
A world that can end at any boundary.

Every write has two boundaries, before it and after it, the ledger's own writes too. A test
counts them in a run that goes well and then lets the world end at each in turn.
"""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

START = datetime(2023, 3, 1, 9, 0, tzinfo=UTC)
CLIENT_ID = "10000000-0000-4000-8000-00000000000a"
SITE = "https://exempel.sharepoint.com/sites/natverket"


class Crash(Exception):
    """The process ends here."""


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.moment = START

    def now(self) -> datetime:
        return self.moment

    async def sleep(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)

    def on(self, **span: float) -> None:
        self.moment += timedelta(**span)


class Fate:
    """Counts boundaries, and ends the world at the one that was chosen."""

    def __init__(self) -> None:
        self.passed = 0
        self.end_at: int | None = None
        self.with_error: Callable[[], Exception] = Crash
        self.after: int | None = None
        """The process ends after so many more writes to the tenant, before they are kept."""
        self.before = ""
        """The process ends before a write whose name begins so."""
        self.writes: list[str] = []
        """Writes to the tenant that happened, in order; the ledger's are not among them."""

    @contextmanager
    def write(self, what: str, *, outward: bool = True) -> Iterator[None]:
        self._boundary()
        if self.before and what.startswith(self.before):
            raise self.with_error()
        yield
        if outward:
            self.writes.append(what)
            self._count_down()
        self._boundary()

    def _boundary(self) -> None:
        self.passed += 1
        if self.passed == self.end_at:
            raise self.with_error()

    def _count_down(self) -> None:
        if self.after is not None:
            self.after -= 1
            if self.after == 0:
                raise self.with_error()

    def end(self, boundary: int | None, error: Callable[[], Exception] = Crash) -> None:
        """Let the world end at the so-manieth boundary from now on; None: not at all."""
        self.passed, self.end_at, self.with_error, self.before = 0, boundary, error, ""
        self.after = None


class Bytes:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.size: int | None = len(data)

    async def read(self, offset: int = 0) -> AsyncIterator[bytes]:
        yield self.data[offset:]
