"""
Draw a card as a mail: the same texts in the same order, and nothing folded, since no mail unfolds.

The page is one column without tables that a telephone fills and a wide window limits. Colours are
the reader's own, light or dark; only the button brings its two along.
"""

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import escape

from service.domain.post import Button, Card, Line, Section, is_https, with_key
from service.ports import Message
from service.render.plain import link, one_line

LONGEST_SUBJECT = 255
"""Characters that Outlook lets a subject have."""
_WIDTH = 72
"""Characters of a line of plain text: it may be quoted twice before it reaches 78 (RFC 5322)."""

_PAGE = (
    "max-width:600px;margin:0 auto;padding:16px;"
    "font-family:'Segoe UI',Arial,sans-serif;font-size:16px;line-height:1.5;"
    "overflow-wrap:anywhere"
)
_QUIET = "margin:0 0 16px;font-size:14px"
_BUTTON = (
    "display:inline-block;padding:12px 24px;border-radius:4px;"
    "background-color:#0f548c;color:#ffffff;font-weight:bold;text-decoration:none"
)
_PICTURE = "display:block;max-width:100%;height:auto;border:0"
# The text's own colour: no blue is legible on both white and black.
_LINK = "color:inherit;text-decoration:underline"


@dataclass(frozen=True)
class Letter:
    """What a mail says; both bodies say the same."""

    subject: str
    html: str
    """A whole page."""
    text: str
    """Lines of at most 72 characters, but for links, ended by a line feed."""


def letter(message: Message) -> Letter:
    """
    Draw a post as a mail, with the key in the main button's link.

    Raises ValueError if no button can carry the key.
    """
    card = message.card
    buttons = tuple(button for button in card.buttons if is_https(button.url))
    if not buttons:
        raise ValueError(f"no https button to carry the key of {card.title!r}")
    main = replace(buttons[0], url=with_key(buttons[0].url, message.key))
    card = replace(card, buttons=(main, *buttons[1:]))
    return Letter(
        subject=_subject(card),
        html="\n".join(_page(card)) + "\n",
        text="\n\n".join(_blocks(card)) + "\n",
    )


def _subject(card: Card) -> str:
    """Put the title first, since a telephone shows no more; the label where it can be whole."""
    title, label = one_line(card.title), one_line(card.label)
    both = f"{title} · {label}" if label else title
    if len(both) <= LONGEST_SUBJECT:
        return both
    return title if len(title) <= LONGEST_SUBJECT else title[: LONGEST_SUBJECT - 1] + "…"


# ---------------------------------------------------------------- HTML


def _page(card: Card) -> Iterator[str]:
    yield "<!DOCTYPE html>"
    yield f'<html lang="{escape(card.language)}">'
    yield '<head>\n<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    # Both names: Apple's and Outlook's readers each know one.
    for name in ("color-scheme", "supported-color-schemes"):
        yield f'<meta name="{name}" content="light dark">'
    yield f"<title>{_html(card.title)}</title>\n</head>"
    yield f'<body style="margin:0;padding:0">\n<div style="{_PAGE}">'
    yield from _head(card)
    for section in card.sections:
        yield from _section(section, card)
    yield from _buttons(card.buttons)
    if card.footer:
        yield '<hr style="margin:24px 0 8px;border:0;border-top:1px solid #888888">'
        yield _block("p", card.footer, _QUIET)
    yield "</div>\n</body>\n</html>"


def _head(card: Card) -> Iterator[str]:
    if card.label:
        yield _block("p", card.label, "margin:0;font-size:14px;font-weight:bold")
    yield _block("h1", card.title, "margin:0 0 4px;font-size:24px;line-height:1.25")
    if card.when_where:
        yield _block("p", card.when_where, "margin:0 0 16px")
    if card.text:
        yield _block("p", card.text, "margin:0 0 16px")
    if card.picture and (source := link(card.picture.url)):
        alt = _html(card.picture.description)
        yield f'<p style="margin:0 0 16px"><img src="{escape(source)}" alt="{alt}" width="568"'
        yield f'  style="{_PICTURE}"></p>'


def _section(section: Section, card: Card) -> Iterator[str]:
    yield _block("h2", section.heading, "margin:24px 0 8px;font-size:18px;line-height:1.3")
    lines = (*section.lines, *section.folded)
    if lines:
        yield '<ul style="margin:0 0 8px;padding-left:20px">'
        yield from map(_item, lines)
        yield "</ul>"
    if section.more:
        more = Line(text=_more(section, card), url=section.url)
        yield f'<p dir="auto" style="margin:0 0 8px">{_linked(more)}</p>'


def _item(line: Line) -> str:
    note = f'<br>\n<span style="font-size:14px">{_html(line.note)}</span>' if line.note else ""
    # Not on the item itself: its mark would be put outside the page.
    shown = f'<span dir="auto">{_linked(line)}</span>'
    return f'<li style="margin:0 0 8px">{shown}{note}</li>'


def _buttons(buttons: tuple[Button, ...]) -> Iterator[str]:
    main, *others = buttons
    yield f'<p style="margin:24px 0 16px">{_anchor(main.label, main.url, _BUTTON)}</p>'
    for button in others:
        yield f'<p style="margin:0 0 16px">{_anchor(button.label, button.url, _LINK)}</p>'


def _linked(line: Line) -> str:
    return _anchor(line.text, line.url, _LINK) if link(line.url) else _html(line.text)


def _anchor(text: str, url: str, style: str) -> str:
    return f'<a href="{escape(link(url))}" style="{style}">{_html(text)}</a>'


def _block(name: str, text: str, style: str) -> str:
    # A title may be in Arabic: each block is set as its own first letters say.
    return f'<{name} dir="auto" style="{style}">{_html(text)}</{name}>'


def _html(text: str) -> str:
    return escape(one_line(text))


def _more(section: Section, card: Card) -> str:
    return card.more.replace("{n}", str(section.more))


# ---------------------------------------------------------------- plain text


def _blocks(card: Card) -> Iterator[str]:
    title = _wrapped(card.title)
    head = (_wrapped(card.label), title, _rule(title, "="), _wrapped(card.when_where))
    yield "\n".join(part for part in head if part)
    if card.text:
        yield _wrapped(card.text)
    if card.picture and (source := link(card.picture.url)):
        yield f"{_wrapped(card.picture.description)}\n{source}"
    for section in card.sections:
        yield "\n".join(_plain_section(section, card))
    for button in card.buttons:
        yield f"{one_line(button.label)}:\n{link(button.url)}"
    if card.footer:
        # Two hyphens and a space: readers take what follows for a signature (RFC 3676).
        yield f"-- \n{_wrapped(card.footer)}"


def _plain_section(section: Section, card: Card) -> Iterator[str]:
    heading = _wrapped(section.heading)
    yield f"{heading}\n{_rule(heading, '-')}"
    for line in (*section.lines, *section.folded):
        yield _wrapped(line.text, first="* ", rest="  ")
        if line.note:
            yield _wrapped(line.note, first="  ", rest="  ")
        if address := link(line.url):
            yield f"  {address}"
    if section.more:
        yield _wrapped(_more(section, card))
        if address := link(section.url):
            yield address


def _wrapped(text: str, *, first: str = "", rest: str = "") -> str:
    """Break at spaces alone: a link, or a word as long as a line, stays whole."""
    return textwrap.fill(
        one_line(text),
        _WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _rule(heading: str, mark: str) -> str:
    return mark * min(_WIDTH, max(map(len, heading.splitlines()), default=0))
