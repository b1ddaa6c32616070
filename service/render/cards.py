"""
Draw a card as an Adaptive Card (1.4), the only kind that every way into Teams takes.

Plain dicts are used, not a library of card models: a card is a handful of element types,
and the JSON that leaves here is exactly what is read here. They do not leave this file.
"""

import json
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace

from service.domain.post import Button, Card, Line, Section, is_https, with_key

BUDGET = 20_000
"""Bytes of a message as sent; Teams has refused 28,000, and a card of 24,453 (settled 33)."""

_ENVELOPE = 400
"""Bytes that the message round the card takes at most."""

Element = dict[str, object]

_MARKS = re.compile(r"[\\`*_\[\]~<>]")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_LINE_START = re.compile(r"^([#+=-]|\d+(?=[.)]))")


def adaptive_card(card: Card, *, key: str) -> bytes:
    """
    Draw a card as UTF-8 JSON, with the key in the main button's link.

    A card that is too large loses whole items, last ones first, and says how many. Raises
    ValueError if no button can carry the key, or if it is too large without any items.
    """
    buttons = tuple(button for button in card.buttons if is_https(button.url))
    if not buttons:
        raise ValueError(f"no https button to carry the key of {card.title!r}")
    main = replace(buttons[0], url=with_key(buttons[0].url, key))
    card = replace(card, buttons=(main, *buttons[1:]))
    counts = range(_items(card) + 1)
    fewest = bisect_left(counts, x=True, key=lambda count: _fits(_without(card, count)))
    if fewest == len(counts):
        raise ValueError(f"the card {card.title!r} is larger than {BUDGET} bytes without its items")
    return _drawn(_without(card, fewest)).encode()


def parts(card: Card) -> tuple[Card, ...]:
    """Return the cards that a post is sent as."""
    return (card,)


def _drawn(card: Card) -> str:
    return json.dumps(_card(card), ensure_ascii=False, separators=(",", ":"))


def _fits(card: Card) -> bool:
    return size_as_sent(_drawn(card)) <= BUDGET


_BRACES = re.compile(r"\{(?=\{)")
"""The first of two: a date function begins so, and three braces hold two of them."""


def size_as_sent(drawn: str) -> int:
    """Return the bytes of the message; Graph takes a card as a string, with quotes escaped."""
    return len(json.dumps(drawn, ensure_ascii=False).encode()) + _ENVELOPE


def escaped(text: str) -> str:
    """
    Make text show as it is where Markdown is read: marks, entities, and date functions.

    Only what would be read as a mark is escaped, since not every client undoes the rest.
    """
    text = " ".join("".join(_printable(text)).split())
    text = _MARKS.sub(r"\\\g<0>", text)
    text = _BRACES.sub(r"{\\", _ENTITY.sub(r"\\&", text))
    return _LINE_START.sub(_escape_start, text)


def _escape_start(match: re.Match[str]) -> str:
    start = match.group()
    return start + "\\" if start.isdigit() else "\\" + start


def _printable(text: str) -> Iterator[str]:
    """Leave out control characters and those that turn the direction of writing."""
    for character in text:
        if character.isspace():
            yield " "
        elif unicodedata.category(character) not in {"Cc", "Cf", "Cs"} or character == "\u200d":
            yield character


# ---------------------------------------------------------------- the whole card


def _card(card: Card) -> Element:
    return {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "lang": card.language,
        "fallbackText": escaped(_fallback(card)),
        "msteams": {"width": "Full"},
        "body": [*_head(card), *_body(card)],
        "actions": [_open(button) for button in card.buttons],
    }


def _fallback(card: Card) -> str:
    return ". ".join(part for part in (card.title, card.when_where, card.text) if part)


def _head(card: Card) -> Iterator[Element]:
    if card.label:
        yield _text(card.label, size="Small", weight="Bolder", color="Accent")
    # Readers of 1.4 that do not know the style take size and weight.
    yield _text(card.title, style="heading", size="Large", weight="Bolder", spacing="None")
    if card.when_where:
        yield _text(card.when_where, isSubtle=True, spacing="Small")


def _body(card: Card) -> Iterator[Element]:
    if card.text:
        yield _text(card.text, spacing="Medium")
    for place, section in enumerate(card.sections):
        yield from _section(place, section, card)
    if any(section.folded for section in card.sections):
        yield _unfold(card)
    if card.footer:
        yield _text(card.footer, size="Small", isSubtle=True, spacing="Medium", separator=True)


def _section(place: int, section: Section, card: Card) -> Iterator[Element]:
    yield _text(section.heading, style="heading", size="Default", weight="Bolder", spacing="Medium")
    for line in section.lines:
        yield from _line(line)
    rest = list(_more(section.more, section, card))
    if section.folded:
        hidden = [element for line in section.folded for element in _line(line)]
        yield from _more(len(section.folded) + section.more, section, card, id=f"more{place}")
        yield {
            "type": "Container",
            "id": f"folded{place}",
            "isVisible": False,
            "spacing": "Small",
            "items": [*hidden, *rest],
        }
    else:
        yield from rest


def _more(count: int, section: Section, card: Card, **looks: object) -> Iterator[Element]:
    if count:
        said = _linked(card.more.replace("{n}", str(count)), section.url)
        yield {**_text("", isSubtle=True, spacing="Small", **looks), "text": said}


def _unfold(card: Card) -> Element:
    """Show what is folded where it belongs, in place of the words that say how much it is."""
    targets = [
        f"{name}{place}"
        for place, section in enumerate(card.sections)
        if section.folded
        for name in ("more", "folded")
    ]
    toggle = {
        "type": "Action.ToggleVisibility",
        "title": card.unfold,
        "targetElements": targets,
    }
    # On a row of its own: beside the main button it is cut off on a phone.
    return {"type": "ActionSet", "spacing": "Medium", "actions": [toggle]}


def _line(line: Line) -> Iterator[Element]:
    shown = _linked(line.text, line.url)
    yield {"type": "TextBlock", "text": shown, "wrap": True, "spacing": "Small"}
    if line.note:
        yield _text(line.note, size="Small", isSubtle=True, spacing="None")


def _linked(text: str, url: str) -> str:
    shown = escaped(text)
    return f"[{shown}]({_clean(url, also='()')})" if is_https(url) else shown


def _clean(url: str, *, also: str = "") -> str:
    """Spell out what no link may hold, or what would end it where it stands."""
    refused = ' <>\\"\n\r\t' + also
    return "".join(f"%{ord(one):02X}" if one in refused else one for one in url)


def _open(button: Button) -> Element:
    return {"type": "Action.OpenUrl", "title": button.label, "url": _clean(button.url)}


def _text(text: str, **looks: object) -> Element:
    return {"type": "TextBlock", "text": escaped(text), "wrap": True, **looks}


# ---------------------------------------------------------------- budget


def _without(card: Card, count: int) -> Card:
    """Leave out the last items, the folded ones of all sections first."""
    sections = list(card.sections)
    for place, section in reversed(tuple(enumerate(card.sections))):
        gone = min(count, len(section.folded))
        kept = section.folded[: len(section.folded) - gone]
        sections[place] = replace(section, folded=kept, more=section.more + gone)
        count -= gone
    for place, section in reversed(tuple(enumerate(sections))):
        gone = min(count, len(section.lines))
        kept = section.lines[: len(section.lines) - gone]
        sections[place] = replace(section, lines=kept, more=section.more + gone)
        count -= gone
    return replace(card, sections=tuple(sections))


def _items(card: Card) -> int:
    return sum(len(section.lines) + len(section.folded) for section in card.sections)
