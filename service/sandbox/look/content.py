"""The bytes of files: shown by the browser where that is harmless, saved where it is not."""

import re
from mimetypes import guess_type
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from service.sandbox.look.links import attachment_page
from service.sandbox.look.visit import NotThereError, Part, Visit
from service.sandbox.look.words import size
from service.sandbox.markup import Markup, el
from service.sandbox.sharepoint import library
from service.sandbox.store import Row
from service.sandbox.wire import Answer, GraphError

_SHOWN = {
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".mp4": "video/mp4",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".txt": "text/plain",
    ".csv": "text/plain",
    ".md": "text/plain",
    ".vtt": "text/vtt",
    ".webp": "image/webp",
}
"""No HTML and no SVG: a page among the files could act on our own address."""
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
_PIECE = 4 * 2**20
"""Bytes of one answer to a range without an end; the browser asks for what follows."""


def shown_as(name: str) -> str | None:
    """The type under which a browser may show it."""
    return _SHOWN.get(PurePosixPath(name).suffix.lower())


def attachment_link(row: Row) -> Markup:
    shown = f"{row['name']} ({size(row['size'])})"
    return el("a", shown, href=attachment_page(row["id"]))


def _file(visit: Visit) -> Answer:
    if len(visit.names) != 1:
        raise NotThereError
    try:
        row = library.item_by_id(visit.tenant, visit.names[0])
    except GraphError as error:
        raise NotThereError from error
    if row["kind"] != "file":
        raise NotThereError
    blob = row["blob"]
    if "version" in visit.query:
        blob = visit.tenant.store.value(
            "SELECT blob FROM versions WHERE item = ? AND CAST(version AS TEXT) = ?",
            row["id"],
            visit.query["version"],
        )
        if blob is None:
            raise NotThereError
    return _answer(visit, blob, row["name"])


def _attachment(visit: Visit) -> Answer:
    found = visit.tenant.store.one("SELECT * FROM attachments WHERE id = ?", "/".join(visit.names))
    if found is None:
        raise NotThereError
    return _answer(visit, found["blob"], found["name"])


def _answer(visit: Visit, blob: str, name: str) -> Answer:
    path = visit.tenant.blobs.path(blob)
    kind = shown_as(name)
    is_saved = kind is None or "save" in visit.query
    way = "attachment" if is_saved else "inline"
    headers = {
        "Content-Type": _typed(kind or guess_type(name)[0] or "application/octet-stream"),
        "Content-Disposition": f"{way}; filename*=UTF-8''{quote(name, safe='')}",
        "Accept-Ranges": "bytes",
        "Content-Security-Policy": _policy(kind),
    }
    asked = _RANGE.fullmatch(visit.headers.get("range", ""))
    if asked is None or asked.groups() == ("", ""):
        return Answer(file=path, headers=headers)
    return _part(path, asked, headers)


def _typed(kind: str) -> str:
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind


def _policy(kind: str | None) -> str:
    """Browsers draw films and PDF in pages of their own, which `sandbox` would leave empty."""
    if kind == "application/pdf":
        return "default-src 'self'; script-src 'none'; style-src 'unsafe-inline'"
    if kind is not None and kind.startswith(("video/", "image/")):
        return "default-src 'none'; media-src 'self'; img-src 'self'; style-src 'unsafe-inline'"
    return "sandbox; default-src 'none'"


def _part(path: Path, asked: re.Match[str], headers: dict[str, str]) -> Answer:
    """RFC 9110, 14: one range, from the start or so many last bytes."""
    total = path.stat().st_size
    if asked[1]:
        first = int(asked[1])
        last = int(asked[2]) if asked[2] else first + _PIECE - 1
    else:
        first, last = max(0, total - int(asked[2])), total - 1
    last = min(last, total - 1, first + _PIECE - 1)
    if first > last:
        return Answer(status=416, headers={**headers, "Content-Range": f"bytes */{total}"})
    with path.open("rb") as file:
        file.seek(first)
        piece = file.read(last - first + 1)
    return Answer(
        status=206,
        raw=piece,
        headers={**headers, "Content-Range": f"bytes {first}-{last}/{total}"},
    )


PARTS = (Part(name="content", page=_file), Part(name="attachment", page=_attachment))
