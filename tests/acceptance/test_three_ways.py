"""The same answers as a workbook that Forms keeps, as a list that a flow fills, as an export."""

import asyncio
import base64
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from service.cli.logs import log_to_stderr
from service.demo.stories import STORIES
from service.demo.tenant import ask
from service.demo.year import prepare, tenant
from service.graph.clock import SandboxClock
from service.jobs.evaluations import evaluations
from service.sandbox import seed_file
from service.sandbox.process import Sandbox
from service.sandbox.timeline import Act, Answer, CreateForm, Invite, Seed
from service.settings import Settings
from service.wiring import Office, open_office
from service.workplace import Workplace

FORM, MEETING = "areal-form", "arealplan"
TITLE = "Evaluering av samlingen i Hamar 19. mars 2025"
BEFORE = datetime(2025, 3, 18, 11, 0, tzinfo=UTC)
AFTER = datetime(2025, 3, 31, 11, 0, tzinfo=UTC)
KARI = "5a9d4000-0000-4000-8000-0000000000a2"
LIST = "NATVERKET_NETWORK_SURVEY_LIST"
JOBS = ("sync_calendar", "collect_surveys", "publish_results")


# ---------------------------------------------------------------- one meeting and its answers


def by_workbook() -> Seed:
    return _seed([*_invited(), *_asked()])


def by_list() -> Seed:
    return _seed([*_invited(), *_listed()], {LIST: TITLE})


def by_export() -> Seed:
    """A person brings them."""
    return _seed(_invited())


def by_all() -> Seed:
    return _seed([*_invited(), *_asked(), *_listed()], {LIST: TITLE})


def _seed(acts: list[Act], places: Mapping[str, str] | None = None) -> Seed:
    world = _year().world
    environment = {**world.environment, **(places or {})}
    world = replace(world, start=BEFORE, environment=environment)
    return Seed(world=world, acts=tuple(sorted(acts, key=lambda act: act.at)))


def _year() -> Seed:
    return seed_file.load(Path(STORIES["klimanettverket"].sandbox_seed))


def _invited() -> list[Act]:
    return [act for act in _year().acts if isinstance(act, Invite) and act.key == MEETING]


def _asked() -> list[Act]:
    return [
        act
        for act in _year().acts
        if (isinstance(act, CreateForm) and act.key == FORM)
        or (isinstance(act, Answer) and act.form == FORM)
    ]


def _listed() -> list[Act]:
    """The same form and answers once more, with a flow in place of the workbook."""
    return [
        replace(act, key="listed", list_name=TITLE)
        if isinstance(act, CreateForm)
        else replace(act, form="listed")
        for act in _asked()
        if isinstance(act, CreateForm | Answer)
    ]


# ---------------------------------------------------------------- what comes of it


@dataclass(frozen=True, kw_only=True)
class Told:
    """Of the meeting: what its evaluation says, and what stands in its row."""

    n: int
    figures: tuple[Any, ...]
    answers: tuple[str, ...]
    row: tuple[object, ...]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    told: Told
    sources: int
    workbook: bytes


def play(way: str, folder: Path, *, export: bytes = b"") -> Outcome:
    """Up to the end of the survey; an export is brought in on that day."""
    with tenant(folder / way, seed=f"{__file__}:{way}") as (sandbox, settings):
        log_to_stderr("error", "text")
        return asyncio.run(_play(sandbox, settings, export))


async def _play(sandbox: Sandbox, settings: Settings, export: bytes) -> Outcome:
    await prepare(settings)
    async with open_office(settings) as office:
        await _run(office, BEFORE + timedelta(hours=1))
        await _run(office, AFTER)
        if export:
            _drop(sandbox, export)
        for hour in (1, 2):
            await _run(office, AFTER + timedelta(hours=hour))
        (at,) = office.workplaces
        ((meeting_id, evaluation),) = (await evaluations(at)).items()
        row = await at.register.find("NvMeetingId", meeting_id)
        assert row is not None
        told = Told(
            n=evaluation.n,
            figures=(evaluation.satisfaction, evaluation.usefulness),
            answers=tuple(sorted(str(sorted(r.answers.items())) for r in evaluation.responses)),
            row=tuple(row.fields.get(n) for n in ("NvAnswers", "NvSatisfaction", "NvUsefulness")),
        )
        return Outcome(told=told, sources=len(evaluation.sources), workbook=await _workbook(at))


async def _run(office: Office, moment: datetime) -> None:
    assert isinstance(office.clock, SandboxClock)
    await office.clock.move_to(moment)
    entries = {entry.job.name: entry for entry in (await office.timetable()).entries}
    for name in JOBS:
        outcome = await office.run(entries[name], office.clock.now())
        assert outcome.errors == ()


def _drop(sandbox: Sandbox, export: bytes) -> None:
    """As Forms names what "Open in Excel" saves: the title and the numbers of the responses."""
    act = {"act": "Upload", "by": KARI, "drive": "Samordning", "folder": "Inkorg"}
    content = {"base64": base64.b64encode(export).decode()}
    ask(sandbox, "act", act | {"name": f"{TITLE}(1-13).xlsx", "content": content})


async def _workbook(at: Workplace) -> bytes:
    """What Forms wrote, where it wrote one."""
    if at.places.survey_drive is None:
        return b""
    async for page in at.drives.changes(at.places.survey_drive, None):
        for change in page.changes:
            item = change.value
            if item is not None and item.name == f"{TITLE}.xlsx":
                content = at.drives.content(item.drive_id, item.id)
                return b"".join([piece async for piece in content.read()])
    return b""


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return play("by_workbook", tmp_path_factory.mktemp("workbook"))


def test_a_workbook(workbook: Outcome) -> None:
    """Thirteen answers, 58 and 55 points in all."""
    assert workbook.told.n == 13
    assert [figures.total for figures in workbook.told.figures] == [58, 55]
    assert workbook.sources == 1


@pytest.mark.proof
def test_a_list_tells_the_same(workbook: Outcome, tmp_path: Path) -> None:
    """What a flow laid in a list comes to the very figures, answers and row."""
    assert play("by_list", tmp_path).told == workbook.told


@pytest.mark.proof
def test_an_export_tells_the_same(workbook: Outcome, tmp_path: Path) -> None:
    """What a coordinator dropped in the inbox comes to the very figures, answers and row."""
    assert play("by_export", tmp_path, export=workbook.workbook).told == workbook.told


def test_all_at_once_are_counted_once(workbook: Outcome, tmp_path: Path) -> None:
    """Workbook, list and export of one form: three sources, thirteen people."""
    outcome = play("by_all", tmp_path, export=workbook.workbook)

    assert outcome.told == workbook.told
    assert outcome.sources == 3
