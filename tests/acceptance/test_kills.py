"""Killed at any request, started again: the year ends as if nothing had happened."""

from pathlib import Path

import pytest

from tests.acceptance.kills import seeded, year

SEED = 20231231
KILLS = 20


@pytest.mark.proof
def test_a_year_with_twenty_kills_ends_as_an_unbroken_one(tmp_path: Path) -> None:
    """Figures, files, columns and posts are the same after twenty kills at seeded requests."""
    unbroken = year(tmp_path / "unbroken", kill_at=[])
    numbers = seeded(SEED, count=KILLS, first=200, last=unbroken.requests - 50)
    broken = year(tmp_path / "broken", kill_at=numbers)

    assert broken.kills == KILLS
    assert broken.tenant == unbroken.tenant
    assert broken.says == unbroken.says
    assert broken.posts == unbroken.posts
    assert len(set(broken.posts)) == len(broken.posts)
    assert broken.says["agrees"]
