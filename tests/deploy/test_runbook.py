"""The runbook has a place for whatever can call a person."""

import re
from pathlib import Path

import pytest
import yaml

from service.domain import standing

ROOT = Path(__file__).parents[2]
RUNBOOK = ROOT / "deploy/runbook.md"


@pytest.fixture(scope="module")
def headings() -> set[str]:
    """Its anchors, as GitHub and MkDocs make them of headings."""
    found = re.findall(r"^#+ (.+)$", RUNBOOK.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", line).strip().lower().replace(" ", "-") for line in found}


def test_each_alert_has_its_heading(headings: set[str]) -> None:
    """Whoever follows an alert's runbook_url comes to a heading of the alert's name."""
    for path in sorted((ROOT / "deploy/prometheus").glob("*.y*ml")):
        for group in yaml.safe_load(path.read_text()).get("groups", []):
            for rule in (one for one in group["rules"] if "alert" in one):
                anchor = rule["annotations"]["runbook_url"].rpartition("#")[2]
                assert anchor == rule["alert"].lower()
                assert anchor in headings


def test_each_need_has_its_heading(headings: set[str]) -> None:
    """There is a heading for every kind of need, and none for a kind that there is not."""
    kinds = {kind.value for kind in standing.NeedKind}

    assert {name.removeprefix("need-") for name in headings if name.startswith("need-")} == kinds


def test_each_exit_code_has_its_row() -> None:
    """There is a row for every exit code of the command line."""
    words = (ROOT / "service/cli/words.py").read_text()
    (codes,) = re.findall(r"^DONE, FAILED, .* = ([\d, ]+)$", words, re.MULTILINE)

    rows = re.findall(r"^\| (\d) \|", RUNBOOK.read_text(), re.MULTILINE)

    assert rows == codes.split(", ")


def test_each_page_that_it_points_to_is_there() -> None:
    """Every link of the runbook leads to a file of the repository."""
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", RUNBOOK.read_text())

    assert [link for link in links if not (RUNBOOK.parent / link).exists()] == []
