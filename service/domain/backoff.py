"""How long something that failed waits before it is tried again."""

from datetime import timedelta

FIRST = timedelta(minutes=10)
LONGEST = timedelta(hours=6)


def later(attempts: int) -> timedelta:
    """Ten minutes after the first failed attempt, then doubling, to six hours."""
    doublings: int = min(max(attempts - 1, 0), 10)
    return min(FIRST * (1 << doublings), LONGEST)
