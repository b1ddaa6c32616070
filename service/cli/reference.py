"""
The reference pages that are made from the code: settings, commands, errors, jobs.

`python -m service.cli.reference` writes them all into docs/reference.
"""

import inspect
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from service import errors
from service.cli.app import app
from service.cli.looking import wakes_in_words
from service.cli.main import COMMANDS
from service.cli.words import FAILED, WRONG_USE
from service.errors import NatverketError, SettingsError, Verdict
from service.jobs import JOBS
from service.settings import reference as settings

MADE = "Made by `python -m service.cli.reference`.\n"


def commands() -> str:
    """Return the page of all commands with their arguments and options."""
    assert COMMANDS  # Each has added its own when it was imported.
    head = (
        f"# Commands\n\n{MADE}\nExit codes: 0 done, 1 failed, 2 wrong use or settings, 3 done in "
        "part. Before any command: `natverket --env-file FILE COMMAND` names the environment "
        "file.\n"
    )
    root = typer.main.get_command(app)
    return "\n".join((head, *(_command(path, one) for path, one in _leaves(root, "natverket"))))


def _leaves(command: object, path: str) -> Iterator[tuple[str, TyperCommand]]:
    if isinstance(command, TyperGroup):
        for name in sorted(command.commands):
            yield from _leaves(command.commands[name], f"{path} {name}")
    elif isinstance(command, TyperCommand) and not command.hidden:
        yield path, command


def _command(path: str, command: TyperCommand) -> str:
    arguments = [one for one in command.params if isinstance(one, TyperArgument)]
    options = [one for one in command.params if isinstance(one, TyperOption) and not one.hidden]
    usage = " ".join((path, *(_usage(one) for one in arguments)))
    rows = [f"| `{_upper(one)}` | {_cell(one.help or '')} |" for one in arguments]
    rows += [f"| `{_written(one)}` | {_cell(one.help or '')} |" for one in options]
    table = ["", "| | |", "|---|---|", *rows] if rows else []
    return "\n".join([f"## `{usage}`", "", inspect.cleandoc(command.help or ""), *table, ""])


def _usage(argument: TyperArgument) -> str:
    name = _upper(argument) + ("…" if argument.nargs != 1 else "")
    return name if argument.required else f"[{name}]"


def _upper(argument: TyperArgument) -> str:
    return (argument.metavar or argument.name or "").upper()


def _written(option: TyperOption) -> str:
    """Write the option with what it takes: `--dir DIR`."""
    value = "" if option.is_flag else f" {(option.metavar or option.name or '').upper()}"
    return ", ".join(option.opts) + value


def errors_page() -> str:
    """Return the page of all errors: what each means, for the run and for a person."""
    rows = [
        f"| `{kind.__name__}` | {_cell(_meaning(kind))} | {MEANS[kind.verdict]} | "
        f"{WRONG_USE if issubclass(kind, SettingsError) else FAILED} | {_cell(kind.remedy)} |"
        for kind in _kinds()
    ]
    head = (
        f"# Errors\n\n{MADE}\nAn error names its subject, the reason and the remedy; here are the "
        "usual reason and remedy of each. *Run* tells what it means for the run in which it is "
        "met, *exit* with which code a command ends that meets it and nothing else (a run of "
        "which other parts succeeded ends with 3).\n\n| error | means | run | exit | remedy |\n"
        "|---|---|---|---|---|\n"
    )
    return head + "\n".join(rows) + "\n"


MEANS: Mapping[Verdict, str] = {
    Verdict.AGAIN: "this item is tried again later, the rest goes on",
    Verdict.NOT_THIS_ITEM: "this item needs a person, the rest goes on",
    Verdict.NOT_THIS_RUN: "the run ends, the next one may work",
    Verdict.STOP: "the run ends, and nothing works until a person has acted",
}


def _kinds() -> Iterator[type[NatverketError]]:
    """Yield the errors in the order in which they are written down."""
    for kind in vars(errors).values():
        if inspect.isclass(kind) and issubclass(kind, NatverketError):
            yield kind


def _meaning(kind: type[NatverketError]) -> str:
    return (kind.__doc__ or "").strip().splitlines()[0]


def jobs() -> str:
    """Return the page of all jobs: what each does, and when it wakes."""
    rows = [f"| `{job.name}` | {_cell(job.does)} | {wakes_in_words(job.wakes)} |" for job in JOBS]
    head = (
        f"# Jobs\n\n{MADE}\nIn the order in which those run that are due at the same moment. Times "
        "are the network's own. `natverket jobs` prints the same, `natverket once JOB` runs one "
        "now, `natverket plan JOB` shows what it would do.\n\n| job | does | wakes |\n|---|---|---|"
        "\n"
    )
    return head + "\n".join(rows) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


PAGES: Mapping[str, Callable[[], str]] = {
    "settings.md": settings,
    "commands.md": commands,
    "errors.md": errors_page,
    "jobs.md": jobs,
}

if __name__ == "__main__":
    for name, page in PAGES.items():
        (Path("docs/reference") / name).write_text(page(), encoding="utf-8")
