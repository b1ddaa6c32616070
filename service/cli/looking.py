"""What jobs there are, and when they ran and run."""

import asyncio
import json
from collections.abc import Iterator
from functools import partial
from typing import Annotated, Any, assert_never

import typer

from service.cli.app import Chosen, app, chosen
from service.cli.status import job_as_json, local_time, look
from service.domain.standing import JobStanding, NetworkStanding, Standing
from service.errors import NatverketError
from service.jobs import JOBS
from service.jobs.spec import (
    ClockPoll,
    FirstOfMonth,
    LastOfMonth,
    Poll,
    Wakes,
    Weekdays,
    Weekly,
    WorkdayPoll,
)

AsJson = Annotated[bool, typer.Option("--json", help="For machines.")]


@app.command()
def jobs(context: typer.Context, *, as_json: AsJson = False) -> None:
    """What jobs there are, what each does, when it wakes; and of each when it ran and runs next."""
    stands = _standing(chosen(context))
    if as_json:
        found = [
            {
                "job": j.name,
                "does": j.does,
                "wakes": wakes_in_words(j.wakes),
                **_runs_as_json(j.name, stands),
            }
            for j in JOBS
        ]
        print(json.dumps(found, ensure_ascii=False, indent=1))
        return
    for job in JOBS:
        print(f"{job.name:20} {job.does}")
        print(f"{'':20} {wakes_in_words(job.wakes)}")
        for line in _runs(job.name, stands):
            print(f"{'':20} {line}")


def _standing(given: Chosen) -> Standing | None:
    """How the jobs stand; None where there are no settings or no state."""
    try:
        return asyncio.run(look(given.settings())).standing
    except NatverketError:
        return None


def _of(name: str, stands: Standing | None) -> list[tuple[NetworkStanding, JobStanding]]:
    networks = stands.networks if stands else ()
    return [(each, job) for each in networks for job in each.jobs if job.job == name]


def _runs(name: str, stands: Standing | None) -> Iterator[str]:
    for network, job in _of(name, stands):
        at = partial(local_time, network=network, now=stands.at if stands else job.next)
        ran = f"ran {at(job.last.finished)}, {job.last.outcome}" if job.last else "has not run yet"
        yield f"{network.network_id}: {ran}; next {at(job.next)}"


def _runs_as_json(name: str, stands: Standing | None) -> dict[str, Any]:
    found = _of(name, stands)
    return {"runs": [{"network": each.network_id, **job_as_json(job)} for each, job in found]}


_DAYS = {
    "mon": "Mondays",
    "tue": "Tuesdays",
    "wed": "Wednesdays",
    "thu": "Thursdays",
    "fri": "Fridays",
    "sat": "Saturdays",
    "sun": "Sundays",
}


def wakes_in_words(wakes: Wakes) -> str:
    """Tell when a job wakes."""
    match wakes:
        case Poll(setting=setting):
            return f"every NATVERKET_POLL_{setting.upper()} minutes"
        case WorkdayPoll(setting=setting):
            return f"every NATVERKET_POLL_{setting.upper()} minutes, weekdays 08–17"
        case ClockPoll(setting=setting):
            return f"every NATVERKET_POLL_{setting.upper()} minutes, from the full hour"
        case Weekdays(at=at):
            return f"weekdays at {at}"
        case Weekly(day=day, hour=hour):
            return f"on {_DAYS[day]} between {hour:02}:00 and {hour + 1:02}:00"
        case LastOfMonth(at=at):
            return f"on the last day of each month at {at}"
        case FirstOfMonth(at=at):
            return f"on the first day of each month at {at}"
        case _:
            assert_never(wakes)
