"""Every kind of card, drawn by Microsoft's renderer on a desktop and on a telephone."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.cli.card_page import Shown, page
from service.sandbox.look.scripts import renderer
from tests.unit.cards.test_judged import CARDS

playwright = pytest.importorskip(
    "playwright.sync_api", reason="Playwright is missing: pip install playwright"
)

pytestmark = pytest.mark.skipif(
    renderer() is None, reason="Microsoft's card renderer was not built: make cards (needs npm)"
)

NAMES = list(CARDS)
DOT = '<svg xmlns="http://www.w3.org/2000/svg" width="640" height="360"/>'
WIDTHS = (1100, 390)

PARSED = """
([version, cards]) => cards.map((card) => {
  // Its pattern for `lang` keeps its place: after one that it takes, it refuses the next.
  new AdaptiveCards.AdaptiveCard().parse({ type: "AdaptiveCard", lang: "-" });
  const context = new AdaptiveCards.SerializationContext(AdaptiveCards.Versions[version]);
  const element = new AdaptiveCards.AdaptiveCard();
  element.parse(card, context);
  const said = [];
  for (let at = 0; at < context.eventCount; at++) said.push(context.getEventAt(at).message);
  return said.concat(element.validateProperties().validationEvents.map((one) => one.message));
})
"""
MEASURED = """
() => [...document.querySelectorAll(".ac-adaptiveCard")].map((card) => {
  const edge = card.getBoundingClientRect().right + 1;
  const inside = [...card.querySelectorAll("*")].filter((one) => one.offsetParent);
  return {
    wide: card.scrollWidth - card.clientWidth,
    beyond: inside.filter((one) => one.getBoundingClientRect().right > edge).length,
    foreign: [...card.querySelectorAll(".ac-textBlock *")]
      .map((one) => one.tagName).filter((name) => !["P", "A"].includes(name)),
    links: [...card.querySelectorAll("a")].map((one) => one.getAttribute("href")),
    text: [...card.querySelectorAll(".ac-textBlock")].map((one) => one.textContent),
    headings: card.querySelectorAll("[role=heading]").length,
    pictures: [...card.querySelectorAll("img")].map((one) => one.alt),
    height: card.getBoundingClientRect().height,
  };
})
"""


@pytest.fixture(scope="module", params=WIDTHS)
def opened(
    browser: "playwright.Browser",
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> Iterator["playwright.Page"]:
    """All cards on one page, with a picture for every address; nothing is said to the console."""
    shown = [Shown(name=name, caption=name, card=card) for name, card in CARDS.items()]
    file: Path = tmp_path_factory.mktemp("cards") / "cards.html"
    file.write_text(page(shown, title="Kort", lead="", language="sv"), encoding="utf-8")
    window = browser.new_page(viewport={"width": request.param, "height": 900})
    complaints: list[str] = []
    window.on("console", lambda said: complaints.append(said.text))
    window.on("pageerror", lambda error: complaints.append(str(error)))
    window.route(
        re.compile("^https:"), lambda route: route.fulfill(body=DOT, content_type="image/svg+xml")
    )
    window.goto(file.as_uri())
    yield window
    window.close()
    assert complaints == []


@pytest.fixture(scope="module")
def drawn(opened: "playwright.Page") -> dict[str, dict[str, object]]:
    return dict(zip(NAMES, opened.evaluate(MEASURED), strict=True))


def test_the_renderer_reads_them_without_a_warning(opened: "playwright.Page") -> None:
    """Neither while it parses, held to version 1.5, nor when it looks at every property."""
    said = opened.evaluate(PARSED, ["v1_5", [json.loads(card) for card in CARDS.values()]])
    assert {name: one for name, one in zip(NAMES, said, strict=True) if one} == {}


def test_an_older_telephone_misses_no_more_than_that_a_heading_is_one(
    opened: "playwright.Page",
) -> None:
    """Users report that Teams' mobile apps know 1.2 alone (msteams-docs, issue 13646)."""
    cards = [{**json.loads(card), "version": "1.2"} for card in CARDS.values()]
    said = opened.evaluate(PARSED, ["v1_2", cards])
    assert {one for each in said for one in each} == {
        'Property "style" is supported in version 1.5, but you are using version 1.2.'
    }


def test_the_judge_warns(opened: "playwright.Page") -> None:
    """Of what is newer than 1.5, and of what is misspelt."""
    body = [{"type": "TextBlock", "text": "a", "size": "Huge"}, {"type": "Blink"}]
    card = {"type": "AdaptiveCard", "version": "1.5", "body": body}
    (said,) = opened.evaluate(PARSED, ["v1_5", [card]])
    assert len(said) == 2


def test_nothing_is_cut_off(drawn: dict[str, dict[str, object]]) -> None:
    """No card is wider than its place, and no part of one is beyond its edge."""
    wrong = {name: one for name, one in drawn.items() if one["wide"] or one["beyond"]}
    assert {name: (one["wide"], one["beyond"]) for name, one in wrong.items()} == {}
    assert all(
        isinstance(one["height"], float | int) and one["height"] > 90 for one in drawn.values()
    )


def test_what_people_write_does_nothing(drawn: dict[str, dict[str, object]]) -> None:
    """Titles and questions become text, and the links that we give; no other element."""
    assert {name: one["foreign"] for name, one in drawn.items() if one["foreign"]} == {}
    links = {link for one in drawn.values() for link in one["links"]}  # type: ignore[attr-defined]
    assert all(link.startswith("https://") for link in links)
    assert not any("ond.exempel" in link for link in links)
    said = " ".join(text for one in drawn.values() for text in one["text"])  # type: ignore[attr-defined]
    for seen in (
        "**Fet** _kursiv_ `kod`",
        "<script>alert(1)</script>",
        "&amp;",
        "{{DATE(2023-05-10T09:30:00Z, SHORT)}} {{{TIME(",
        "👩‍👩‍👧‍👦",
        "שלום",
    ):
        assert seen in said
    assert "\\" not in said


def test_headings_and_pictures_have_words(drawn: dict[str, dict[str, object]]) -> None:
    """A screen reader finds the title of each card, and what a picture shows."""
    assert all(one["headings"] for one in drawn.values())
    pictures = {name: one["pictures"] for name, one in drawn.items() if one["pictures"]}
    assert len(pictures) == 6
    assert all(alt for alts in pictures.values() for alt in alts)  # type: ignore[attr-defined]
