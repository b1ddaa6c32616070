"""
What tells one Office file from another, whatever a library has written into it since.

SharePoint writes a library's columns into the files that come in ("document property
promotion and demotion"), so that the same file has other bytes in each library. What people
wrote stays byte for byte: the package's other parts, whose checksums stand in its directory.
"""

import hashlib
import io
import zipfile
from pathlib import PurePosixPath

_OFFICE = frozenset({".docx", ".docm", ".pptx", ".pptm", ".xlsx", ".xlsm"})
_REWRITTEN = ("docProps/", "customXml/", "[Content_Types].xml")


def is_office(name: str) -> bool:
    return PurePosixPath(name).suffix.casefold() in _OFFICE


def parts_digest(data: bytes) -> str:
    """SHA-256 (hex) of the parts that people wrote; empty for what is no Office file."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = [(one.filename, one.CRC, one.file_size) for one in package.infolist()]
    except (zipfile.BadZipFile, NotImplementedError):
        return ""
    kept = sorted(part for part in parts if not _is_rewritten(part[0]))
    is_package = len(kept) < len(parts) and bool(kept)
    return hashlib.sha256(repr(kept).encode()).hexdigest() if is_package else ""


def _is_rewritten(name: str) -> bool:
    return name.startswith(_REWRITTEN) or name.endswith(".rels")
