"""How long something that failed waits before it is tried again."""

from datetime import datetime, timedelta

from service.errors import NatverketError, Throttled

FIRST = timedelta(minutes=10)
LONGEST = timedelta(hours=6)
SOON = timedelta(minutes=30)
"""The longest for what passes by itself."""


def later(attempts: int, longest: timedelta = LONGEST) -> timedelta:
    """Ten minutes after the first failed attempt, then doubling, to six hours."""
    doublings: int = min(max(attempts - 1, 0), 10)
    return min(FIRST * (1 << doublings), longest)


def when_again(error: NatverketError, now: datetime, attempts: int) -> datetime:
    """Tell when to try again; the service's own word wins where it asks for more patience."""
    asked = error.until if isinstance(error, Throttled) else None
    return max(now + max(later(attempts), error.patience), asked or now)
