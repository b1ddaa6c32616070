"""
What the jobs need of the world outside, a protocol each.

Everything may raise `service.errors.TenantError` (its leaves tell what to do) or
`StateError`; nothing else. All times are aware UTC. No method is meant for several event
loops; all may be called concurrently within one.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypeVar

from service.observe import (
    Change,
    Fields,
    Page,
    SeenAttachment,
    SeenEvent,
    SeenItem,
    SeenMail,
    SeenMessage,
    SeenPresence,
    SeenRecording,
    SeenRow,
    SeenTranscript,
)

T = TypeVar("T")


class Clock(Protocol):
    """The one source of time: every wait, pace and deadline goes through it."""

    def now(self) -> datetime:
        """The time, aware, in UTC."""

    async def sleep(self, seconds: float) -> None: ...


class Content(Protocol):
    """Bytes that can be read again from any offset."""

    size: int | None
    """Bytes; None where the source does not tell before it is read."""

    def read(self, offset: int = 0) -> AsyncIterator[bytes]:
        """Yield the bytes from `offset` on, in pieces of any size."""


class Progress(Protocol):
    """
    Is told of a run's files while they are filed, several at a time; keys tell them apart.

    It must not raise, nor take long: whoever tells it waits.
    """

    def expect(self, files: int) -> None:
        """So many will begin, unless the run ends before."""

    def begin(self, key: str, name: str, size: int | None) -> None:
        """`size`: bytes that will pass through us; None: not known yet."""

    def moved(self, key: str, offset: int, size: int) -> None:
        """So many of its bytes have been stored."""

    def end(self, key: str) -> None:
        """It is filed, or was left."""


class Untold:
    """Progress that nobody is told of."""

    def expect(self, files: int) -> None: ...

    def begin(self, key: str, name: str, size: int | None) -> None: ...

    def moved(self, key: str, offset: int, size: int) -> None: ...

    def end(self, key: str) -> None: ...


# ---------------------------------------------------------------- Microsoft 365


class Calendar(Protocol):
    """The network mailbox's calendar."""

    def changes(
        self, cursor: str | None, window: tuple[datetime, datetime]
    ) -> AsyncIterator[Page[SeenEvent]]:
        """
        Yield what is new in the window since the cursor; everything, without one.

        A change without value left the window or was deleted: ask `event` before
        believing that it is cancelled. Raises CursorExpired.
        """

    async def event(self, event_id: str) -> SeenEvent | None: ...

    async def attachments(self, event_id: str) -> tuple[SeenAttachment, ...]: ...

    def attachment(self, attachment: SeenAttachment) -> Content: ...


class Mail(Protocol):
    """One folder of the network mailbox, in which people put mails with material."""

    def changes(self, cursor: str | None) -> AsyncIterator[Page[SeenMail]]:
        """
        Yield what is new in the folder since the cursor.

        A change without value was moved away or deleted. Raises CursorExpired, NotFound
        where the mailbox has no such folder, Forbidden.
        """

    async def attachments(self, mail_id: str) -> tuple[SeenAttachment, ...]: ...

    def attachment(self, attachment: SeenAttachment) -> Content: ...


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


@dataclass(frozen=True, kw_only=True)
class Target:
    """Where a file is to lie."""

    drive_id: str
    parent_id: str
    name: str
    replace: str | None = None
    """eTag of the item that may be overwritten; None: nothing may."""


class Rows(Protocol):
    """One list: the register."""

    def changes(self, cursor: str | None) -> AsyncIterator[Page[SeenRow]]: ...

    async def find(self, column: str, value: str) -> SeenRow | None:
        """The row whose (indexed) text column has the value."""

    async def add(self, fields: Fields) -> SeenRow:
        """Raises Conflict if a unique column has the value already."""

    async def update(self, row_id: str, fields: Fields, *, etag: str | None) -> SeenRow:
        """Raises Changed if the row has another eTag; None writes in any case."""


class OnlineMeetings(Protocol):
    """Teams meetings of the organisers to whom an access policy was granted."""

    async def find(self, organizer: str, join_url: str) -> str | None:
        """Id of the online meeting behind an event's join link."""

    async def recordings(self, organizer: str, meeting_id: str) -> tuple[SeenRecording, ...]: ...

    async def transcripts(self, organizer: str, meeting_id: str) -> tuple[SeenTranscript, ...]: ...

    def new_recordings(
        self, organizer: str, join_url: str, *, since: datetime, cursor: str | None
    ) -> AsyncIterator[Page[SeenRecording]]:
        """
        Yield what an organiser's meetings have come to hold since the cursor, or since then.

        Any of their join links names the organiser. Meetings in channels are left out, as may
        be those without transcription; older recordings may come again. Raises CursorExpired.
        https://learn.microsoft.com/graph/api/callrecording-delta
        """

    def new_transcripts(
        self, organizer: str, join_url: str, *, since: datetime, cursor: str | None
    ) -> AsyncIterator[Page[SeenTranscript]]:
        """The same of transcripts."""

    async def attendance(
        self, organizer: str, meeting_id: str, window: tuple[datetime, datetime]
    ) -> tuple[SeenPresence, ...]:
        """
        Everybody in every report of a session within the window.

        The same person may come several times. A series has the reports of all its occurrences.
        """

    def recording(self, organizer: str, recording: SeenRecording) -> Content:
        """Reading raises DownloadBlocked where a policy keeps it from being downloaded."""

    async def transcript(self, organizer: str, transcript: SeenTranscript) -> bytes:
        """WebVTT, UTF-8. Raises DownloadBlocked."""


