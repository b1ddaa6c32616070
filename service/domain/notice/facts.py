"""What there is to tell coordinators, and by which rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from service.domain.gaps import Row
from service.domain.meeting import Meeting
from service.domain.network import Network
from service.domain.period import parse_clock
from service.domain.post import Button, Post, Words
from service.domain.reminder.reading import Table, text, whole


@dataclass(frozen=True, kw_only=True)
class NoticeRules:
    weekday: int
    """ISO: Monday is 1."""
    at: str
    """Local, "09:00"."""
    visible_lines: int
    listed_days: int
    repeat_weeks: int
    again_days: int


def notice_rules_from(parsed: Mapping[str, object]) -> NoticeRules:
    """Read the coordinators' part of the parsed `config/posts.toml`. Raises SettingsError."""
    table = Table(parsed, "posts").table("coordinators")
    rules = NoticeRules(
        weekday=table.take("weekday", whole(1, 5), 5),
        at=table.take("at", lambda one: parse_clock(text(one)).isoformat("minutes"), "09:00"),
        visible_lines=table.take("visible_lines", whole(1), 1),
        listed_days=table.take("listed_days", whole(1), 1),
        repeat_weeks=table.take("repeat_weeks", whole(1), 1),
        again_days=table.take("again_days", whole(1), 1),
    )
    table.finish()
    return rules


# ---------------------------------------------------------------- what there is to tell


@dataclass(frozen=True, kw_only=True)
class Unplaced:
    """A file of the inbox that nobody could tell the meeting of."""

    id: str
    name: str
    candidates: tuple[Meeting, ...]
    """The likeliest first."""
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Removed:
    """A file that was filed, and that a person has removed."""

    key: str
    name: str
    meeting: Meeting


@dataclass(frozen=True, kw_only=True)
class Filed:
    meeting: Meeting
    at: datetime
    recording: bool = False


@dataclass(frozen=True, kw_only=True)
class Told:
    """An earlier summary."""

    at: datetime
    says: frozenset[str]
    """Ids of the items that it told of."""


@dataclass(frozen=True, kw_only=True)
class Links:
    register: str
    """Carries the key: every notice has it."""
    inbox: str = ""
    folders: Mapping[str, str]
    """By meeting id, those that there are."""


@dataclass(frozen=True, kw_only=True)
class NoticeFacts:
    network: Network
    channel: str
    """Id, or the role where only the flow knows which channel it is."""
    links: Links
    rows: tuple[Row, ...] = ()
    unplaced: tuple[Unplaced, ...] = ()
    removed: tuple[Removed, ...] = ()
    filed: tuple[Filed, ...] = ()
    told: tuple[Told, ...] = ()
    """Summaries that were sent, the oldest first."""


@dataclass(frozen=True, kw_only=True)
class Notice:
    post: Post
    says: frozenset[str] = frozenset()
    """Of a summary: ids of its items."""


def buttons(facts: NoticeFacts, words: Words) -> tuple[Button, ...]:
    """Register first: every network has it, and its link carries the key."""
    inbox = (Button(words.say("buttons.inbox"), facts.links.inbox),) if facts.links.inbox else ()
    return (Button(words.say("buttons.register_list"), facts.links.register), *inbox)
