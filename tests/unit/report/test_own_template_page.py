"""The page that tells coordinators how to make templates of their own."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import date
from pathlib import Path

from service.render.documents import context
from service.render.documents.plan import plan_context
from service.render.documents.yearly import TREND
from tests.unit.plan.words import NOW, entry, lines, plan

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


def listed(heading: str) -> list[str]:
    """The names in the table of a chapter."""
    _, _, after = PAGE.read_text(encoding="utf-8").partition(f"\n## {heading}\n")
    chapter, _, _ = after.partition("\n## ")
    return re.findall(r"^\| `([a-z_.]+)` \|", chapter, re.MULTILINE)


def test_the_page_lists_every_name_and_no_other():
    """What a template may use is what the page says: a new name is a new line in its table."""
    told = listed("Årsrapportens namn")
    names = {f"{prefix}{one.name}" for kind, prefix in PREFIXES.items() for one in fields(kind)}
    assert set(told) == names | {TREND}
    assert len(told) == len(set(told))


def test_the_page_lists_every_name_of_the_plan():
    """The plan's names and those of what it repeats are listed, and no other."""
    told = listed("Verksamhetsplanens namn")
    ours = entry(date(2024, 3, 6), groups=("naturvard",))
    whole = plan_context(plan(ours, entry(date(2024, 5, 7), groups=())), lines(), NOW)
    assert set(told) == set(names_of(whole))
    assert len(told) == len(set(told))


def names_of(values: Mapping[str, object], prefix: str = "") -> Iterator[str]:
    """Yield each name, those of repeated things by the word for one of them."""
    one_of = {"rows": "row.", "sections": "section.", "meetings": "meeting.", "of_all": "meeting."}
    for name, value in values.items():
        yield f"{prefix}{name}"
        for each in value if name in one_of else ():
            yield from names_of(each, one_of[name])


def test_the_four_figures_are_named():
    """The page names each indicator, though it explains the parts of one only."""
    text = PAGE.read_text(encoding="utf-8")
    assert all(f"`{one.name}`" in text for one in fields(context.Figures))
