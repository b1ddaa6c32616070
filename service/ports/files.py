"""The libraries: what lies there, what is put there, and how far it has got."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from service.observe import Fields, FileColumns, Page, SeenItem
from service.ports.surroundings import Content


@dataclass(frozen=True, kw_only=True)
class Copied:
    """The copy is there; `item` as it was looked up after the monitor said so."""

    item: SeenItem


@dataclass(frozen=True, kw_only=True)
class Copying:
    """The service is at it."""

    percent: float


@dataclass(frozen=True, kw_only=True)
class CopyLost:
    """The monitor is gone, and nothing of ours lies under the target's name."""


CopyProgress = Copied | Copying | CopyLost


@dataclass(frozen=True, kw_only=True)
class UploadState:
    """An upload session as far as it has got: enough to go on after a crash."""

    url: str
    """Carries its own authorisation: a secret."""
    offset: int
    """Bytes that the service has acknowledged."""
    size: int
    expires: datetime
    hash_state: bytes
    """quickXorHash of the first `offset` bytes, opaque to all but the uploader."""


@dataclass(frozen=True, kw_only=True)
class Stored:
    """A file as the service shows it right after the last byte."""

    item: SeenItem
    sent_bytes: int
    sent_hash: str
    """quickXorHash (base64) of what was sent."""


class Drives(Protocol):
    """The libraries of the sites that the app may read and write. Ids throughout."""

    def changes(self, drive_id: str, cursor: str | None) -> AsyncIterator[Page[SeenItem]]:
        """
        Yield what is new in a library since the cursor. Raises CursorExpired.

        Where a retention label forbids delta it is one complete page (`Page.complete`),
        without a cursor.
        """

    async def find(self, drive_id: str, path: str) -> SeenItem | None:
        """Look an item up by its path below the root, without slashes at the ends."""

    async def item(self, drive_id: str, item_id: str) -> SeenItem | None: ...

    async def ensure_folder(self, drive_id: str, path: str) -> SeenItem:
        """Return the folder, making it and its parents where they are absent."""

    async def move(self, item: SeenItem, *, drive_id: str, parent_id: str, name: str) -> SeenItem:
        """
        Move and rename within the site, to another library too, keeping the id.

        Raises Conflict, Changed, Locked, HeldAsRecord, and MoveRefused where the tenant
        moves nothing from one library to another.
        """

    async def store(
        self,
        target: "Target",
        content: Content,
        *,
        resume: UploadState | None = None,
        keep: "Callable[[UploadState], Awaitable[None]] | None" = None,
    ) -> Stored:
        """
        Upload, calling `keep` before the first and after each acknowledged range.

        Go on from `resume`, the last state that was kept of the same content for the same
        folder; one whose bytes are all sent is only given the target's name. Raises
        Conflict if the name is taken and the target does not replace, SourceVanished,
        UploadMismatch.
        """

    def content(self, drive_id: str, item_id: str) -> Content: ...

    async def begin_copy(self, item: SeenItem, target: "Target") -> str:
        """
        Have the service copy a file from any site that the app may read; no byte passes here.

        Returns the address of the copy's monitor, which authorises by itself: a secret.
        Raises CopyRefused (stream it instead), Conflict, SourceVanished, NotFound for the
        target, Forbidden for what cannot even be read, Unreachable where the answer was lost.
        https://learn.microsoft.com/graph/api/driveitem-copy
        """

    async def copy_progress(
        self, item: SeenItem, target: "Target", monitor: str, *, since: datetime
    ) -> CopyProgress:
        """
        Ask the monitor once; there is no deadline here.

        A lost monitor (or an empty one: its address was lost) is made up for by looking
        under the target's name for what came there since the copy was begun, by our clock.
        Raises Conflict (found out late), CopyRefused, SourceVanished, NotFound, Locked,
        NoSpace, Throttled, TenantFailed; the last for unknown statuses too.
        """

    async def check_in(self, drive_id: str, item_id: str, comment: str) -> None:
        """
        End our check-out, so that others see the file; columns must be written before.

        Raises MissingColumn, Locked (it is out to somebody else).
        """

    async def shared(self, url: str) -> SeenItem | None:
        """
        Look up the file or folder that a sharing link or a browser's address leads to.

        None where it is gone, and for addresses outside the tenant's own SharePoint, which
        are not asked for. Raises Forbidden.
        """

    async def set_columns(self, drive_id: str, item_id: str, fields: Fields) -> Fields:
        """
        Write columns of a file and return them as read back.

        Raises HeldAsRecord, Locked, and AwaitsApproval once they are written: it is there,
        but members do not see it yet.
        """

    async def all_columns(self, drive_id: str) -> tuple[FileColumns, ...]:
        """Read the columns of every file of a library, empty ones left out."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """Where a file is to lie."""

    drive_id: str
    parent_id: str
    name: str
    replace: str | None = None
    """eTag of the item that may be overwritten; None: nothing may."""
