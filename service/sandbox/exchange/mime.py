"""
Mails that come as MIME: base64 in a body that calls itself text/plain.

Read into what the same mail would be as JSON. One body is kept, HTML before plain text, as
Exchange does (MS-OXCMAIL); blind copies are taken from the header.
https://learn.microsoft.com/graph/outlook-send-mime-message
"""

import base64
import binascii
from email import message_from_bytes, policy
from email.message import EmailMessage

from service.sandbox.wire import Call, Json, bad_request

_PLACES = {"to": "toRecipients", "cc": "ccRecipients", "bcc": "bccRecipients"}


def is_mime(call: Call) -> bool:
    return call.headers.get("content-type", "").partition(";")[0].strip() == "text/plain"


def message_in(call: Call) -> Json:
    """Raises GraphError for what is no base64."""
    try:
        data = base64.b64decode(b"".join(call.body.split()), validate=True)
    except binascii.Error as error:
        raise bad_request(
            "Invalid base64 string for MIME content.", "ErrorMimeContentInvalidBase64String"
        ) from error
    mail = message_from_bytes(data, policy=policy.default)
    message: Json = {
        "subject": str(mail.get("subject", "")),
        "body": _body(mail),
        "attachments": [_file(part) for part in mail.iter_attachments()],
        **{place: _addresses(mail, name) for name, place in _PLACES.items()},
    }
    if sender := _addresses(mail, "from"):
        message["from"] = sender[0]
    return message


def _body(mail: EmailMessage) -> Json:
    part = mail.get_body(("html", "plain"))
    if part is None:
        return {"contentType": "text", "content": ""}
    kind = "html" if part.get_content_subtype() == "html" else "text"
    return {"contentType": kind, "content": str(part.get_content())}


def _addresses(mail: EmailMessage, name: str) -> list[Json]:
    header = mail.get(name)
    return [
        {"emailAddress": {"address": one.addr_spec, "name": one.display_name or one.addr_spec}}
        for one in (header.addresses if header else ())
    ]


def _file(part: EmailMessage) -> Json:
    data = part.get_payload(decode=True)
    return {
        "@odata.type": "#microsoft.graph.fileAttachment",
        "name": part.get_filename() or "ATT00001",
        "contentType": part.get_content_type(),
        "contentBytes": base64.b64encode(data if isinstance(data, bytes) else b"").decode(),
        "isInline": part.get_content_disposition() == "inline",
    }
