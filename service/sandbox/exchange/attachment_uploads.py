"""
Upload sessions for what is attached to a mail: 3 to 150 MB, in ranges of at most 4 MB.

After the page on attaching large files: in order, without a token, and the next expected range
is a bare start, not `start-` as with drives.
"""

import re
import secrets
from datetime import timedelta

from service.sandbox.exchange.attachments import add_attachment
from service.sandbox.exchange.drafts import draft_of
from service.sandbox.exchange.sending import check_size
from service.sandbox.knock import Entry, Knock
from service.sandbox.sharepoint.blobs import quick_xor
from service.sandbox.store import Row
from service.sandbox.tenant import Tenant
from service.sandbox.wire import Answer, Call, GraphError, bad_request, fine_stamp, moment

PREFIX = "/attachment-uploads/"
_LEAST = 3 * 1024 * 1024
_MOST = 150 * 1024 * 1024
_MOST_RANGE = 4 * 1024 * 1024
_LIFE = timedelta(hours=24)
_RANGE = re.compile(r"^bytes (\d+)-(\d+)/(\d+)$")


def create_session(call: Call) -> Answer:
    row = draft_of(call)
    given = call.json()
    item = given.get("AttachmentItem") or given.get("attachmentItem")
    if not isinstance(item, dict) or item.get("attachmentType") != "file" or not item.get("name"):
        raise bad_request(
            "The value of the parameter 'AttachmentItem' is required.", "ErrorInvalidRequest"
        )
    size = item.get("size")
    if not isinstance(size, int) or size < _LEAST:
        raise bad_request(
            f"The attachment size is below the least of an upload session, {_LEAST} bytes.",
            "ErrorAttachmentSizeShouldNotBeLessThanMinimumSize",
        )
    if size > _MOST:
        raise bad_request(
            f"The attachment size exceeds the limit of {_MOST} bytes.",
            "ErrorAttachmentSizeLimitExceeded",
        )
    session = secrets.token_hex(16)
    expires = fine_stamp(call.tenant.clock.now + _LIFE)
    call.tenant.store.insert(
        "attachment_uploads",
        id=session,
        mail=row["id"],
        name=item["name"],
        content_type=item.get("contentType") or "application/octet-stream",
        size=size,
        inline=int(bool(item.get("isInline"))),
        content_id=item.get("contentId"),
        received=0,
        app=call.by,
        expires=expires,
    )
    return Answer(
        status=201,
        body={
            "uploadUrl": f"{call.base}{PREFIX}{session}?authtoken={_sign(call.tenant, session)}",
            "expirationDateTime": expires,
            "nextExpectedRanges": ["0-"],
        },
    )


def _sign(tenant: Tenant, session: str) -> str:
    return tenant.signature(f"attachment/{session}")


def receive_range(tenant: Tenant, knock: Knock) -> Entry | None:
    """One range, or the end of a session, by a signed link; None for another address."""
    if not knock.path.startswith(PREFIX):
        return None
    session = knock.path.removeprefix(PREFIX).strip("/")
    if knock.headers.get("authorization"):
        raise GraphError(
            401,
            "InvalidAudienceForResource",
            "The audience claim value is invalid for current resource: the address is "
            "authorised by itself and takes no token.",
        )
    if knock.query.get("authtoken") != _sign(tenant, session):
        raise GraphError(401, "InvalidMsaTicket", "The upload link is not authorised.")
    row = tenant.store.one("SELECT * FROM attachment_uploads WHERE id = ?", session)
    if row is None or moment(row["expires"]) <= tenant.clock.now:
        raise GraphError(404, "ErrorItemNotFound", "The upload session was not found.")
    app = str(row["app"]).partition(":")[2]
    if knock.method == "DELETE":
        _end(tenant, row)
        return Entry(answer=Answer(status=204), app=app, wrote=True)
    if knock.method != "PUT":
        raise GraphError(405, "ErrorMethodNotAllowed", "Only PUT and DELETE are supported here.")
    answer = _take(tenant, row, knock.headers.get("content-range", ""), knock.body)
    return Entry(answer=answer, app=app, wrote=True)


def _take(tenant: Tenant, row: Row, content_range: str, body: bytes) -> Answer:
    found = _RANGE.match(content_range)
    first, last, total = (int(part) for part in found.groups()) if found else (0, -1, 0)
    if not found or last - first + 1 != len(body) or total != row["size"]:
        raise bad_request(
            "The Content-Range header does not agree with the content or with the size of the "
            "attachment.",
            "ErrorInvalidRequest",
        )
    if len(body) > _MOST_RANGE:
        raise GraphError(413, "BadRequest", "The maximum request length supported is 4MB.")
    if first != row["received"]:
        raise GraphError(
            416,
            "InvalidContentRange",
            f"The range must begin at byte {row['received']}.",
        )
    # Found out on the way up, not when the session is made (microsoft-graph-docs#15579).
    check_size(tenant, row["mail"], last + 1)
    part = tenant.blobs.part(row["id"])
    with part.open("ab") as file:
        file.truncate(first)
        file.write(body)
    if last + 1 < total:
        expires = fine_stamp(tenant.clock.now + _LIFE)
        tenant.store.update("attachment_uploads", row["id"], received=last + 1, expires=expires)
        return Answer(body={"expirationDateTime": expires, "nextExpectedRanges": [str(last + 1)]})
    return _attached(tenant, row)


def _attached(tenant: Tenant, row: Row) -> Answer:
    part = tenant.blobs.part(row["id"])
    xor = quick_xor(part)
    added = add_attachment(
        tenant,
        row["mail"],
        row["name"],
        tenant.blobs.adopt(part, xor.size, xor.base64()),
        content_type=row["content_type"],
        inline=bool(row["inline"]),
        content_id=row["content_id"],
    )
    tenant.store.do("DELETE FROM attachment_uploads WHERE id = ?", row["id"])
    where = f"/Messages('{row['mail']}')/Attachments('{added['id']}')"
    return Answer(
        status=201, headers={"Location": f"https://outlook.office.com/api/v2.0/Users{where}"}
    )


def _end(tenant: Tenant, row: Row) -> None:
    tenant.store.do("DELETE FROM attachment_uploads WHERE id = ?", row["id"])
    tenant.blobs.part(row["id"]).unlink(missing_ok=True)
