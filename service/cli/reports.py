"""`natverket report`: the year's documents, made now."""

from typing import Annotated

import typer

from service.cli.app import app
from service.shipped import languages

report = typer.Typer(no_args_is_help=True)
app.add_typer(report, name="report")


@report.callback()
def _report() -> None:
    """Write the annual report and the operations plan."""


def _language(given: str | None) -> str | None:
    there = languages()
    if given not in (None, *there):
        raise typer.BadParameter(f"{given!r} is not one of {', '.join(there)}.")
    return given


InLanguage = Annotated[
    str | None,
    typer.Option(
        "--language", callback=_language, help="Of our words, such as sv; without: the network's."
    ),
]
