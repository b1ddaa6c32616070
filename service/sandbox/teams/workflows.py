"""
The Workflows webhook: takes a card with 202 and posts it later, or never.

202 means that the flow was queued, not that anything is posted (graph-facts 1.5).
"""

import random
from collections.abc import Mapping
from datetime import timedelta

import msgspec

from service.sandbox.store import Row, guid
from service.sandbox.teams.channels import say
from service.sandbox.tenant import Tenant
from service.sandbox.wire import Answer, GraphError, Json, fine_stamp

CARD = "application/vnd.microsoft.card.adaptive"
_MOST_BYTES = 28 * 1024
_MOST_DELAY = timedelta(minutes=30)
_SUFFIX = ["triggers", "manual", "paths", "invoke"]


def webhook_url(tenant: Tenant, base: str, workflow: str) -> str:
    signature = tenant.signature(f"workflow/{workflow}")
    return (
        f"{base}/workflows/{workflow}/triggers/manual/paths/invoke"
        f"?api-version=1&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig={signature}"
    )


def receive_webhook(tenant: Tenant, path: str, query: Mapping[str, str], body: bytes) -> Answer:
    """Raises 401 for a wrong signature and 404 for another address."""
    parts = path.strip("/").split("/")
    if parts[2:] != _SUFFIX:
        raise GraphError(404, "NotFound", "The workflow could not be found.")
    workflow = parts[1]
    channel = tenant.workflow_channel(workflow)
    if channel is None:
        raise GraphError(404, "WorkflowNotFound", f"The workflow '{workflow}' could not be found.")
    if query.get("sig") != tenant.signature(f"workflow/{workflow}") or query.get("sv") != "1.0":
        raise GraphError(
            401,
            "DirectApiAuthorizationRequired",
            "The request must be authenticated only by Shared Access scheme.",
        )
    cards = _cards(body)
    number = tenant.store.next_seq()
    if cards:
        delay = random.Random(f"{workflow}/{number}").random() * _MOST_DELAY  # noqa: S311
        tenant.store.insert(
            "queued_posts",
            id=guid("post", workflow, str(number)),
            channel=channel.id,
            due=fine_stamp(tenant.clock.now + delay),
            attachments=msgspec.json.encode(cards).decode(),
        )
    return Answer(status=202)


def _cards(body: bytes) -> list[Json]:
    """The cards of a good envelope; none where the flow would fail inside."""
    if len(body) > _MOST_BYTES:
        return []
    try:
        envelope = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return []
    if not isinstance(envelope, dict) or envelope.get("type") != "message":
        return []
    attachments = envelope.get("attachments")
    if not isinstance(attachments, list) or not attachments:
        return []
    return attachments if all(_is_card(attachment) for attachment in attachments) else []


def _is_card(attachment: object) -> bool:
    if not isinstance(attachment, dict) or attachment.get("contentType") != CARD:
        return False
    content = attachment.get("content")
    return (
        isinstance(content, dict)
        and content.get("type") == "AdaptiveCard"
        and isinstance(content.get("version"), str)
        and isinstance(content.get("body"), list)
        and bool(content["body"])
    )


def post_queued(tenant: Tenant, row: Row) -> None:
    """Puts a queued card into its channel, now."""
    attachments, html = [], ""
    for number, card in enumerate(msgspec.json.decode(row["attachments"])):
        key = guid(row["id"], str(number)).replace("-", "")
        html += f'<attachment id="{key}"></attachment>'
        content = msgspec.json.encode(card["content"]).decode()
        attachments.append(
            {
                "id": key,
                "contentType": CARD,
                "contentUrl": None,
                "content": content,
                "name": None,
                "thumbnailUrl": None,
                "teamsAppId": None,
            }
        )
    flow = guid(tenant.world.tenant_id, "workflows")
    say(tenant, row["channel"], f"bot:{flow}", html, attachments=attachments)
    tenant.store.do("DELETE FROM queued_posts WHERE id = ?", row["id"])
