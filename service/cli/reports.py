"""`natverket report`: the year's documents, made now."""

import typer

from service.cli.app import app

report = typer.Typer(help="The year's documents.", no_args_is_help=True)
app.add_typer(report, name="report")


@report.callback()
def _report() -> None:
    """The year's documents."""
