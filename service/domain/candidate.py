"""A file that may belong to a meeting, wherever it was found."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """
    A file that may belong to a meeting, as its source shows it.

    `modified` is aware and in UTC; iCalUIds are ids of meetings.
    """

    origin: str
    """event, mail, link, folder, inbox, recording …"""
    id: str
    """At its source; the same for every version."""
    version: str
    """Other when the bytes are other."""
    name: str
    modified: datetime
    content_type: str = ""
    size: int | None = None
    """Bytes."""
    folder: str = ""
    """Path where people put it, below its source's root, without slashes at the ends."""
    words: str = ""
    """What else was said about it: the subject of the mail."""
    hangs_on: str = ""
    """iCalUId of the event it hangs on."""
    settled: str = ""
    """iCalUId that a coordinator has said."""
