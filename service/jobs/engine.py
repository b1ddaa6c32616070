"""
Runs a job: observe, plan, apply.

The one place that catches what goes wrong. An item that fails steps aside with a later
time; the rest goes on; the run ends *done*, *in part* or *failed*, and says why.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import structlog

from service.domain.actions import (
    Action,
    Leave,
    MoveFile,
    RefreshFile,
    StoreFile,
    TagFile,
    Unread,
    WriteRow,
    sentence,
)
from service.domain.backoff import when_again
from service.effects.perform import perform
from service.effects.posting import Pending
from service.effects.steps import ERROR
from service.errors import NatverketError, Verdict
from service.jobs.spec import Job
from service.jobs.valve import refuse_too_many
from service.ports import DONE, FAILED, IN_PART, Run, Status
from service.workplace import Workplace

log = structlog.get_logger()


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


async def preview(job: Job[Any], at: Workplace) -> tuple[Action, ...]:
    """Observe and plan; apply nothing."""
    return job.plan(await job.observe(at), at.clock.now())


async def run(job: Job[Any], at: Workplace, period: datetime) -> Outcome:
    """
    Run one occurrence of a job and keep its record, unless it is to be run again.

    Never raises a NatverketError: the outcome holds it.
    """
    started = at.clock.now()
    with structlog.contextvars.bound_contextvars(network=at.network.id, job=job.name):
        try:
            actions = await preview(job, at)
            refuse_too_many(job.name, actions, at)
        except NatverketError as error:
            log.warning("run_failed", error=type(error).__name__, why=str(error))
            applied, outcome = _Applied(errors=(error,)), FAILED
        else:
            applied = await _apply(actions, at)
            outcome = IN_PART if applied.errors else DONE
        result = Outcome(
            run=Run(
                job=job.name,
                scope=at.network.id,
                period=period,
                started=started,
                finished=at.clock.now(),
                outcome=outcome,
                did=applied.did,
                note="; ".join(str(error) for error in applied.errors)[:2000],
            ),
            errors=applied.errors,
            again_at=applied.again_at,
        )
        if result.again_at is None:
            await at.journal.record(result.run)
        if applied.did or applied.errors:
            log.info("run", outcome=outcome, did=applied.did, failed=len(applied.errors))
    return result


async def _apply(actions: tuple[Action, ...], at: Workplace) -> _Applied:
    did, errors, again_at = 0, _gone_without(actions), None
    for action in actions:
        try:
            did += await perform(action, at)
        except Pending as pending:
            again_at = max(again_at or pending.until, pending.until)
        except NatverketError as error:
            errors.append(error)
            log.warning(
                "action_failed", what=sentence(action), error=type(error).__name__, why=str(error)
            )
            await _step_aside(action, error, at)
            if error.verdict in (Verdict.NOT_THIS_RUN, Verdict.STOP):
                break
    return _Applied(did=did, errors=tuple(errors), again_at=again_at)


def _gone_without(actions: tuple[Action, ...]) -> list[NatverketError]:
    """What could not be read: it stops nothing, and is told."""
    unread = [action for action in actions if isinstance(action, Unread)]
    for each in unread:
        kind = type(each.error).__name__
        log.warning("unread", what=each.subject, error=kind, why=str(each.error))
    return [each.error for each in unread]


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
