"""
When a request that failed is sent again: pure, so that a table of cases can prove it.

https://learn.microsoft.com/graph/throttling and, for SharePoint,
https://learn.microsoft.com/sharepoint/dev/general-development/how-to-avoid-getting-throttled-or-blocked-in-sharepoint-online
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum

THROTTLED = frozenset({429, 503, 509})
PASSING = frozenset({423, 429, 500, 502, 503, 504, 509})
SAFE = frozenset({"GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""Methods that may be repeated: done twice, they leave what doing them once leaves."""


class Failure(StrEnum):
    """How a request can fail without an answer."""

    NOT_SENT = "not sent"
    """No connection was made: the service knows nothing of it."""
    LOST = "lost"
    """It was sent, in whole or in part; what became of it is unknown."""


class Repeat(StrEnum):
    """Whether a request may be sent a second time."""

    BY_METHOD = "by method"
    YES = "yes"
    """Its effect can be looked up or is the same twice, POST though it be."""
    NEVER = "never"
    """Its maker decides, or its body can be read only once."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    attempts: int = 6
    total: float = 300.0
    """Seconds that one request may take with all its waits."""
    base: float = 0.5
    longest: float = 60.0
    """Of our own waits; the server's may be longer, within `total`."""


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One try of a request, and how it ended: a status or a failure."""

    method: str
    number: int
    """1 for the first."""
    elapsed: float
    """Seconds since the first was begun."""
    status: int | None = None
    failure: Failure | None = None
    headers: Mapping[str, str] | None = None
    repeat: Repeat = Repeat.BY_METHOD


@dataclass(frozen=True)
class Wait:
    seconds: float


@dataclass(frozen=True)
class GiveUp:
    """The answer or failure stands; `until` is set where the server named a later time."""

    until: float | None = None
    """Seconds that the server asks for."""


def decide(attempt: Attempt, now: datetime, jitter: float, limits: Limits) -> Wait | GiveUp:
    """Tell whether to send a failed request again; `jitter` is drawn from [0, 1)."""
    asked = asked_wait(attempt.headers or {}, now)
    if not may_repeat(attempt, asked):
        return GiveUp(asked)
    if attempt.number >= limits.attempts:
        return GiveUp(asked)
    seconds = asked if asked is not None else backoff(attempt.number, jitter, limits)
    if attempt.elapsed + seconds > limits.total:
        return GiveUp(asked)
    return Wait(seconds)


def may_repeat(attempt: Attempt, asked: float | None) -> bool:
    if attempt.repeat is Repeat.NEVER:
        return False
    if attempt.failure is not None:
        return attempt.failure is Failure.NOT_SENT or _harmless(attempt)
    if attempt.status not in PASSING:
        return False
    return _surely_did_nothing(attempt.status, asked) or _harmless(attempt)


def backoff(number: int, jitter: float, limits: Limits) -> float:
    """Exponential with full jitter, which spreads clients best after a common failure."""
    return jitter * min(limits.longest, limits.base * 2.0**number)


def asked_wait(headers: Mapping[str, str], now: datetime) -> float | None:
    """
    Seconds that the server asks us to wait; the greater where it says two.

    `RateLimit-Reset` counts only beside a refusal, which is when this is asked.
    """
    waits = [
        wait
        for name in ("retry-after", "ratelimit-reset")
        if (wait := _seconds(_header(headers, name), now)) is not None
    ]
    return max(waits, default=None)


def _harmless(attempt: Attempt) -> bool:
    return attempt.repeat is Repeat.YES or attempt.method in SAFE


def _surely_did_nothing(status: int | None, asked: float | None) -> bool:
    return status == 429 or (status == 503 and asked is not None)


def _header(headers: Mapping[str, str], name: str) -> str | None:
    # httpx.Headers ignores case; a plain dict, in tests, does not.
    return headers.get(name) or headers.get(name.title())


def _seconds(value: str | None, now: datetime) -> float | None:
    if not value:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        return _until(value, now)


def _until(date: str, now: datetime) -> float | None:
    try:
        when = parsedate_to_datetime(date)
    except ValueError:
        return None
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return max(0.0, (when - now).total_seconds())
