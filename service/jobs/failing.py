"""
What keeps a job from being done, since when: written down by the engine, for whoever asks.

The record of a run holds sentences for people; this holds what a need of an administrator is
made of, and nothing that names files, meetings or people.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from service.domain.redaction import redacted
from service.errors import (
    NatverketError,
    NotProvisioned,
    OwnFault,
    SettingsError,
    SignInRefused,
    SourceEmptied,
    StateError,
    TooManyChanges,
    Unreachable,
    Verdict,
)
from service.observe import Change
from service.workplace import Workplace

FAILING = "failing"

_SPOKEN = (
    NotProvisioned,
    OwnFault,
    SettingsError,
    SignInRefused,
    SourceEmptied,
    StateError,
    TooManyChanges,
    Unreachable,
)
"""Errors whose words are of settings, hosts, counts and lines of our own code alone."""
_WORST_FIRST = (Verdict.STOP, Verdict.NOT_THIS_RUN, Verdict.AGAIN, Verdict.NOT_THIS_ITEM)
_CODE = re.compile(r"\d{3} \w+")
_REQUEST = re.compile(r"request-id [\w-]+")


@dataclass(frozen=True, kw_only=True)
class Failing:
    job: str
    error: str
    """Class of the error."""
    verdict: str
    stopped: bool
    """Nothing (more) of the run was done for it."""
    said: str
    remedy: str
    since: datetime
    """Of the first run in a row that was not done."""


async def failing(at: Workplace) -> dict[str, Failing]:
    """Return what keeps each job from being done, by its name; those that are done are not in."""
    return await at.ledger.seen(FAILING, Failing)


async def note(at: Workplace, job: str, errors: Sequence[NatverketError], *, stopped: bool) -> None:
    """Keep why a run was not done; or, without errors, that it was."""
    before = (await failing(at)).get(job)
    if not errors:
        if before is not None:
            await at.ledger.absorb(FAILING, [Change(id=job, value=None)])
        return
    worst = min(errors, key=lambda error: _WORST_FIRST.index(error.verdict))
    found = Failing(
        job=job,
        error=type(worst).__name__,
        verdict=worst.verdict.value,
        stopped=stopped,
        said=impersonal(worst),
        remedy=redacted(worst.remedy),
        since=before.since if before else at.clock.now(),
    )
    await at.ledger.absorb(FAILING, [Change(id=job, value=found)])


def impersonal(error: NatverketError) -> str:
    """Say what an error means without its subject: the kind, and Graph's status and code."""
    told = code_of(error.reason)
    if isinstance(error, _SPOKEN) and not told:
        return redacted(str(error))
    meaning = (type(error).__doc__ or "").strip().splitlines()[0]
    return f"{meaning.rstrip('.')} ({told})." if told else meaning


def code_of(reason: str) -> str:
    """Return status, code and request id of what Graph answered, without its sentence."""
    found = (_CODE.match(reason), _REQUEST.search(reason))
    return ", ".join(each.group() for each in found if each)
