"""
Posting by a Workflows flow, to the address that is itself the right to post.

202 means that the flow was started, not that the card is in the channel: that must be
read there. A flow gives no id, and nothing is sent twice from here.
"""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

import httpx
import msgspec

from service.errors import SettingsError, Throttled
from service.graph.client import Graph
from service.graph.policy import THROTTLED, Repeat, asked_wait
from service.graph.receipts import MOST_QUOTED, PAUSE, no_answer, refused
from service.graph.transport import Call, is_loopback
from service.ports import Delivery, Message, Receipt
from service.render.cards import adaptive_card

CARD = "application/vnd.microsoft.card.adaptive"
RETIRED = "logic.azure.com"
"""Host of the addresses that flows had until 2025-11-30. New ones are at api.powerplatform.com."""

_ONCE = Call(repeat=Repeat.NEVER, secret=True)


class WorkflowPoster:
    """Implements `Poster` for one flow."""

    def __init__(self, graph: Graph, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme != "https" and not is_loopback(parts.hostname or ""):
            raise SettingsError(("the workflow's address does not begin with https://",))
        self._graph = graph
        self._url = url

    async def post(self, message: Message) -> Receipt:
        card = adaptive_card(message.card, key=message.key)
        request = self._graph.bare(
            "POST",
            self._url,
            content=envelope(card),
            headers={"Content-Type": "application/json"},
        )
        try:
            response = await self._graph.exchange_bare(request, _ONCE)
        except Throttled as error:
            # A pause of an earlier post still holds: this one was not sent.
            return refused(error.reason, error.until)
        except httpx.TransportError as error:
            return no_answer(error, self._graph.clock.now() + PAUSE)
        return receipt(response, self._graph.clock.now())


def envelope(card: bytes) -> bytes:
    """Wrap a card as the template's trigger wants it; the card's bytes stay as they are."""
    attachment = {"contentType": CARD, "contentUrl": None, "content": msgspec.Raw(card)}
    return msgspec.json.encode({"type": "message", "attachments": [attachment]})


def receipt(response: httpx.Response, now: datetime) -> Receipt:
    """Tell what an answer means."""
    status = response.status_code
    said = f"{status} {response.text[:MOST_QUOTED]}".strip()
    if status in THROTTLED - {503, 509} or (status < 300 and "429" in response.text):
        # The older connectors answered 200 and told of the throttling in words.
        wait = asked_wait(response.headers, now)
        pause = PAUSE if wait is None else timedelta(seconds=wait)
        return refused(said, now + pause)
    if status < 300:
        return Receipt(delivery=Delivery.QUEUED)
    if status >= 500:
        return Receipt(delivery=Delivery.UNKNOWN, reason=said)
    return refused(said)


# https://learn.microsoft.com/troubleshoot/power-platform/power-automate/flow-run-issues/triggers-troubleshoot
def retired(url: str) -> str | None:
    """
    Return what to tell of an address that flows no longer answer at; None of any other.

    The address is used all the same: what Microsoft serves where is theirs to say.
    """
    host = (urlsplit(url).hostname or "").rstrip(".")
    if host != RETIRED and not host.endswith(f".{RETIRED}"):
        return None
    return (
        f"the workflow's address is one at {RETIRED}, at which flows answer no more since "
        "2025-11-30: open the flow in Teams or Power Automate and copy its address anew"
    )
