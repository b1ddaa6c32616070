"""The complaints that the service is built against: each is held by a test that is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOTE = ROOT / "docs/decisions/2026-11-22-pains-of-filing.md"
ROWS = range(1, 39)
HELD = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", NOTE.read_text(encoding="utf-8"))


def test_every_row_is_answered() -> None:
    """Each complaint has its line, and each line a test or a reason."""
    lines = re.findall(r"^\| (\d+) \|[^|]+\|([^|]+)\|$", NOTE.read_text(encoding="utf-8"), re.M)

    assert [int(number) for number, _ in lines] == list(ROWS)
    assert all(answer.strip() for _, answer in lines)


@pytest.mark.parametrize(("file", "name"), sorted(set(HELD)))
def test_the_test_is_there(file: str, name: str) -> None:
    """Under the name that the note gives it."""
    text = (ROOT / file).read_text(encoding="utf-8")

    assert re.search(rf"(?:def|class) {name}\b|^{name} =", text, re.M)