class Messages(Protocol):
    """One channel, to read."""

    def changes(self, cursor: str | None) -> AsyncIterator[Page[SeenMessage]]: ...


class Delivery(StrEnum):
    PROVED = "proved"
    """It is in the channel: the service gave its id."""
    QUEUED = "queued"
    """Accepted; whether it reached the channel must be read there."""
    REFUSED = "refused"
    """It was not posted and will not be."""
    UNKNOWN = "unknown"
    """The answer was lost: it may have been posted."""


@dataclass(frozen=True, kw_only=True)
class Receipt:
    delivery: Delivery
    message_id: str | None = None
    reason: str = ""
    retry_at: datetime | None = None
    """Set where a refusal is a throttling."""


class Poster(Protocol):
    """A way to one channel."""

    async def post(self, card: bytes) -> Receipt:
        """Post an Adaptive Card (JSON). Never raises for an answer; the receipt tells."""


# ---------------------------------------------------------------- own state


class Status(StrEnum):
    CLAIMED = "claimed"
    """Begun: it may or may not have happened."""
    QUEUED = "queued"
    """Accepted, not yet seen in the tenant."""
    DONE = "done"
    DROPPED = "dropped"
    """Will not be done: its time has passed, or a person said no."""
    PARKED = "parked"
    """Needs a person, or a later time (`not_before`)."""


@dataclass(frozen=True, kw_only=True)
class Effect:
    """
    One outward effect: begun, half done, or done.

    `phase` names the step of those that have several; `baseline` is what the tenant
    showed right after our last write (eTag, cTag, hash, or the fields written).
    """

    key: str
    job: str
    status: Status
    phase: str = ""
    remote_id: str | None = None
    etag: str | None = None
    baseline: Mapping[str, object] = field(default_factory=dict)
    upload: UploadState | None = None
    attempts: int = 0
    not_before: datetime | None = None
    reason: str = ""
    created: datetime
    updated: datetime


DONE, IN_PART, FAILED = "done", "in part", "failed"
"""How a run ended; only one that is done is over."""


@dataclass(frozen=True, kw_only=True)
class Run:
    """One run of a job: (job, scope, period) is its identity."""

    job: str
    scope: str
    period: datetime
    started: datetime
    finished: datetime
    outcome: str
    """DONE, IN_PART or FAILED."""
    did: int
    """Effects made."""
    note: str = ""


class Ledger(Protocol):
    """
    What one network's service has seen and done. Several processes may share it.

    Sources are names such as `calendar` or `drive/<id>`; values are dataclasses of
    `service.observe`, kept as JSON.
    """

    async def cursor(self, source: str) -> str | None: ...

    async def absorb(
        self, source: str, changes: "Sequence[Change[T]]", *, cursor: str | None = None
    ) -> None:
        """Keep the last sight of each and, in the same transaction, the cursor if given."""

    async def forget(self, source: str) -> None:
        """Drop cursor and sights, so that the next reading lists everything anew."""

    async def seen(self, source: str, kind: "type[T]") -> dict[str, T]:
        """
        Everything of a source that is there (gone ones left out), by id.

        A value that has not changed may be the very object of the last call.
        """

    async def effects(self, prefix: str = "") -> dict[str, Effect]:
        """Effects by key whose key starts so."""

    async def claim(self, key: str, *, job: str, now: datetime) -> tuple[Effect, bool]:
        """
        Begin an effect: return it, and whether it was begun just now, by us.

        False: it was there before, in whatever status. One of several claimants gets True.
        """

    async def keep(self, effect: Effect) -> None:
        """Write an effect back, under its key."""


class Journal(Protocol):
    """Runs, responses and imported history of one network."""

    async def last_period(self, job: str, scope: str) -> datetime | None:
        """The latest period of which there is a run that was done, wholly."""

    async def record(self, run: Run) -> None:
        """Keep a run; one of the same identity is replaced."""

    async def runs(self) -> tuple[Run, ...]: ...

    async def replace_responses(
        self, form: str, responses: "Sequence[tuple[str, datetime | None, Mapping[str, str]]]"
    ) -> None:
        """Make these (response id, submitted, answer by question) all there is of a form."""

    async def responses(
        self, form: str
    ) -> "tuple[tuple[str, datetime | None, Mapping[str, str]], ...]": ...

    async def import_history(self, points: "Sequence[HistoryPoint]") -> int: ...

    async def history(self) -> "tuple[HistoryPoint, ...]": ...


@dataclass(frozen=True, kw_only=True)
class HistoryPoint:
    """The mean of one question of the yearly survey in an earlier year, as published."""

    year: int
    question: str
    mean: str
    """As published: decimal comma or point."""
    n: int
