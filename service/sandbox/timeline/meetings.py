"""What online meetings leave behind."""

from dataclasses import dataclass
from datetime import date, datetime

from service.sandbox.timeline.act import Act, Content


@dataclass(frozen=True, kw_only=True)
class Record(Act):
    """A recording of an online meeting is ready, and its transcript where one was made."""

    key: str
    """Of the invitation."""
    start: datetime
    end: datetime
    content: Content
    transcript: str | None = None
    """WebVTT with speakers, as Teams makes it."""
    by: str | None = None
    """Id of whoever pressed the button; the organiser if nobody is named."""
    blocked: bool = False
    """Made under the policy that blocks downloads: it can only be watched."""


@dataclass(frozen=True, kw_only=True)
class DeleteRecording(Act):
    """Somebody deletes a recording, and its file; the transcript stays."""

    key: str
    """Of the invitation."""
    occurrence: date | None = None
    """Only that of this day; without it all recordings of the meeting."""


@dataclass(frozen=True, kw_only=True)
class Presence:
    name: str
    mail: str | None = None
    """None for somebody who joined without signing in."""
    role: str
    """`Organizer`, `Presenter` or `Attendee`."""
    joined: datetime
    left: datetime


@dataclass(frozen=True, kw_only=True)
class Attend(Act):
    """An attendance report of an online meeting is ready: one for each session."""

    key: str
    start: datetime
    end: datetime
    records: tuple[Presence, ...]


@dataclass(frozen=True, kw_only=True)
class SetTranscription(Act):
    """The tenant's meeting policy allows transcription from now on, or no more."""

    allowed: bool
