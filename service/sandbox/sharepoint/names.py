"""Names in SharePoint: which are allowed, which are the same, and the next free one."""

import re
import unicodedata
from collections.abc import Callable
from pathlib import PurePosixPath

from service.sandbox.wire import invalid

_FORBIDDEN = frozenset('"*:<>?/\\|')
_RESERVED = re.compile(r"^(\.lock|con|prn|aux|nul|com\d|lpt\d|desktop\.ini)$", re.IGNORECASE)
MOST_PATH = 400
"""Characters of the decoded path, site and library included; must stay below."""
_MOST_SEGMENT = 255

_MIME = {
    ".bmp": "image/bmp",
    ".csv": "text/csv",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".gif": "image/gif",
    ".htm": "text/html",
    ".html": "text/html",
    ".ics": "text/calendar",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".json": "application/json",
    ".m4a": "audio/mp4",
    ".md": "text/markdown",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".vtt": "text/vtt",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".zip": "application/x-zip-compressed",
}


def name_key(name: str) -> str:
    """Equal for names that cannot stand side by side: case and composition do not tell."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def check_name(name: str) -> None:
    """Raises 400 for a name that SharePoint does not take (graph-facts 5.6)."""
    bad = (
        not name
        or name != name.strip()
        or name.endswith(".")
        or name.startswith("~$")
        or "_vti_" in name
        or len(name) > _MOST_SEGMENT
        or bool(_FORBIDDEN & set(name))
        or any(ord(letter) < 32 for letter in name)
        or _RESERVED.match(name)
    )
    if bad:
        raise invalid(
            "The provided name cannot be used: it is reserved, too long or has a "
            "character that is not allowed."
        )


def check_path(path: str) -> None:
    """Raises 400 for a whole path that is too long."""
    if len(path) >= MOST_PATH:
        raise invalid(
            "The specified file or folder name is too long. The URL path for all files "
            "and folders must be 400 characters or less."
        )


def free_name(name: str, taken: Callable[[str], bool]) -> str:
    """`name`, or with the first number that is free: `Plan 1.docx`."""
    if not taken(name):
        return name
    path = PurePosixPath(name)
    number = 1
    while taken(found := f"{path.stem} {number}{path.suffix}"):
        number += 1
    return found


def mime_type(name: str) -> str:
    return _MIME.get(PurePosixPath(name).suffix.lower(), "application/octet-stream")


def internal_name(display_name: str) -> str:
    """A column's internal name: what is no plain letter or digit is written as `_x00f6_`."""
    return re.sub(r"[^A-Za-z0-9_]", lambda found: f"_x{ord(found[0]):04x}_", display_name)[:32]
