"""Every command that a page shows is run once, in a network whose year 2023 has been played."""

import asyncio
import shutil
import subprocess
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from service.cli.logs import log_to_stderr
from service.demo.show import Months
from service.demo.stories import STORIES, USUAL
from service.demo.year import play, tenant
from service.shipped import shipped
from tests.docs.shell import environment
from tests.docs.shown import pages, shown

pytestmark = pytest.mark.proof

TABLE: dict[str, Any] = tomllib.loads(
    Path(__file__).with_name("commands.toml").read_text(encoding="utf-8")
)
ENDS = {one["command"]: one for one in TABLE["ends"]}
INSTEAD = {one["command"]: one["run"] for one in TABLE["instead"]}
GIVEN = {
    "annual.docx": ("templates", "annual.docx"),
    "history.csv": ("seeds", "history-2019-2022.csv"),
}
"""Files that pages speak of as the reader's own."""
LEFT = {one["command"]: one["why"] for one in TABLE["left"]}


def _own(words: tuple[str, ...]) -> tuple[str, ...]:
    """Without a page's own environment file."""
    return words[2:] if words[:1] == ("--env-file",) else words


COMMANDS = {
    " ".join(words): words for page in pages() for words in (_own(one.words) for one in shown(page))
}
"""Each once, however many pages show it."""


@dataclass(frozen=True)
class World:
    folder: Path
    env_file: Path

    def run(self, words: Sequence[str]) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            ["natverket", "--env-file", str(self.env_file), *words],
            cwd=self.folder,
            env=environment(),
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=300,
            check=False,
        )


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder, story = tmp_path_factory.mktemp("year") / "demo", STORIES[USUAL]
    with tenant(folder, (), seed=story.sandbox_seed) as (sandbox, settings):
        log_to_stderr("error", "text")
        with Months(Console(quiet=True)) as months:
            asyncio.run(play(sandbox, settings, folder, months, story))
        work = tmp_path_factory.mktemp("work")
        answers = next((folder / "tenant").rglob("*.xlsx"))
        shutil.copy(answers, work / TABLE["placeholders"]["FILE"])
        for name, parts in GIVEN.items():
            (work / name).write_bytes(shipped(*parts).read_bytes())
        yield World(work, folder / "natverket.env")


@pytest.mark.parametrize("command", sorted(COMMANDS, key=lambda one: ("--compare" in one, one)))
def test_a_shown_command_runs(command: str, world: World) -> None:
    """It ends as its page lets one expect: with 0, or as the table says; never by a traceback."""
    if why := LEFT.get(command):
        pytest.skip(why)
    usual = [TABLE["placeholders"].get(word, word) for word in COMMANDS[command]]
    done = world.run(INSTEAD.get(command, usual))

    said = done.stdout + done.stderr
    expected = ENDS.get(command, {"code": 0, "says": ""})
    assert "Traceback" not in said
    assert done.returncode == expected["code"], said
    assert expected["says"] in said


def test_the_table_names_commands_that_are_shown() -> None:
    """What no page shows any more needs no exception."""
    assert sorted({*ENDS, *INSTEAD, *LEFT} - set(COMMANDS)) == []
