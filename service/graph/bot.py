"""
Posting as a bot, by the Bot Framework's connector.

https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-api-reference
and, for what Teams answers, "Status codes from bot conversational APIs" (Conversation basics).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit

import httpx
import msgspec

from service.errors import SettingsError
from service.graph.auth import TokenSource
from service.graph.client import Graph
from service.graph.policy import Repeat
from service.graph.receipts import Dialect, receipt
from service.graph.transport import Call, is_loopback
from service.graph.wire import Wire
from service.graph.workflow import CARD
from service.ports import Message, Receipt
from service.render.cards import adaptive_card

BOT_URL = "https://smba.trafficmanager.net/teams"
SCOPE = "https://api.botframework.com/.default"

_INSTALL = (
    "The bot is not in the team: install its Teams app there (`natverket teams-app` makes it). "
    "A private channel takes no bots."
)
DIALECT = Dialect(
    remedies={
        "BotNotInConversationRoster": _INSTALL,
        "MessageWritesBlocked": _INSTALL,
        "ForbiddenOperationException": _INSTALL,
        "BotDisabledByAdmin": "Let a Teams administrator allow the app.",
        "BotNotRegistered": "Make an Azure Bot for the bot's app, and turn its Teams channel on.",
        "InvalidBotApiHost": "Set NATVERKET_BOT_URL to the address of the tenant's cloud.",
        "ConversationNotFound": "Check the channel's id, and that nobody deleted the channel.",
        "Authorization has been denied": "Check that the bot's app belongs to this tenant.",
    },
    gone=frozenset({"ActivityNotFoundInConversation", "ConversationNotFound"}),
)

_ONCE = Call(repeat=Repeat.NEVER)


@dataclass(frozen=True, kw_only=True)
class BotSettings:
    url: str = BOT_URL
    """Where the connector is; another in national clouds."""
    client_id: str | None = None
    """App registration of the bot, where it is not the service's own."""
    secret: str | None = field(default=None, repr=False)
    file: Path | None = None
    """Where that secret lies, if in a file."""
    scope: str = SCOPE
    """What its tokens are for; another in national clouds."""


class _Made(Wire):
    id: str = ""
    activity_id: str = ""

    def root(self) -> str:
        """Id of the message that begins the thread, as the channel has it."""
        return self.id.partition(";messageid=")[2] or self.activity_id


_made = msgspec.json.Decoder(_Made)


class Connector:
    """The connector as one bot sees it; the bot's token goes to no other address."""

    def __init__(self, graph: Graph, tokens: TokenSource, *, client_id: str, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme != "https" and not is_loopback(parts.hostname or ""):
            raise SettingsError(("NATVERKET_BOT_URL does not begin with https://",))
        self.clock = graph.clock
        self.bot_id = f"28:{client_id}"
        self._graph = graph
        self._tokens = tokens
        self._url = url.rstrip("/")

    async def exchange(
        self, method: str, path: tuple[str, ...], body: object = None
    ) -> httpx.Response:
        """Send to `/v3/conversations/…`; every status is returned."""
        response, token = await self._send(method, path, body)
        if response.status_code != httpx.codes.UNAUTHORIZED:
            return response
        # Refused at the door, so that nothing was done: once more, with a new token.
        self._tokens.forget(token)
        response, _ = await self._send(method, path, body)
        return response

    async def sign_in(self) -> None:
        """Get a token. Raises SignInRefused, Unreachable, TenantFailed."""
        await self._tokens.token()

    async def _send(
        self, method: str, path: tuple[str, ...], body: object
    ) -> tuple[httpx.Response, str]:
        parts = (quote(part, safe="") for part in ("v3", "conversations", *path))
        address = "/".join((self._url, *parts))
        content = {} if body is None else {"content": msgspec.json.encode(body)}
        headers = {"Content-Type": "application/json"}
        request = self._graph.bare(method, address, headers=headers, **content)
        token = await self._tokens.token()
        return await self._graph.exchange_as(request, token, _ONCE), token

    def close(self) -> None:
        self._tokens.close()


class BotPoster:
    """Implements `Changeable` for one channel."""

    def __init__(self, connector: Connector, channel_id: str) -> None:
        self._connector = connector
        self._channel_id = channel_id

    async def post(self, message: Message) -> Receipt:
        body = {
            "isGroup": True,
            "bot": {"id": self._connector.bot_id},
            "channelData": {"channel": {"id": self._channel_id}},
            "activity": _activity(message),
        }
        asked = self._connector.exchange("POST", (), body)
        return await receipt(asked, DIALECT, self._connector.clock, _root)

    async def update(self, message_id: str, message: Message) -> Receipt:
        asked = self._connector.exchange("PUT", self._at(message_id), _activity(message))
        return await receipt(asked, DIALECT, self._connector.clock, lambda _: message_id)

    async def withdraw(self, message_id: str) -> Receipt:
        asked = self._connector.exchange("DELETE", self._at(message_id))
        return await receipt(
            asked, DIALECT, self._connector.clock, lambda _: message_id, may_be_gone=True
        )

    def _at(self, message_id: str) -> tuple[str, ...]:
        return (f"{self._channel_id};messageid={message_id}", "activities", message_id)


def _activity(message: Message) -> Mapping[str, object]:
    card = msgspec.Raw(adaptive_card(message.card, key=message.key))
    return {
        "type": "message",
        "summary": message.card.title,
        "attachments": [{"contentType": CARD, "content": card}],
    }


def _root(answer: httpx.Response) -> str:
    try:
        return _made.decode(answer.content).root()
    except msgspec.DecodeError:
        return ""
