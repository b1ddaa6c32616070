"""How large the ranges of an upload are: a table, and what holds for every line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.graph.ranges import (
    FIRST,
    LARGEST,
    QUICK,
    SLOW,
    SMALLEST,
    UNIT,
    after_failure,
    after_success,
)

MIB = 2**20


@pytest.mark.parametrize(
    ("size", "seconds", "following"),
    [
        (10 * MIB, 0.0, 20 * MIB),
        (20 * MIB, QUICK, 40 * MIB),
        (40 * MIB, 1.0, 57.5 * MIB),
        (LARGEST, 1.0, 57.5 * MIB),
        (20 * MIB, QUICK + 1, 20 * MIB),
        (20 * MIB, SLOW, 20 * MIB),
        (20 * MIB, SLOW + 1, 10 * MIB),
        (SMALLEST, SLOW + 1, 1.25 * MIB),
    ],
)
def test_after_a_range_that_arrived(size, seconds, following):
    """Twice as much on a good line, as much on a fair one, half as much on a bad one."""
    assert after_success(size, seconds) == following


@pytest.mark.parametrize(
    ("size", "following"),
    [(57.5 * MIB, 92 * UNIT), (FIRST, 5 * MIB), (5 * UNIT, SMALLEST), (SMALLEST, SMALLEST)],
)
def test_after_a_range_in_doubt(size, following):
    """Half as much, in whole units, and never nothing."""
    assert after_failure(int(size)) == following


@given(st.lists(st.none() | st.floats(0, 1000), max_size=40))
def test_every_size_is_one_that_the_service_takes(line):
    """Whole 320 KiB and below 60 MiB, whatever the line does."""
    size = FIRST
    for seconds in line:
        size = after_failure(size) if seconds is None else after_success(size, seconds)
        assert size % UNIT == 0
        assert UNIT <= size < 60 * MIB
