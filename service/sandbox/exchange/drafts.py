"""Mail that is written: drafts, what is attached to them, sending."""

import base64
from collections.abc import Sequence

import msgspec

from service.sandbox.exchange import mails
from service.sandbox.exchange.attachments import add_attachment, attachment_json
from service.sandbox.exchange.mail_folders import folder_by, folder_of, well_known
from service.sandbox.exchange.mailboxes import mailbox_of
from service.sandbox.exchange.mails import Letter
from service.sandbox.exchange.messages import message_of
from service.sandbox.exchange.mime import is_mime, message_in
from service.sandbox.exchange.render_mails import mail_json
from service.sandbox.exchange.sending import check_sender, check_size, deliver
from service.sandbox.store import Row
from service.sandbox.wire import Answer, Call, GraphError, Json, bad_request

_MOST_BODY = 4 * 1024 * 1024
_PLACES = ("toRecipients", "ccRecipients", "bccRecipients", "replyTo")
_WRITABLE = frozenset(
    {
        *_PLACES,
        "subject",
        "body",
        "importance",
        "categories",
        "from",
        "sender",
        "attachments",
        "isRead",
        "isDeliveryReceiptRequested",
        "isReadReceiptRequested",
        "flag",
        "inferenceClassification",
        "internetMessageHeaders",
        "internetMessageId",
        "@odata.type",
    }
)
_MOST_HEADERS = 5
_AFTER_SENDING = frozenset({"isRead", "categories", "flag", "inferenceClassification"})
_FILE = "#microsoft.graph.fileattachment"


def _json(call: Call) -> Json:
    _check_request(call)
    return call.json()


def _mime(call: Call) -> Json:
    _check_request(call)
    return message_in(call)


def _check_request(call: Call) -> None:
    """The request itself may have 4 MB (microsoft-graph-docs#11805)."""
    if len(call.body) > _MOST_BODY:
        raise GraphError(413, "BadRequest", "The maximum request length supported is 4MB.")


def _checked(message: Json) -> Json:
    for name in message:
        if name not in _WRITABLE:
            raise bad_request(
                f"The property '{name}' does not exist on type 'microsoft.graph.message'. Make "
                "sure to only use property names that are defined by the type or mark the type "
                "as open type.",
                "RequestBodyRead",
            )
    _check_headers(message.get("internetMessageHeaders") or [])
    return message


def _check_headers(headers: Sequence[Json]) -> None:
    """Few, and none of those that are the service's own (msgraph-sdk-dotnet#2105)."""
    for header in headers:
        if not str(header.get("name")).casefold().startswith("x-"):
            raise bad_request(
                f"The internet message header name '{header.get('name')}' should start with 'x-' "
                "or 'X-'.",
                "InvalidInternetMessageHeader",
            )
    if len(headers) > _MOST_HEADERS:
        raise bad_request(
            "Maximum number of headers in one message should be less than or equal to "
            f"{_MOST_HEADERS}.",
            "InvalidInternetMessageHeaderCollection",
        )


def _letter(call: Call, message: Json, before: Row | None = None) -> Letter:
    """What the message says, over what the draft said before."""
    tenant, mailbox = call.tenant, mailbox_of(call)
    owner = tenant.person(mailbox)
    assert owner is not None
    check_sender(owner, message)
    said = msgspec.json.decode(before["recipients"]) if before else {}
    body = message.get("body") or {}
    return Letter(
        subject=str(message.get("subject", before["subject"] if before else "") or ""),
        body=str(body.get("content", before["body"] if before else "") or ""),
        body_type=str(body.get("contentType", before["body_type"] if before else "text")),
        sender=owner.mail,
        recipients={
            name: _addresses(message[name]) if name in message else said.get(name, [])
            for name in _PLACES
        },
        importance=str(message.get("importance", before["importance"] if before else "normal")),
        categories=tuple(
            message.get("categories", msgspec.json.decode(before["categories"]) if before else ())
        ),
    )


def _addresses(given: object) -> Sequence[Json]:
    if not isinstance(given, list):
        raise bad_request("Unable to read JSON request payload.", "RequestBodyRead")
    found = []
    for entry in given:
        email = entry.get("emailAddress") if isinstance(entry, dict) else None
        if not isinstance(email, dict):
            raise bad_request("Unable to read JSON request payload.", "RequestBodyRead")
        found.append({"address": str(email.get("address") or ""), "name": email.get("name")})
    return found


def create_draft(call: Call) -> Answer:
    """In the folder of the path, else among the drafts."""
    message = _mime(call) if is_mime(call) else _checked(_json(call))
    mailbox = mailbox_of(call)
    folder = (
        folder_of(call) if "folder" in call.names else well_known(call.tenant, mailbox, "drafts")
    )
    row = mails.keep(call.tenant, mailbox, folder, _letter(call, message), draft=True, read=True)
    _attach_all(call, row, message)
    return Answer(status=201, body=mail_json(call, row))


