"""
Runs a job: observe, plan, apply.

The one place that catches what goes wrong. An item that fails steps aside with a later
time; the rest goes on; the run ends *done*, *in part* or *failed*, and says why.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from traceback import extract_tb
from typing import Any

import structlog

from service.domain.actions import (
    Action,
    Announce,
    Leave,
    MoveFile,
    RefreshFile,
    RenewFile,
    StoreFile,
    TagFile,
    Unread,
    WriteRow,
)
from service.domain.backoff import when_again
from service.effects.perform import perform
from service.effects.posting import Pending, look_again_at
from service.effects.steps import ERROR
from service.errors import AlreadyRunning, NatverketError, OwnFault, StateError, Verdict
from service.jobs.failing import impersonal, note
from service.jobs.lanes import Lane, Stage, is_large, lane, name_of, size_of, stages
from service.jobs.spec import Job
from service.jobs.valve import refuse_too_many
from service.ports import DONE, FAILED, IN_PART, Run, Status
from service.workplace import Workplace

log = structlog.get_logger()

SIDE_BY_SIDE = 8
"""Lanes at a time: enough to use up the budget of a large tenant, at a tenth of a second a call."""


_FILINGS = StoreFile | MoveFile | RefreshFile | RenewFile


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How a run went. With `again_at` it is not over: it is to be run again then."""

    run: Run
    errors: tuple[NatverketError, ...] = ()
    again_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class _Applied:
    did: int = 0
    errors: tuple[NatverketError, ...] = ()
    again_at: datetime | None = None
    stopped: bool = False
    """An error ended it before all was done."""


@dataclass(frozen=True, kw_only=True)
class _Occurrence:
    job: Job[Any]
    at: Workplace
    period: datetime
    began: datetime

    def record(self, outcome: str, applied: _Applied) -> Run:
        return Run(
            job=self.job.name,
            scope=self.at.network.id,
            period=self.period,
            started=self.began,
            finished=self.at.clock.now(),
            outcome=outcome,
            did=applied.did,
            note="; ".join(str(error) for error in applied.errors)[:2000],
        )


Stopping = Callable[[], bool]
"""Whether the service is to end: asked before each action."""


def _going_on() -> bool:
    return False


async def preview(job: Job[Any], at: Workplace) -> tuple[Action, ...]:
    """Observe and plan; apply nothing."""
    return job.plan(await job.observe(at), at.clock.now())


async def run(
    job: Job[Any], at: Workplace, period: datetime, *, stopping: Stopping = _going_on
) -> Outcome:
    """
    Run one occurrence of a job and keep its record, unless it is to be run again.

    Once `stopping` says so, no further action begins, and the occurrence is not over.
    The outcome holds what went wrong; raises StateError only if not even that can be kept.
    """
    this = _Occurrence(job=job, at=at, period=period, began=at.clock.now())
    with structlog.contextvars.bound_contextvars(
        network=at.network.id, job=job.name, run=period.isoformat()
    ):
        try:
            actions = await preview(job, at)
            refuse_too_many(job.name, actions, at)
        except NatverketError as error:
            log.warning("run_failed", error=type(error).__name__, said=impersonal(error))
            applied, outcome = _Applied(errors=(error,), stopped=True), FAILED
        else:
            applied = await _Application(at, stopping).apply(actions)
            outcome = IN_PART if applied.errors else DONE
        result = Outcome(
            run=this.record(outcome, applied),
            errors=applied.errors,
            again_at=applied.again_at,
        )
        run = result.run
        at.meter.ran(at.network.id, job.name, outcome, (run.finished - run.started).total_seconds())
        if result.again_at is None:
            await at.journal.record(run)
        await note(at, job.name, result.errors, stopped=applied.stopped)
        if applied.did or applied.errors:
            log.info("run", outcome=outcome, did=applied.did, failed=len(applied.errors))
    return result


async def observed(
    job: Job[Any], at: Workplace, period: datetime
) -> tuple[Outcome, tuple[Action, ...]]:
    """Tell what an occurrence would do, as the outcome of a run that did and kept nothing."""
    this = _Occurrence(job=job, at=at, period=period, began=at.clock.now())
    try:
        actions = await preview(job, at)
    except NatverketError as error:
        kind = type(error).__name__
        log.warning("run_failed", job=job.name, error=kind, said=impersonal(error))
        applied = _Applied(errors=(error,))
        return Outcome(run=this.record(FAILED, applied), errors=(error,)), ()
    return Outcome(run=this.record(DONE, _Applied())), actions


async def contained(
    work: Callable[[], Awaitable[Outcome]], job: Job[Any], at: Workplace, period: datetime
) -> Outcome:
    """
    Run one occurrence as a daemon must: whatever happens is an outcome.

    A fault of ours is told by its kind and the lines that it passed through. Never by what
    it says, which may quote what was read.
    """
    this = _Occurrence(job=job, at=at, period=period, began=at.clock.now())
    try:
        return await work()
    except AlreadyRunning:
        raise
    except NatverketError as error:
        # The state: a run's other errors are in its outcome already.
        found = error
    except Exception as fault:  # noqa: BLE001 - one job's fault must not end all other work
        with structlog.contextvars.bound_contextvars(network=at.network.id):
            found = _told(f"job {job.name}", fault)
    run = this.record(FAILED, _Applied(errors=(found,)))
    try:
        await at.journal.record(run)
        await note(at, job.name, (found,), stopped=True)
    except StateError:
        kind = type(found).__name__
        log.warning("run_not_kept", network=at.network.id, job=job.name, error=kind)
    return Outcome(run=run, errors=(found,))


