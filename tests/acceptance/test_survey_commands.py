"""`natverket survey list` and `place`, as a coordinator types them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from service.cli.main import app
from service.sandbox.process import Sandbox
from service.sandbox.timeline import Answer, CreateForm, Invite, Question, Seed
from tests.contract.graph import neighbours, worlds
from tests.contract.graph.worlds import day

SEED = f"{__file__}:tenant"
PLEASED = "Hur nöjd är du med träffen?"
NETWORK = {
    "NATVERKET_NETWORK_NAME": "Nätverket",
    "NATVERKET_NETWORK_FOCUS_GROUPS": "natur=Natur",
    "NATVERKET_NETWORK_SURVEY_FOLDER": "Samordning/Enkäter",
}


def tenant() -> Seed:
    """A meeting, and a form whose name tells nothing."""
    form = CreateForm(
        at=day(1, 7),
        key="f",
        title="Formulär1",
        owner=worlds.COLLEAGUE.id,
        questions=(Question(title=PLEASED, kind="rating"),),
        drive="Samordning",
        folder="Enkäter",
    )
    invite = Invite(
        at=day(1, 7),
        key="natur",
        organizer=worlds.ORGANIZER.id,
        subject="Natur i stadsplanering",
        body_html="",
        start=day(1, 8),
        end=day(1, 9),
        attendees=(worlds.COLLEAGUE.mail,),
    )
    answers = [
        Answer(at=day(1, hour), form="f", answers={PLEASED: float(hour - 7)}) for hour in (10, 11)
    ]
    return Seed(world=worlds.WORLD, acts=(form, invite, *answers))


@dataclass(frozen=True, kw_only=True)
class Typed:
    """A terminal with a network's settings."""

    settings: dict[str, str]

    def run(self, *words: str) -> str:
        done = CliRunner().invoke(app, list(words), env=self.settings)
        assert done.exit_code == 0, (words, done.output, done.exception)
        return done.output


@pytest.fixture
def typed(tmp_path: Path) -> Iterator[Typed]:
    with Sandbox(seed=SEED, directory=tmp_path / "town") as town:
        state = f"sqlite:///{tmp_path / 'state.db'}"
        typed = Typed(settings={**town.env, **NETWORK, "NATVERKET_STATE_URL": state})
        typed.run("provision", "--yes")
        control = neighbours.Control(town)
        control._post("clock", {"now": day(2).isoformat()})
        control.close()
        for job in ("sync_calendar", "collect_surveys"):
            typed.run("once", job)
        yield typed


def listed(typed: Typed) -> dict[str, object]:
    (form,) = json.loads(typed.run("survey", "list", "--json"))["forms"]
    return dict(form)


def test_placing_a_form(typed: Typed) -> None:
    """Asked at first; said once, its answers count for the meeting, or for a year, or nowhere."""
    first = listed(typed)
    assert (first["asked"], first["used"], first["raw_rows"]) == (True, 0, 2)
    assert "natverket survey place" in typed.run("survey", "list")

    said = typed.run("survey", "place", "formulär1", "--meeting", "2023-03-01")
    assert "Natur i stadsplanering" in said
    assert (listed(typed)["asked"], listed(typed)["used"]) == (False, 2)
    typed.run("survey", "place", "Formulär1.xlsx", "--year", "2023")
    assert (listed(typed)["year"], listed(typed)["meeting"]) == (2023, None)
    typed.run("survey", "place", str(first["id"]), "--none")
    assert (listed(typed)["asked"], listed(typed)["used"]) == (False, 0)
    typed.run("survey", "place", "Formulär1.xlsx", "--meeting", "stadsplanering")
    assert listed(typed)["used"] == 2

    year = json.loads(typed.run("survey", "show", "2023", "--json"))["year"]
    assert year == {"evaluated": 1, "withheld": 1, "questions": []}
    assert "En utvärdering har för få svar" in typed.run("survey", "show", "2023")
