"""What a job is: a name, when it wakes, what it sees, and what it decides from that."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from service.domain.actions import Action
from service.workplace import Workplace

S = TypeVar("S")


@dataclass(frozen=True, kw_only=True)
class Poll:
    """Wakes every so many minutes, as the setting NATVERKET_POLL_<NAME> says."""

    setting: str


@dataclass(frozen=True, kw_only=True)
class WorkdayPoll:
    """The same, on weekdays between 08:00 and 17:00 local: outside nothing could be done."""

    setting: str


@dataclass(frozen=True, kw_only=True)
class ClockPoll:
    """The same at all hours, not spread: at 07:30 it looks for what is due at 07:30."""

    setting: str


@dataclass(frozen=True, kw_only=True)
class Weekdays:
    """Wakes on every weekday at a local time."""

    at: str
    """HH:MM."""


@dataclass(frozen=True, kw_only=True)
class Weekly:
    """Wakes once a week in the hour given, at a minute that is the network's own."""

    day: str
    """mon … sun"""
    hour: int
    """Local."""


@dataclass(frozen=True, kw_only=True)
class LastOfMonth:
    """Wakes on the last day of every month at a local time."""

    at: str


@dataclass(frozen=True, kw_only=True)
class FirstOfMonth:
    """Wakes on the first day of every month at a local time."""

    at: str


Wakes = Poll | WorkdayPoll | ClockPoll | Weekdays | Weekly | LastOfMonth | FirstOfMonth


@dataclass(frozen=True, kw_only=True)
class Job(Generic[S]):
    """
    A declaration: everything about a job in one place.

    `observe` reads the tenant and the ledger and may keep what it read; `plan` is pure and
    decides; what it decides is made real by `service.effects`.
    """

    name: str
    does: str
    """One sentence for `natverket jobs`."""
    wakes: Wakes
    observe: Callable[[Workplace], Awaitable[S]]
    plan: Callable[[S, datetime], tuple[Action, ...]]
    wanted: Callable[[Workplace], bool] = lambda _: True
    """Whether the network has anything for it: else it need not wake."""
