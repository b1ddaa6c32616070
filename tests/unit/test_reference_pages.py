"""The reference pages are what the code says."""

from pathlib import Path

import pytest

from service.cli.reference import PAGES

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_what_the_code_says(name: str) -> None:
    """Where it is not: `python -m service.cli.reference` writes them anew."""
    assert (REFERENCE / name).read_text(encoding="utf-8") == PAGES[name]()
