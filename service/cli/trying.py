"""Commands to try it without a tenant: demo, sandbox."""

import asyncio
import contextlib
import json
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from service.cli.app import app, chosen, until_done
from service.cli.browser import open_page
from service.cli.logs import log_to_stderr
from service.cli.words import DONE, FAILED, IN_PART
from service.demo.outcome import as_json as outcome_json
from service.demo.replay import replay as play_on
from service.demo.show import Months, heading, summary
from service.demo.stories import STORIES, USUAL, Story
from service.demo.year import Shown, last_minute, play, tenant
from service.errors import NotInstalled
from service.settings import Settings
from service.wiring import open_office

EXTRA = ("trustme", "pptx", "reportlab")
PIPED = 140
"""Columns where nobody says how many there are: in a pipe, in a log."""
SET = typer.Option("--set", metavar="NAME=VALUE", help="A switch, such as limits=on.")


@app.command()
def demo(  # noqa: PLR0913 - options, each by its name
    *,
    folder: Annotated[Path, typer.Option("--dir", help="Where everything is left.")] = Path("demo"),
    as_json: Annotated[bool, typer.Option("--json", help="One object, nothing else.")] = False,
    serve: Annotated[bool, typer.Option(help="Keep the tenant up, to look at it.")] = False,
    show: Annotated[
        bool, typer.Option("--open/--no-open", help="With --serve, open the page in a browser.")
    ] = True,
    switches: Annotated[list[str] | None, SET] = None,
    seed: Annotated[
        str, typer.Option(help=f"The network and year to play: {', '.join(STORIES)}.")
    ] = USUAL,
) -> None:
    """Play the real year 2023, or another network's, against a tenant in a box."""
    _need_the_extra()
    story = _story(seed)
    console = Console(stderr=as_json)
    if not console.is_terminal:
        console = Console(stderr=as_json, width=PIPED)
    heading(console, story.network, story.year)
    with tenant(folder, switches or (), seed=story.sandbox_seed) as (sandbox, settings):
        log_to_stderr(settings.log_level, settings.log_format)
        with Months(console) as months:
            shown = asyncio.run(play(sandbox, settings, folder, months, story))
        if as_json:
            print(json.dumps(_object(shown), ensure_ascii=False, indent=1))
        else:
            summary(console, shown, folder)
        if serve:
            page = f"{sandbox.http_url}/_sandbox/"
            console.print(f"\n {page}   until Ctrl-C", highlight=False)
            console.print(f" settings: {folder / 'natverket.env'}", highlight=False)
            if show:
                open_page(page)
            _wait()
    good = shown.outcome.agrees and not shown.second_run_writes and not shown.first.errors
    raise typer.Exit(DONE if good else IN_PART)


def _story(name: str) -> Story:
    if name not in STORIES:
        raise typer.BadParameter(
            f"{name!r} is not one of {', '.join(STORIES)}.", param_hint="--seed"
        )
    return STORIES[name]


def _need_the_extra() -> None:
    """What only demo and sandbox need is no part of a daemon's installation (settled 13)."""
    absent = [name for name in EXTRA if not _is_there(name)]
    if absent:
        raise NotInstalled("the tenant in a box", f"{', '.join(absent)} cannot be imported")


def _is_there(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ValueError:  # it was barred from being imported
        return False


def _object(shown: Shown) -> dict[str, object]:
    return outcome_json(
        shown.outcome,
        second_run_writes=shown.second_run_writes,
        report=str(shown.report or ""),
        seconds=shown.seconds,
    )


def _wait() -> None:
    """Until Ctrl-C, or SIGTERM as of any program."""
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_forever())


async def _forever() -> None:
    await asyncio.Event().wait()


@app.command(hidden=True)
def replay(context: typer.Context) -> None:
    """Play on from where a demo's clock and state stand, to the end of its year."""
    until_done(_replay(chosen(context).settings()))


async def _replay(settings: Settings) -> int:
    async with open_office(settings) as office:
        played = await play_on(office, last_minute(office), lambda _: None)
    return FAILED if played.errors else DONE


@app.command()
def sandbox(  # noqa: PLR0913 - options, each by its name
    *,
    port: Annotated[int, typer.Option(help="0: any.")] = 0,
    http_port: Annotated[int | None, typer.Option(help="Plain http as well; 0: any.")] = None,
    write_env: Annotated[
        Path, typer.Option(help="The environment file with which every other command works.")
    ] = Path("sandbox.env"),
    seed: Annotated[
        str,
        typer.Option(help="`2023`, `2023-files`, an example year around today, or a file.toml."),
    ] = "example",
    faults: Annotated[Path | None, typer.Option(help="A fault script, as TOML.")] = None,
    switches: Annotated[list[str] | None, SET] = None,
    folder: Annotated[Path, typer.Option("--dir", help="Keeps the tenant's state.")] = Path(
        "sandbox"
    ),
    reset: Annotated[bool, typer.Option(help="Begin with a new tenant.")] = False,
    discard: Annotated[
        bool, typer.Option(help="Keep no bytes of what is uploaded in sessions: for benchmarks.")
    ] = False,
) -> None:
    """Serve the tenant in a box by itself."""
    _need_the_extra()
    from service.sandbox.__main__ import main as serve  # noqa: PLC0415 - of the extra, as said

    arguments = ["--seed", seed, "--dir", str(folder), "--port", str(port)]
    arguments += ["--write-env", str(write_env)]
    if http_port is not None:
        arguments += ["--http-port", str(http_port)]
    if faults is not None:
        arguments += ["--faults", str(faults)]
    for switch in switches or []:
        arguments += ["--set", switch]
    if reset:
        arguments.append("--reset")
    if discard:
        arguments.append("--discard")
    raise typer.Exit(serve(arguments))
