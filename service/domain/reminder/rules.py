"""The rules of what is posted, as data: closed sets of names, and limits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from service.domain.period import Pause, QuietHours


class PostKind(StrEnum):
    PLAN_READY = "plan_ready"
    REGISTRATION_OPEN = "registration_open"
    REGISTRATION_CLOSING = "registration_closing"
    REGISTRATION_LAST_DAY = "registration_last_day"
    QUESTIONS = "questions"
    SOON = "soon"
    ONE_HOUR = "one_hour"
    DOCUMENTATION = "documentation"
    SURVEY_OPEN = "survey_open"
    SURVEY_NUDGE = "survey_nudge"
    SURVEY_RESULT = "survey_result"
    YEARLY_OPEN = "yearly_open"
    YEARLY_NUDGE = "yearly_nudge"
    MOVED = "moved"
    CANCELLED = "cancelled"


class Anchor(StrEnum):
    """The moment or day from which a rule counts."""

    PLAN_PUBLISHED = "plan_published"
    REGISTRATION_LINK_SET = "registration_link_set"
    DEADLINE = "deadline"
    QUESTIONS_BY = "questions_by"
    START = "start"
    END = "end"
    SURVEY_CLOSES = "survey_closes"
    YEARLY_OPENS = "yearly_opens"
    YEARLY_CLOSES = "yearly_closes"
    CHANGED = "date_or_place_changed"
    CANCELLED = "cancelled"

    @property
    def is_limit(self) -> bool:
        """Tell whether what leads up to it is worthless afterwards."""
        return self in _LIMITS


_LIMITS = frozenset({Anchor.DEADLINE, Anchor.QUESTIONS_BY, Anchor.START, Anchor.YEARLY_CLOSES})


class Condition(StrEnum):
    DEADLINE_FAR = "deadline_far"
    IN_PERSON_OR_TERMS = "in_person_or_terms"
    PUBLISHED = "published"
    SURVEY_LINK = "survey_link"
    FEW_ANSWERS = "few_answers"
    RESULT_RELEASED = "result_released"
    TOLD_BEFORE = "told_before"


class Audience(StrEnum):
    GROUP = "group"
    """The meeting's group; the common channel for a joint meeting."""
    COMMON = "common"


class Unit(StrEnum):
    DAYS = "days"
    WORKDAYS = "workdays"
    MINUTES = "minutes"


@dataclass(frozen=True)
class Offset:
    unit: Unit
    count: int


@dataclass(frozen=True, kw_only=True)
class Rule:
    kind: PostKind
    anchor: Anchor
    offset: Offset
    at: str = ""
    """Local time of day; empty where the offset is in minutes."""
    conditions: tuple[Condition, ...] = ()
    audience: Audience = Audience.GROUP
    enabled: bool = True

    @property
    def leads_up(self) -> bool:
        """Tell whether it comes before its anchor, and so moves to the workday before."""
        return self.offset.count < 0 or (self.offset.count == 0 and self.anchor.is_limit)


@dataclass(frozen=True, kw_only=True)
class Limits:
    quiet: QuietHours
    pauses: tuple[Pause, ...]
    max_per_meeting: int
    max_per_channel_week: int
    approve_first_weeks: int
    deadline_far_days: int
    few_answers_percent: int
    keeps_days: int
    uncapped: frozenset[PostKind]
    priority: tuple[PostKind, ...]

    def rank(self, kind: PostKind) -> int:
        """Return the place in the order of priority; kinds not named come last."""
        return self.priority.index(kind) if kind in self.priority else len(self.priority)


@dataclass(frozen=True, kw_only=True)
class Policy:
    """All that `config/posts.toml` says of reminders."""

    rules: tuple[Rule, ...]
    limits: Limits

    def without(self, kinds: frozenset[PostKind]) -> "Policy":
        """Return the policy with some kinds turned off."""
        kept = tuple(rule for rule in self.rules if rule.kind not in kinds)
        return Policy(rules=kept, limits=self.limits)


Already = Mapping[str, date | None]
"""Every key that is settled: the local day on which it was posted, None if it was dropped."""
