"""
Meetings that could not be looked at, while the rest of a run goes on.

An organiser without an application access policy answers 403, and says nothing about the
others. Such a meeting steps aside: why is kept in the ledger, the run ends in part, and it
is looked at again after a while that grows.
"""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from service.domain.actions import Unread
from service.domain.backoff import when_again
from service.domain.meeting import Meeting
from service.errors import Forbidden, TenantError, Verdict
from service.observe import Change
from service.workplace import Workplace

T = TypeVar("T")

TROUBLES = "troubles"
THE_RUN = (Verdict.NOT_THIS_RUN, Verdict.STOP)


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """Why a job could not look at a meeting: what the ledger keeps until it could."""

    meeting_id: str
    job: str
    why: str
    error: str = ""
    """Class of the error."""
    remedy: str
    since: datetime
    tries: int
    not_before: datetime


@dataclass(frozen=True, kw_only=True)
class Looked(Generic[T]):
    """What was found, and what the plan is to pass on."""

    found: tuple[T, ...]
    """Without the meetings of which there was nothing (None)."""
    unread: tuple[Unread, ...]


async def troubles(at: Workplace) -> dict[str, tuple[Trouble, ...]]:
    """Everything that is in the way of some job, by meeting id."""
    found: dict[str, tuple[Trouble, ...]] = {}
    for trouble in (await at.ledger.seen(TROUBLES, Trouble)).values():
        found[trouble.meeting_id] = (*found.get(trouble.meeting_id, ()), trouble)
    return found


async def look_at_each(
    job: str,
    meetings: Iterable[Meeting],
    look: Callable[[Meeting], Awaitable[T | None]],
    at: Workplace,
) -> Looked[T]:
    """
    Look at the meetings one by one; one that fails is left, and not asked before its time.

    A 403 is one meeting's: of the same organiser, another may be open to the app. Raises
    what concerns the whole run.
    """
    kept = await at.ledger.seen(TROUBLES, Trouble)
    found: list[T] = []
    unread: list[Unread] = []
    for meeting in meetings:
        before = kept.get(_id(job, meeting.id))
        if before is not None and at.clock.now() < before.not_before:
            continue
        try:
            seen = await look(meeting)
        except TenantError as error:
            if error.verdict in THE_RUN and not isinstance(error, Forbidden):
                raise
            await _keep(job, meeting, error, before, at)
            unread.append(Unread(subject=f"{meeting.title} {meeting.first_day}", error=error))
        else:
            if before is not None:
                await at.ledger.absorb(TROUBLES, [Change(id=_id(job, meeting.id), value=None)])
            if seen is not None:
                found.append(seen)
    return Looked(found=tuple(found), unread=tuple(unread))


async def _keep(
    job: str, meeting: Meeting, error: TenantError, before: Trouble | None, at: Workplace
) -> None:
    now = at.clock.now()
    tries = before.tries + 1 if before else 1
    trouble = Trouble(
        meeting_id=meeting.id,
        job=job,
        why=str(error),
        error=type(error).__name__,
        remedy=error.remedy,
        since=before.since if before else now,
        tries=tries,
        not_before=when_again(error, now, tries),
    )
    await at.ledger.absorb(TROUBLES, [Change(id=_id(job, meeting.id), value=trouble)])


def _id(job: str, meeting_id: str) -> str:
    return f"{job}/{meeting_id}"
