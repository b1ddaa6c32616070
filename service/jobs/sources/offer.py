"""What a source of files has to offer: each file with the way to its bytes."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from service.domain.actions import Leave, Source, Unread
from service.domain.candidate import Candidate
from service.jobs.known import Known
from service.workplace import Workplace


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A file that may belong to a meeting, and how its bytes are had."""

    candidate: Candidate
    source: Source


@dataclass(frozen=True, kw_only=True)
class Gathered:
    offers: tuple[Offer, ...] = ()
    notes: tuple[Leave | Unread, ...] = ()
    """What could not be looked at, and why."""


Gather = Callable[[Workplace, Known], Awaitable[Gathered]]
"""Reads one source; what it reads, it keeps in the ledger."""
