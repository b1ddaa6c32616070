"""A team's channels and what is written in them."""

import re
from datetime import datetime, timedelta
from urllib.parse import quote

import msgspec

from service.sandbox.paging import page
from service.sandbox.shape import expanded
from service.sandbox.store import Row, rows_after
from service.sandbox.tenant import Tenant
from service.sandbox.timeline import Channel
from service.sandbox.wire import (
    Answer,
    Call,
    GraphError,
    Json,
    bad_request,
    fine_stamp,
    moment,
    seal,
    unseal,
)

_PAGE = 20
_MOST = 50
_MOST_REPLIES = 1000
_DELTA_REACH = timedelta(days=243)
"""Delta tells of the last eight months only (graph-facts 2)."""
_SINCE = re.compile(r"^lastmodifieddatetime\s+gt\s+(\S+)$", re.IGNORECASE)


def list_channels(call: Call) -> Answer:
    channels = call.tenant.world.channels
    return page(call, channels, lambda channel: channel_json(call.tenant, channel), _MOST)


def get_channel(call: Call) -> Answer:
    return Answer(body=channel_json(call.tenant, call.tenant.channels[call.names["channel"]]))


def channel_json(tenant: Tenant, channel: Channel) -> Json:
    team, thread = tenant.world.team, quote(channel.id, safe="")
    return {
        "id": channel.id,
        "createdDateTime": fine_stamp(tenant.world.start),
        "displayName": channel.name,
        "description": None,
        "isFavoriteByDefault": None,
        "email": "",
        "tenantId": tenant.world.tenant_id,
        "webUrl": f"https://teams.microsoft.com/l/channel/{thread}/{quote(channel.name)}"
        f"?groupId={team}&tenantId={tenant.world.tenant_id}",
        "membershipType": "standard",
        "isArchived": False,
    }


def list_messages(call: Call) -> Answer:
    """Root messages, the latest reply chain first."""
    rows = call.tenant.store.all(
        "SELECT * FROM messages WHERE channel = ? AND reply_to IS NULL ORDER BY chain_at DESC, id",
        call.names["channel"],
    )
    return page(call, rows, lambda row: _root(call, row), _PAGE, _MOST)


def _root(call: Call, row: Row) -> Json:
    body = message_json(call.tenant, row)
    if "replies" in expanded(call):
        replies = _replies(call.tenant, row)
        body["replies"] = [message_json(call.tenant, r) for r in replies[:_MOST_REPLIES]]
        body["replies@odata.count"] = len(replies)
    return body


def _replies(tenant: Tenant, root: Row) -> list[Row]:
    return tenant.store.all(
        "SELECT * FROM messages WHERE channel = ? AND reply_to = ? ORDER BY id DESC",
        root["channel"],
        root["id"],
    )


def _message(call: Call, name: str) -> Row:
    row = call.tenant.store.one(
        "SELECT * FROM messages WHERE channel = ? AND id = ?",
        call.names["channel"],
        call.names[name],
    )
    if row is None:
        raise GraphError(404, "NotFound", "NotFound")
    return row


def get_message(call: Call) -> Answer:
    return Answer(body=message_json(call.tenant, _message(call, "message")))


def list_replies(call: Call) -> Answer:
    rows = _replies(call.tenant, _message(call, "message"))
    return page(call, rows, lambda row: message_json(call.tenant, row), _PAGE, _MOST)


def messages_delta(call: Call) -> Answer:
    """A reply makes its root come again; replies themselves come only when expanded."""
    held = _held(call)
    size = call.count("$top", int(held.get("top", _PAGE)), _MOST)
    rows, more = rows_after(
        call.tenant.store.all(
            "SELECT * FROM messages WHERE channel = ? AND reply_to IS NULL AND seq > ? "
            "AND chain_at > ? ORDER BY seq LIMIT ?",
            call.names["channel"],
            held["seq"],
            held["since"],
            size + 1,
        ),
        size,
    )
    query = dict(call.query)
    if held.get("replies"):
        query["$expand"] = "replies"
    asked = Call(**{**call.__dict__, "query": query})
    body: Json = {"value": [_root(asked, row) for row in rows]}
    last = {**held, "seq": rows[-1]["seq"] if rows else held["seq"], "top": size}
    if more:
        body["@odata.nextLink"] = call.link(call.path, skiptoken=seal(last))
    else:
        body["@odata.deltaLink"] = call.link(call.path, deltatoken=seal(last))
    return Answer(body=body)


