"""
Once a week every source is listed whole and held against what its changes have told.

Delta is known to miss items now and then (microsoftgraph/msgraph-sdk-dotnet#2853): what the
listing shows and the changes did not is taken over, told, and filed by the next run.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import structlog

from service.domain.actions import Action, Leave, Unread
from service.errors import Forbidden, NotFound, SourceEmptied
from service.jobs.known import CALENDAR
from service.jobs.reading import Readable, library, mails, read, read_anew, register
from service.jobs.spec import Job, Weekly
from service.workplace import Workplace

T = TypeVar("T")

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True)
class Drift:
    """How far the changes of a source had led away from it; ids."""

    subject: str
    unseen: tuple[str, ...]
    """There, and not known."""
    vanished: tuple[str, ...]
    """Known, and not there."""
    changed: tuple[str, ...]


async def observe(at: Workplace) -> tuple[Drift | Unread, ...]:
    """Read every source whole; what it shows is in the ledger afterwards."""
    own = (at.places.documentation, at.places.coordination)
    watched = (each.drive_id for each in at.places.watched)
    drifts = [await _compared(library(drive, at), at) for drive in dict.fromkeys((*own, *watched))]
    drifts.append(await _compared(register(at), at))
    folder = mails(at)
    if folder is not None and await at.ledger.cursor(folder.source) is not None:
        drifts.append(await _compared(folder, at))
    # The calendar is read by its own job, which lists it whole where it has no cursor.
    await at.ledger.absorb(CALENDAR, [], cursor="")
    return tuple(drifts)


def plan(seen: tuple[Drift | Unread, ...], now: datetime) -> tuple[Action, ...]:  # noqa: ARG001 - as every plan
    """What has drifted was taken over by reading it; here it is only told."""
    return tuple(
        one if isinstance(one, Unread) else Leave(subject=one.subject, why=_told(one))
        for one in seen
        if isinstance(one, Unread) or _told(one)
    )


async def _compared(this: Readable[T], at: Workplace) -> Drift | Unread:
    """One source that cannot be read is gone without."""
    try:
        return await _compare(this, at)
    except (Forbidden, NotFound, SourceEmptied) as error:
        return Unread(subject=this.subject, error=error)


async def _compare(this: Readable[T], at: Workplace) -> Drift:
    # What has changed in the ordinary way since the last reading is no drift.
    await read(this, at)
    before = await at.ledger.seen(this.source, this.kind)
    await read_anew(this, at)
    after = await at.ledger.seen(this.source, this.kind)
    drift = Drift(
        subject=this.subject,
        unseen=tuple(sorted(after.keys() - before.keys())),
        vanished=tuple(sorted(before.keys() - after.keys())),
        changed=tuple(k for k in sorted(before.keys() & after.keys()) if before[k] != after[k]),
    )
    log.info("compared", source=this.source, items=len(after), drift=_told(drift))
    return drift


def _told(drift: Drift) -> str:
    parts = {"unseen": drift.unseen, "vanished": drift.vanished, "changed": drift.changed}
    return "; ".join(f"{name}: {', '.join(ids)}" for name, ids in parts.items() if ids)


JOB = Job(
    name="compare_sources",
    does="Lists every source whole, and takes over what its changes have not told.",
    wakes=Weekly(day="sun", hour=4),
    observe=observe,
    plan=plan,
)
