"""Alerts and dashboard use metrics that there are."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from tests.unit.web.test_metrics import STANDING, used

DEPLOY = Path(__file__).parents[3] / "deploy"
RULES = DEPLOY / "prometheus" / "natverket.rules.yaml"
DASHBOARD = DEPLOY / "grafana" / "natverket.json"
RUNBOOK = DEPLOY / "runbook.md"
_METRIC = re.compile(r"\b(?:natverket|process)_[a-z_]+\b")


def there() -> set[str]:
    """Every name that the page has."""
    page = used().page(STANDING).decode()
    families = list(text_string_to_metric_families(page))
    return {sample.name for family in families for sample in family.samples}


def alerts() -> list[dict[str, Any]]:
    groups = yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def expressions() -> Iterator[tuple[str, str]]:
    for rule in alerts():
        yield rule["alert"], rule["expr"]
    board = json.loads(DASHBOARD.read_text(encoding="utf-8"))
    for panel in board["panels"]:
        for target in panel["targets"]:
            yield panel["title"], target["expr"]
    for variable in board["templating"]["list"]:
        if variable["type"] == "query":
            yield variable["name"], variable["query"]


@pytest.mark.parametrize(("where", "expression"), [*expressions()], ids=lambda text: str(text)[:40])
def test_every_expression_uses_metrics_that_exist(where: str, expression: str) -> None:
    """Else the alert would never fire, and the panel would stay empty."""
    used_here = set(_METRIC.findall(expression))
    assert used_here or expression.startswith("up{"), where
    assert used_here - there() == set(), where


def test_every_alert_is_whole() -> None:
    """Named once, with a patience, a severity, a sentence and its place in the runbook."""
    names = [rule["alert"] for rule in alerts()]
    assert len(names) == len(set(names))
    for rule in alerts():
        assert re.fullmatch(r"\d+[mhd]", rule["for"]), rule
        assert rule["labels"]["severity"] in ("critical", "warning", "info"), rule
        assert rule["annotations"]["summary"].endswith("."), rule
        anchor = rule["alert"].lower()
        assert rule["annotations"]["runbook_url"] == f"deploy/runbook.md#{anchor}", rule


def test_every_alert_has_its_place_in_the_runbook() -> None:
    """Under a heading of its name."""
    text = RUNBOOK.read_text(encoding="utf-8")
    headings = set(re.findall(r"^#+ (\w+)\s*$", text, re.MULTILINE))
    assert {rule["alert"] for rule in alerts()} - headings == set()


@pytest.mark.skipif(shutil.which("promtool") is None, reason="apt install prometheus")
def test_promtool_takes_the_rules() -> None:
    """The expressions are PromQL."""
    done = subprocess.run(
        ["promtool", "check", "rules", str(RULES)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.skipif(shutil.which("promtool") is None, reason="apt install prometheus")
def test_promtool_takes_the_names() -> None:
    """Its own check of the page."""
    page = used().page(STANDING)
    done = subprocess.run(
        ["promtool", "check", "metrics"], input=page, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()


def test_the_dashboard_lies_without_overlaps() -> None:
    """No two panels have an id or a place in common."""
    panels = json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    cells = [
        (x, y)
        for panel in panels
        for x in range(panel["gridPos"]["x"], panel["gridPos"]["x"] + panel["gridPos"]["w"])
        for y in range(panel["gridPos"]["y"], panel["gridPos"]["y"] + panel["gridPos"]["h"])
    ]
    assert len(cells) == len(set(cells))
