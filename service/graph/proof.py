"""What a file in a library is held against: the bytes that were sent, where they are left alone."""

from service.errors import UploadMismatch
from service.ports import Stored

REWRITTEN = frozenset(
    {
        *("docx", "docm", "dotx", "dotm", "doc", "xlsx", "xlsm", "xltx", "xltm", "xlsb", "xls"),
        *("pptx", "pptm", "potx", "potm", "ppsx", "ppt", "vsdx", "one", "onetoc2", "msg"),
        *("pdf", "html", "htm", "aspx"),
    }
)
"""SharePoint writes properties into these after an upload: size and hash differ then."""


def is_rewritten(name: str) -> bool:
    return name.rpartition(".")[2].lower() in REWRITTEN


def verified(stored: Stored, subject: str) -> Stored:
    """
    Return it if it is what was sent, else raise UploadMismatch with the item's id.

    Of what the service rewrites, the ranges that it acknowledged are all the proof there is.
    """
    item, reason = stored.item, ""
    if item.size != stored.sent_bytes:
        reason = f"{stored.sent_bytes} bytes were sent, {item.size} are there."
    elif item.quick_xor_hash not in {None, stored.sent_hash}:
        reason = "Its quickXorHash is another."
    if reason and not is_rewritten(item.name):
        raise UploadMismatch(subject, reason, item=item.id)
    return stored
