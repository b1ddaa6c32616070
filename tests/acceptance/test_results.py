"""An evaluation's way: coordinators first, members on their tick, and what late answers move."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile, is_zipfile

import openpyxl
import pytest

from service.cli.logs import log_to_stderr
from service.demo.tenant import ask, copy_libraries
from service.demo.year import prepare, tenant
from service.effects.contents import Bytes
from service.jobs import JOBS
from service.jobs.engine import run
from service.jobs.known import known
from service.observe import SeenItem
from service.ports import Target
from service.sandbox.process import Sandbox
from service.settings import Settings
from service.wiring import open_office
from service.workplace import Workplace
from tests.acceptance.channel import said

JOINT = "040000008200E00074C5B7101A82E008000000008AC4461128B05674B39F87CAFA8946D1"
CANARY = "KANARIEFÅGELN sjunger"
BY_NAME = {job.name: job for job in JOBS}
FOUND = ("sync_calendar", "collect_surveys", "publish_results")
STEPS = (
    ("closed", "2023-03-16", "08:15", ("watch_gaps", "post_reminders"), 0),
    ("ticked", "2023-03-16", "10:15", ("watch_gaps", "post_reminders"), None),
    ("four late", "2023-03-20", "07:35", ("post_digest",), 4),
    ("five late", "2023-03-27", "06:35", ("post_digest",), 1),
)
"""Name, day, time, jobs, and how many answers Forms writes before (None: it writes nothing)."""


@dataclass(frozen=True, kw_only=True)
class Way:
    """What stood in the two channels after each step, and what lies in the libraries."""

    coordinators: dict[str, list[str]]
    members: dict[str, list[str]]
    register: dict[str, Any]
    folder: Path
    shown: dict[str, Any]
    shown_to_people: str


@pytest.fixture(scope="module")
def way(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Way]:
    """The joint meeting of 8 March: 25 answers, a tick, four late answers, and one more."""
    folder = tmp_path_factory.mktemp("results")
    with tenant(folder / "demo") as (sandbox, settings):
        log_to_stderr("error", "text")
        yield asyncio.run(_go(sandbox, settings, folder))


async def _go(sandbox: Sandbox, settings: Settings, folder: Path) -> Way:
    await prepare(settings)
    coordinators, members, register = dict[str, list[str]](), dict[str, list[str]](), {}
    async with open_office(settings) as office:
        at = office.workplaces[0]
        for name, day, clock, jobs, late in STEPS:
            ask(sandbox, "clock", {"now": f"{day}T{clock}:00Z"})
            await office.look_at_the_clock()
            if late is not None:
                # What the service writes itself is no form's, unless it was one before.
                await run(BY_NAME["collect_surveys"], at, at.clock.now())
                await _answer(at, late)
            for job in (*FOUND, *jobs, "sync_calendar"):
                outcome = await run(BY_NAME[job], at, at.clock.now())
                assert outcome.errors == (), job
            row = (await known(at)).rows[JOINT].fields
            register[name] = (row["NvAnswers"], row["NvSatisfaction"], row["NvUsefulness"])
            # A flow posts up to half an hour late.
            posted = datetime.fromisoformat(f"{day}T{clock}:00Z") + timedelta(minutes=31)
            ask(sandbox, "clock", {"now": f"{posted:%Y-%m-%dT%H:%M:%SZ}"})
            coordinators[name], members[name] = said(sandbox, "COORDINATOR_"), said(sandbox)
        await copy_libraries(office, folder)
    command = [sys.executable, "-m", "service", "--env-file", sandbox.env_file, "survey", "show"]
    state = f"sqlite:///{(folder / 'demo' / 'natverket.db').resolve()}"
    return Way(
        coordinators=coordinators,
        members=members,
        register=register,
        folder=folder,
        shown=json.loads(_said(command, "2023-03-08", "--json", state=state)),
        shown_to_people=_said(command, "2023-03-08", "--sources", state=state),
    )


def _said(command: list[Any], *words: str, state: str) -> str:
    done = subprocess.run(
        [*command, *words],
        capture_output=True,
        text=True,
        env={"NATVERKET_STATE_URL": state, "COLUMNS": "140", "NATVERKET_LOG_LEVEL": "error"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


async def _answer(at: Workplace, late: int) -> None:
    """Forms writes so many more rows, all sixes, and everybody's own words are the canary."""
    drive = at.places.survey_drive
    assert drive is not None
    async for page in at.drives.changes(drive, None):
        for change in page.changes:
            item = change.value
            if (item is not None and "2023-03-08" in item.name) or _is_joint(item):
                await _write(at, item, late)
                return


def _is_joint(item: SeenItem | None) -> bool:
    return (
        item is not None and item.name.endswith(".xlsx") and "Natur i stadsplanering" in item.name
    )


