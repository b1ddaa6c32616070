"""
SharePoint writes into Office, PDF and HTML files after upload.

Size and hash change and the file stays good, so that nobody compares hashes of those
(graph-facts 5.2). A file that was written into once is left alone.
"""

import struct
from pathlib import PurePosixPath

_MARK = b"SharePoint property promotion"
_OFFICE = frozenset({".docx", ".docm", ".pptx", ".pptm", ".xlsx", ".xlsm"})
_END_OF_ZIP = b"PK\x05\x06"
_END_LENGTH = 22


def is_rewritten(name: str) -> bool:
    suffix = PurePosixPath(name).suffix.lower()
    return suffix in _OFFICE or suffix in (".pdf", ".htm", ".html")


def enriched(name: str, data: bytes) -> bytes:
    """The file as SharePoint keeps it; the same bytes if it is not what its name says."""
    if _MARK in data[-1024:]:
        return data
    suffix = PurePosixPath(name).suffix.lower()
    if suffix == ".pdf":
        return data + b"\n% " + _MARK + b"\n" if data.startswith(b"%PDF-") else data
    if suffix in (".htm", ".html"):
        return data + b"\n<!-- " + _MARK + b" -->\n"
    return _with_zip_comment(data) if suffix in _OFFICE else data


def _with_zip_comment(data: bytes) -> bytes:
    end = data.rfind(_END_OF_ZIP)
    if end < 0 or end + _END_LENGTH > len(data):
        return data
    comment = data[end + _END_LENGTH :] + _MARK
    head = data[: end + _END_LENGTH - 2]
    return head + struct.pack("<H", len(comment)) + comment
