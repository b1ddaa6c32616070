"""Every command in the documentation is one that there is, with options that it has."""

from collections.abc import Sequence
from typing import Any

import pytest
import typer
from typer.core import TyperGroup

import service.cli.main  # noqa: F401 - adds every command to the app
from service.cli.app import app
from tests.docs.shown import Shown, pages, shown

COMMANDS = [one for page in pages() for one in shown(page)]


@pytest.mark.parametrize("one", COMMANDS, ids=lambda one: f"{one.page} {' '.join(one.words)}")
def test_a_shown_command_is_known(one: Shown) -> None:
    """The command line takes its words; what they name need not be there."""
    command = typer.main.get_command(app)
    assert isinstance(command, TyperGroup)
    _parse(command, one.words)


def test_commands_are_found_in_the_pages() -> None:
    """Else the test above would hold of nothing."""
    assert len(COMMANDS) > 80


def _parse(command: TyperGroup, words: Sequence[str]) -> None:
    """Down the groups, as the command line itself does it; nothing is run or looked up."""
    found: Any = command
    context = found.make_context("natverket", list(words), resilient_parsing=True)
    while isinstance(found, TyperGroup):
        rest = [*context._protected_args, *context.args]
        if not rest:
            return  # `natverket survey` alone lists what there is.
        name, *rest = rest
        found = found.get_command(context, name)
        assert found is not None, f"there is no command {name}"
        context = found.make_context(name, rest, parent=context, resilient_parsing=True)
    assert not context.args, f"{context.args} are too many"
