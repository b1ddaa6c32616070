"""Pages that are followed from top to bottom work in an empty folder, as they stand."""

from pathlib import Path

import pytest

from tests.docs.shell import Reader
from tests.docs.shown import HOUSE

pytestmark = pytest.mark.proof


def test_try_without_a_tenant(tmp_path: Path) -> None:
    """Every block of commands ends well, and what the page says of refusals is so."""
    with Reader(tmp_path) as reader:
        answers = reader.follow(HOUSE / "docs/howto/try-without-a-tenant.md")

    failed = {line: answer for line, answer in answers.items() if answer[0]}
    assert not failed
    said = "".join(text for _, text in answers.values())
    assert '"code": "Forbidden"' in said or "Access is denied" in said or "accessDenied" in said
    assert "503" in said
