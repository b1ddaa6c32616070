"""
How much one request of an upload carries: pure, so that a table of cases can prove it.

https://learn.microsoft.com/graph/api/driveitem-createuploadsession: whole 320 KiB, below
60 MiB, 10 MiB on a good line and less on a bad one.
"""

UNIT = 320 << 10
PIECE = 2 * UNIT
"""Bytes handed on at a time: a socket takes about as many at one go."""
SMALLEST = 4 * UNIT
"""1.25 MiB."""
FIRST = 32 * UNIT
"""10 MiB."""
LARGEST = 184 * UNIT
"""57.5 MiB."""
QUICK, SLOW = 10.0, 60.0
"""Seconds within which a range is answered on a good line, and after which on a bad one."""


def after_success(size: int, seconds: float) -> int:
    """Size of the range after one of `size` that was acknowledged after so many seconds."""
    if seconds <= QUICK:
        return min(2 * size, LARGEST)
    return after_failure(size) if seconds > SLOW else size


def after_failure(size: int) -> int:
    """Size of the range after one of `size` whose outcome was in doubt."""
    return max(size // 2 // UNIT * UNIT, SMALLEST)
