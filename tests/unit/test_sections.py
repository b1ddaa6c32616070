"""What `natverket` alone shows."""

import pytest
import typer
from typer.core import TyperGroup
from typer.testing import CliRunner

import service.cli.main  # noqa: F401 - adds every command to the app
from service.cli.app import app
from service.cli.sections import SECTIONS


def test_every_command_stands_under_one_heading() -> None:
    """A command that no heading names would be found by nobody."""
    listed = [name for names in SECTIONS.values() for name in names]
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    there = [name for name, one in group.commands.items() if not one.hidden]
    assert sorted(listed) == sorted(there)


@pytest.mark.parametrize("width", [80, 120])
def test_no_sentence_is_cut_short(width: int) -> None:
    """In a terminal of usual width, nothing ends in dots or goes beyond the edge."""
    said = CliRunner().invoke(app, ["--help"], terminal_width=width).output
    assert "Set up:" in said
    assert "..." not in said.partition("Set up:")[2]
    assert max(map(len, said.splitlines())) <= width
