"""Answers by every way at once, through the wire: a workbook, a flow that fails, a dropped file."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from service.domain.survey.responses import SourceKind
from service.jobs.evaluations import Evaluation, evaluations
from service.jobs.known import FORMS, KnownForm, items
from service.provisioning import provision
from service.sandbox.process import Sandbox
from service.sandbox.timeline import (
    Act,
    Answer,
    CreateForm,
    EditAnswer,
    Invite,
    Question,
    RepeatFlow,
    Seed,
    TurnFlow,
    Upload,
)
from service.settings import read_settings
from service.wiring import Office, open_office
from tests.contract.graph import neighbours, worlds
from tests.contract.graph.worlds import day

SEED = f"{__file__}:tenant"
PLEASED, USEFUL = "Hur nöjd är du med träffen?", "Hur stor nytta har du av träffen i ditt arbete?"
NETWORK = {
    "NATVERKET_NETWORK_NAME": "Nätverket",
    "NATVERKET_NETWORK_FOCUS_GROUPS": "natur=Natur",
    "NATVERKET_NETWORK_SURVEY_FOLDER": "Samordning/Enkäter",
    "NATVERKET_NETWORK_SURVEY_LIST": "Enkätsvar",
}
DROPPED = "Utvärdering 8 mars distans(1-3).csv"
JOBS = ("sync_calendar", "file_materials", "collect_surveys")


def tenant() -> Seed:
    """A meeting on the 8th, answered in the room and at a distance; the flow is off for a day."""
    book = CreateForm(
        at=day(1, 7),
        key="rummet",
        title="Utvärdering Natur i stadsplanering",
        owner=worlds.COLLEAGUE.id,
        questions=(
            Question(title=PLEASED, kind="rating"),
            Question(title=USEFUL, kind="rating"),
        ),
        drive="Samordning",
        folder="Enkäter",
        last_modified=True,
    )
    far = CreateForm(
        **{
            **vars(book),
            "key": "distans",
            "title": "Utvärdering 8 mars distans",
            "list_name": "Enkätsvar",
            "form_column": "Formulär",
        }
    )
    acts: list[Act] = [
        Invite(
            at=day(1, 7),
            key="natur",
            organizer=worlds.ORGANIZER.id,
            subject="Natur i stadsplanering",
            body_html="<p>Plats: Alingsås</p>",
            start=day(8, 8),
            end=day(8, 11),
            attendees=(worlds.COLLEAGUE.mail,),
        ),
        book,
        far,
        *(_answer("rummet", minute, point) for minute, point in ((1, 4), (2, 5), (3, 6), (4, 3))),
        EditAnswer(at=day(8, 12), form="rummet", response=4, answers={PLEASED: 5.0}),
        *(_answer("distans", minute, point) for minute, point in ((1, 2), (2, 6))),
        RepeatFlow(at=day(8, 12), form="distans", response=2),
        EditAnswer(at=day(8, 13), form="distans", response=1, answers={PLEASED: 4.0}),
        TurnFlow(at=day(8, 14), form="distans", on=False),
        _answer("distans", 241, 5),
        TurnFlow(at=day(9, 14), form="distans", on=True),
        Upload(
            at=day(9, 15),
            drive="Samordning",
            folder="Inkorg",
            name=DROPPED,
            content=exported,
            by=worlds.COLLEAGUE.id,
            make_folder=True,
        ),
    ]
    return Seed(world=worlds.WORLD, acts=tuple(sorted(acts, key=lambda act: act.at)))


def _answer(form: str, minute: int, point: int) -> Answer:
    sent = day(8, 11) + timedelta(minutes=minute, seconds=2 * len(form))
    answers = {PLEASED: float(point), USEFUL: 5.0}
    started = sent - timedelta(seconds=50)
    return Answer(at=sent, form=form, answers=answers, started=started)


def exported() -> bytes:
    """What the form's owner downloads, saved as csv: in her own time, without seconds."""
    head = f"ID;Starttid;Slutförandetid;E-post;Namn;{PLEASED};{USEFUL}\n"
    rows = [
        f"{number};2023-03-08 {_local(minute)};2023-03-08 {_local(minute)};anonymous;;{point};5\n"
        for number, minute, point in ((1, 1, 4), (2, 2, 6), (3, 241, 5))
    ]
    return (head + "".join(rows)).encode("cp1252")


def _local(minute: int) -> str:
    return (day(8, 12) + timedelta(minutes=minute)).strftime("%H:%M")


@dataclass(frozen=True, kw_only=True)
class Town:
    sandbox: Sandbox
    control: neighbours.Control

    def at(self, moment: datetime) -> None:
        self.control._post("clock", {"now": moment.isoformat()})


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with Sandbox(seed=SEED, directory=tmp_path_factory.mktemp("answers")) as running:
        control = neighbours.Control(running)
        yield Town(sandbox=running, control=control)
        control.close()


@pytest.fixture
async def office(town: Town, tmp_path: Path) -> AsyncIterator[Office]:
    state = {"NATVERKET_STATE_URL": f"sqlite:///{tmp_path / 'state.db'}"}
    settings = read_settings(town.sandbox.env_file, {**NETWORK, **state})
    async for _ in provision(settings):
        pass
    town.at(day(2))
    async with open_office(settings) as opened:
        yield opened


async def run(office: Office, town: Town, moment: datetime) -> None:
    town.at(moment)
    await office.look_at_the_clock()
    entries = {entry.job.name: entry for entry in (await office.timetable()).entries}
    for name in JOBS:
        outcome = await office.run(entries[name], moment)
        assert not outcome.errors, outcome.errors


async def evaluation(office: Office) -> Evaluation:
    (found,) = (await evaluations(office.workplaces[0])).values()
    return found


async def test_every_way_at_once(office: Office, town: Town) -> None:
    """Two forms, three ways, a repeated row, an edit, a flow that was off: each person once."""
    await run(office, town, day(8, 17))
    before = await evaluation(office)
    assert (before.n, before.forms) == (6, 2)

    for hour in (16, 17, 18):
        await run(office, town, day(9, hour))
    found = await evaluation(office)
    assert found.satisfaction is not None
    assert found.usefulness is not None
    assert (found.n, found.forms) == (7, 2)
    assert found.satisfaction.total == 4 + 5 + 6 + 5 + 4 + 6 + 5
    assert found.usefulness.n == 7
    used = {source.kind: source.used for source in found.sources}
    assert used[SourceKind.WORKBOOK] == 4
    assert used[SourceKind.LIST] + used[SourceKind.EXPORT] == 3

    at = office.workplaces[0]
    kept = {item.name: item for item in (await items(at, at.places.coordination)).values()}
    assert kept[DROPPED].path.startswith("Underlag/2023/2023-03-08")
    shown = (await items(at, at.places.documentation)).values()
    assert not [item.name for item in shown if item.name.endswith((".csv", ".xlsx"))]
    forms = await at.ledger.seen(FORMS, KnownForm)
    assert not [form for form in forms.values() if form.is_asked or form.problem]
