"""When an evaluation's figures are put in the coordinators' folder."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from service.domain.actions import Action, RefreshFile, Shelf
from service.domain.meeting import Meeting
from service.domain.survey.responses import Response
from service.jobs.evaluations import Evaluation
from service.jobs.known import underlag_folder
from service.jobs.publish_results import Observed, plan
from tests.unit.effects.world import ZONE, labels, meeting

NATURE = meeting()


def answered(n: int) -> Evaluation:
    responses = tuple(Response(id=str(number), submitted=None) for number in range(n))
    return Evaluation(
        sources=(),
        questions=(),
        responses=responses,
        satisfaction=None,
        usefulness=None,
        version="c1",
    )


def planned(
    evaluation: Evaluation, *, after: timedelta, of: Meeting = NATURE, whose: str = NATURE.id
) -> tuple[Action, ...]:
    seen = Observed(
        meetings={of.id: of},
        answered={whose: evaluation},
        folders={of.id: underlag_folder(of)},
        labels=labels(),
        name="Utvärdering",
        time_zone=ZONE,
        open_for=timedelta(days=7),
    )
    return plan(seen, of.end + after)


def test_sheet_after_closing() -> None:
    """A week after the meeting the figures go to the coordinators' folder."""
    [action] = planned(answered(3), after=timedelta(days=7))

    assert isinstance(action, RefreshFile)
    assert action.folder.shelf is Shelf.COORDINATION
    assert action.folder.path == "Underlag/2023/2023-03-08 Natur i stadsplanering"
    assert action.name == "Utvärdering 2023-03-08.xlsx"
    assert action.source.fingerprint == "c1"
    assert action.source.make().startswith(b"PK")


def test_open_evaluation_waits() -> None:
    """Before it has closed, nothing is written."""
    assert planned(answered(3), after=timedelta(days=7, seconds=-1)) == ()


@pytest.mark.parametrize(("days", "written"), [(3, False), (4, True)])
def test_closing_day_of_its_own(days: int, written: bool) -> None:
    """A closing date in the register counts to its end."""
    of = replace(NATURE, survey_closes=date(2023, 3, 11))
    assert bool(planned(answered(3), after=timedelta(days=days), of=of)) is written


def test_nobody_answered() -> None:
    """A form without answers makes no sheet."""
    assert planned(answered(0), after=timedelta(days=30)) == ()


def test_meeting_that_is_ours_no_more() -> None:
    """An evaluation of an event that lost its group is left, and the rest goes on."""
    assert planned(answered(3), after=timedelta(days=30), whose="uid-lost") == ()
