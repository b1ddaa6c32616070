"""Rows of a source as people write them."""

import pytest

from service.jobs.provenance import ranges


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ((), ""),
        ((16,), "16"),
        ((16, *range(2, 15)), "2–14, 16"),
        ((2, 3, 3, 5, 6, 9), "2–3, 5–6, 9"),
    ],
)
def test_ranges(numbers: tuple[int, ...], said: str) -> None:
    """In order, each once, neighbours together."""
    assert ranges(numbers) == said
