"""One list of a site: the register, or one that a flow fills with answers."""

from collections.abc import AsyncIterator, Mapping

import msgspec
from kiota_abstractions.method import Method

from service.errors import Changed, Conflict, NotFound
from service.graph.client import Graph, asking, writing
from service.graph.sdk import RowQuery, RowsDeltaQuery, RowsQuery
from service.graph.translate import DUPLICATE, About
from service.graph.wire import Listing, Wire, WireRow, decode, seen_row
from service.observe import Change, Fields, Page, SeenRow

RIGHT = "the app `Sites.Selected` and write on this site"
# A column may lose its index; a slow answer is better than none.
PREFER = "HonorNonIndexedQueriesWarningMayFailRandomly"

_BESIDE = frozenset({"Attachments", "ContentType", "AppAuthor", "AppEditor", "ComplianceAssetId"})
"""Columns of every list that nobody fills."""


class WireColumn(Wire):
    name: str
    display_name: str | None = None
    hidden: bool = False
    read_only: bool = False


_columns = msgspec.json.Decoder(Listing[WireColumn])
_rows = msgspec.json.Decoder(Listing[WireRow])
_row = msgspec.json.Decoder(WireRow)


class GraphRows:
    """Implements `Rows` for one list."""

    def __init__(self, graph: Graph, site_id: str, list_id: str) -> None:
        self._graph = graph
        self._list = graph.sdk.sites.by_site_id(site_id).lists.by_list_id(list_id)
        self._items = self._list.items
        self._about = About(subject=graph.name("list", list_id), right=RIGHT)

    async def changes(self, cursor: str | None) -> AsyncIterator[Page[SeenRow]]:
        if cursor is None:
            # $expand=fields is among what a list's delta takes:
            # https://learn.microsoft.com/graph/api/listitem-delta
            query = RowsDeltaQuery(expand=["fields"])
            info = self._items.delta.to_get_request_information(asking(query))
        else:
            info = self._graph.follow(cursor)
        async for page in self._graph.listing(info, _rows, self._about):
            changes = [await self._change(row) for row in page.value]
            yield Page(changes=tuple(changes), cursor=page.delta_link)

    async def find(self, column: str, value: str) -> SeenRow | None:
        quoted = value.replace("'", "''")
        query = RowsQuery(filter=f"fields/{column} eq '{quoted}'", expand=["fields"], top=2)
        info = self._items.to_get_request_information(asking(query, Prefer=PREFER))
        async for page in self._graph.listing(info, _rows, self._about):
            if page.value:
                return seen_row(page.value[0])
        return None

    async def add(self, fields: Fields) -> SeenRow:
        info = writing(self._items, Method.POST, {"fields": dict(fields)})
        row = decode(_row, await self._graph.fetch(info, self._about), self._about.subject)
        return seen_row(row) if row.fields else await self._read(row.id)

    async def update(self, row_id: str, fields: Fields, *, etag: str | None) -> SeenRow:
        builder = self._items.by_list_item_id(row_id).fields
        condition: Mapping[str, str] = {"If-Match": etag} if etag else {}
        info = writing(builder, Method.PATCH, dict(fields), condition)
        try:
            await self._graph.send(info, self._about)
        except Conflict as error:
            if any(words in error.reason.lower() for words in DUPLICATE):
                raise
            raise Changed(error.subject, error.reason) from error
        # The answer has the fields without the row's new eTag.
        return await self._read(row_id)

    async def titles(self) -> Mapping[str, str]:
        info = self._list.columns.to_get_request_information()
        columns = [
            column
            async for page in self._graph.listing(info, _columns, self._about)
            for column in page.value
        ]
        own = (one for one in columns if not (one.hidden or one.read_only) or one.name == "Title")
        return {one.name: one.display_name or one.name for one in own if one.name not in _BESIDE}

    async def _change(self, row: WireRow) -> Change[SeenRow]:
        if row.deleted is not None or row.removed is not None:
            return Change(id=row.id, value=None)
        if row.fields is not None:
            return Change(id=row.id, value=seen_row(row))
        try:
            return Change(id=row.id, value=await self._read(row.id))
        except NotFound:
            return Change(id=row.id, value=None)

    async def _read(self, row_id: str) -> SeenRow:
        query = RowQuery(expand=["fields"])
        builder = self._items.by_list_item_id(row_id)
        data = await self._graph.fetch(
            builder.to_get_request_information(asking(query)), self._about
        )
        return seen_row(decode(_row, data, self._about.subject))
