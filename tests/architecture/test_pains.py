"""The complaints that the service is built against: each is held by a test that is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DECISIONS = ROOT / "docs/decisions"
ROWS = {
    "2026-11-22-pains-of-filing.md": range(1, 39),
    "2026-11-22-pains-of-posting.md": range(39, 62),
    "2026-11-22-pains-of-counting.md": range(62, 73),
    "2026-11-22-pains-of-running.md": range(73, 82),
}
"""Each note, and the numbers of the complaints that it answers."""
HELD = [
    found
    for note in ROWS
    for found in re.findall(
        r"`(tests/[\w/]+\.py)::(\w+)`", (DECISIONS / note).read_text(encoding="utf-8")
    )
]


@pytest.mark.parametrize("note", ROWS)
def test_every_row_is_answered(note: str) -> None:
    """Each complaint has its line, and each line a test or a reason."""
    text = (DECISIONS / note).read_text(encoding="utf-8")
    lines = re.findall(r"^\| (\d+) \|[^|]+\|([^|]+)\|$", text, re.M)

    assert [int(number) for number, _ in lines] == list(ROWS[note])
    assert all(answer.strip() for _, answer in lines)


@pytest.mark.parametrize(("file", "name"), sorted(set(HELD)))
def test_the_test_is_there(file: str, name: str) -> None:
    """Under the name that the note gives it."""
    text = (ROOT / file).read_text(encoding="utf-8")

    assert re.search(rf"(?:def|class) {name}\b|^{name} =", text, re.M)