async def _write(at: Workplace, item: SeenItem, late: int) -> None:
    content = at.drives.content(item.drive_id, item.id)
    book = openpyxl.load_workbook(BytesIO(b"".join([piece async for piece in content.read()])))
    sheet = book.active
    assert sheet is not None
    last = [cell.value for cell in sheet[sheet.max_row]]
    for number in range(1, late + 1):
        row = [6 if isinstance(value, int) else value for value in last]
        sheet.append([last[0] + number, *row[1:]])
    for row in sheet.iter_rows(min_row=2):
        row[-1].value = CANARY
    out = BytesIO()
    book.save(out)
    target = Target(
        drive_id=item.drive_id, parent_id=item.parent_id or "", name=item.name, replace=item.etag
    )
    await at.drives.store(target, Bytes(out.getvalue()))


# ---------------------------------------------------------------- who is told what


def test_coordinators_first(way: Way) -> None:
    """When it has closed they have one card, with everything but free text; members have none."""
    [card] = [one for one in way.coordinators["closed"] if "Resultat: Natur" in one]
    for part in ("25 svar", "Nöjdhet 4,60 (25 svar)", "Nytta 4,08", "▇", "I ord: ", "Kryssa i"):
        assert part in card
    assert "fördelningen: färre än 3 svar i någon klass" in card
    assert not any("Så tyckte ni" in one for one in way.members["closed"])
    assert sum("Resultat: Natur" in one for one in way.coordinators["five late"]) == 1


def test_members_on_the_tick(way: Way) -> None:
    """The card has both means; the distribution of the question whose classes are large enough."""
    [card] = [one for one in way.members["ticked"] if "Så tyckte ni" in one]
    assert "nöjdhet 4,60, nytta 4,08 (skala 1–6, 25 svar)" in card
    assert "9 gav 5–6, 13 gav 3–4 och 3 gav 1–2" in card
    assert card.count("I ord: ") == 1


def test_four_late_answers_move_nothing(way: Way) -> None:
    """Coordinators' register follows at once; the letter says what the card said."""
    assert way.register["ticked"] == (25, 4.6, 4.08)
    assert way.register["four late"] == (29, 4.79, 4.34)
    letters = [one for one in way.members["four late"] if "Veckan i n" in one]
    assert "nöjdhet 4,60, nytta 4,08 (25 svar)" in letters[0]


def test_five_late_answers_do(way: Way) -> None:
    """In the next letter, once; the card in the channel stands as it was."""
    told = [one for one in way.members["five late"] if "sedan fler har svarat" in one]
    assert len(told) == 1
    assert "nöjdhet 4,83, nytta 4,40 (30 svar), sedan fler har svarat" in told[0]
    assert sum("Så tyckte ni" in one for one in way.members["five late"]) == 1


# ---------------------------------------------------------------- free text


def test_free_text_goes_to_coordinators_alone(way: Way) -> None:
    """What everybody wrote is in the coordinators' workbook, and in no place of members'."""
    assert any(CANARY in text for text in _texts(way.folder / "Samordning"))
    assert not any(CANARY in text for text in _texts(way.folder / "Dokumentation"))
    for step in way.members.values():
        assert not any(CANARY in one for one in step)
    for step in way.coordinators.values():
        assert not any(CANARY in one for one in step)


def _texts(folder: Path) -> Iterator[str]:
    """Names and contents of all files, those in packages of XML too."""
    for file in folder.rglob("*"):
        yield file.name
        if is_zipfile(file):
            with ZipFile(file) as package:
                yield from (
                    package.read(name).decode(errors="replace") for name in package.namelist()
                )
        elif file.is_file():
            yield file.read_bytes().decode(errors="replace")


# ---------------------------------------------------------------- asked of the state


def test_where_figures_come_from(way: Way) -> None:
    """Each question with its figures, what members see beside it, and the file it is from."""
    pleased = next(one for one in way.shown["questions"] if one["meaning"] == "satisfaction")
    assert (way.shown["n"], pleased["n"], pleased["mean"]) == (30, 30, "4.833333")
    assert pleased["members"]["see"] == {"n": 30, "mean": "4.833333", "distribution": None}
    assert pleased["members"]["why_not_distribution"] == "small"
    own = next(one for one in way.shown["questions"] if one["meaning"] == "text")
    assert own["members"] is None
    [source] = way.shown["sources"]
    assert (source["kind"], source["used"]) == ("workbook", 30)


def test_the_same_in_words(way: Way) -> None:
    """In the network's language, and never a word that somebody wrote in a form."""
    said = way.shown_to_people
    assert "Medlemmarna ser:" in said
    assert "  Nöjdhet 4,83 (skala 1–6, 30 svar)" in said
    assert "SHA-256" in said
    assert CANARY not in said
