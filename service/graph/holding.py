"""What a library holds a file by: check-out, retention labels, content approval."""

from urllib.parse import quote

import msgspec
from kiota_abstractions.method import Method

from service.errors import (
    AwaitsApproval,
    Forbidden,
    HeldAsRecord,
    Locked,
    TenantError,
)
from service.graph.client import Graph
from service.graph.policy import Repeat
from service.graph.translate import About
from service.graph.wire import Wire, decode
from service.observe import Fields

MODERATION = "_ModerationStatus"
WAITING = frozenset({1, 2, 3, "1", "2", "3"})
"""Rejected, pending and draft; 0 is approved, and nothing where nothing is approved."""


class Retention(Wire):
    is_record_locked: bool = False


class Label(Wire):
    name: str | None = None
    retention_settings: Retention | None = None


_label = msgspec.json.Decoder(Label)


class Holding:
    """Asks for and lets go of what holds a file."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    async def check_in(self, drive_id: str, item_id: str, about: About, comment: str) -> None:
        """
        As a major version: a minor one would be a draft, which members do not see.

        https://learn.microsoft.com/graph/api/driveitem-checkin
        """
        info = self._graph.at(
            f"{self._at(drive_id, item_id)}/checkin",
            method=Method.POST,
            json={"comment": comment, "checkInAs": "published"},
        )
        # Twice does no harm: the second is refused, and then the file is looked at.
        await self._graph.send(info, about, repeat=Repeat.YES)

    async def explained(
        self, error: Forbidden | Locked, drive_id: str, item_id: str, about: About
    ) -> TenantError:
        """
        Tell whether it is a record that refuses, which Graph answers like a lack of rights.

        https://learn.microsoft.com/graph/api/driveitem-getretentionlabel
        """
        info = self._graph.at(f"{self._at(drive_id, item_id)}/retentionLabel")
        try:
            label = decode(_label, await self._graph.fetch(info, about), about.subject)
        except TenantError:
            # It has none, or we may not know: what was said first stands.
            return error
        settings = label.retention_settings
        if settings is None or not settings.is_record_locked:
            return error
        return HeldAsRecord(about.subject, f"Its retention label {label.name!r} locks it.")

    # ------------------------------------------------------------ within

    def _at(self, drive_id: str, item_id: str) -> str:
        return f"{self._graph.base}/drives/{quote(drive_id)}/items/{quote(item_id)}"


def raise_unapproved(fields: Fields, about: About) -> None:
    """Raise AwaitsApproval for a file that members do not see yet."""
    status = fields.get(MODERATION)
    if status in WAITING:
        raise AwaitsApproval(about.subject)