async def withstood(what: str, work: Callable[[], Awaitable[None]]) -> None:
    """Do what belongs to no job as a daemon must: what goes wrong is told in the log alone."""
    try:
        await work()
    except NatverketError as error:
        log.warning("not_done", what=what, error=type(error).__name__, said=impersonal(error))
    except Exception as fault:  # noqa: BLE001 - jobs go on, whatever cannot be told of them
        _told(what, fault)


def _told(what: str, fault: Exception) -> OwnFault:
    kind, lines = type(fault).__name__, _lines(fault)
    log.error("fault", what=what, kind=kind, lines=lines)
    return OwnFault(what, f"{kind} at {lines[-1]}")


def _lines(fault: Exception) -> list[str]:
    """Where it came through, outermost first: the last two parts of each path, and the line."""
    frames = extract_tb(fault.__traceback__)
    return [f"{'/'.join(Path(each.filename).parts[-2:])}:{each.lineno}" for each in frames]


class _Application:
    """A plan being applied: what was done so far, and whether to go on."""

    def __init__(self, at: Workplace, stopping: Stopping) -> None:
        self._at = at
        self._stopping = stopping
        self._did = 0
        self._errors: dict[int, NatverketError] = {}
        self._again_at: datetime | None = None
        self._stopped = False
        self._one_large = asyncio.Lock()

    async def apply(self, actions: tuple[Action, ...]) -> _Applied:
        self._errors |= _gone_without(actions)
        self._at.progress.expect(sum(1 for action in actions if lane(action)))
        for stage in stages(actions):
            await self._side_by_side(stage)
        # In the plan's order, whichever came first.
        errors = tuple(error for _, error in sorted(self._errors.items()))
        return _Applied(
            did=self._did, errors=errors, again_at=self._again_at, stopped=self._stopped
        )

    async def _side_by_side(self, stage: Stage) -> None:
        lanes = iter(stage)

        async def work() -> None:
            for one in lanes:
                await self._in_order(one)

        if len(stage) == 1:
            await work()
            return
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(min(SIDE_BY_SIDE, len(stage))):
                    group.create_task(work())
        except BaseExceptionGroup as bugs:
            # As it is without lanes: a fault of ours is raised as itself.
            raise bugs.exceptions[0] from None

    async def _in_order(self, one: Lane) -> None:
        for number, action in one:
            async with self._one_large if is_large(action) else nullcontext():
                if self._stopped:
                    return
                if self._stopping():
                    self._wait_for(self._at.clock.now())
                    return
                await self._perform(number, action)

    async def _perform(self, number: int, action: Action) -> None:
        try:
            with _shown(action, self._at):
                did = await perform(action, self._at)
            self._did += did
            if did and isinstance(action, _FILINGS):
                self._at.meter.filed(self._at.network.id, size_of(action) or 0)
            if isinstance(action, Announce):
                self._wait_for(await look_again_at(action, self._at))
        except Pending as pending:
            self._wait_for(pending.until)
        except NatverketError as error:
            self._errors[number] = error
            log.warning(
                "action_failed",
                action=type(action).__name__,
                meeting=getattr(action, "meeting_id", None),
                error=type(error).__name__,
                said=impersonal(error),
            )
            await _step_aside(action, error, self._at)
            if error.verdict in (Verdict.NOT_THIS_RUN, Verdict.STOP):
                self._stopped = True

    def _wait_for(self, until: datetime | None) -> None:
        if until is not None:
            self._again_at = min(self._again_at or until, until)


@contextmanager
def _shown(action: Action, at: Workplace) -> Iterator[None]:
    """Tell of a file while it is being filed."""
    key = getattr(action, "key", "")
    if not lane(action):
        yield
        return
    at.progress.begin(key, name_of(action), size_of(action))
    try:
        yield
    finally:
        at.progress.end(key)


def _gone_without(actions: tuple[Action, ...]) -> dict[int, NatverketError]:
    """What could not be read, by its place in the plan: it stops nothing, and is told."""
    unread = {n: action for n, action in enumerate(actions) if isinstance(action, Unread)}
    for each in unread.values():
        log.warning("unread", error=type(each.error).__name__, said=impersonal(each.error))
    return {number: each.error for number, each in unread.items()}


async def _step_aside(action: Action, error: NatverketError, at: Workplace) -> None:
    """Write down why an item failed, and when it is tried again."""
    if isinstance(action, Leave | WriteRow) or not hasattr(action, "key"):
        return
    effect = (await at.ledger.effects(action.key)).get(action.key)
    if effect is None or effect.status not in (Status.CLAIMED, Status.PARKED):
        return
    now = at.clock.now()
    attempts = effect.attempts + 1
    again = error.verdict is not Verdict.NOT_THIS_ITEM
    await at.ledger.keep(
        replace(
            effect,
            status=effect.status if again else Status.PARKED,
            attempts=attempts,
            not_before=when_again(error, now, attempts) if again else None,
            reason=str(error),
            baseline={**_named(action), **effect.baseline, ERROR: type(error).__name__},
            updated=now,
        )
    )


def _named(action: Action) -> dict[str, object]:
    """What people call the file that stepped aside, until the tenant has shown its name."""
    match action:
        case StoreFile(name=name) | MoveFile(name=name) | RefreshFile(name=name):
            return {"name": name}
        case TagFile(item=item):
            return {"name": item.name}
        case _:
            return {}
