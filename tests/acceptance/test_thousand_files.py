"""The year 2023 with a thousand files more: where each of them has gone, beside the table."""

import asyncio
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from service.cli.logs import log_to_stderr
from service.demo.replay import Played, again, replay
from service.demo.tenant import ask, writes
from service.demo.year import last_minute, prepare, tenant
from service.domain.names import name_key, safe_name
from service.sandbox.process import Sandbox
from service.sandbox.seed.files import SMALLEST, STEP, Dropped
from service.settings import Settings, read_settings
from service.wiring import open_office
from tests.thousand import FURTHER, Expected, Place, key, table

pytestmark = pytest.mark.proof

ORIGINS = ("inbox", "event", "folder", "mail", "channel", "onedrive", "link")


@dataclass(frozen=True, kw_only=True)
class Year:
    """How it ended."""

    played: Played
    second_run_writes: int
    found: Mapping[int, tuple[tuple[str, str], ...]]
    """Path of the folder and name of every file of the table's sizes, by the file's number."""


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    """Play it once for all tests of this file."""
    folder = tmp_path_factory.mktemp("thousand") / "demo"
    with tenant(folder, seed="2023-files") as (sandbox, _):
        log_to_stderr("error", "text")
        further = read_settings(folder / "natverket.env", FURTHER)
        yield asyncio.run(_play(sandbox, further))


async def _play(sandbox: Sandbox, settings: Settings) -> Year:
    await prepare(settings)
    async with open_office(settings) as office:
        played = await replay(office, last_minute(office), lambda _: None)
        before = writes(sandbox)
        await again(office)
        return Year(
            played=played,
            second_run_writes=writes(sandbox) - before,
            found=_found(ask(sandbox, "tree")["value"]),
        )


def _found(libraries: list[dict[str, Any]]) -> dict[int, tuple[tuple[str, str], ...]]:
    """SharePoint writes a little into Office files and PDFs: less than one step of sizes."""
    found = defaultdict(list)
    for library in libraries:
        if library["drive"] in ("Dokumentation", "Samordning"):
            for path, node in _below(library["drive"], library["children"]):
                found[(node["size"] - SMALLEST) // STEP].append((path, node["name"]))
    return {number: tuple(nodes) for number, nodes in found.items()}


def _below(path: str, children: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    for child in children:
        if "children" in child:
            yield from _below(f"{path}/{child['name']}", child["children"])
        else:
            yield path, child


def places(year: Year, file: Dropped) -> list[Place | str]:
    """Where the file lies, under its own name or one beside it."""
    stem = name_key(safe_name(file.name)).rpartition(".")[0]
    nodes = year.found.get(file.content.number, ())
    return [_place(path) for path, name in nodes if name_key(name).startswith(stem[:100])]


def _place(path: str) -> Place | str:
    meeting = re.match(r"Dokumentation/\d{4}/(\d{4}-\d\d-\d\d) ", path)
    return meeting[1] if meeting else () if path == "Samordning/Inkorg/Oplacerat" else path


LEFT_WHERE_THEY_ARE = ("channel", "onedrive")
"""Of what cannot be placed there: it is listed, and copied nowhere before somebody has said."""


def wanted(one: Expected) -> list[Place | str]:
    match one.place:
        case tuple() if one.file.origin in LEFT_WHERE_THEY_ARE:
            return []
        case None:
            return []
        case tuple():
            return [()]
        case day:
            return [day.isoformat()]


@pytest.mark.parametrize("origin", ORIGINS)
def test_every_file_is_where_a_person_would_have_put_it(year: Year, origin: str) -> None:
    """Once, in its meeting's folder; in Oplacerat what a person would ask about; or nowhere."""
    of_origin = [one for one in table() if one.file.origin == origin]
    twins = Counter(one.file.content.number for one in of_origin)
    astray = {
        (key(one.file), one.file.name): (found, wanted(one))
        for one in of_origin
        if twins[one.file.content.number] == 1 and (found := places(year, one.file)) != wanted(one)
    }
    assert astray == {}


@pytest.mark.parametrize("origin", ["inbox", "event"])
def test_the_same_bytes_are_filed_once_a_meeting(year: Year, origin: str) -> None:
    """Of files that are equal to the byte each meeting has one; the others stay where they are."""
    alike = defaultdict(list)
    for one in table():
        if one.file.origin == origin and one.file.series.like:
            alike[one.file.content.number].append(one)
    assert alike
    for number, some in alike.items():
        filed = Counter(_place(path) for path, _ in year.found[number])
        for meeting in {each for one in some for each in wanted(one)}:
            assert filed[meeting] == 1


def test_nothing_failed_and_nothing_is_done_twice(year: Year) -> None:
    """No run met an error, and every run of the year once more writes nothing."""
    assert year.played.errors == []
    assert year.second_run_writes == 0
