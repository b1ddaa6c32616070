"""
The safety valve: what looks like a mishap is refused until a person says that it is none.

A source that was full and is now all but empty has been cleared by mistake, or is another
one than before; a plan of very many changes follows from something that nobody meant.
`natverket once JOB --anyway` is how a person says so.
"""

from collections.abc import Collection, Sequence

from service.domain.actions import Action, Forgo, Leave, Unread
from service.errors import SourceEmptied, TooManyChanges
from service.workplace import Workplace

FEW = 10
"""Of a source that holds fewer, any number may go."""


def is_emptied(before: int, gone: int) -> bool:
    return before >= FEW and 2 * gone > before


def refuse_emptied(source: str, before: int, gone: Collection[str], at: Workplace) -> None:
    """Raise SourceEmptied where more than half of what a source held is gone at once."""
    if not at.anyway and is_emptied(before, len(gone)):
        raise SourceEmptied(source, f"{len(gone)} of {before} are gone since it was last read.")


def refuse_too_many(job: str, actions: Sequence[Action], at: Workplace) -> None:
    """Raise TooManyChanges where a plan would do more than the network's setting allows."""
    count = sum(not isinstance(action, Leave | Unread | Forgo) for action in actions)
    if not at.anyway and count > at.rules.most_changes:
        limit = at.rules.most_changes
        raise TooManyChanges(f"plan of {job}", f"It has {count} changes; {limit} are allowed.")
