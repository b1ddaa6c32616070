"""What is attached to events and mails: files, other items, links to files in the cloud."""

import base64

import msgspec

from service.sandbox.exchange.ids import outlook_id
from service.sandbox.exchange.mailboxes import not_in_store
from service.sandbox.exchange.render_events import owner_of_files
from service.sandbox.paging import page
from service.sandbox.shape import expansions
from service.sandbox.sharepoint.blobs import Blob
from service.sandbox.store import Row
from service.sandbox.tenant import Tenant
from service.sandbox.wire import Answer, Call, GraphError, Json

_PAGE = 1000
_KINDS = {"file": "fileAttachment", "item": "itemAttachment", "reference": "referenceAttachment"}
_ITEM = "microsoft.graph.itemattachment/item"


def add_attachment(  # noqa: PLR0913 - a row of a table
    tenant: Tenant,
    owner: str,
    name: str,
    blob: Blob,
    *,
    kind: str = "file",
    content_type: str | None = None,
    inline: bool = False,
    content_id: str | None = None,
    item: Json | None = None,
) -> Row:
    key = outlook_id(tenant, "attachment", owner, str(tenant.store.next_seq()))
    tenant.store.insert(
        "attachments",
        id=key,
        event=owner,
        kind=kind,
        name=name,
        content_type=content_type,
        size=blob.size,
        blob=blob.id,
        inline=int(inline),
        content_id=content_id or (key[-12:] if inline else None),
        item=None if item is None else msgspec.json.encode(item).decode(),
        modified_at=tenant.clock.text,
    )
    row = tenant.store.one("SELECT * FROM attachments WHERE id = ?", key)
    assert row is not None
    return row


def attachment_rows(tenant: Tenant, event: Row) -> list[Row]:
    return rows_of(tenant, owner_of_files(event))


def rows_of(tenant: Tenant, owner: str) -> list[Row]:
    return tenant.store.all("SELECT * FROM attachments WHERE event = ? ORDER BY rowid", owner)


def list_rows(call: Call, owner: str) -> Answer:
    rows = rows_of(call.tenant, owner)
    return page(call, rows, lambda row: attachment_json(call, row), _PAGE)


def row_of(call: Call, owner: str) -> Row:
    row = call.tenant.store.one(
        "SELECT * FROM attachments WHERE id = ? AND event = ?", call.names["attachment"], owner
    )
    if row is None:
        raise not_in_store()
    return row


def attachment_json(call: Call, row: Row) -> Json:
    body: Json = {
        "@odata.type": f"#microsoft.graph.{_KINDS[row['kind']]}",
        "id": row["id"],
        "lastModifiedDateTime": row["modified_at"],
        "name": row["name"],
        "contentType": row["content_type"],
        "size": row["size"],
        "isInline": bool(row["inline"]),
    }
    if row["kind"] == "file":
        body["@odata.mediaContentType"] = row["content_type"]
        body["contentId"] = row["content_id"]
        body["contentLocation"] = None
        # Reading the bytes is what makes the plain list dear, here as there.
        wanted = call.query.get("$select")
        if wanted is None or "contentBytes" in wanted:
            body["contentBytes"] = base64.b64encode(call.tenant.blobs.read(row["blob"])).decode()
    if row["kind"] == "item" and _wants_item(call):
        body["item"] = msgspec.json.decode(row["item"])
    return body


def _wants_item(call: Call) -> bool:
    """Asked for with the type's name before it, in any case; nothing else can be expanded."""
    wanted = [name.casefold() for name in expansions(call)]
    if "attachments" in wanted:
        return False
    if any(name != _ITEM for name in wanted):
        raise GraphError(
            400,
            "RequestBroker--ParseUri",
            f"Could not find a property named '{wanted[0]}' on type "
            "'Microsoft.OutlookServices.Attachment'.",
        )
    return bool(wanted)


def value_of(call: Call, row: Row) -> Answer:
    """The raw bytes; an item as MIME. A link has none."""
    if row["kind"] == "reference":
        raise GraphError(
            405,
            "ErrorInvalidRequest",
            "The OData request is not supported: a reference attachment has no value.",
        )
    return Answer(
        raw=call.tenant.blobs.read(row["blob"]),
        headers={"Content-Type": row["content_type"] or "message/rfc822"},
    )
