"""`natverket rebuild`: a lost state made again, shown, and put in its place on a person's word."""

import json
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import SecretStr

from service.cli.app import app, chosen, until_done
from service.cli.words import DONE, IN_PART
from service.errors import AlreadyRunning
from service.rebuilding import Into, Rebuilt, apply, rebuilt
from service.settings import Settings
from service.store import Store, open_store
from service.wiring import open_office

SHOWN = 40
"""Lines of what is held; the rest is counted."""


@app.command()
def rebuild(
    context: typer.Context,
    *,
    yes: Annotated[
        bool, typer.Option("--yes", help="Put it in its place; without, it is only shown.")
    ] = False,
    since_backup: Annotated[
        bool,
        typer.Option(
            "--since-backup", help="After an old copy was restored: add what was done since."
        ),
    ] = False,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="In the place of a state that is not empty.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
) -> None:
    """Make a lost state again from what the tenant holds, so that nothing is done twice."""
    settings = chosen(context).settings()
    into = Into.OLD_COPY if since_backup else Into.ANY if anyway else Into.EMPTY
    until_done(_rebuild(settings, into if yes else None, as_json=as_json))


async def _rebuild(settings: Settings, into: Into | None, *, as_json: bool) -> int:
    """`into` is None where it is only shown."""
    target = open_store(settings.state_url.get_secret_value())
    try:
        with target.exclusive("run") as free:
            if not free:
                raise AlreadyRunning("state", "`natverket run` is using it at this moment")
            found = await _made(settings, target, into)
    finally:
        target.close()
    if as_json:
        print(json.dumps([_object(one) for one in found], ensure_ascii=False, indent=1))
    else:
        for one in found:
            _tell(one)
        print("Put in its place." if into else "Nothing was changed. --yes puts it in its place.")
    return IN_PART if any(one.held for one in found) else DONE


async def _made(settings: Settings, target: Store, into: Into | None) -> list[Rebuilt]:
    """Made beside the state, in a file that nobody else sees: cut off, it leaves no trace."""
    with tempfile.TemporaryDirectory(prefix="natverket-rebuild-") as folder:
        beside = SecretStr(f"sqlite:///{Path(folder) / 'made.db'}")
        async with open_office(settings.model_copy(update={"state_url": beside})) as office:
            found = [await rebuilt(at) for at in office.workplaces]
            if into is not None:
                for one in found:
                    await apply(office.store, target, one.network, into)
    return found


# ---------------------------------------------------------------- shown


def _tell(one: Rebuilt) -> None:
    print(f"{one.network}:")
    for what, n in one.known.items():
        print(f"  {n:5} {what}")
    if one.held:
        print(f"  {len(one.held):5} held, since nothing proves that they were not done:")
    for held in one.held[:SHOWN]:
        print(f"        {held.what} {held.name}")
    if len(one.held) > SHOWN:
        print(f"        and {len(one.held) - SHOWN} more: --json lists all")
    if one.held:
        print("        let go: natverket file NAME --again, natverket posts --release TITLE")
    for note in one.notes:
        print(f"  note: {note}")


def _object(one: Rebuilt) -> dict[str, Any]:
    return {
        "network": one.network,
        "known": {what.name.lower(): n for what, n in one.known.items()},
        "held": [asdict(held) for held in one.held],
        "notes": list(one.notes),
    }
