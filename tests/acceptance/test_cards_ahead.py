"""`natverket plan --cards` over a tenant in which something is to come."""

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.cli.logs import log_to_stderr
from service.demo.year import prepare
from service.graph.clock import SandboxClock
from service.sandbox.look.scripts import renderer
from service.sandbox.process import Sandbox
from service.settings import read_settings
from service.wiring import open_office

ENVIRONMENT = {k: v for k, v in os.environ.items() if not k.startswith("NATVERKET_")}
NAME = re.compile(r"\d{4}-\d\d-\d\d \d{4} [a-z_]+ .+\.(json|png)")


@pytest.fixture(scope="module")
def env_file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The year 2023 on its first day: nobody has invited to anything."""
    folder = tmp_path_factory.mktemp("ahead")
    with Sandbox(seed="2023", directory=folder / "tenant") as sandbox:
        file = folder / "natverket.env"
        state = f"NATVERKET_STATE_URL=sqlite:///{folder / 'state.db'}\n"
        file.write_text(sandbox.env_file.read_text(encoding="utf-8") + state, encoding="utf-8")
        asyncio.run(_prepare(file))
        yield file


@pytest.fixture(scope="module")
def february(env_file: Path) -> Path:
    """The same on 20 February, when there is something to come."""
    asyncio.run(_read_calendar(env_file))
    return env_file


async def _prepare(env_file: Path) -> None:
    settings = read_settings(env_file, {})
    log_to_stderr("error", "text")
    await prepare(settings)


async def _read_calendar(env_file: Path) -> None:
    async with open_office(read_settings(env_file, {})) as office:
        assert isinstance(office.clock, SandboxClock)
        await office.clock.move_to(datetime(2023, 2, 20, 6, tzinfo=UTC))
        timetable = await office.timetable()
        for entry in timetable.entries:
            if entry.job.name == "sync_calendar":
                await office.run(entry, office.clock.now())


def natverket(env_file: Path, *words: str | Path, **settings: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "service", "--env-file", env_file, *map(str, words)],
        capture_output=True,
        text=True,
        env=ENVIRONMENT | settings,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_quiet_time_has_a_page_that_says_so(env_file: Path, tmp_path: Path) -> None:
    """No cards, no pictures, no error."""
    said = natverket(env_file, "plan", "--cards", tmp_path, "--weeks", "1")

    assert "cards written: 0" in said
    assert "Inga inlägg är planerade" in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_the_coming_weeks_lie_in_a_folder(february: Path, tmp_path: Path) -> None:
    """A card a file, named by local time, kind and title; a page shows all; nothing is sent."""
    folder = tmp_path / "cards"
    said = natverket(february, "plan", "--cards", folder, "--weeks", "4", PATH="/nowhere")
    names = sorted(file.name for file in folder.iterdir())
    cards = [name for name in names if name.endswith(".json")]

    assert f"cards written: {len(cards)}, sent: none" in said
    assert all(NAME.fullmatch(name) for name in names if name != "index.html")
    assert any(" registration_last_day Natur i stadsplanering" in name for name in cards)
    for name in cards:
        card = json.loads((folder / name).read_text(encoding="utf-8"))
        assert (card["type"], card["version"], card["lang"]) == ("AdaptiveCard", "1.5", "sv")
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert page.count("<section>") == len(cards)
    assert "Så ser de kommande inläggen ut" in page
    posts = json.loads(natverket(february, "posts", "--json"))
    assert posts == []


def test_without_a_browser_it_says_how_to_get_pictures(february: Path, tmp_path: Path) -> None:
    """The cards are there all the same."""
    said = natverket(february, "plan", "--cards", tmp_path, "--weeks", "4", PATH="/nowhere")

    assert "note: no pictures: " in said
    assert "make cards" in said or "install Debian's chromium" in said


@pytest.mark.skipif(
    renderer() is None or shutil.which("chromium") is None,
    reason="needs Debian's chromium, and npm for Microsoft's renderer: make cards",
)
def test_with_a_browser_there_is_a_picture_of_each(february: Path, tmp_path: Path) -> None:
    """As wide as a telephone; what an earlier look left is told of, not removed."""
    (tmp_path / "2022-12-01 0830 soon Gammalt.json").write_text("{}", encoding="utf-8")
    said = natverket(february, "plan", "--cards", tmp_path, "--weeks", "4")
    pictures = {file.stem: file.read_bytes() for file in tmp_path.glob("*.png")}

    assert pictures.keys() == {f.stem for f in tmp_path.glob("2023*.json")}
    assert {int.from_bytes(one[16:20]) for one in pictures.values()} == {780}
    assert "note: files of an earlier look, not on the page: 1" in said
