"""Commands that only look and need no tenant: jobs, survey inspect."""

import json
from pathlib import Path
from typing import Annotated, Any, assert_never

import typer
from rich.console import Console
from rich.table import Table

from service.cli.app import app
from service.errors import UnreadableFile
from service.jobs import JOBS
from service.jobs.spec import ClockPoll, LastOfMonth, Poll, Wakes, Weekdays, Weekly, WorkdayPoll
from service.parse.workbook import Sheet, inspection, read_workbook
from service.wiring import vocabulary

AsJson = Annotated[bool, typer.Option("--json", help="For machines.")]


@app.command()
def jobs(*, as_json: AsJson = False) -> None:
    """What jobs there are, what each does, and when it wakes."""
    if as_json:
        found = [{"job": j.name, "does": j.does, "wakes": _wakes(j.wakes)} for j in JOBS]
        print(json.dumps(found, ensure_ascii=False, indent=1))
        return
    for job in JOBS:
        print(f"{job.name:20} {job.does}")
        print(f"{'':20} {_wakes(job.wakes)}")


survey = typer.Typer(help="Surveys.", no_args_is_help=True)
app.add_typer(survey, name="survey")


@survey.callback()
def _survey() -> None:
    """Surveys."""


@survey.command()
def inspect(
    file: Annotated[Path, typer.Argument(help="A Forms workbook or export: xlsx or csv.")],
    *,
    time_zone: Annotated[str, typer.Option(help="In which Forms wrote its times.")] = (
        "Europe/Stockholm"
    ),
    as_json: AsJson = False,
) -> None:
    """Show how each column of a sheet is read. Needs no tenant and no settings."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise UnreadableFile(str(file), error.strerror or "it cannot be read") from error
    sheet = read_workbook(content, file.name, vocabulary=vocabulary(), time_zone=time_zone)
    if as_json:
        print(json.dumps(inspection(sheet), ensure_ascii=False, indent=1))
    else:
        _show(sheet)


def _show(sheet: Sheet) -> None:
    found: dict[str, Any] = inspection(sheet)
    print(f"{found['n']} responses in {found['raw_rows']} rows")
    table = Table("question", "read as", "n", "mean", box=None, header_style="bold")
    for question in found["questions"]:
        table.add_row(
            question["text"], question["meaning"], str(question["n"]), question["mean"] or "–"
        )
    Console().print(table)
    for warning in found["warnings"]:
        print(f"! {warning}")


_DAYS = {
    "mon": "Mondays",
    "tue": "Tuesdays",
    "wed": "Wednesdays",
    "thu": "Thursdays",
    "fri": "Fridays",
    "sat": "Saturdays",
    "sun": "Sundays",
}


def _wakes(wakes: Wakes) -> str:
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
        case _:
            assert_never(wakes)
