"""One channel, to read."""

from collections.abc import AsyncIterator

import msgspec

from service.graph.client import Graph, asking
from service.graph.messages import WireMessage, seen_message
from service.graph.sdk import MessagesDeltaQuery
from service.graph.translate import About
from service.graph.wire import Listing
from service.observe import LATELY, Change, Page, SeenMessage

RIGHT = (
    "the app `ChannelMessage.Read.Group` by resource-specific consent in the team, "
    "or set NATVERKET_NETWORK_READ_CHANNEL=false and do without proof of posts"
)
PAGE = 50
_STAMP = "%Y-%m-%dT%H:%M:%SZ"

_messages = msgspec.json.Decoder(Listing[WireMessage])


class GraphMessages:
    """Implements `Messages` for one channel."""

    def __init__(self, graph: Graph, team_id: str, channel_id: str) -> None:
        self._graph = graph
        team = graph.sdk.teams.by_team_id(team_id)
        self._delta = team.channels.by_channel_id(channel_id).messages.delta
        self._about = About(subject=graph.name("channel", channel_id), right=RIGHT)

    async def changes(self, cursor: str | None) -> AsyncIterator[Page[SeenMessage]]:
        if cursor is None:
            # A root message comes without its replies unless they are asked for.
            since = self._graph.clock.now() - LATELY
            query = MessagesDeltaQuery(
                expand=["replies"], top=PAGE, filter=f"lastModifiedDateTime gt {since:{_STAMP}}"
            )
            info = self._delta.to_get_request_information(asking(query))
        else:
            info = self._graph.follow(cursor)
        async for page in self._graph.listing(info, _messages, self._about):
            changes = [change for one in page.value if (change := await self._change(one))]
            yield Page(changes=tuple(changes), cursor=page.delta_link)

    async def _change(self, message: WireMessage) -> Change[SeenMessage] | None:
        if message.gone():
            return Change(id=message.id, value=None)
        if message.reply_to_id or message.message_type != "message":
            # Replies come within their root; the rest are the system's (members, renamings).
            return None
        replies = list(message.replies)
        if message.more_replies:
            more = self._graph.follow(message.more_replies)
            async for page in self._graph.listing(more, _messages, self._about):
                replies += page.value
        return Change(id=message.id, value=seen_message(message, replies))
