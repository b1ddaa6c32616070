"""Items as they were last written, so that a page that nobody changed is not written again."""

from collections.abc import Callable, Iterable

import msgspec

from service.sandbox.store import Row, Store
from service.sandbox.wire import Json

_MOST = 4096


class Encoded:
    """
    The bytes of items by id. Any write to the tenant, and any move of its clock, empties it:
    an item's links, its folder's name and what lies in it are nobody's to keep account of.
    """

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], msgspec.Raw] = {}
        self._as_of: tuple[Store, int] | None = None

    def of(
        self, store: Store, reader: str, rows: Iterable[Row], write: Callable[[Row], Json]
    ) -> list[msgspec.Raw]:
        """`reader` is all that the bytes depend on besides what is in the store."""
        as_of = (store, store.writes)
        if as_of != self._as_of or len(self._kept) > _MOST:
            self._kept.clear()
            self._as_of = as_of
        found = []
        for row in rows:
            key = (row["id"], reader)
            raw = self._kept.get(key)
            if raw is None:
                raw = self._kept[key] = msgspec.Raw(msgspec.json.encode(write(row)))
            found.append(raw)
        return found