def patch_message(call: Call) -> Answer:
    row, message = message_of(call), _checked(_json(call))
    values: Json = {}
    if "isRead" in message:
        values["read"] = int(bool(message["isRead"]))
    if "categories" in message:
        values["categories"] = _text(message["categories"])
    if row["draft"]:
        letter = _letter(call, message, row)
        values |= {
            "subject": letter.subject,
            "body": letter.body,
            "body_type": letter.body_type.casefold(),
            "recipients": _text(letter.recipients),
            "importance": letter.importance,
        }
    elif message.keys() - _AFTER_SENDING - {"@odata.type"}:
        raise bad_request(
            "Update operation is invalid for property of a sent message.",
            "ErrorInvalidPropertyUpdateSentMessage",
        )
    return Answer(body=mail_json(call, mails.touch(call.tenant, row, **values)))


def _text(value: object) -> str:
    return msgspec.json.encode(value).decode()


def delete_message(call: Call) -> Answer:
    """To the deleted items; from there for good."""
    row = message_of(call)
    bin_ = well_known(call.tenant, row["mailbox"], "deleteditems")
    if row["folder"] == bin_:
        mails.delete(call.tenant, row)
    else:
        mails.move(call.tenant, row, bin_)
    return Answer(status=204)


def move_message(call: Call) -> Answer:
    row, body = message_of(call), _json(call)
    folder = folder_by(call, str(body.get("destinationId") or body.get("DestinationId") or ""))
    return Answer(status=201, body=mail_json(call, mails.move(call.tenant, row, folder)))


# ---------------------------------------------------------------- attachments


def add_file(call: Call) -> Answer:
    row = draft_of(call)
    added = _attach(call, row, _json(call))
    return Answer(status=201, body=attachment_json(call, added))


def draft_of(call: Call) -> Row:
    row = message_of(call)
    if not row["draft"]:
        raise bad_request(
            "The operation can be performed only on a draft message.", "ErrorInvalidOperation"
        )
    return row


def remove_file(call: Call) -> Answer:
    row = draft_of(call)
    gone = call.tenant.store.do(
        "DELETE FROM attachments WHERE id = ? AND event = ?", call.names["attachment"], row["id"]
    )
    if not gone:
        raise GraphError(
            404, "ErrorInvalidAttachmentId", "The attachment cannot be found in the store."
        )
    return Answer(status=204)


def _attach_all(call: Call, row: Row, message: Json) -> None:
    for given in message.get("attachments") or []:
        _attach(call, row, given)


def _attach(call: Call, row: Row, given: Json) -> Row:
    kind = str(given.get("@odata.type") or "")
    if kind.casefold() != _FILE or not given.get("name"):
        raise bad_request(
            "Cannot create an abstract class: an attachment needs the type "
            f"#microsoft.graph.fileAttachment and a name. Found: '{kind}'.",
            "RequestBodyRead",
        )
    try:
        data = base64.b64decode(str(given.get("contentBytes") or ""), validate=True)
    except ValueError as error:
        raise bad_request(
            "Cannot convert the literal to the expected type 'Edm.Binary'.", "RequestBodyRead"
        ) from error
    check_size(call.tenant, row["id"], len(data))
    return add_attachment(
        call.tenant,
        row["id"],
        str(given["name"]),
        call.tenant.blobs.keep(data),
        content_type=str(given.get("contentType") or "application/octet-stream"),
        inline=bool(given.get("isInline")),
        content_id=given.get("contentId"),
    )


# ---------------------------------------------------------------- sending


def send_mail(call: Call) -> Answer:
    """202: taken, not delivered. A copy among the sent items unless it is not wanted."""
    message, save = (_mime(call), True) if is_mime(call) else _asked(call)
    mailbox = mailbox_of(call)
    letter = _letter(call, message)
    drafts = well_known(call.tenant, mailbox, "drafts")
    row = mails.keep(call.tenant, mailbox, drafts, letter, draft=True, read=True)
    _attach_all(call, row, message)
    deliver(call.tenant, row, save=save)
    return Answer(status=202)


def _asked(call: Call) -> tuple[Json, bool]:
    """The message, and whether a copy is to be kept."""
    given = {name[:1].lower() + name[1:]: value for name, value in _json(call).items()}
    message = given.get("message")
    if not isinstance(message, dict):
        raise bad_request(
            "The value of the parameter 'Message' is required.", "ErrorInvalidRequest"
        )
    return _checked(message), given.get("saveToSentItems") is not False


def send_draft(call: Call) -> Answer:
    deliver(call.tenant, draft_of(call), save=True)
    return Answer(status=202)
