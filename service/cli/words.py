"""Errors as words: what happened, what to do, and the exit code."""

import sys

from service.errors import NatverketError, SettingsError

DONE, FAILED, WRONG_USE, IN_PART = 0, 1, 2, 3
"""Exit codes: 0 done, 1 failed, 2 wrong use or settings, 3 done in part."""


def tell(error: NatverketError) -> int:
    """Print one error to standard error and return the exit code that it means."""
    if isinstance(error, SettingsError):
        print("natverket: these settings are not usable:", file=sys.stderr)
        for problem in error.problems:
            print(f"  · {problem}", file=sys.stderr)
        return WRONG_USE
    print(f"natverket: {error}", file=sys.stderr)
    print(f"           {error.remedy}", file=sys.stderr)
    return FAILED
