"""
A card drawn with the typed models of `microsoft_teams.cards`.

They take a fifth of a second to import: whoever draws imports this module then. Elements and
properties are those of schema 1.5 (adaptivecards.io/explorer), the newest that Teams shows;
all but `style: heading` are in 1.2, too, so that an older telephone shows the same card.
`msteams` is Teams' own (learn.microsoft.com, "Format cards in Teams", "Types of cards").
"""

import json
import re
from collections.abc import Iterator

from microsoft_teams.cards import (
    ActionSet,
    AdaptiveCard,
    CardElement,
    Container,
    Image,
    OpenUrlAction,
    TeamsCardProperties,
    TextBlock,
    ToggleVisibilityAction,
)

from service.domain.post import Card, Line, Picture, Section, is_https
from service.render.cards.escaping import address, escaped, linked
from service.render.cards.shortening import shortened
from service.render.plain import one_line

_SCHEMA = "http://adaptivecards.io/schemas/adaptive-card.json"
_PICTURE_WIDTH = "320px"
"""Of a phone's card the whole width; on a desktop it leaves the text its place."""
_PHONE_LINE = 48
"""Characters that stand on one line of a card on a phone 390 pixels wide."""
_DOT = " · "
_BETWEEN_PARAGRAPHS = re.compile(r"\n\s*\n")
_FALLBACK = 500
"""Characters of what is shown where no card can be."""


def drawn(card: Card) -> str:
    """Return the card's JSON. Buttons must lead to https addresses."""
    element = AdaptiveCard(
        version="1.5",
        lang=card.language,
        fallback_text=escaped(shortened(_fallback(card), _FALLBACK)),
        msteams=TeamsCardProperties(width="full"),
        body=[*_head(card), *_body(card)],
        actions=[
            OpenUrlAction(
                title=one_line(button.label),
                url=address(button.url),
                style="positive" if place == 0 else None,
            )
            for place, button in enumerate(card.buttons)
        ],
    )
    # The model's own field is written without the sign that makes it a schema's address.
    said = {"$schema": _SCHEMA, **element.model_dump(exclude_none=True)}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def _fallback(card: Card) -> str:
    return ". ".join(part for part in (card.title, card.when_where, card.text) if part)


def _head(card: Card) -> Iterator[CardElement]:
    if card.label:
        yield TextBlock(
            text=escaped(card.label), wrap=True, size="Small", weight="Bolder", color="Accent"
        )
    # Clients that do not know the style take size and weight.
    yield TextBlock(
        text=escaped(card.title),
        wrap=True,
        style="heading",
        size="Large",
        weight="Bolder",
        spacing="None",
    )
    for place, line in enumerate(_short_lines(card.when_where)):
        yield TextBlock(text=escaped(line), wrap=True, spacing="None" if place else "Small")


def _short_lines(when_where: str) -> tuple[str, ...]:
    """Put the place below the time where both would not stand on one line of a phone."""
    when, dot, where = when_where.partition(_DOT)
    if len(when_where) > _PHONE_LINE and dot:
        return when, where
    return (when_where,) if when_where else ()


def _body(card: Card) -> Iterator[CardElement]:
    for paragraph in _BETWEEN_PARAGRAPHS.split(card.text.strip()):
        if paragraph:
            yield TextBlock(text=escaped(paragraph), wrap=True, spacing="Medium")
    if card.picture and is_https(card.picture.url):
        yield _picture(card.picture)
    for place, section in enumerate(card.sections):
        yield from _section(place, section, card)
    if any(section.folded for section in card.sections):
        yield _unfold(card)
    if card.footer:
        yield TextBlock(
            text=escaped(card.footer),
            wrap=True,
            size="Small",
            is_subtle=True,
            spacing="Medium",
            separator=True,
        )


def _picture(picture: Picture) -> Image:
    """Teams takes PNG, JPEG and GIF of at most 1024 × 1024 from an open address, unredirected."""
    return Image(
        url=address(picture.url),
        alt_text=one_line(picture.description),
        width=_PICTURE_WIDTH,
        spacing="Medium",
    )


def _section(place: int, section: Section, card: Card) -> Iterator[CardElement]:
    yield TextBlock(
        text=escaped(section.heading),
        wrap=True,
        style="heading",
        size="Default",
        weight="Bolder",
        spacing="Medium",
    )
    for line in section.lines:
        yield from _line(line, tight=section.tight)
    if section.folded:
        yield from _more(len(section.folded) + section.more, section, card, f"more{place}")
        hidden = [element for line in section.folded for element in _line(line)]
        yield Container(
            id=f"folded{place}",
            is_visible=False,
            spacing="Small",
            items=[*hidden, *_more(section.more, section, card)],
        )
    else:
        yield from _more(section.more, section, card)


def _more(
    count: int, section: Section, card: Card, element_id: str | None = None
) -> Iterator[CardElement]:
    if count:
        said = linked(card.more.replace("{n}", str(count)), section.url)
        yield TextBlock(id=element_id, text=said, wrap=True, is_subtle=True, spacing="Small")


def _line(line: Line, *, tight: bool = False) -> Iterator[CardElement]:
    yield TextBlock(
        text=linked(line.text, line.url), wrap=True, spacing="None" if tight else "Small"
    )
    if line.note:
        yield TextBlock(
            text=escaped(line.note), wrap=True, size="Small", is_subtle=True, spacing="None"
        )


def _unfold(card: Card) -> ActionSet:
    """Show what is folded where it belongs, in place of the words that say how much it is."""
    targets = [
        f"{name}{place}"
        for place, section in enumerate(card.sections)
        if section.folded
        for name in ("more", "folded")
    ]
    toggle = ToggleVisibilityAction(title=one_line(card.unfold), target_elements=targets)
    # On a row of its own: beside the main button it is cut off on a phone.
    return ActionSet(spacing="Medium", actions=[toggle])