def _held(call: Call) -> Json:
    of = f"{call.tenant.world.tenant_id}/{call.names['channel']}"
    reach = fine_stamp(call.tenant.clock.now - _DELTA_REACH)
    token = call.query.get("$skiptoken") or call.query.get("$deltatoken")
    if token is not None:
        held = unseal(token)
        if held is None or held.get("of") != of:
            raise bad_request("The delta token is not valid.")
        return {**held, "since": max(held["since"], reach)}
    since = reach
    text = call.query.get("$filter")
    if text is not None:
        found = _SINCE.match(text.strip())
        if found is None:
            raise bad_request("Only 'lastModifiedDateTime gt' is supported in the filter.")
        since = max(reach, fine_stamp(moment(found[1])))
    return {"of": of, "seq": 0, "since": since, "replies": "replies" in expanded(call)}


def message_json(tenant: Tenant, row: Row) -> Json:
    world = tenant.world
    root = row["reply_to"] or row["id"]
    return {
        "id": row["id"],
        "replyToId": row["reply_to"],
        "etag": row["id"],
        "messageType": "message",
        "createdDateTime": row["created_at"],
        "lastModifiedDateTime": row["modified_at"],
        "lastEditedDateTime": None,
        "deletedDateTime": None,
        "subject": None if row["reply_to"] else "",
        "summary": None,
        "chatId": None,
        "importance": "normal",
        "locale": "en-us",
        "webUrl": f"https://teams.microsoft.com/l/message/{quote(row['channel'], safe='')}/"
        f"{row['id']}?groupId={world.team}&tenantId={world.tenant_id}"
        f"&createdTime={row['id']}&parentMessageId={root}",
        "policyViolation": None,
        "eventDetail": None,
        "from": _from(tenant, row["author"]),
        "body": {"contentType": "html", "content": row["html"]},
        "channelIdentity": {"teamId": world.team, "channelId": row["channel"]},
        "attachments": msgspec.json.decode(row["attachments"]),
        "mentions": [],
        "reactions": [],
    }


def _from(tenant: Tenant, author: str) -> Json:
    kind, _, name = author.partition(":")
    if kind == "bot":
        application = {
            "@odata.type": "#microsoft.graph.teamworkApplicationIdentity",
            "id": name,
            "displayName": "Workflows",
            "applicationIdentityType": "bot",
        }
        return {"application": application, "device": None, "user": None}
    person = tenant.person(name)
    assert person is not None
    user = {
        "@odata.type": "#microsoft.graph.teamworkUserIdentity",
        "id": person.id,
        "displayName": person.name,
        "userIdentityType": "federatedUser" if person.guest else "aadUser",
        "tenantId": tenant.world.tenant_id,
    }
    return {"application": None, "device": None, "user": user}


def say(  # noqa: PLR0913 - a row of a table
    tenant: Tenant,
    channel: str,
    author: str,
    html: str,
    *,
    key: str | None = None,
    reply_to: str | None = None,
    attachments: list[Json] | None = None,
) -> str:
    """Writes a message at the clock's time; its id is that time in milliseconds, made unique."""
    store = tenant.store
    number = int(tenant.clock.now.timestamp() * 1000)
    while store.one("SELECT 1 FROM messages WHERE channel = ? AND id = ?", channel, str(number)):
        number += 1
    at = fine_stamp(datetime.fromtimestamp(number / 1000, tenant.clock.now.tzinfo))
    store.insert(
        "messages",
        channel=channel,
        id=str(number),
        reply_to=reply_to,
        key=key,
        author=author,
        html=html,
        attachments=msgspec.json.encode(attachments or []).decode(),
        created_at=at,
        modified_at=at,
        chain_at=at,
        seq=store.next_seq(),
    )
    if reply_to is not None:
        store.do(
            "UPDATE messages SET seq = ?, chain_at = ? WHERE channel = ? AND id = ?",
            store.next_seq(),
            at,
            channel,
            reply_to,
        )
    return str(number)
