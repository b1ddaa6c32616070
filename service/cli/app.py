"""Every command, and the way from an error to an exit code."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from service.cli.logs import log_to_stderr
from service.cli.sections import Sectioned
from service.cli.words import tell
from service.errors import NatverketError
from service.settings import Settings, read_settings

app = typer.Typer(
    name="natverket",
    cls=Sectioned,
    help="Runs the Microsoft 365 side of a network of municipalities.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@dataclass(frozen=True)
class Chosen:
    """What was given before the command."""

    env_file: Path | None

    def settings(self) -> Settings:
        """Read them, and log as they say. Raises SettingsError with every problem."""
        settings = read_settings(self.env_file)
        log_to_stderr(settings.log_level, settings.log_format)
        return settings


@app.callback()
def start(
    context: typer.Context,
    env_file: Annotated[
        Path | None, typer.Option(help="The environment file; the environment itself wins over it.")
    ] = None,
) -> None:
    """Runs the Microsoft 365 side of a network of municipalities."""
    context.obj = Chosen(env_file)


def chosen(context: typer.Context) -> Chosen:
    found: Chosen = context.obj
    return found


def until_done(work: Coroutine[Any, Any, int]) -> None:
    """Run a command's work and end with its exit code; an error is told in words."""
    try:
        code = asyncio.run(work)
    except NatverketError as error:
        code = tell(error)
    raise typer.Exit(code)
