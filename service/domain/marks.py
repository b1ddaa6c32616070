"""
What was done for a meeting, as short hashes in its row of the register.

A file that a person has deleted leaves no trace in the library, and a post none where nobody
may read the channel. If the state is lost, these tell that it was done: it is not done again.
"""

from collections.abc import Iterable
from hashlib import sha256

DONE = "NvDone"
"""The hidden column of the register."""
_LENGTH = 10
"""Hexadecimal digits: of a meeting's hundred, two are alike once in two hundred million."""


def mark(key: str) -> str:
    """The hash of an effect's key."""
    return sha256(key.encode()).hexdigest()[:_LENGTH]


def form_key(form_id: str) -> str:
    """Of a form whose answers are the meeting's."""
    return f"form/{form_id}"


def written(keys: Iterable[str], before: object = None) -> str | None:
    """What the column is to say; what it said `before` stays. None: nothing was done."""
    return " ".join(sorted({*map(mark, keys), *marks(before)})) or None


def marks(column: object) -> frozenset[str]:
    """What a row says was done."""
    return frozenset(str(column or "").split())
