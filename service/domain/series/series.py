"""What a series is: entries, each with the day on which it is posted."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from service.domain.post import COMMON, Picture

EveryYear = tuple[int, int]
"""Month and day."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    day: date | EveryYear
    title: str
    text: str = ""
    link: str = ""
    """https; empty: the network's own page."""
    picture: Picture | None = None


@dataclass(frozen=True, kw_only=True)
class Series:
    id: str
    """Part of its posts' keys: it stays as it is, whatever else changes."""
    name: str
    """As readers see it."""
    at: str
    """Local time of day, as in "07:30"."""
    channel: str = COMMON
    """`common`, or the id of a focus group."""
    entries: tuple[Entry, ...]

    def among(self, days: Iterable[date]) -> Iterator[tuple[date, Entry]]:
        """Yield what is posted on the days, of one year at most, with the day of each."""
        known = {one: day for day in days for one in (day, (day.month, day.day))}
        for entry in self.entries:
            if entry.day in known:
                yield known[entry.day], entry
