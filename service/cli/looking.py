"""What jobs there are."""

import json
from typing import Annotated, assert_never

import typer

from service.cli.app import app
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
def jobs(*, as_json: AsJson = False) -> None:
    """What jobs there are, what each does, and when it wakes."""
    if as_json:
        found = [{"job": j.name, "does": j.does, "wakes": wakes_in_words(j.wakes)} for j in JOBS]
        print(json.dumps(found, ensure_ascii=False, indent=1))
        return
    for job in JOBS:
        print(f"{job.name:20} {job.does}")
        print(f"{'':20} {wakes_in_words(job.wakes)}")


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
