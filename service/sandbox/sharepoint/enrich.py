"""
SharePoint writes into Office, PDF and HTML files after upload.

Size and hash change and the file stays good, so that nobody compares hashes of those
(graph-facts 5.2). A file that was written into once is left alone. Only the end of a file is
read and changed, however large it is.
"""

import struct
from pathlib import PurePosixPath

from service.sandbox.sharepoint.blobs import Blob, Blobs

_MARK = b"SharePoint property promotion"
_OFFICE = frozenset({".docx", ".docm", ".pptx", ".pptm", ".xlsx", ".xlsm"})
_END_OF_ZIP = b"PK\x05\x06"
_END_LENGTH = 22
_TAIL = _END_LENGTH + 2**16
"""Where a zip file's end record can begin: before a comment of 64 KiB."""


def is_rewritten(name: str) -> bool:
    suffix = PurePosixPath(name).suffix.lower()
    return suffix in _OFFICE or suffix in (".pdf", ".htm", ".html")


def enriched(name: str, data: bytes) -> bytes:
    """The file as SharePoint keeps it; the same bytes if it is not what its name says."""
    suffix = PurePosixPath(name).suffix.lower()
    if suffix == ".pdf" and not data.startswith(b"%PDF-"):
        return data
    return data[:-_TAIL] + _new_tail(suffix, data[-_TAIL:])


def enriched_blob(blobs: Blobs, name: str, blob: str) -> Blob | None:
    """The kept file with SharePoint's words in it; None where nothing is written into it."""
    if not blobs.holds(blob):
        return None
    path = blobs.path(blob)
    suffix = PurePosixPath(name).suffix.lower()
    with path.open("rb") as file:
        if suffix == ".pdf" and file.read(5) != b"%PDF-":
            return None
        start = max(0, path.stat().st_size - _TAIL)
        file.seek(start)
        tail = file.read()
    after = _new_tail(suffix, tail)
    return None if after == tail else blobs.with_tail(blob, start, after)


def _new_tail(suffix: str, tail: bytes) -> bytes:
    if _MARK in tail[-1024:]:
        return tail
    if suffix == ".pdf":
        return tail + b"\n% " + _MARK + b"\n"
    if suffix in (".htm", ".html"):
        return tail + b"\n<!-- " + _MARK + b" -->\n"
    return _with_zip_comment(tail) if suffix in _OFFICE else tail


def _with_zip_comment(tail: bytes) -> bytes:
    end = tail.rfind(_END_OF_ZIP)
    if end < 0 or end + _END_LENGTH > len(tail):
        return tail
    comment = tail[end + _END_LENGTH :] + _MARK
    head = tail[: end + _END_LENGTH - 2]
    return head + struct.pack("<H", len(comment)) + comment
