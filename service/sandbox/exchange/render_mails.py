"""Mails as Graph writes them."""

import base64
from urllib.parse import quote

import msgspec

from service.sandbox.exchange.render_events import body_json, preview
from service.sandbox.store import Row
from service.sandbox.tenant import Tenant
from service.sandbox.wire import Call, Json


def mail_id(call: Call, row: Row) -> str:
    stable = (call.prefers("IdType") or "").casefold() == "immutableid"
    return str(row["immutable_id"] if stable else row["id"])


def mail_json(call: Call, row: Row) -> Json:
    tenant = call.tenant
    key = base64.b64encode(row["seq"].to_bytes(8, "big")).decode()
    recipients = msgspec.json.decode(row["recipients"])
    sender = recipient_json(tenant, {"address": row["sender"]})
    html = row["body_type"] == "html"
    return {
        "@odata.etag": f'W/"{key}"',
        "id": mail_id(call, row),
        "createdDateTime": row["created_at"],
        "lastModifiedDateTime": row["modified_at"],
        "changeKey": key,
        "categories": msgspec.json.decode(row["categories"]),
        "receivedDateTime": row["received_at"],
        "sentDateTime": row["sent_at"],
        "hasAttachments": _has_attachments(tenant, row),
        "internetMessageId": row["internet_id"],
        "subject": row["subject"],
        "bodyPreview": preview(row["body"]),
        "importance": row["importance"],
        "parentFolderId": row["folder"],
        "conversationId": row["conversation"],
        "conversationIndex": base64.b64encode(row["conversation"].encode()[:22]).decode(),
        "isDeliveryReceiptRequested": False,
        "isReadReceiptRequested": False,
        "isRead": bool(row["read"]),
        "isDraft": bool(row["draft"]),
        "webLink": f"https://outlook.office365.com/owa/?ItemID={quote(row['id'])}&exvsurl=1",
        "inferenceClassification": "focused",
        "body": body_json(call, row["body"])
        if html
        else {"contentType": "text", "content": row["body"]},
        "sender": sender,
        "from": sender,
        **{
            name: [recipient_json(tenant, entry) for entry in recipients.get(name, ())]
            for name in ("toRecipients", "ccRecipients", "bccRecipients", "replyTo")
        },
        "flag": {"flagStatus": "notFlagged"},
    }


def recipient_json(tenant: Tenant, entry: Json) -> Json:
    address = entry["address"]
    person = tenant.person(address)
    name = entry.get("name") or (person.name if person else address)
    return {"emailAddress": {"name": name, "address": address}}


def _has_attachments(tenant: Tenant, row: Row) -> bool:
    found = tenant.store.value(
        "SELECT 1 FROM attachments WHERE event = ? AND inline = 0 LIMIT 1", row["id"]
    )
    return found is not None
