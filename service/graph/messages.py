"""What a channel's messages say: text and links, of people's HTML and of apps' cards."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec
from bs4 import BeautifulSoup

from service.graph.wire import Facet, Identity, Text, Wire, aware
from service.observe import SeenLink, SeenMessage, SeenReaction, SeenReply

ADAPTIVE = "application/vnd.microsoft.card.adaptive"


class Author(Wire):
    user: Identity | None = None
    application: Identity | None = None


class WireCard(Wire):
    content_type: str | None = None
    content: str | None = None


class WireReaction(Wire):
    reaction_type: str | None = None
    user: Author | None = None


class WireMessage(Wire):
    id: str
    created_date_time: datetime | None = None
    deleted_date_time: datetime | None = None
    message_type: str = "message"
    reply_to_id: str | None = None
    author: Author | None = msgspec.field(default=None, name="from")
    body: Text | None = None
    attachments: list[WireCard] = msgspec.field(default_factory=list)
    reactions: list[WireReaction] = msgspec.field(default_factory=list)
    replies: list["WireMessage"] = msgspec.field(default_factory=list)
    more_replies: str | None = msgspec.field(default=None, name="replies@odata.nextLink")
    web_url: str | None = None
    removed: Facet | None = msgspec.field(default=None, name="@removed")

    def gone(self) -> bool:
        return self.removed is not None or self.deleted_date_time is not None


def seen_message(message: WireMessage, replies: list[WireMessage]) -> SeenMessage:
    html = _parsed(message.body)
    cards = list(_cards(message))
    text = html.get_text(" ", strip=True)
    return SeenMessage(
        id=message.id,
        created=_created(message),
        author=_person_id(message.author),
        author_name=_name(message),
        text=text or " ".join(said for card in cards for said in _said(card)),
        links=(*_anchors(html), *(link for card in cards for link in _buttons(card))),
        replies=tuple(
            SeenReply(author=_person_id(reply.author), created=_created(reply))
            for reply in replies
            if not reply.gone() and reply.message_type == "message"
        ),
        url=message.web_url or "",
        reactions=tuple(
            SeenReaction(type=one.reaction_type or "", by=_person_id(one.user))
            for one in message.reactions
        ),
    )


def _created(message: WireMessage) -> datetime:
    # The id is the time in milliseconds, should the time itself be missing.
    if message.created_date_time is not None:
        return aware(message.created_date_time)
    return aware(datetime.fromtimestamp(int(message.id) / 1000, tz=UTC))


def _person_id(author: Author | None) -> str:
    """Empty where an app or a flow wrote, in somebody's name or not."""
    user = author.user if author else None
    return (user and user.id) or ""


def _name(message: WireMessage) -> str:
    if message.author is None:
        return ""
    who = message.author.user or message.author.application
    return (who and who.display_name) or ""


def links_in(body: Text | None) -> tuple[SeenLink, ...]:
    """Return the links that a text gives; of one that is not HTML, none."""
    return tuple(_anchors(_parsed(body)))


def _parsed(body: Text | None) -> BeautifulSoup:
    if body is None or not body.content:
        return BeautifulSoup("", "html.parser")
    # In an element of its own: the parser warns where a text looks like an address.
    content = body.content if body.content_type == "html" else _escaped(body.content)
    return BeautifulSoup(f"<div>{content}</div>", "html.parser")


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _anchors(html: BeautifulSoup) -> Iterator[SeenLink]:
    for anchor in html.find_all("a", href=True):
        url = str(anchor["href"])
        if url.startswith(("https://", "http://")):
            yield SeenLink(title=anchor.get_text(" ", strip=True) or url, url=url)


def _cards(message: WireMessage) -> Iterator[dict[str, Any]]:
    for attachment in message.attachments:
        if attachment.content_type != ADAPTIVE or not attachment.content:
            continue
        try:
            card = msgspec.json.decode(attachment.content)
        except msgspec.DecodeError:
            # Somebody else's card, and not ours to mend: it has no buttons for us.
            continue
        if isinstance(card, dict):
            yield card


def _parts(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        yield part
        for value in part.values():
            yield from _parts(value)
    elif isinstance(part, list):
        for value in part:
            yield from _parts(value)


def _buttons(card: dict[str, Any]) -> Iterator[SeenLink]:
    for part in _parts(card):
        url = part.get("url")
        if part.get("type") == "Action.OpenUrl" and isinstance(url, str):
            yield SeenLink(title=str(part.get("title") or url), url=url)


def _said(card: dict[str, Any]) -> Iterator[str]:
    for part in _parts(card):
        if part.get("type") in {"TextBlock", "TextRun"} and isinstance(part.get("text"), str):
            yield part["text"]
