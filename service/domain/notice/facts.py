"""What there is to tell coordinators, and by which rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction

from service.domain.gaps import Row
from service.domain.meeting import Meeting
from service.domain.network import Network
from service.domain.period import parse_clock
from service.domain.plan.binding import Asked
from service.domain.post import Button, Post, Words
from service.domain.reminder.reading import Table, text, whole
from service.domain.survey.publication import Standing
from service.domain.survey.silence import Silence


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
    certificate_days: int
    sign_in_days: int
    lapse_days: int


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
        certificate_days=table.take("certificate_days", whole(1), 1),
        sign_in_days=table.take("sign_in_days", whole(1), 1),
        lapse_days=table.take("lapse_days", whole(1), 1),
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
    since: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class FormNote:
    """Something odd about a form's answers."""

    id: str
    name: str
    """Of the form, or of the meeting."""
    said: str
    """In the network's language."""
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


class CredentialKind(StrEnum):
    """By the name of its text."""

    CERTIFICATE = "certificate"
    """The app's own."""
    SIGN_IN = "sign_in"
    """A person's, in whose name posts go out."""


@dataclass(frozen=True, kw_only=True)
class Credential:
    """What the service signs in by, and that ends."""

    kind: CredentialKind
    expires: date
    """The last day, local, on which it is good."""
    name: str = ""
    """Whose sign-in it is, as people know the account."""


@dataclass(frozen=True, kw_only=True)
class Awaiting:
    """A post that waits for a coordinator's tick."""

    key: str
    until: datetime | None = None
    """After this it is no use any more."""


@dataclass(frozen=True, kw_only=True)
class Doubtful:
    """A post whose answer was lost, and that nobody can look for: it may be there or not."""

    key: str
    title: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """A way by which posts do not get out, and by trying again will not."""

    via: str
    """The transport, as in the settings."""
    reason: str
    """What was answered, as it came."""


@dataclass(frozen=True, kw_only=True)
class Evaluated:
    """A meeting that has been answered something about, or could be."""

    meeting: Meeting
    closes: datetime
    n: int
    """Responses so far."""
    rate: Fraction | None
    """Of those who came on the largest day; None: nobody has counted them."""
    standing: tuple[Standing, ...]
    own_words: int = 0
    """Responses with free text."""
    workbook: str = ""
    """Address of what lies in the coordinators' library."""


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
    forms: tuple[Unplaced, ...] = ()
    """Whose answers nobody knows."""
    form_notes: tuple[FormNote, ...] = ()
    silence: Silence | None = None
    removed: tuple[Removed, ...] = ()
    filed: tuple[Filed, ...] = ()
    planned: tuple[Asked, ...] = ()
    """What is asked about planned rows."""
    credentials: tuple[Credential, ...] = ()
    """All that have an end, however far away."""
    awaiting: tuple[Awaiting, ...] = ()
    doubtful: tuple[Doubtful, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    """One for each transport that refuses now."""
    evaluated: tuple[Evaluated, ...] = ()
    """Of meetings of late."""
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
