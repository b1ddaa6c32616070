"""Channels: whether they can be read, and whether what posts to them is there."""

from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

import httpx

from service.graph.bot import DIALECT, Connector
from service.graph.channels import RIGHT
from service.graph.client import Graph
from service.graph.receipts import receipt
from service.graph.translate import About
from service.ports import Receipt


class ChannelProbes:
    def __init__(self, graph: Graph, connector: Connector) -> None:
        self._graph = graph
        self._connector = connector

    async def prove_reading(self, team_id: str, channel_id: str) -> None:
        """
        Read a page of one message. Raises Forbidden without consent, NotFound for a wrong id.

        https://learn.microsoft.com/graph/api/channel-list-messages
        """
        about = About(subject=self._graph.name("channel", channel_id), right=RIGHT)
        channel = f"{quote(team_id)}/channels/{quote(channel_id, safe='')}"
        info = self._graph.at(f"{self._graph.base}/teams/{channel}/messages?$top=1")
        await self._graph.send(info, about)

    async def flow_is_there(self, url: str) -> bool:
        """
        Ask for a flow by GET and without its signature: what answers starts nothing.

        One that was deleted is answered by 404. Raises Unreachable.
        """
        request = self._graph.bare("GET", unsigned(url))
        answer = await self._graph.send_bare(request, About(subject="workflow"))
        return answer.status_code != httpx.codes.NOT_FOUND

    async def prove_bot(self) -> None:
        """Sign in as the bot. Raises SignInRefused, Unreachable, TenantFailed."""
        await self._connector.sign_in()

    async def bot_is_in(self, channel_id: str) -> Receipt:
        """
        Ask as the bot who is in the channel, which only one that is there may.

        https://learn.microsoft.com/microsoftteams/platform/bots/how-to/get-teams-context
        """
        asked = self._connector.exchange("GET", (channel_id, "pagedmembers"))
        return await receipt(asked, DIALECT, self._connector.clock, lambda _: channel_id)


def unsigned(url: str) -> str:
    """Return a flow's address without what makes it the right to post."""
    parts = urlsplit(url)
    kept = [(name, value) for name, value in parse_qsl(parts.query) if name == "api-version"]
    return urlunsplit(parts._replace(query=urlencode(kept), fragment=""))
