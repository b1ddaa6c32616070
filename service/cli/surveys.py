"""`natverket survey`: how sheets are read."""

import json
import sys
import textwrap
from dataclasses import replace
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from service.cli.app import app
from service.domain.survey.figures import rounded
from service.domain.survey.responses import Question
from service.domain.survey.rules import USUAL, Scale, SurveyRules
from service.errors import UnreadableFile
from service.parse.columns import Column
from service.parse.inspection import answered, figures_of, inspection
from service.parse.vocabulary import Meta
from service.parse.workbook import Sheet, read_workbook
from service.settings import described_survey
from service.wiring import vocabulary

AsJson = Annotated[bool, typer.Option("--json", help="For machines.")]

survey = typer.Typer(no_args_is_help=True)
app.add_typer(survey, name="survey")

_READ_AS = {
    Meta.ID: "the response's id",
    Meta.NUMBER: "the row's number",
    Meta.START: "when it was begun",
    Meta.COMPLETION: "when it was sent",
    Meta.MODIFIED: "when it was changed",
    Meta.EMAIL: "address: not kept",
    Meta.NAME: "name: not kept",
    Meta.LANGUAGE: "language: not kept",
    Meta.FORM: "name of the form",
    Meta.POINTS: "points of a quiz",
    Meta.FEEDBACK: "feedback on a quiz",
    Meta.LIST: "the list's own",
    Meta.LIST_TITLE: "the list's own",
}


@survey.callback()
def _survey() -> None:
    """Say whose answers are, look at their figures, see how a sheet is read."""


def _scale(text: str) -> Scale:
    low, mark, high = text.replace("–", "-").partition("-")
    if not (mark and low.isdecimal() and high.isdecimal() and 0 <= int(low) < int(high) <= 10):
        raise typer.BadParameter("a scale is two whole numbers, such as 1-5")
    return Scale(int(low), int(high))


@survey.command()
def inspect(
    file: Annotated[Path, typer.Argument(help="A Forms workbook or export: xlsx or csv.")],
    *,
    description: Annotated[
        str | None,
        typer.Option(help="A network's description: its own questions, scale and time zone."),
    ] = None,
    scale: Annotated[
        Scale | None, typer.Option(parser=_scale, metavar="LOW-HIGH", help="Of the ratings.")
    ] = None,
    time_zone: Annotated[
        str | None, typer.Option(help="In which Forms wrote its times. [default: Europe/Stockholm]")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show how each column of a sheet is read. Needs no tenant and no settings."""
    rules, told_zone = described_survey(description) if description else (USUAL, None)
    zone = _zone(time_zone or told_zone or "Europe/Stockholm")
    rules = replace(rules, scale=scale) if scale else rules
    try:
        sheet = _read(file, rules, zone)
    except UnreadableFile as error:
        print(f"natverket: {error} {error.remedy}", file=sys.stderr)
        raise typer.Exit(1) from error
    if as_json:
        print(json.dumps(inspection(sheet), ensure_ascii=False, indent=1))
    else:
        _show(sheet, file.name, rules, zone)


def _read(file: Path, rules: SurveyRules, zone: str) -> Sheet:
    try:
        content = file.read_bytes()
    except OSError as error:
        reason = f"{error.strerror or 'It cannot be read'}."
        raise UnreadableFile(str(file), reason, remedy="Check its path and rights.") from error
    return read_workbook(content, file.name, vocabulary=vocabulary(rules), time_zone=zone)


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise typer.BadParameter(f"{name} is no time zone such as Europe/Oslo") from error
    return name


# ---------------------------------------------------------------- for people


def _show(sheet: Sheet, name: str, rules: SurveyRules, zone: str) -> None:
    console = Console(highlight=False)
    found = _count(len(sheet.responses), "response"), _count(sheet.raw_rows, "row")
    console.print(Text(f"{name}: {found[0]} in {found[1]}, scale {rules.scale}"))
    console.print(Text(_span(sheet, zone)))
    for form, count in sheet.rows_of_forms:
        console.print(Text(f"form {form or '(none named)'}: {_count(count, 'row')}"))
    table = Table("", "column", "read as", box=None, header_style="bold", pad_edge=False)
    table.add_column("n", justify="right")
    table.add_column("mean", justify="right")
    questions = {one.position: one for one in sheet.questions}
    for column in sheet.columns:
        table.add_row(*_row(column, questions.get(column.position), sheet, rules))
    console.print(table)
    for warning in sheet.warnings:
        lines = textwrap.wrap(warning, console.width - 2, break_long_words=False)
        console.print(Text("! " + "\n  ".join(lines)), soft_wrap=True)


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" + "s" * (number != 1)


def _span(sheet: Sheet, zone: str) -> str:
    moments = [one.submitted.astimezone(ZoneInfo(zone)) for one in sheet.responses if one.submitted]
    if not moments:
        return "no times"
    first, last = (f"{moment:%Y-%m-%d %H:%M}" for moment in (min(moments), max(moments)))
    return f"sent in {first} to {last} ({zone})"


def _row(
    column: Column, question: Question | None, sheet: Sheet, rules: SurveyRules
) -> tuple[Text, ...]:
    letter, title = Text(_letters(column.position), style="dim"), Text(column.title)
    if question is None:
        read_as = _READ_AS[column.meta] if column.meta else column.left_out
        return letter, title, Text(read_as, style="dim"), Text(""), Text("")
    found = figures_of(question, sheet)
    mean = found.mean if found else None
    shown = rounded(mean, rules.decimals, ".") if mean is not None else "–"
    meaning = question.standing or question.meaning.value
    return letter, title, Text(meaning), Text(str(answered(question, sheet))), Text(shown)


def _letters(position: int) -> str:
    """Of a column as Excel names it: 0 is A, 26 is AA."""
    more, last = divmod(position, 26)
    return (_letters(more - 1) if more else "") + chr(ord("A") + last)
