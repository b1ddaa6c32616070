"""What one network's service has seen and done, and keeps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypeVar

from service.domain.survey.responses import Response
from service.observe import Change
from service.ports.files import UploadState

T = TypeVar("T")


class Status(StrEnum):
    CLAIMED = "claimed"
    """Begun: it may or may not have happened."""
    QUEUED = "queued"
    """Accepted, not yet seen in the tenant."""
    DONE = "done"
    DROPPED = "dropped"
    """Will not be done: its time has passed, or a person said no."""
    PARKED = "parked"
    """Needs a person, or a later time (`not_before`)."""


@dataclass(frozen=True, kw_only=True)
class Effect:
    """
    One outward effect: begun, half done, or done.

    `phase` names the step of those that have several; `baseline` is what the tenant
    showed right after our last write (eTag, cTag, hash, or the fields written).
    """

    key: str
    job: str
    status: Status
    phase: str = ""
    remote_id: str | None = None
    etag: str | None = None
    baseline: Mapping[str, object] = field(default_factory=dict)
    upload: UploadState | None = None
    attempts: int = 0
    not_before: datetime | None = None
    reason: str = ""
    created: datetime
    updated: datetime


DONE, IN_PART, FAILED = "done", "in part", "failed"
"""How a run ended; only one that is done is over."""


@dataclass(frozen=True, kw_only=True)
class Run:
    """One run of a job: (job, scope, period) is its identity."""

    job: str
    scope: str
    period: datetime
    started: datetime
    finished: datetime
    outcome: str
    """DONE, IN_PART or FAILED."""
    did: int
    """Effects made."""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Latest:
    """How a job stands by its record."""

    run: Run | None = None
    """The latest period that was run, however it ended."""
    done: datetime | None = None
    """The latest period that was done, wholly."""
    failures: int = 0
    """Periods since then that were not done."""


class Ledger(Protocol):
    """
    What one network's service has seen and done. Several processes may share it.

    Sources are names such as `calendar` or `drive/<id>`; values are dataclasses of
    `service.observe`, kept as JSON.
    """

    async def cursor(self, source: str) -> str | None: ...

    async def absorb(
        self, source: str, changes: "Sequence[Change[T]]", *, cursor: str | None = None
    ) -> None:
        """Keep the last sight of each and, in the same transaction, the cursor if given."""

    async def forget(self, source: str) -> None:
        """Drop cursor and sights, so that the next reading lists everything anew."""

    async def let_go(self, source: str) -> None:
        """Delete for good the last sights of what is gone."""

    async def seen(self, source: str, kind: "type[T]") -> dict[str, T]:
        """
        Everything of a source that is there (gone ones left out), by id.

        A value that has not changed may be the very object of the last call.
        """

    async def effects(self, prefix: str = "") -> dict[str, Effect]:
        """Effects by key whose key starts so."""

    async def claim(self, key: str, *, job: str, now: datetime) -> tuple[Effect, bool]:
        """
        Begin an effect: return it, and whether it was begun just now, by us.

        False: it was there before, in whatever status. One of several claimants gets True.
        """

    async def keep(self, effect: Effect) -> None:
        """Write an effect back, under its key."""


class Journal(Protocol):
    """Runs, responses and imported history of one network."""

    async def last_period(self, job: str, scope: str) -> datetime | None:
        """The latest period of which there is a run that was done, wholly."""

    async def latest(self, job: str, scope: str) -> Latest:
        """How the job stands: cheap, however many runs there are."""

    async def record(self, run: Run) -> None:
        """Keep a run; one of the same identity is replaced."""

    async def runs(self) -> tuple[Run, ...]: ...

    async def replace_responses(self, source: str, responses: Sequence[Response]) -> None:
        """Make these all there is of a source, in their order."""

    async def responses(self, source: str) -> tuple[Response, ...]: ...

    async def import_history(self, points: "Sequence[HistoryPoint]") -> int: ...

    async def history(self) -> "tuple[HistoryPoint, ...]": ...


@dataclass(frozen=True, kw_only=True)
class HistoryPoint:
    """The mean of one question of the yearly survey in an earlier year, as published."""

    year: int
    question: str
    mean: str
    """As published, with comma or point; on another scale than the network's: "3,9 av 5"."""
    n: int
