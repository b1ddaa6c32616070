"""
What came of a post, told from its answer: for the transports whose service gives ids.

A refusal that somebody can mend is tried again after an hour, so that a post is not lost to
what is mended meanwhile; whether it is still useful then, its own time says.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx
import msgspec

from service.errors import NatverketError, Throttled, Verdict
from service.graph.policy import Failure, asked_wait
from service.graph.transport import failure_of
from service.graph.wire import Wire
from service.ports import Clock, Delivery, Receipt

MOST_QUOTED = 300
"""Characters of an answer that a reason repeats."""
PAUSE = timedelta(minutes=1)
"""Where nothing was done, and no time is named."""
MENDING = timedelta(hours=1)
"""Where somebody has to act first."""

_NOTHING_DONE = frozenset({412, 429})
"""412: another request for the same thread was under way (msteams-docs, Rate limiting)."""


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """How a service says no."""

    remedies: Mapping[str, str]
    """What somebody can do, by a word that stands in the answer."""
    gone: frozenset[str]
    """Codes of what is not there any more."""


class _Error(Wire):
    code: str = ""


class _Refusal(Wire):
    error: _Error


_refusal = msgspec.json.Decoder(_Refusal)


async def receipt(
    exchange: Awaitable[httpx.Response],
    dialect: Dialect,
    clock: Clock,
    named: Callable[[httpx.Response], str],
    *,
    may_be_gone: bool = False,
) -> Receipt:
    """Wait for the answer and tell what it means; `named` finds the message's id in a good one."""
    try:
        answer = await exchange
    except httpx.TransportError as error:
        return no_answer(error, clock.now() + PAUSE)
    except Throttled as error:
        # A pause of an earlier request still holds: this one was not sent.
        return refused(error.reason, error.until or clock.now() + PAUSE)
    except NatverketError as error:
        # The sign-in failed: nothing was sent.
        wait = MENDING if error.verdict is Verdict.STOP else PAUSE
        return refused(f"{error} {error.remedy}", clock.now() + wait)
    if answer.is_success or (may_be_gone and _code(answer) in dialect.gone):
        return _accepted(named(answer))
    return _told(answer, dialect, clock.now())


def no_answer(error: httpx.TransportError, again: datetime) -> Receipt:
    """Tell of a line that broke; `again`: when to try what surely was not sent."""
    said = f"no answer: {type(error).__name__}"
    if failure_of(error) is Failure.NOT_SENT:
        return refused(said, again)
    return Receipt(delivery=Delivery.UNKNOWN, reason=said)


def refused(reason: str, retry_at: datetime | None = None) -> Receipt:
    return Receipt(delivery=Delivery.REFUSED, reason=reason, retry_at=retry_at)


def _accepted(message_id: str) -> Receipt:
    if not message_id:
        return Receipt(delivery=Delivery.QUEUED)
    return Receipt(delivery=Delivery.PROVED, message_id=message_id)


def _told(answer: httpx.Response, dialect: Dialect, now: datetime) -> Receipt:
    said = f"{answer.status_code} {answer.text[:MOST_QUOTED]}".strip()
    if answer.status_code in _NOTHING_DONE:
        wait = asked_wait(answer.headers, now)
        return refused(said, now + (PAUSE if wait is None else timedelta(seconds=wait)))
    if answer.status_code >= 500:
        return Receipt(delivery=Delivery.UNKNOWN, reason=said)
    for word, remedy in dialect.remedies.items():
        if word in answer.text:
            return refused(f"{said} {remedy}", now + MENDING)
    return refused(said)


def _code(answer: httpx.Response) -> str:
    try:
        return _refusal.decode(answer.content).error.code
    except msgspec.DecodeError:
        return ""
