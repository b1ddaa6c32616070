"""The page that tells coordinators how to make a template of their own."""

import re
from dataclasses import fields
from pathlib import Path

from service.render.documents import context
from service.render.documents.yearly import TREND

PAGE = Path(__file__).parents[3] / "docs" / "howto" / "egen-mall.md"
PREFIXES = {
    context.Annual: "",
    context.Figure: "figures.activities.",
    context.Chapter: "chapter.",
    context.Group: "group.",
    context.Meeting: "meeting.",
    context.Row: "meeting.row.",
    context.Survey: "survey.",
    context.Question: "question.",
    context.Members: "members.",
    context.Term: "term.",
}


def test_the_page_lists_every_name_and_no_other():
    """What a template may use is what the page says: a new name is a new line in its table."""
    listed = re.findall(r"^\| `([a-z_.]+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    names = {f"{prefix}{one.name}" for kind, prefix in PREFIXES.items() for one in fields(kind)}
    assert set(listed) == names | {TREND}
    assert len(listed) == len(set(listed))


def test_the_four_figures_are_named():
    """The page names each indicator, though it explains the parts of one only."""
    text = PAGE.read_text(encoding="utf-8")
    assert all(f"`{one.name}`" in text for one in fields(context.Figures))
