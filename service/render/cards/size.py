"""What a card weighs as it is sent, and the card as the transports take it."""

import json
from dataclasses import replace

from service.domain.post import Card, is_https, with_key

BUDGET = 20_000
"""Bytes of a message as sent; Teams has refused 28,000, and a card of 24,453 (settled 33)."""

_ENVELOPE = 1_000
"""Bytes at most of what is round a card: the longest is a bot's activity, or Graph's mentions."""


def adaptive_card(card: Card, *, key: str) -> bytes:
    """
    Draw a card as UTF-8 JSON, with the key in the main button's link.

    Raises ValueError if no button can carry the key, or if the card is over the budget: it is
    to be split by `parts` before.
    """
    drawn = draw(card, key=key)
    if size_as_sent(drawn) > BUDGET:
        raise ValueError(f"the card {card.title!r} is larger than {BUDGET} bytes: split it first")
    return drawn.encode()


def draw(card: Card, *, key: str) -> str:
    """Draw a card of any size. Raises ValueError if no button can carry the key."""
    from service.render.cards.drawing import drawn  # noqa: PLC0415 - of a slow library, as said

    buttons = tuple(button for button in card.buttons if is_https(button.url))
    if not buttons:
        raise ValueError(f"no https button to carry the key of {card.title!r}")
    main = replace(buttons[0], url=with_key(buttons[0].url, key))
    return drawn(replace(card, buttons=(main, *buttons[1:])))


def size_as_sent(drawn: str) -> int:
    """Return the bytes of the message; Graph takes a card as a string, with quotes escaped."""
    return len(json.dumps(drawn, ensure_ascii=False).encode()) + _ENVELOPE
