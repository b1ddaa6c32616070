"""Pages that are followed from top to bottom work in an empty folder, as they stand."""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

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


def test_first_hour(tmp_path: Path) -> None:
    """Check fails, then holds; a document is filed, a card seen; a lost right is named alone."""
    with Reader(tmp_path) as reader:
        answers = reader.follow(HOUSE / "docs/tutorial/first-hour.md")
        documentation = _control(reader, "tree?drive=Dokumentation")
        flows = _control(reader, "flows")

    failed = {line: answer for line, answer in answers.items() if answer[0]}
    assert not failed, reader.told()
    before, after, lost, given = (
        [line.split()[1] for line in said.splitlines() if line.startswith(" ✗ ")]
        for said in _checks(text for _, text in answers.values())
    )
    assert before == ["libraries", "libraries", "register"]
    assert lost == ["calendar"]
    assert after == given == []
    assert "Program" in json.dumps(documentation)
    assert [run for run in flows if run["status"] == "Succeeded" and run["messages"]]


def _checks(said: Iterable[str]) -> list[str]:
    """What each `natverket check` printed: it ends by counting."""
    return [text for text in said if re.search(r"^ \d+ ✓", text, re.M)]


def _control(reader: Reader, route: str) -> Any:
    code, said = reader.type(f"curl -sS 'localhost:{reader.ports['8081']}/_sandbox/{route}'")
    assert code == 0, said
    return json.loads(said)["value"]
