"""The rest of Microsoft 365: calendar, mail, lists, meetings and channels."""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Protocol

from service.observe import (
    Fields,
    Page,
    SeenAttachment,
    SeenEvent,
    SeenMail,
    SeenMessage,
    SeenPresence,
    SeenRecording,
    SeenRow,
    SeenTranscript,
)
from service.ports.surroundings import Content


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


class Rows(Protocol):
    """One list: the register, or what a flow fills."""

    def changes(self, cursor: str | None) -> AsyncIterator[Page[SeenRow]]: ...

    async def find(self, column: str, value: str) -> SeenRow | None:
        """The row whose (indexed) text column has the value."""

    async def add(self, fields: Fields) -> SeenRow:
        """Raises Conflict if a unique column has the value already."""

    async def update(self, row_id: str, fields: Fields, *, etag: str | None) -> SeenRow:
        """Raises Changed if the row has another eTag; None writes in any case."""

    async def titles(self) -> Mapping[str, str]:
        """
        What people call the columns that they fill, by internal name, in the list's order.

        https://learn.microsoft.com/graph/api/list-list-columns
        """


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

    def changes(self, cursor: str | None) -> AsyncIterator[Page[SeenMessage]]:
        """
        Yield what is new since the cursor; without one, what was said or answered LATELY.

        A root message comes again when anything under it changes. Raises CursorExpired.
        """
