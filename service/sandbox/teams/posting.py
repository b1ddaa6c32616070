"""
People writing in a channel through Graph: what a message must look like, and what is kept.

Rules of "Send chatMessage in a channel" (graph docs); the errors are Graph's own where one is
known, and otherwise in their manner.
"""

import base64
import binascii
import re

import msgspec

from service.sandbox.store import Row
from service.sandbox.teams import cards, threads
from service.sandbox.teams.channels import channel_of
from service.sandbox.teams.mentions import mentions as mentions_of
from service.sandbox.teams.messages import message_of
from service.sandbox.teams.render_messages import HOSTED, message_json
from service.sandbox.teams.sanitise import Sanitised
from service.sandbox.teams.threads import Draft
from service.sandbox.wire import Answer, Call, GraphError, Json, bad_request, seal

_KNOWN = frozenset(
    {"subject", "importance", "body", "attachments", "mentions", "hostedContents", "locale",
     "summary", "messageType", "policyViolation"}
)  # fmt: skip
_IMPORT_ONLY = frozenset({"createdDateTime", "from"})
_IMPORTANCES = ("normal", "high", "urgent")
_POLICY = frozenset({"dlpAction", "justificationText", "policyTip", "userAction", "verdictDetails"})


def post_message(call: Call) -> Answer:
    """201 with the message as it is kept."""
    return _posted(call, None)


def post_reply(call: Call) -> Answer:
    root = message_of(call)
    if root["deleted_at"] is not None:
        raise GraphError(404, "NotFound", "NotFound")
    return _posted(call, root["id"])


def _posted(call: Call, root: str | None) -> Answer:
    given = call.json()
    _check_names(given)
    draft, body = _draft(call, given, root)
    _check_size(draft)
    row = threads.write(call.tenant, channel_of(call).id, draft)
    _keep_pictures(call, row, _objects(given, "hostedContents"), body)
    row = threads.message(call.tenant, row["channel"], row["id"])
    return Answer(status=201, body=message_json(call, row))


def _check_names(given: Json) -> None:
    for name in given:
        if name in _IMPORT_ONLY:
            raise bad_request(f"'{name}' may only be set when messages are imported.")
        if name not in _KNOWN and "@" not in name:
            raise bad_request(
                f"The property '{name}' does not exist on type 'microsoft.graph.chatMessage'. Make "
                "sure to only use property names that are defined by the type."
            )


def _draft(call: Call, given: Json, root: str | None) -> tuple[Draft, Sanitised]:
    kind, text = _body(given)
    body = Sanitised(text if kind == "html" else "")
    attachments = _attachments(call, _objects(given, "attachments"), body)
    mentions = mentions_of(call, _objects(given, "mentions"), body)
    importance = given.get("importance", "normal")
    if importance not in _IMPORTANCES:
        raise bad_request(f"Requested value '{importance}' was not found.")
    subject = given.get("subject")
    if not isinstance(subject, str | None):
        raise bad_request("Cannot convert a value to target type 'Edm.String'.")
    assert call.person is not None
    draft = Draft(
        author=f"user:{call.person.id}",
        html=body.html if kind == "html" else text,
        reply_to=root,
        attachments=attachments,
        mentions=mentions,
        content_type=kind,
        subject=None if root else subject,
        importance=importance,
    )
    return draft, body


def _objects(given: Json, name: str) -> list[Json]:
    """A property that is a list of objects; refused as OData does where it is not."""
    found = given.get(name)
    if found is None:
        return []
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise bad_request(f"'{name}' must be an array of objects.")
    return found


def _body(given: Json) -> tuple[str, str]:
    body = given.get("body")
    if not isinstance(body, dict) or not isinstance(body.get("content"), str):
        raise bad_request("Missing body content.")
    kind = body.get("contentType", "text")
    if kind not in ("html", "text"):
        raise bad_request(f"Requested value '{kind}' was not found.")
    if not body["content"] and not given.get("attachments"):
        raise bad_request("Missing body content.")
    return kind, body["content"]


def _attachments(call: Call, given: list[Json], body: Sanitised) -> list[Json]:
    ids = [str(one.get("id", "")) for one in given]
    for key in ids:
        if not key or key not in body.attachments:
            raise bad_request(
                f"Body does not contain marker for attachment with Id '{key}'. Add '<attachment "
                f'id="{key}"></attachment>\' to the body.'
            )
    for key in body.attachments:
        if key not in ids:
            raise bad_request(f"Could not find an attachment with Id '{key}' for its marker.")
    return [_attachment(call, one) for one in given]


