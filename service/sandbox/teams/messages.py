"""Reading what is written in a channel."""

import re
from datetime import timedelta

from service.sandbox.paging import page
from service.sandbox.shape import expanded
from service.sandbox.store import Row, rows_after
from service.sandbox.teams import threads
from service.sandbox.teams.render_messages import message_json
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


def list_messages(call: Call) -> Answer:
    """Root messages, the latest reply chain first."""
    rows = call.tenant.store.all(
        "SELECT * FROM messages WHERE channel = ? AND reply_to IS NULL ORDER BY chain_at DESC, id",
        call.names["channel"],
    )
    wanted = "replies" in expanded(call)
    return page(call, rows, lambda row: _root(call, row, with_replies=wanted), _PAGE, _MOST)


def _root(call: Call, row: Row, *, with_replies: bool) -> Json:
    body = message_json(call, row)
    if with_replies:
        replies = _replies(call, row)
        body["replies"] = [message_json(call, r) for r in replies[:_MOST_REPLIES]]
        body["replies@odata.count"] = len(replies)
        if len(replies) > _MOST_REPLIES:
            path = f"/v1.0/teams/{call.names['team']}/channels/{row['channel']}/messages"
            body["replies@odata.nextLink"] = call.link(
                f"{path}/{row['id']}/replies", skiptoken=seal({"start": _MOST_REPLIES})
            )
    return body


def _replies(call: Call, root: Row) -> list[Row]:
    """The latest first."""
    return call.tenant.store.all(
        "SELECT * FROM messages WHERE channel = ? AND reply_to = ? ORDER BY id DESC",
        root["channel"],
        root["id"],
    )


def message_of(call: Call) -> Row:
    """The message in the path: the reply where one is named, else the root."""
    root = threads.found(call.tenant, call.names["channel"], call.names["message"])
    if root is None:
        raise _gone()
    if "reply" not in call.names:
        return root
    reply = threads.found(call.tenant, call.names["channel"], call.names["reply"])
    if reply is None or reply["reply_to"] != root["id"]:
        raise _gone()
    return reply


def _gone() -> GraphError:
    return GraphError(404, "NotFound", "NotFound")


def get_message(call: Call) -> Answer:
    return Answer(body=message_json(call, message_of(call)))


def list_replies(call: Call) -> Answer:
    rows = _replies(call, message_of(call))
    return page(call, rows, lambda row: message_json(call, row), _PAGE, _MOST)


def hosted_content(call: Call) -> Answer:
    """A picture that lies in the message itself. What was deleted shows it no more."""
    message = message_of(call)
    row = call.tenant.store.one(
        "SELECT * FROM hosted_contents WHERE channel = ? AND message = ? AND id = ?",
        message["channel"],
        message["id"],
        call.names["content"],
    )
    if row is None or message["deleted_at"] is not None:
        raise _gone()
    data = call.tenant.blobs.read(row["blob"])
    return Answer(raw=data, headers={"Content-Type": row["content_type"]})


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
    wanted = bool(held.get("replies"))
    body: Json = {"value": [_root(call, row, with_replies=wanted) for row in rows]}
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
