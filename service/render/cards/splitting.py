"""
A card over the budget becomes several, item by item; nothing is left out.

What is visible comes first, so that the first card says at a glance what it would have said
alone, and what is folded follows. An item that is too long by itself ends at a sentence and
leads to where the rest of it stands.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from service.domain.post import Card, Line, Section, is_https
from service.render.cards.shortening import shortened
from service.render.cards.size import BUDGET, draw, size_as_sent

_KEY = "k" * 1_000
"""Longer than any; which one a card will carry is not known here."""
_WIDEST = 99
"""So many cards a title has room for while it is not known how many there will be."""
_LONGEST_LINK = 2_000


@dataclass(frozen=True)
class _Item:
    section: int
    line: Line
    folded: bool
    last: bool
    """Of its section: what is not listed is counted after it."""


def parts(card: Card) -> tuple[Card, ...]:
    """
    Return the cards that a card is sent as: itself, where it is within the budget.

    Else several, titled "… (1/2)": each has the buttons and the headings of its items, the
    first the text and the picture, the last the footer. Raises ValueError if no button can
    carry a key, or if the title alone is too large.
    """
    if _fits(card):
        return (card,)
    head = _with_room(card)
    rest = sorted(_items(card), key=lambda item: item.folded)
    chunks = [_first(head, rest)]
    cards = [_with(head, chunks[0])]
    rest = rest[len(chunks[0]) :]
    head = _continued(head)
    while rest:
        chunk = _first(head, rest) or [_shortened(head, rest[0])]
        cards.append(_with(head, chunk))
        rest = rest[len(chunk) :]
    return tuple(_numbered(cards))


def _numbered(cards: Sequence[Card]) -> Iterator[Card]:
    count = len(cards)
    for number, card in enumerate(cards, 1):
        footer = card.footer if number == count else ""
        yield _titled(replace(card, footer=footer), number, count) if count > 1 else card


def _titled(card: Card, number: int, count: int) -> Card:
    return replace(card, title=f"{card.title} ({number}/{count})")


# ---------------------------------------------------------------- what has room


def _fits(card: Card) -> bool:
    return size_as_sent(draw(card, key=_KEY)) <= BUDGET


def _has_room(head: Card, items: Sequence[_Item]) -> bool:
    return _fits(_titled(_with(head, items), _WIDEST, _WIDEST))


def _first(head: Card, items: Sequence[_Item]) -> Sequence[_Item]:
    """Return as many of the items as have room under the head."""
    return items[: _most(len(items), lambda count: _has_room(head, items[:count]))]


def _most(limit: int, fits: Callable[[int], bool]) -> int:
    """Return the largest number that fits, looking among the small ones first."""
    high = 1
    while high < limit and fits(high):
        high *= 2
    counts = range(1, min(high, limit) + 1)
    return bisect_left(counts, x=True, key=lambda count: not fits(count))


# ---------------------------------------------------------------- parts of a card


def _items(card: Card) -> Iterator[_Item]:
    for place, section in enumerate(card.sections):
        lines = (*section.lines, *section.folded)
        for number, line in enumerate(lines, 1):
            folded, last = number > len(section.lines), number == len(lines)
            yield _Item(place, line, folded=folded, last=last)


def _with(head: Card, items: Sequence[_Item]) -> Card:
    """Return the head with these items, under their headings."""
    filled = (
        _filled(section, [item for item in items if item.section == place])
        for place, section in enumerate(head.sections)
    )
    sections = (one for one in filled if one.lines or one.folded or one.more)
    return replace(head, sections=tuple(sections))


def _filled(section: Section, items: Sequence[_Item]) -> Section:
    is_bare = not (section.lines or section.folded)
    return replace(
        section,
        lines=tuple(item.line for item in items if not item.folded),
        folded=tuple(item.line for item in items if item.folded),
        more=section.more if is_bare or any(item.last for item in items) else 0,
    )


def _continued(head: Card) -> Card:
    """Return the head without what the first card has said."""
    sections = (
        section if section.lines or section.folded else replace(section, more=0)
        for section in head.sections
    )
    return replace(head, text="", picture=None, sections=tuple(sections))


# ---------------------------------------------------------------- what is too long by itself


def _with_room(card: Card) -> Card:
    """Shorten a text that has no room itself; the main button leads to the rest."""
    if _has_room(card, ()):
        return card

    def cut(length: int) -> Card:
        return replace(card, text=shortened(card.text, length))

    most = _most(len(card.text), lambda length: _has_room(cut(length), ()))
    if not most:
        raise ValueError(f"the card {card.title!r} is larger than {BUDGET} bytes without its items")
    return cut(most)


def _shortened(head: Card, item: _Item) -> _Item:
    """Shorten an item that no card has room for, and lead to where the rest of it stands."""
    section, line = head.sections[item.section], item.line
    usable = [url for url in (line.url, section.url) if len(url) <= _LONGEST_LINK]
    url = next(filter(is_https, usable), head.buttons[0].url)

    def cut(length: int) -> _Item:
        short = Line(text=shortened(line.text, length), url=url, note=shortened(line.note, length))
        return replace(item, line=short)

    longest = max(len(line.text), len(line.note))
    return cut(_most(longest, lambda length: _has_room(head, [cut(length)])))
