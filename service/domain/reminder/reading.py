"""Read the parsed `config/posts.toml` into typed values, with every problem at once."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import TypeVar

from service.domain.period import QuietHours, parse_clock, parse_pause
from service.domain.reminder.rules import (
    Anchor,
    Audience,
    Condition,
    Limits,
    Offset,
    Policy,
    PostKind,
    Rule,
    Unit,
)
from service.errors import SettingsError

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

_MOST = 10_000
_OF_THE_YEAR = {
    PostKind.PLAN_READY: frozenset({Anchor.PLAN_PUBLISHED}),
    PostKind.YEARLY_OPEN: frozenset({Anchor.YEARLY_OPENS, Anchor.YEARLY_CLOSES}),
    PostKind.YEARLY_NUDGE: frozenset({Anchor.YEARLY_OPENS, Anchor.YEARLY_CLOSES}),
}
_OF_MEETINGS = frozenset(Anchor).difference(*_OF_THE_YEAR.values())
_DAYS_AWAY = {Unit.DAYS: 366, Unit.WORKDAYS: 250, Unit.MINUTES: 7 * 24 * 60}


class Table:
    """
    A parsed table that is taken apart key by key.

    Problems are gathered, with their path, and raised together by `finish`; a key that
    nobody has taken is one.
    """

    def __init__(self, parsed: object, path: str, problems: list[str] | None = None) -> None:
        self._path = path
        self._problems = [] if problems is None else problems
        self._rest: dict[str, object] = {}
        if isinstance(parsed, Mapping):
            self._rest = {str(key): value for key, value in parsed.items()}
        else:
            self._problems.append(f"{path} is not a table")

    def take(self, key: str, read: Callable[[object], T], default: T, *, must: bool = True) -> T:
        """Read a value; a problem is noted, and the default stands in for it."""
        if key not in self._rest:
            if must:
                self._problems.append(f"{self._path}.{key} is missing")
            return default
        try:
            return read(self._rest.pop(key))
        except (TypeError, ValueError) as problem:
            self._problems.append(f"{self._path}.{key}: {problem}")
            return default

    def has(self, key: str) -> bool:
        return key in self._rest

    def ignore(self, *keys: str) -> None:
        """Leave keys to somebody else."""
        for key in keys:
            self._rest.pop(key, None)

    def table(self, key: str) -> "Table":
        return Table(self._rest.pop(key, {}), f"{self._path}.{key}", self._problems)

    def tables(self, key: str) -> "tuple[Table, ...]":
        parsed = self._rest.pop(key, ())
        if not isinstance(parsed, Sequence) or isinstance(parsed, str):
            self.note(f"{key} is not a list of tables")
            return ()
        return tuple(
            Table(one, f"{self._path}.{key}[{place}]", self._problems)
            for place, one in enumerate(parsed)
        )

    def note(self, problem: str) -> None:
        self._problems.append(f"{self._path}: {problem}")

    def close(self) -> None:
        """Note what nobody has taken."""
        self._problems.extend(f"{self._path}.{key} is not known" for key in self._rest)
        self._rest = {}

    def finish(self) -> None:
        """Raise SettingsError if there was any problem."""
        self.close()
        if self._problems:
            raise SettingsError(tuple(self._problems))


def policy_from(parsed: Mapping[str, object]) -> Policy:
    """Read limits and rules; what is others' is left alone. Raises SettingsError."""
    table = Table(parsed, "posts")
    table.ignore("digest", "coordinators")
    limits = _limits(table.table("limits"))
    rules = tuple(_rule(rule) for rule in table.tables("rules"))
    kinds = [rule.kind for rule in rules]
    for kind in sorted({kind for kind in kinds if kinds.count(kind) > 1}):
        table.note(f"two rules of the kind {kind}")
    table.finish()
    return Policy(rules=rules, limits=limits)


def _limits(table: Table) -> Limits:
    kinds, none = each(member(PostKind)), tuple[PostKind, ...]()
    limits = Limits(
        quiet=table.take("quiet", _quiet, QuietHours(parse_clock("17:00"), parse_clock("08:00"))),
        pauses=table.take("pauses", each(lambda one: parse_pause(text(one))), ()),
        max_per_meeting=table.take("max_per_meeting", whole(), 0),
        max_per_channel_week=table.take("max_per_channel_week", whole(), 0),
        approve_first_weeks=table.take("approve_first_weeks", whole(), 0),
        deadline_far_days=table.take("deadline_far_days", whole(), 0),
        few_answers_percent=table.take("few_answers_percent", whole(), 0),
        keeps_days=table.take("keeps_days", whole(), 0),
        uncapped=frozenset(table.take("uncapped", kinds, none)),
        priority=table.take("priority", kinds, none),
    )
    table.close()
    return limits


def _rule(table: Table) -> Rule:
    offset = _offset(table)
    timed = offset.unit is not Unit.MINUTES
    rule = Rule(
        kind=table.take("kind", member(PostKind), PostKind.SOON),
        anchor=table.take("on", member(Anchor), Anchor.START),
        offset=offset,
        at=table.take("at", _clock, "", must=timed) if timed else "",
        conditions=table.take("if", each(member(Condition)), (), must=False),
        audience=table.take("to", member(Audience), Audience.GROUP, must=False),
        enabled=table.take("enabled", truth, default=True, must=False),
    )
    if rule.anchor not in _OF_THE_YEAR.get(rule.kind, _OF_MEETINGS):
        table.note(f"{rule.kind} cannot be on {rule.anchor}")
    table.close()
    return rule


def _offset(table: Table) -> Offset:
    given = [unit for unit in Unit if table.has(unit)]
    if len(given) != 1:
        table.note("needs one of days, workdays and minutes")
        table.ignore(*Unit)
        return Offset(Unit.DAYS, 0)
    reach = _DAYS_AWAY[given[0]]
    return Offset(given[0], table.take(given[0], whole(-reach, reach), 0))


# ---------------------------------------------------------------- single values


def text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"not a text: {value!r}")
    return value


def truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"neither true nor false: {value!r}")
    return value


def whole(least: int = 0, most: int = _MOST) -> Callable[[object], int]:
    """Return a reader of whole numbers within bounds."""

    def read(value: object) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise ValueError(f"not a whole number from {least} to {most}: {value!r}")
        return value

    return read


def member(names: type[E]) -> Callable[[object], E]:
    """Return a reader of one of the names."""

    def read(value: object) -> E:
        try:
            return names(text(value))
        except ValueError:
            raise ValueError(f"{value!r} is none of {', '.join(names)}") from None

    return read


def each(read: Callable[[object], T]) -> Callable[[object], tuple[T, ...]]:
    def read_all(value: object) -> tuple[T, ...]:
        if not isinstance(value, Sequence) or isinstance(value, str):
            raise TypeError(f"not a list: {value!r}")
        return tuple(read(one) for one in value)

    return read_all


def _clock(value: object) -> str:
    return parse_clock(text(value)).isoformat("minutes")


def _quiet(value: object) -> QuietHours:
    times = each(lambda one: parse_clock(text(one)))(value)
    if len(times) != 2 or times[0] == times[1]:
        raise ValueError(f"not two times of day: {value!r}")
    return QuietHours(times[0], times[1])
