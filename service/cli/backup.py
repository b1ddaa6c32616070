"""`natverket backup`: a copy of the state, whole, while the service goes on."""

from pathlib import Path
from typing import Annotated

import typer
from rich.filesize import decimal

from service.cli.app import app, chosen
from service.cli.words import tell
from service.errors import NatverketError
from service.store import open_store


@app.command()
def backup(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A file that is not there yet.")],
) -> None:
    """Copy the state into a file, readable by you alone; `natverket run` may go on meanwhile."""
    settings = chosen(context).settings()
    try:
        store = open_store(settings.state_url.get_secret_value())
        try:
            store.back_up(file)
        finally:
            store.close()
    except NatverketError as error:
        raise typer.Exit(tell(error)) from error
    print(f"{file}: {decimal(file.stat().st_size)}, looked through and found whole")
