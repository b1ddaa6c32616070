"""Chance that comes out the same every time."""

from random import Random


def chance(*key: str) -> Random:
    """A generator of its own for each thing, so that a change to one moves no other."""
    return Random("/".join(key))  # noqa: S311 - to be repeatable is the point
