"""What the letter is made of, and what `config/posts.toml` says of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from service.domain.period import parse_clock
from service.domain.reminder.facts import Situation
from service.domain.reminder.reading import Table, member, text, whole
from service.domain.reminder.rules import Limits
from service.domain.survey.publication import Published
from service.observe import SeenMessage


class SectionKind(StrEnum):
    COMING = "coming"
    FILED = "filed"
    QUESTIONS = "questions"
    TIPS = "tips"
    RESULTS = "results"


@dataclass(frozen=True, kw_only=True)
class DigestRules:
    """What `config/posts.toml` says of the letter."""

    at: str
    useful_days: int
    visible_lines: int
    folded_lines: int
    question_after_workdays: int
    question_until_days: int
    sections: tuple[tuple[SectionKind, int], ...]
    """In order, with the most lines that each shows unfolded."""
    limits: Limits


@dataclass(frozen=True, kw_only=True)
class Filed:
    """A file that members can open, since a moment."""

    meeting_id: str
    at: datetime
    recording: bool = False


@dataclass(frozen=True, kw_only=True)
class Result:
    """What members may be told of an evaluation that a coordinator has released."""

    meeting_id: str
    at: datetime
    """Since when: released, and closed."""
    figures: tuple[Published, ...]
    moved: bool = False
    """They were told other figures before, and these may take their place."""


@dataclass(frozen=True, kw_only=True)
class Registered:
    """How many are coming; None: nobody knows."""

    people: int | None = None
    """As the register has it."""
    members: int | None = None
    """Members of the network from which somebody has accepted in the calendar."""


@dataclass(frozen=True, kw_only=True)
class DigestFacts:
    situation: Situation
    registered: Mapping[str, Registered] = field(default_factory=dict)
    """By meeting id."""
    filed: tuple[Filed, ...] = ()
    results: tuple[Result, ...] = ()
    messages: tuple[SeenMessage, ...] = ()
    internal_hosts: frozenset[str] = frozenset()
    """Hosts of the tenant; links to them are no tips."""


def digest_rules_from(parsed: Mapping[str, object], limits: Limits) -> DigestRules:
    """Read the digest's part of the parsed `config/posts.toml`. Raises SettingsError."""
    table = Table(parsed, "posts").table("digest")
    rules = DigestRules(
        at=table.take("at", lambda one: parse_clock(text(one)).isoformat("minutes"), "08:30"),
        useful_days=table.take("useful_days", whole(1, 7), 1),
        visible_lines=table.take("visible_lines", whole(1), 1),
        folded_lines=table.take("folded_lines", whole(), 0),
        question_after_workdays=table.take("question_after_workdays", whole(), 0),
        question_until_days=table.take("question_until_days", whole(), 0),
        sections=tuple(_section_rule(one) for one in table.tables("sections")),
        limits=limits,
    )
    table.finish()
    return rules


def _section_rule(table: Table) -> tuple[SectionKind, int]:
    kind = table.take("kind", member(SectionKind), SectionKind.COMING)
    most = table.take("most", whole(1), 1)
    table.close()
    return kind, most
