"""What tells one state of an item from another: eTag, cTag, and the conditions on them."""

import base64
import hashlib

from service.sandbox.store import Row
from service.sandbox.wire import GraphError


def etag(item: Row) -> str:
    return f'"{{{item["guid"].upper()}}},{item["version"]}"'


def ctag(item: Row) -> str:
    return f'"c:{{{item["guid"].upper()}}},{item["content_version"]}"'


def list_etag(item: Row) -> str:
    return f'"{item["guid"]},{item["version"]}"'


def check_match(item: Row, if_match: str | None) -> None:
    """Raises 412 unless If-Match names the item's present eTag or cTag, or is absent."""
    if if_match is not None and not _names(if_match, item):
        _changed()


def check_none_match(item: Row | None, if_none_match: str | None) -> None:
    """Raises 412 if If-None-Match names what is there; `*` means anything at all."""
    if item is not None and if_none_match is not None and _names(if_none_match, item):
        _changed()


def is_unchanged(item: Row, if_none_match: str | None) -> bool:
    """Whether a reader who sends If-None-Match has it already (304)."""
    return if_none_match is not None and _names(if_none_match, item)


def _names(header: str, item: Row) -> bool:
    present = {tag(item).strip('"') for tag in (etag, ctag, list_etag)}
    # An eTag has a comma of its own, so the list is cut where one tag ends and another begins.
    given = header.strip().replace('", "', '","').split('","')
    return any(one.strip().removeprefix("W/").strip('"') in ({"*"} | present) for one in given)


def _changed() -> None:
    raise GraphError(
        412, "resourceModified", "The resource has changed since it was read; ETag mismatch."
    )


def new_item_id(list_id: str, number: int) -> str:
    """34 capital letters and digits, as SharePoint's ids."""
    digest = hashlib.sha256(f"{list_id}/{number}".encode()).digest()
    return "01" + base64.b32encode(digest).decode()[:32]
