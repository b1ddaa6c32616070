"""Mails in a real browser: on a telephone and in a window, by day and by night."""

from dataclasses import replace

import pytest

from service.domain.post import Card, Line, Section
from service.ports import Message
from service.render.letter import letter
from tests.messages import message

ODD = "ندوة المناخ " + "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk" * 4
LIGHT, DARK = (255, 255, 255), (18, 18, 18)
"""What Chromium lays behind a page of each scheme."""

CONTRASTS = """() => [...document.querySelectorAll('p, h1, h2, li, a, span')].map(element => {
  const own = getComputedStyle(element);
  return [own.color, own.backgroundColor].map(c => c.match(/[\\d.]+/g).map(Number));
})"""


def _card(card: Card) -> Card:
    lines = tuple(Line(text=f"{n}: {ODD}", note="anmälan", url=card.buttons[0].url) for n in "12")
    return replace(
        card,
        title=ODD,
        sections=(Section(heading="På gång", lines=lines, more=2, url=card.buttons[0].url),),
        footer="Sammanställt automatiskt.",
        more="och {n} till",
    )


def _luminance(colour: tuple[float, ...]) -> float:
    parts = [c / 255 for c in colour[:3]]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 800])
def test_a_letter_is_read_without_scrolling_sideways(browser, width: int, scheme: str):
    """At most 600 pixels wide; every text stands out against what is behind it (WCAG 1.4.3)."""
    sent: Message = message()
    drawn = letter(replace(sent, card=_card(sent.card)))
    context = browser.new_context(viewport={"width": width, "height": 600}, color_scheme=scheme)
    page = context.new_page()
    page.set_content(drawn.html)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    column = page.locator("body > div").bounding_box()
    assert column["width"] <= 632
    button = page.get_by_role("link", name="Program", exact=True).bounding_box()
    assert button["height"] >= 44
    assert page.get_by_role("heading", level=1).inner_text() == ODD
    behind = LIGHT if scheme == "light" else DARK
    for colour, own in page.evaluate(CONTRASTS):
        ground = own if len(own) < 4 else behind
        assert _contrast(colour, ground) >= 4.5
    context.close()
