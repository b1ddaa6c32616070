"""A message as Graph shows it."""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import quote

import msgspec

from service.sandbox.entra.directory import shown_name
from service.sandbox.store import Row
from service.sandbox.teams.channels import UNKNOWN_ENUMS
from service.sandbox.tenant import Tenant
from service.sandbox.wire import Call, Json

HOSTED = "https://graph.microsoft.com/v1.0/teams/"
"""Where a message's pictures are said to lie; told with the host that was asked."""
_NAMES = {
    "👍": "Like", "❤️": "Heart", "😆": "Laugh", "😮": "Surprised", "😢": "Sad", "😡": "Angry",
}  # fmt: skip


def message_json(call: Call, row: Row) -> Json:
    tenant = call.tenant
    world = tenant.world
    root = row["reply_to"] or row["id"]
    event = msgspec.json.decode(row["event"]) if row["event"] else None
    return {
        "id": row["id"],
        "replyToId": row["reply_to"],
        "etag": row["id"] if row["modified_at"] == row["created_at"] else _etag(row),
        "messageType": "message" if event is None else _system(call),
        "createdDateTime": row["created_at"],
        "lastModifiedDateTime": row["modified_at"],
        "lastEditedDateTime": row["edited_at"],
        "deletedDateTime": row["deleted_at"],
        "subject": row["subject"] if row["reply_to"] or event else row["subject"] or "",
        "summary": None,
        "chatId": None,
        "importance": row["importance"],
        "locale": "en-us",
        "webUrl": f"https://teams.microsoft.com/l/message/{quote(row['channel'], safe='')}/"
        f"{row['id']}?groupId={world.team}&tenantId={world.tenant_id}"
        f"&createdTime={row['id']}&parentMessageId={root}",
        "policyViolation": msgspec.json.decode(row["policy"]) if row["policy"] else None,
        "eventDetail": event,
        "from": None if event else from_json(tenant, row["author"]),
        "body": {
            "contentType": row["content_type"],
            "content": row["html"].replace(HOSTED, f"{call.base}/v1.0/teams/"),
        },
        "channelIdentity": {"teamId": world.team, "channelId": row["channel"]},
        "attachments": msgspec.json.decode(row["attachments"]),
        "mentions": [_shown(call, one) for one in msgspec.json.decode(row["mentions"])],
        "reactions": [_reaction(r) for r in msgspec.json.decode(row["reactions"])],
    }


def in_beta(call: Call) -> bool:
    return call.path.startswith("/beta/")


def _shown(call: Call, mention: Json) -> Json:
    """A mention of a tag is there in v1.0 too, but v1.0 has no name for what it mentions."""
    if in_beta(call):
        return mention
    mentioned = {kind: who for kind, who in mention["mentioned"].items() if kind != "tag"}
    return {**mention, "mentioned": mentioned}


def _etag(row: Row) -> str:
    """The time of the last change in milliseconds: a number like the id."""
    return str(round(datetime.fromisoformat(row["modified_at"]).timestamp() * 1000))


def _system(call: Call) -> str:
    """Added to the enumeration after it was published (graph-facts 2)."""
    known = call.prefers(UNKNOWN_ENUMS) is not None
    return "systemEventMessage" if known else "unknownFutureValue"


def from_json(tenant: Tenant, author: str) -> Json:
    kind, _, name = author.partition(":")
    if kind == "bot":
        app = tenant.apps.get(name)
        application = {
            "@odata.type": "#microsoft.graph.teamworkApplicationIdentity",
            "id": name,
            "displayName": app.name if app else "Workflows",
            "applicationIdentityType": "bot",
        }
        return {"application": application, "device": None, "user": None}
    return {"application": None, "device": None, "user": user_json(tenant, name)}


def user_json(tenant: Tenant, name: str) -> Json:
    person = tenant.person(name)
    assert person is not None
    return {
        "@odata.type": "#microsoft.graph.teamworkUserIdentity",
        "id": person.id,
        "displayName": shown_name(tenant, person),
        "userIdentityType": "federatedUser" if person.guest else "aadUser",
        "tenantId": tenant.world.tenant_id,
    }


def mention_json(tenant: Tenant, number: int, name: str) -> Json:
    """Of a person; raises ValueError for nobody."""
    person = tenant.person(name)
    if person is None:
        raise ValueError(f"There is no {name} to be mentioned.")
    mentioned = {
        "application": None,
        "device": None,
        "conversation": None,
        "user": {
            "@odata.type": "#microsoft.graph.teamworkUserIdentity",
            "id": person.id,
            "displayName": shown_name(tenant, person),
            "userIdentityType": "aadUser",
        },
    }
    return {"id": number, "mentionText": person.name, "mentioned": mentioned}


def _reaction(held: Mapping[str, str]) -> Json:
    user = {
        "@odata.type": "#microsoft.graph.teamworkUserIdentity",
        "id": held["by"],
        "displayName": None,
        "userIdentityType": "aadUser",
    }
    return {
        "reactionType": held["type"],
        "displayName": _NAMES.get(held["type"]),
        "reactionContentUrl": None,
        "createdDateTime": held["at"],
        "user": {"application": None, "device": None, "user": user},
    }
