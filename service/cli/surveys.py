"""`natverket survey`: how sheets are read."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from service.cli.app import app
from service.errors import UnreadableFile
from service.parse.workbook import Sheet, inspection, read_workbook
from service.wiring import vocabulary

AsJson = Annotated[bool, typer.Option("--json", help="For machines.")]

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
