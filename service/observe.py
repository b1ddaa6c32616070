"""
What was seen in the tenant: frozen values, as they stood when they were read.

They are the language between `graph` (which makes them), `store` (which keeps the last
sight of each) and the pure planning. All times are aware and in UTC.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

FieldValue = str | int | float | bool | None
"""What a list column holds, as Graph's JSON gives it; dates are ISO 8601 text."""

Fields = Mapping[str, FieldValue]
"""Internal column name to value."""

T = TypeVar("T")

LATELY = timedelta(days=62)
"""What was said in a channel longer ago is not told of any more: a letter, and a long pause."""


@dataclass(frozen=True, kw_only=True)
class Change(Generic[T]):
    """A thing that is new or other than before, or gone (`value` is None)."""

    id: str
    value: T | None


@dataclass(frozen=True, kw_only=True)
class Page(Generic[T]):
    """One page of a delta listing; `cursor` is set on the last one only."""

    changes: tuple[Change[T], ...]
    cursor: str | None
    complete: bool = False
    """This is everything there is, whatever was told before; there is no cursor then."""

    def against(self, known: Iterable[str]) -> "tuple[Change[T], ...]":
        """Return the changes and, of a complete page, as gone what is known and not on it."""
        if not self.complete:
            return self.changes
        here = {change.id for change in self.changes}
        gone = (Change[T](id=id_, value=None) for id_ in known if id_ not in here)
        return (*self.changes, *gone)


@dataclass(frozen=True, kw_only=True)
class SeenEvent:
    """An event of the network mailbox's calendar."""

    id: str
    ical_uid: str
    subject: str
    body_html: str
    start: datetime
    end: datetime
    location: str
    organizer: str
    """Mail address, lower case."""
    invited: tuple[str, ...]
    """Mail addresses, lower case."""
    categories: tuple[str, ...]
    cancelled: bool
    private: bool
    join_url: str | None
    has_attachments: bool
    modified: datetime
    accepted: tuple[str, ...] = ()
    """Those of the invited who have accepted, as far as the organiser's mailbox tells us."""


@dataclass(frozen=True, kw_only=True)
class SeenAttachment:
    """A file attached to an event or a mail; no content."""

    holder_id: str
    """Of the event or the message that it hangs on."""
    id: str
    name: str
    content_type: str
    size: int
    """Bytes, as the mailbox counts them: somewhat more than the file's own."""
    inline: bool
    is_file: bool
    modified: datetime


@dataclass(frozen=True, kw_only=True)
class SeenMail:
    """A message in the mail folder that is watched; its text is not read."""

    id: str
    """Immutable: it stays when the message is moved."""
    subject: str
    received: datetime
    has_attachments: bool


@dataclass(frozen=True, kw_only=True)
class SeenItem:
    """A file or folder of a library."""

    drive_id: str
    id: str
    name: str
    folder: bool
    parent_id: str | None
    path: str
    """Of the parent, below the library's root, without slashes at the ends."""
    size: int
    etag: str
    ctag: str
    created: datetime
    modified: datetime
    modified_by_app: str | None
    """Client id of the app that wrote last; None where it was a person."""
    web_url: str
    quick_xor_hash: str | None
    content_type: str = ""
    """As the service tells it; empty for folders."""
    checked_out: bool = False
    """Out to somebody; told only where it was asked for (`Drives.item` and `find`)."""


@dataclass(frozen=True, kw_only=True)
class FileColumns:
    """The columns of a file."""

    name: str
    path: str
    """Of the folder it lies in, below the library's root, without slashes at the ends."""
    url: str
    fields: Fields


@dataclass(frozen=True, kw_only=True)
class SeenRow:
    """A row of a list."""

    id: str
    etag: str
    fields: Fields


@dataclass(frozen=True, kw_only=True)
class SeenRecording:
    meeting_id: str
    """Of the online meeting, not the event."""
    id: str
    created: datetime
    ended: datetime | None
    correlation_id: str | None
    """Shared with the transcript of the same call."""


@dataclass(frozen=True, kw_only=True)
class SeenTranscript:
    meeting_id: str
    id: str
    created: datetime
    correlation_id: str | None


@dataclass(frozen=True, kw_only=True)
class SeenPresence:
    """One person in one attendance report."""

    report_id: str
    mail: str | None
    """Lower case; None for somebody who joined without signing in."""
    name: str
    role: str
    joined: datetime
    left: datetime
    seconds: int = 0
    """In the meeting, breaks left out."""


@dataclass(frozen=True, kw_only=True)
class SeenReply:
    author: str
    """Id of a person; empty where an app replied."""
    created: datetime


@dataclass(frozen=True, kw_only=True)
class SeenReaction:
    type: str
    """The sign itself, such as ✅; once a word, such as `like`."""
    by: str
    """Id of a person."""


@dataclass(frozen=True, kw_only=True)
class SeenLink:
    title: str
    url: str


@dataclass(frozen=True, kw_only=True)
class SeenMessage:
    """A root message of a channel, with what the digest needs of its replies."""

    id: str
    created: datetime
    author: str
    """Id of a person; empty where an app or a flow wrote."""
    author_name: str
    text: str
    links: tuple[SeenLink, ...]
    """Of the body and of the cards' buttons."""
    replies: tuple[SeenReply, ...]
    url: str
    reactions: tuple[SeenReaction, ...] = ()
    """To the message itself."""
