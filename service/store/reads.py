"""Reads that are remembered until somebody writes."""

from collections.abc import Callable
from typing import TypeVar, cast

from service.store.database import Database

T = TypeVar("T")


class Reads:
    """
    What was read, decoded: most of what jobs read has not changed since they last read it.

    Forgotten when we write to it, or when another process has written anything. Where the
    database cannot tell the latter (PostgreSQL), every read asks it.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._results: dict[tuple[str, object], object] = {}
        self._as_of: int | None = None

    def recall(self, kind: str, name: object, read: Callable[[], T]) -> T:
        """Return what was read before, or read it now. Callers must not change it."""
        as_of = self._database.others_wrote()
        if as_of is None or as_of != self._as_of:
            self._results.clear()
            self._as_of = as_of
        what = (kind, name)
        if what not in self._results:
            self._results[what] = read()
        return cast(T, self._results[what])

    def forget(self, kind: str, concerns: Callable[[object], bool] = lambda _: True) -> None:
        """Drop the reads of a kind whose name the predicate concerns."""
        for what in [what for what in self._results if what[0] == kind and concerns(what[1])]:
            del self._results[what]
