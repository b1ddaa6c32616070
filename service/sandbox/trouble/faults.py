"""
Misbehaviour on script: what a fault meets, what it does, and which faults are armed.

Every fault counts by itself what it matches; where several would strike the same request,
the one that was given first does. All chance comes from the fault's own seed.
"""

import os
import random
import re
import signal
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from service.sandbox.wire import Json


class Listener(StrEnum):
    GRAPH = "graph"
    """Graph itself and the webhooks of flows and bots."""
    BYTES = "bytes"
    """Upload sessions, downloads and copy monitors."""
    SIGN_IN = "sign-in"
    """Tokens and discovery; these requests have no number, as they are not in the log."""


class Cut(StrEnum):
    """Where the connection is cut, for `cut`; whole answers are lost by `drop`."""

    REQUEST = "request"
    """When half of the request's body has been read: nothing is done."""
    ANSWER = "answer"
    """When half of the answer has been sent: everything is done."""


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """A request, as far as faults look at it."""

    number: int | None
    """Of the log; None where the log does not count it."""
    listener: Listener
    method: str
    path: str
    """Decoded, with the query as it was sent."""
    headers: Mapping[str, str]
    now: datetime
    body: bytes = b""
    app: str | None = None
    """Client id, where the request says one."""


@dataclass(frozen=True, kw_only=True)
class Match:
    """Everything that is given must agree."""

    method: str | None = None
    path: re.Pattern[str] | None = None
    """Searched for in the decoded path and query."""
    glob: re.Pattern[str] | None = None
    """The whole decoded path, without its query."""
    app: str | None = None
    listener: Listener | None = None
    body: bytes | None = None
    headers: Mapping[str, re.Pattern[str]] = field(default_factory=dict)

    def agrees(self, what: Occasion) -> bool:
        return (
            self.method in (None, what.method)
            and self.listener in (None, what.listener)
            and self.app in (None, what.app)
            and (self.path is None or bool(self.path.search(what.path)))
            and (self.glob is None or bool(self.glob.fullmatch(what.path.partition("?")[0])))
            and (self.body is None or self.body in what.body)
            and all(
                pattern.search(what.headers.get(name, "")) for name, pattern in self.headers.items()
            )
        )


@dataclass(frozen=True, kw_only=True)
class Turn:
    """Which of the requests that match are struck."""

    at_request: int | None = None
    nth: int = 1
    """From this match on."""
    every: int = 1
    times: int | None = 1
    """How often at most; None: as long as the rest allows."""
    start: datetime | None = None
    """By the sandbox's clock; a span without start begins with the first match."""
    span: timedelta | None = None
    probability: float = 1.0
    seed: int = 0


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One `[[fault]]`; `script` tells the keys."""

    match: Match = Match()
    turn: Turn = Turn()
    after: bool = False
    """The effect takes place and the answer is lost; else nothing is done."""
    kill: int | None = None
    drop: bool = False
    cut: Cut | None = None
    truncate: bool = False
    pieces: int = 1
    stale: bool = False
    claims: bool = False
    status: int | None = None
    code: str | None = None
    message: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    retry_after: float | str | None = None
    retry_after_date: bool = False
    body: Json | str | None = None
    content_type: str | None = None
    where: str = "given to a running sandbox"
    """File and line."""
    text: str = ""
    """The script, for people."""

    @property
    def silent(self) -> bool:
        """Nothing at all is answered."""
        return self.drop or self.kill is not None or self.cut is Cut.REQUEST

    @property
    def refuses(self) -> bool:
        return self.status is not None or self.claims

    @property
    def has_effect(self) -> bool:
        """Whether the request is carried out; what only spoils an answer needs one."""
        if self.cut is Cut.REQUEST:
            return False
        return self.after or not (self.silent or self.refuses)

    def strike(self) -> None:
        """Kills, where that is the fault. Never this process or the first one."""
        if self.kill is not None and self.kill > 1 and self.kill != os.getpid():
            os.kill(self.kill, signal.SIGKILL)


class Armed:
    """A fault and how it has fared."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        self.seen = 0
        self.met: list[int | None] = []
        """Numbers of the requests that it struck."""
        self._start = fault.turn.start
        self._dice = random.Random(fault.turn.seed)  # noqa: S311 - repeatable on purpose

    def meets(self, what: Occasion) -> bool:
        """Counts the request if it matches, and says whether it is to be struck."""
        fault, turn = self.fault, self.fault.turn
        if turn.at_request not in (None, what.number) or not fault.match.agrees(what):
            return False
        if fault.stale and what.method != "GET":
            return False
        if not self._in_span(what.now):
            return False
        self.seen += 1
        lucky = turn.probability >= 1 or self._dice.random() < turn.probability
        return (
            lucky
            and self.seen >= turn.nth
            and (self.seen - (turn.nth if turn.nth > 1 else 0)) % turn.every == 0
            and (turn.times is None or len(self.met) < turn.times)
        )

    def _in_span(self, now: datetime) -> bool:
        span = self.fault.turn.span
        if self._start is None:
            if span is not None:
                self._start = now
            return True
        return self._start <= now and (span is None or now < self._start + span)

    @property
    def left(self) -> int | None:
        """Strikes still to come; None where the script sets no number."""
        times = self.fault.turn.times
        return None if times is None else times - len(self.met)

    def told(self) -> Json:
        return {
            "fault": self.fault.text,
            "where": self.fault.where,
            "matched": self.seen,
            "met": len(self.met),
            "requests": [number for number in self.met if number is not None],
            "left": self.left,
        }


class Faults:
    def __init__(self) -> None:
        self._armed: list[Armed] = []
        self._lock = threading.Lock()

    def add(self, *faults: Fault) -> None:
        with self._lock:
            self._armed += [Armed(fault) for fault in faults]

    def clear(self) -> None:
        with self._lock:
            self._armed.clear()

    @property
    def left(self) -> int:
        """Strikes still to come, a fault without a number counted as one."""
        return sum(1 if armed.left is None else armed.left for armed in self._armed)

    @property
    def armed(self) -> tuple[Armed, ...]:
        return tuple(self._armed)

    @property
    def wants_snapshots(self) -> bool:
        """Whether some answer is still to be as it was before the last write."""
        return any(a.fault.stale and a.left != 0 for a in self._armed)

    def cuts_requests(self) -> bool:
        return any(a.fault.cut is Cut.REQUEST for a in self._armed)

    def take(self, what: Occasion, *, half_read: bool = False) -> Fault | None:
        """
        The fault for this request, if any; it is used up by being taken. Those that cut the
        request's body are asked for before the body is read, by `half_read`.
        """
        if not self._armed:
            return None
        with self._lock:
            candidates = [a for a in self._armed if (a.fault.cut is Cut.REQUEST) == half_read]
            striking = [armed for armed in candidates if armed.meets(what)]
            if not striking:
                return None
            striking[0].met.append(what.number)
            return striking[0].fault

    def never_met(self) -> tuple[Fault, ...]:
        return tuple(armed.fault for armed in self._armed if not armed.met)