def _attachment(call: Call, given: Json) -> Json:
    content, kind = given.get("content"), given.get("contentType")
    if content is not None and not isinstance(content, str):
        raise bad_request(
            "An unexpected 'StartObject' node was found when reading from the JSON reader. "
            "A 'PrimitiveValue' node was expected."
        )
    broken = bad_request(f"Failed to process content in attachment with Id '{given.get('id')}'.")
    if kind == cards.CARD:
        try:
            card = cards.checked(call.tenant, msgspec.json.decode(content or ""), by_flow=False)
        except (msgspec.DecodeError, cards.BadCardError) as error:
            raise broken from error
        content = msgspec.json.encode(card).decode()
    elif not isinstance(kind, str) or (
        kind == "reference" and not str(given.get("contentUrl") or "").startswith("https://")
    ):
        raise broken
    return {
        "id": str(given["id"]),
        "contentType": kind,
        "contentUrl": given.get("contentUrl"),
        "content": content,
        "name": given.get("name"),
        "thumbnailUrl": given.get("thumbnailUrl"),
        "teamsAppId": None,
    }


def _check_size(draft: Draft) -> None:
    size = len(draft.html.encode()) + len(msgspec.json.encode(draft.attachments))
    if size + len(msgspec.json.encode(draft.mentions)) > cards.MOST_BYTES:
        raise GraphError(413, "RequestEntityTooLarge", "Request Entity too large")


def _keep_pictures(call: Call, row: Row, given: list[Json], body: Sanitised) -> None:
    """Pictures that came along get an address of their own in the message."""
    html = row["html"]
    where = f"{HOSTED}{call.tenant.world.team}/channels/{row['channel']}/messages/"
    where += f"{row['reply_to']}/replies/{row['id']}" if row["reply_to"] else row["id"]
    for one in given:
        name = str(one.get("@microsoft.graph.temporaryId", ""))
        kind, address = str(one.get("contentType")), f"../hostedContents/{name}/$value"
        try:
            data = base64.b64decode(str(one.get("contentBytes") or ""), validate=True)
        except binascii.Error as error:
            raise bad_request("Cannot convert the literal to the type 'Edm.Binary'.") from error
        if not data or not re.fullmatch(r"image/\w+", kind) or address not in body.pictures:
            raise bad_request(f"The hosted content with temporary Id '{name}' is not used or bad.")
        key = seal({"id": name, "type": 1, "of": row["id"]})
        call.tenant.store.insert(
            "hosted_contents",
            channel=row["channel"],
            message=row["id"],
            id=key,
            blob=call.tenant.blobs.keep(data).id,
            content_type=kind,
        )
        html = html.replace(address, f"{where}/hostedContents/{key}/$value")
    if any(src.startswith("../hosted") for src in Sanitised(html).pictures):
        raise bad_request("The body names hosted content that was not sent.")
    call.tenant.store.do(
        "UPDATE messages SET html = ? WHERE channel = ? AND id = ?", html, row["channel"], row["id"]
    )


def patch_message(call: Call) -> Answer:
    """204. A person changes what they have written; an app may only speak of policies."""
    row, given = message_of(call), call.json()
    if row["deleted_at"] is not None or row["event"] is not None:
        raise GraphError(404, "NotFound", "NotFound")
    if call.person is None:
        _mark(call, row, given)
        return Answer(status=204)
    if row["author"] != f"user:{call.person.id}":
        raise GraphError(403, "Forbidden", "Only the sender of a message may change it.")
    _check_names(given)
    same = {
        "body": {"contentType": row["content_type"], "content": row["html"]},
        "attachments": msgspec.json.decode(row["attachments"]),
        "mentions": msgspec.json.decode(row["mentions"]),
        "importance": row["importance"],
        "subject": row["subject"],
    }
    draft, _ = _draft(call, {**same, **given}, row["reply_to"])
    _check_size(draft)
    threads.edit(
        call.tenant,
        row,
        html=draft.html,
        content_type=draft.content_type,
        attachments=msgspec.json.encode(draft.attachments).decode(),
        mentions=msgspec.json.encode(draft.mentions).decode(),
        importance=draft.importance,
        subject=draft.subject,
    )
    return Answer(status=204)


def _mark(call: Call, row: Row, given: Json) -> None:
    policy = given.get("policyViolation")
    if given.keys() != {"policyViolation"} or not isinstance(policy, dict | None):
        raise GraphError(
            403, "Forbidden", "An application by itself may only change policyViolation."
        )
    if policy is not None and policy.keys() - _POLICY:
        raise bad_request("Invalid policyViolation.")
    threads.mark(call.tenant, row, policy)
