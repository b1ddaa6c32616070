"""What is new in a library, by its delta; where that is forbidden, all of it by its folders."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

import msgspec
import structlog

from service.errors import Forbidden, NotFound
from service.graph.client import Graph
from service.graph.translate import About
from service.graph.wire import Listing, WireItem, decode

DELTA_AGAIN = timedelta(days=1)
"""So long a library is walked before its delta is tried again, once that was forbidden."""
PAGE = 1000

_log = structlog.get_logger("natverket.graph")
_items = msgspec.json.Decoder(Listing[WireItem])
_item = msgspec.json.Decoder(WireItem)


@dataclass(frozen=True, kw_only=True)
class Items:
    """A part of what is new, or all that there is."""

    found: list[WireItem]
    cursor: str | None
    complete: bool = False


class Listings:
    """
    Reads libraries by delta: one request and one resource unit where nothing is new.

    Delta of a library in which something has a retention label is reported to need full
    control of the site (microsoftgraph/microsoft-graph-docs#11561), listing folders not.
    """

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._forbidden: dict[str, datetime] = {}
        """When delta was last refused, by drive."""

    async def changes(
        self, drive_id: str, cursor: str | None, about: About
    ) -> AsyncIterator[Items]:
        last = self._forbidden.get(drive_id)
        if last is None or self._graph.clock.now() - last >= DELTA_AGAIN:
            try:
                async for items in self._delta(drive_id, cursor, about):
                    yield items
            except Forbidden:
                pass
            else:
                return
            # Where the folders may not be read either, that is what is raised.
            yield await self._whole(drive_id, about)
            self._note(drive_id)
        else:
            yield await self._whole(drive_id, about)

    async def _delta(self, drive_id: str, cursor: str | None, about: About) -> AsyncIterator[Items]:
        if cursor is None:
            drive = self._graph.sdk.drives.by_drive_id(drive_id)
            info = drive.items.by_drive_item_id("root").delta.to_get_request_information()
        else:
            info = self._graph.follow(cursor)
        async for page in self._graph.listing(info, _items, about):
            yield Items(found=page.value, cursor=page.delta_link)

    async def _whole(self, drive_id: str, about: About) -> Items:
        found = await walk(self._graph, drive_id, about)
        return Items(found=found, cursor=None, complete=True)

    def _note(self, drive_id: str) -> None:
        if drive_id not in self._forbidden:
            _log.warning(
                "delta_forbidden",
                library=self._graph.name("library", drive_id),
                cause="probably a retention label in it: its delta then needs full control",
                instead="its folders are listed one by one, which costs more requests",
            )
        self._forbidden[drive_id] = self._graph.clock.now()


async def walk(graph: Graph, drive_id: str, about: About) -> list[WireItem]:
    """
    List everything, parents before children: one request a folder, two resource units.

    What moves meanwhile may be listed twice or not at all; the next walk tells.
    """
    base = f"{graph.base}/drives/{quote(drive_id)}"
    root = decode(_item, await graph.fetch(graph.at(f"{base}/root"), about), about.subject)
    found = {root.id: root}
    folders = [root]
    for folder in folders:
        info = graph.at(f"{base}/items/{quote(folder.id)}/children?$top={PAGE}")
        try:
            async for page in graph.listing(info, _items, about):
                folders += [i for i in page.value if i.folder is not None and i.id not in found]
                found.update((item.id, item) for item in page.value)
        except NotFound:
            if folder is root:
                raise
            # Removed since its parent was listed.
            found.pop(folder.id, None)
    return list(found.values())
