"""
Incoming Webhooks of the older kind, Office 365 connectors: they post at once, and tell of
throttling inside a 200 (graph-facts 1.5).
"""

import html
from datetime import UTC, datetime

import msgspec

from service.sandbox.knock import Entry, Knock, RefusedError
from service.sandbox.store import guid
from service.sandbox.switches import Switch
from service.sandbox.teams import cards, rates, threads
from service.sandbox.teams.runs import card_attachment, marker
from service.sandbox.teams.threads import Draft
from service.sandbox.tenant import Tenant
from service.sandbox.timeline import Channel
from service.sandbox.wire import Answer, Json

_PREFIX = "/webhookb2/"
_RETIRED = datetime(2026, 5, 1, tzinfo=UTC)
CONNECTORS = Switch(
    name="connectors",
    values=("until 2026-05", "working", "retired"),
    about="Do Incoming Webhook connectors still post? (graph-facts 1.6)",
)
SWITCHES = (CONNECTORS,)
_TEXT = {"Content-Type": "text/plain; charset=utf-8"}


def connector_url(tenant: Tenant, base: str, connector: str) -> str:
    world = tenant.world
    key = tenant.signature(f"connector/{connector}")[:32]
    return f"{base}{_PREFIX}{world.team}@{world.tenant_id}/IncomingWebhook/{key}/{connector}"


def receive_connector(tenant: Tenant, knock: Knock) -> Entry | None:
    """200 with `1`, or with words that tell of a failure. Raises RefusedError."""
    if not knock.path.startswith(_PREFIX):
        return None
    channel = _channel(tenant, knock.path)
    if channel is None:
        raise _plain(404, "Invalid webhook URL")
    if _is_retired(tenant):
        raise _plain(410, "Connectors have been retired.")
    if knock.method != "POST":
        raise _plain(405, "Method not allowed.")
    if len(knock.body) > cards.MOST_BYTES:
        raise _plain(
            413,
            "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP "
            "error 413.",
        )
    draft = _draft(tenant, channel, knock.body)
    if rates.spend(tenant, f"connector/{channel.connector}", rates.CONNECTOR) is not None:
        said = (
            "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP "
            f"error 429 with ContextId {guid('tcid', tenant.clock.text)}."
        )
        return Entry(answer=Answer(raw=said.encode(), headers=_TEXT), app="connector")
    threads.write(tenant, channel.id, draft)
    return Entry(answer=Answer(raw=b"1", headers=_TEXT), app="connector", wrote=True)


def _channel(tenant: Tenant, path: str) -> Channel | None:
    for channel in tenant.world.channels:
        if channel.connector and connector_url(tenant, "", channel.connector) == path:
            return channel
    return None


def _is_retired(tenant: Tenant) -> bool:
    answer = CONNECTORS.read(tenant)
    return answer == "retired" or (answer != "working" and tenant.clock.now >= _RETIRED)


def _draft(tenant: Tenant, channel: Channel, body: bytes) -> Draft:
    author = f"bot:{guid(tenant.world.tenant_id, 'connectors')}"
    try:
        sent = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _plain(400, "Bad payload received by generic incoming webhook.") from error
    if not isinstance(sent, dict):
        raise _plain(400, "Bad payload received by generic incoming webhook.")
    attachments = sent.get("attachments")
    if sent.get("type") == "message" and isinstance(attachments, list) and attachments:
        return _cards(tenant, channel, author, attachments)
    text = sent.get("text") or sent.get("summary")
    if not isinstance(text, str) or not text:
        raise _plain(400, "Summary or Text is required.")
    title = sent.get("title")
    head = f"<h3>{html.escape(title)}</h3>" if isinstance(title, str) else ""
    return Draft(author=author, html=f"{head}<p>{html.escape(text)}</p>")


def _cards(tenant: Tenant, channel: Channel, author: str, sent: list[object]) -> Draft:
    written: list[Json] = []
    for number, attachment in enumerate(sent):
        content = attachment.get("content") if isinstance(attachment, dict) else None
        try:
            card = cards.checked(tenant, content, by_flow=True)
        except cards.BadCardError as error:
            raise _plain(400, "Bad payload received by generic incoming webhook.") from error
        key = guid("connector", channel.id, tenant.clock.text, str(number)).replace("-", "")
        written.append(card_attachment(key, card))
    markers = "".join(marker(one["id"]) for one in written)
    return Draft(author=author, html=markers, attachments=written)


def _plain(status: int, text: str) -> RefusedError:
    """A connector speaks plain text."""
    error = RefusedError(status, {})
    error.answer = Answer(status=status, raw=text.encode(), headers=_TEXT)
    return error
