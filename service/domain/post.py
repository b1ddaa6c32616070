"""
A post to a channel: what it says, when it is due, and the key by which it is known again.

The key travels inside the post, in the link of its main button, so that a channel read back
tells which posts are there.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from typing import Protocol
from urllib.parse import parse_qs, quote, unquote, urlsplit, urlunsplit

from service.domain.survey.publication import Published

COMMON = "common"
"""Role of the channel that all groups share."""
COORDINATORS = "coordinators"
"""Role of the channel that coordinators have to themselves."""

_VERSION = "v1"
PREFIX = f"{_VERSION}/"
"""With which the key of every post begins."""
_PARAMETER = "nv"
_PARTS = 6
_SAFE_LINK = re.compile(r"(.+\.)?safelinks\.protection\.outlook\.com")


@dataclass(frozen=True)
class Button:
    label: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Line:
    """One item of a section; it stands or falls whole."""

    text: str
    url: str = ""
    note: str = ""
    """A second, quieter line."""


@dataclass(frozen=True, kw_only=True)
class Section:
    heading: str
    lines: tuple[Line, ...]
    folded: tuple[Line, ...] = ()
    """Shown when asked for."""
    more: int = 0
    """How many further items there are beside lines and folded ones."""
    url: str = ""
    """Where those further ones are found."""
    tight: bool = False
    """Its lines stand close together, as bars do."""


@dataclass(frozen=True)
class Picture:
    """It carries nothing that the text does not say."""

    url: str
    description: str
    """For those who do not see it."""


@dataclass(frozen=True, kw_only=True)
class Card:
    """What a post says, in plain text; whoever draws it escapes what needs escaping."""

    language: str
    label: str
    """The group, or the network, above the title."""
    title: str
    when_where: str = ""
    text: str = ""
    picture: Picture | None = None
    sections: tuple[Section, ...] = ()
    buttons: tuple[Button, ...] = ()
    """The first is the main one and carries the key."""
    footer: str = ""
    unfold: str = ""
    """Label of the button that shows what is folded."""
    more: str = ""
    """How "and {n} more" is said."""

    def links(self) -> tuple[str, ...]:
        """Every address that readers are given, each once."""
        lines = [line for section in self.sections for line in (*section.lines, *section.folded)]
        found = (
            *(button.url for button in self.buttons),
            *(line.url for line in lines),
            *(section.url for section in self.sections),
        )
        return tuple(dict.fromkeys(url for url in found if url))


@dataclass(frozen=True, kw_only=True)
class Appointment:
    """What a post is about, where that is a time: as a calendar wants it (RFC 5545, VEVENT)."""

    uid: str
    """iCalUId of the event, so that a calendar which has it already takes it for the same."""
    start: datetime
    end: datetime
    title: str
    place: str = ""
    url: str = ""
    """https link to join or to read more."""
    changed: datetime
    """When the event was last changed: what came earlier is outdated."""
    cancelled: bool = False


@dataclass(frozen=True, kw_only=True)
class Post:
    """A card that is to be in a channel."""

    key: str
    kind: str
    channel: str
    """As in the key: an id, or a role such as `common`."""
    meeting_id: str | None
    due: datetime
    useful_until: datetime
    """Not posted at or after this moment."""
    card: Card
    groups: tuple[str, ...] = ()
    """Ids of the focus groups that it concerns; empty: all."""
    appointment: Appointment | None = None
    once: bool = True
    """False where a changed date makes it worth saying again, under a new occurrence."""
    publishes: tuple[tuple[str, Published], ...] = ()
    """Figures of evaluations that it tells members, with their meeting's id."""


class Reason(StrEnum):
    """Why a post that was due is not made."""

    PAUSE = "pause"
    PASSED = "passed"
    BEFORE = "before"
    """It fell due before the service began, or while it was away for long."""
    SAME_DAY = "same_day"
    MEETING_FULL = "meeting_full"
    WEEK_FULL = "week_full"


@dataclass(frozen=True, kw_only=True)
class Dropped:
    """A post that was due and will not be made."""

    key: str
    kind: str
    channel: str
    meeting_id: str | None
    due: datetime
    reason: Reason
    text: str
    """The reason, in the network's language."""


class Words(Protocol):
    """How things are said in the network's language, at its local time."""

    @property
    def language(self) -> str: ...

    @property
    def tag(self) -> str:
        """BCP 47, such as `sv-SE`."""

    def say(self, key: str, **values: str | int) -> str:
        """
        Fill a text, named as in "posts.soon"; of several forms, that of the number given.

        Raises KeyError for one that is not there.
        """

    def day(self, day: date) -> str:
        """Write weekday, day and month."""

    def short_day(self, day: date) -> str:
        """Write the same, abbreviated."""

    def days(self, first: date, last: date) -> str:
        """Write a range of days; of one day, weekday, day and month."""

    def short_days(self, first: date, last: date) -> str:
        """Write a day, or a range of days, as short as it is still a date: without weekday."""

    def time(self, moment: datetime) -> str:
        """Write the local time of day."""

    def span(self, start: datetime, end: datetime) -> str:
        """Write days and hours of something that starts and ends."""

    def when(self, day: date, today: date) -> str:
        """Begin a sentence with the day as seen from today."""

    def number(self, value: Fraction, decimals: int = 2) -> str:
        """Write a mean, rounded half up."""

    def listed(self, items: Sequence[str]) -> str:
        """Join with commas and a final "and"."""


# ---------------------------------------------------------------- keys


@dataclass(frozen=True, kw_only=True)
class Key:
    """The parts of a post's key, as they are."""

    network: str
    channel: str
    subject: str
    """iCalUId of the meeting, or a period."""
    kind: str
    occurrence: str

    def __str__(self) -> str:
        parts = (self.network, self.channel, self.subject, self.kind, self.occurrence)
        return "/".join((_VERSION, *(quote(part, safe=":@") for part in parts)))


def parse_key(text: str) -> Key | None:
    """Read a key; None if it is none of ours."""
    version, *parts = text.split("/")
    if version != _VERSION or len(parts) != _PARTS - 1 or not all(parts):
        return None
    network, channel, subject, kind, occurrence = map(unquote, parts)
    return Key(network=network, channel=channel, subject=subject, kind=kind, occurrence=occurrence)


def with_key(url: str, key: str) -> str:
    """Put the key into a link; what else its query says is left byte for byte as it is."""
    parts = urlsplit(url)
    kept = [pair for pair in parts.query.split("&") if pair and not pair.startswith("nv=")]
    query = "&".join((*kept, f"{_PARAMETER}={quote(key, safe='')}"))
    return urlunsplit(parts._replace(query=query))


def key_in(url: str) -> str | None:
    """Return the key that a link carries, also one that the mail filter has wrapped."""
    try:
        query = parse_qs(urlsplit(unwrapped(url)).query)
    except ValueError:
        return None
    found = query.get(_PARAMETER, [""])[0]
    return found if parse_key(found) else None


def unwrapped(url: str) -> str:
    """Return the address behind a "safe link" of Microsoft's filter; any other as it is."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    if not _SAFE_LINK.fullmatch(parts.hostname or ""):
        return url
    return parse_qs(parts.query).get("url", [url])[0]


def is_https(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname)
