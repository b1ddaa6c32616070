"""Acts in channels and online meetings."""

from dataclasses import dataclass
from datetime import datetime

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


@dataclass(frozen=True, kw_only=True)
class Presence:
    name: str
    mail: str | None
    """None for somebody who joined without signing in."""
    role: str
    """`Organizer`, `Presenter` or `Attendee`."""
    joined: datetime
    left: datetime


@dataclass(frozen=True, kw_only=True)
class Attend(Act):
    """An attendance report of an online meeting is ready."""

    key: str
    start: datetime
    end: datetime
    records: tuple[Presence, ...]


@dataclass(frozen=True, kw_only=True)
class Say(Act):
    """A person writes in a channel."""

    key: str
    channel: str
    """Id of the channel."""
    author: str
    html: str
    reply_to: str | None = None
