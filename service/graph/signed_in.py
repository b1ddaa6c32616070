"""
Posting as the account that has signed in, by Graph itself.

https://learn.microsoft.com/graph/api/channel-post-messages, chatmessage-update and
chatmessage-softdelete. Mentions of tags are known to Graph's beta alone (v1.0's schema has no
`tag` in chatMessageMentionedIdentitySet), so that messages with one are written there.
"""

import html
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

import httpx
import msgspec
from kiota_abstractions.method import Method

from service.domain.post import COMMON
from service.errors import Ambiguous, NotFound
from service.graph.client import Graph
from service.graph.login import CHANGE, READ_TAGS, SEND
from service.graph.policy import Repeat
from service.graph.receipts import Dialect, receipt
from service.graph.translate import About
from service.graph.transport import Call
from service.graph.wire import Listing, WithId
from service.graph.workflow import CARD
from service.ports import Message, Receipt
from service.render.cards import adaptive_card

DIALECT = Dialect(
    remedies={
        "AclCheckFailed": "Add the account to the team, and to the channel if that is a private "
        "or shared one.",
        "permissions on the request": "Let an administrator consent to the delegated permissions "
        f"{SEND} and {CHANGE} for the app; then run `natverket login`.",
        "InvalidAuthenticationToken": "Run `natverket login`.",
        "No team found": "Check NATVERKET_NETWORK_TEAM.",
        "Channel not found": "Check the channel's id, and that nobody deleted the channel.",
    },
    gone=frozenset({"NotFound", "ItemNotFound"}),
)

_ONCE = Call(repeat=Repeat.NEVER)


class Mentioned(StrEnum):
    CHANNEL = "channel"
    TAG = "tag"


@dataclass(frozen=True, kw_only=True)
class Mention:
    """Who is called by name in a post, and so gets a notice of it."""

    kind: Mentioned
    id: str
    name: str


class PersonPoster:
    """
    Implements `Changeable` for one channel. `graph` is signed in as the account.

    `mentions`: who is called by name, by focus group's id; under `common` for all other posts.
    """

    def __init__(
        self,
        graph: Graph,
        team_id: str,
        channel_id: str,
        mentions: Mapping[str, Mention] | None = None,
    ) -> None:
        self._graph = graph
        self._mentions = mentions or {}
        self._messages = _path("teams", team_id, "channels", channel_id, "messages")

    async def post(self, message: Message) -> Receipt:
        asked = self._exchange(Method.POST, self._written(message), self._drawn(message))
        return await receipt(asked, DIALECT, self._graph.clock, _id)

    async def update(self, message_id: str, message: Message) -> Receipt:
        address = self._written(message) + _path(message_id)
        asked = self._exchange(Method.PATCH, address, self._drawn(message))
        return await receipt(asked, DIALECT, self._graph.clock, lambda _: message_id)

    async def withdraw(self, message_id: str) -> Receipt:
        address = self._graph.base + self._messages + _path(message_id, "softDelete")
        asked = self._exchange(Method.POST, address)
        return await receipt(
            asked, DIALECT, self._graph.clock, lambda _: message_id, may_be_gone=True
        )

    def _called(self, message: Message) -> Mention | None:
        """Return whom a post calls by name: its one group, else whoever reads the channel."""
        own = self._mentions.get(message.groups[0]) if len(message.groups) == 1 else None
        return own or self._mentions.get(COMMON)

    def _written(self, message: Message) -> str:
        """Where messages are written."""
        called = self._called(message)
        is_tag = called is not None and called.kind is Mentioned.TAG
        return (self._graph.beta if is_tag else self._graph.base) + self._messages

    async def _exchange(self, method: Method, address: str, json: object = None) -> httpx.Response:
        return await self._graph.exchange(self._graph.at(address, method=method, json=json), _ONCE)

    def _drawn(self, message: Message) -> dict[str, object]:
        # Any GUID will do, if only marker and attachment have the same.
        marker = uuid5(NAMESPACE_URL, message.key).hex
        card = {
            "id": marker,
            "contentType": CARD,
            "contentUrl": None,
            "content": adaptive_card(message.card, key=message.key).decode(),
        }
        called = self._called(message)
        name = f'<at id="0">{html.escape(called.name)}</at>' if called else ""
        text = f'{name}<attachment id="{marker}"></attachment>'
        return {
            "summary": message.card.title,
            "body": {"contentType": "html", "content": text},
            "attachments": [card],
            "mentions": [_mention(called)] if called else [],
        }


class _Tag(WithId):
    display_name: str = ""


_sent = msgspec.json.Decoder(WithId)
_tags = msgspec.json.Decoder(Listing[_Tag])


async def tag_named(graph: Graph, team_id: str, name: str) -> Mention:
    """Find a tag of the team. Raises NotFound, Ambiguous."""
    right = f"the app the delegated permission {READ_TAGS}, and run `natverket login` again"
    about = About(subject=f"tag {name}", right=right)
    info = graph.at(graph.base + _path("teams", team_id, "tags"))
    found = [
        tag
        async for page in graph.listing(info, _tags, about)
        for tag in page.value
        if tag.display_name.casefold() == name.casefold()
    ]
    if not found:
        raise NotFound(
            about.subject, "The team has no such tag.", remedy="Check NATVERKET_NETWORK_TAGS."
        )
    if len(found) > 1:
        raise Ambiguous(about.subject)
    return Mention(kind=Mentioned.TAG, id=found[0].id, name=found[0].display_name)


def _mention(called: Mention) -> dict[str, object]:
    who = {"id": called.id, "displayName": called.name}
    if called.kind is Mentioned.CHANNEL:
        mentioned = {"conversation": {**who, "conversationIdentityType": "channel"}}
    else:
        mentioned = {"tag": who}
    return {"id": 0, "mentionText": called.name, "mentioned": mentioned}


def _id(answer: httpx.Response) -> str:
    try:
        return _sent.decode(answer.content).id
    except msgspec.DecodeError:
        return ""


def _path(*parts: str) -> str:
    return "".join(f"/{quote(part, safe='')}" for part in parts)
