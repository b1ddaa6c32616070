"""
Plays time: the very triggers of the daemon, asked for their next fire time, and a clock
that nobody else moves.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from service.errors import NatverketError
from service.graph.clock import SandboxClock
from service.jobs import JOBS
from service.jobs.engine import run
from service.wiring import Office

Progress = Callable[[datetime], None]
"""Told the time at every wake-up."""


@dataclass
class Played:
    """What a replay did."""

    runs: int = 0
    did: int = 0
    errors: list[NatverketError] = field(default_factory=list)


async def replay(office: Office, until: datetime, progress: Progress) -> Played:
    """
    Run everything that falls due until `until`, from where journal and clock stand.

    After a crash it goes on at the sandbox's time, as the daemon would.
    """
    clock = _sandbox_clock(office)
    timetable = await office.timetable()
    played = Played()
    while clock.now() <= until:
        for entry, period in timetable.due(clock.now()):
            outcome = await office.run(entry, period)
            played.runs += 1
            played.did += outcome.run.did
            played.errors.extend(outcome.errors)
        progress(clock.now())
        following = timetable.next_wake(clock.now())
        if following > until:
            break
        await clock.move_to(following)
    await clock.move_to(until)
    return played


async def again(office: Office) -> Played:
    """Run every occurrence that the journal holds once more, under its own identity."""
    jobs = {job.name: job for job in JOBS}
    played = Played()
    for workplace in office.workplaces:
        for done in sorted(await workplace.journal.runs(), key=lambda each: each.period):
            outcome = await run(jobs[done.job], workplace, done.period)
            played.runs += 1
            played.did += outcome.run.did
            played.errors.extend(outcome.errors)
    return played


def _sandbox_clock(office: Office) -> SandboxClock:
    if not isinstance(office.clock, SandboxClock):
        raise TypeError("a replay moves the clock, and only a sandbox's can be moved")
    return office.clock
