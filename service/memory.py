"""What was worked out before, for as long as what it was worked out from is the very same."""

from collections.abc import Callable, Hashable
from typing import TypeVar, cast

T = TypeVar("T")


class Memory:
    """
    Remembers one result for each subject, with the values that it came from.

    Only for pure work over frozen values: parts are compared by identity, which costs
    nothing and can only err towards working it out again.
    """

    def __init__(self) -> None:
        self._results: dict[Hashable, tuple[tuple[object, ...], object]] = {}

    def recall(self, subject: Hashable, parts: tuple[object, ...], work: Callable[[], T]) -> T:
        """Return the result for these parts, worked out now if they are not those of last time."""
        before = self._results.get(subject)
        if before is not None and _same(before[0], parts):
            return cast(T, before[1])
        result = work()
        self._results[subject] = (parts, result)
        return result


def _same(before: tuple[object, ...], now: tuple[object, ...]) -> bool:
    return len(before) == len(now) and all(a is b for a, b in zip(before, now, strict=True))
