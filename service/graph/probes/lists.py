"""Libraries and lists: columns, who is let in, what is held, and whether they can be written."""

from urllib.parse import quote, urlsplit
from uuid import uuid4

import msgspec

from service.domain.check.columns import SeenColumn
from service.domain.check.held import FiledState
from service.domain.check.members import Grant
from service.errors import Forbidden
from service.graph.client import Graph
from service.graph.probes.list_wire import (
    WireColumn,
    WirePermission,
    WireRow,
    seen_column,
    seen_grant,
    seen_state,
)
from service.graph.sessions import Sessions
from service.graph.sites import RIGHT
from service.graph.translate import About
from service.graph.wire import Listing
from service.ports import Target

LOOKED_AT = 200
"""Files of a library that are looked at, to see what holds them."""

_columns = msgspec.json.Decoder(Listing[WireColumn])
_permissions = msgspec.json.Decoder(Listing[WirePermission])
_rows = msgspec.json.Decoder(Listing[WireRow])


class ListProbes:
    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    async def columns(self, site_id: str, list_id: str) -> tuple[SeenColumn, ...]:
        """Raises Forbidden. https://learn.microsoft.com/graph/api/list-list-columns"""
        about = About(subject=self._graph.name("list", list_id), right=RIGHT)
        info = self._graph.at(f"{self._at(site_id, list_id)}/columns")
        return tuple(
            [
                seen_column(column)
                async for page in self._graph.listing(info, _columns, about)
                for column in page.value
            ]
        )

    async def grants(self, drive_id: str) -> tuple[Grant, ...] | None:
        """
        Tell who is let into a library; None where that is not told.

        A caller that does not own the item is told of its own permissions alone.
        https://learn.microsoft.com/graph/api/driveitem-list-permissions
        """
        about = About(subject=self._graph.name("library", drive_id), right=RIGHT)
        info = self._graph.at(f"{self._graph.base}/drives/{quote(drive_id)}/root/permissions")
        try:
            found = [
                grant
                async for page in self._graph.listing(info, _permissions, about)
                for permission in page.value
                if (grant := seen_grant(permission)) is not None
            ]
        except Forbidden:
            return None
        return tuple(found) or None

    async def filed(self, site_id: str, list_id: str) -> tuple[FiledState, ...]:
        """Tell what holds a library's files, as far as Graph shows it: of 200 rows."""
        about = About(subject=self._graph.name("library", list_id), right=RIGHT)
        info = self._graph.at(f"{self._at(site_id, list_id)}/items?$expand=fields&$top={LOOKED_AT}")
        async for page in self._graph.listing(info, _rows, about):
            states = (seen_state(row, self._graph.client_id) for row in page.value)
            return tuple(state for state in states if state is not None)
        return ()

    async def prove_writing(self, drive_id: str) -> str:
        """
        Begin an upload and give it up, without a byte: no file is made. Return its host.

        Raises Forbidden. https://learn.microsoft.com/graph/api/driveitem-createuploadsession,
        "Cancel an upload session"
        """
        about = About(subject=self._graph.name("library", drive_id), right=RIGHT)
        target = Target(drive_id=drive_id, parent_id="root", name=f"natverket-check-{uuid4().hex}")
        sessions = Sessions(self._graph, target, about)
        state, _ = await sessions.begin(1, b"")
        await sessions.cancel(state.url)
        parts = urlsplit(state.url)
        return f"{parts.scheme}://{parts.netloc}"

    def _at(self, site_id: str, list_id: str) -> str:
        return f"{self._graph.base}/sites/{quote(site_id, safe=',')}/lists/{quote(list_id)}"
