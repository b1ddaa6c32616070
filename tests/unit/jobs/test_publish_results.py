"""When an evaluation's figures are put in the coordinators' folder."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from service.domain.actions import Action, RefreshFile, Shelf
from service.domain.meeting import Meeting
from service.domain.network import YearlySurvey
from service.domain.period import end_of
from service.domain.survey.responses import Response, SourceKind, SourceRead
from service.jobs.evaluations import Evaluation
from service.jobs.known import underlag_folder
from service.jobs.publish_results import Observed, plan
from tests.unit.effects.world import ZONE, labels, meeting, network

NATURE = meeting()


SOURCE = SourceRead(
    kind=SourceKind.WORKBOOK,
    id="i1",
    name="Utvärdering.xlsx",
    sha256="ab",
    read=datetime(2023, 3, 15, tzinfo=UTC),
    raw_rows=3,
    used=3,
)


def answered(n: int) -> Evaluation:
    responses = tuple(Response(id=str(number), submitted=None) for number in range(n))
    return Evaluation(
        sources=(SOURCE,),
        questions=(),
        responses=responses,
        satisfaction=None,
        usefulness=None,
        version="c1",
        used=tuple((one, SOURCE) for one in responses),
    )


def planned(
    evaluation: Evaluation, *, after: timedelta, of: Meeting = NATURE, whose: str = NATURE.id
) -> tuple[Action, ...]:
    seen = Observed(
        network=network(),
        meetings={of.id: of},
        answered={whose: evaluation},
        folders={of.id: underlag_folder(of)},
        labels=labels(),
        name="Utvärdering",
    )
    return plan(seen, end_of(of.last_day, ZONE) + after)


def test_sheet_after_closing() -> None:
    """A week after the meeting the figures go to the coordinators' folder."""
    [action] = planned(answered(3), after=timedelta(days=7))

    assert isinstance(action, RefreshFile)
    assert action.folder.shelf is Shelf.COORDINATION
    assert action.folder.path == "Underlag/2023/2023-03-08 Natur i stadsplanering"
    assert action.name == "Utvärdering 2023-03-08.xlsx"
    assert action.source.make().startswith(b"PK")


def test_open_evaluation_waits() -> None:
    """Before it has closed, nothing is written."""
    assert planned(answered(3), after=timedelta(days=7, seconds=-1)) == ()


@pytest.mark.parametrize(("days", "written"), [(2, False), (3, True)])
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


def test_every_change_after_closing_is_followed() -> None:
    """A late answer, and a count that a coordinator types: the sheet says something else."""
    [before] = planned(answered(3), after=timedelta(days=30))
    [late] = planned(replace(answered(4), version="c2"), after=timedelta(days=30))
    [counted] = planned(answered(3), after=timedelta(days=30), of=replace(NATURE, day_counts=(12,)))
    [again] = planned(answered(3), after=timedelta(days=31))

    marks = [one.source.fingerprint for one in (before, late, counted, again)]
    assert len(set(marks)) == 3
    assert marks[0] == marks[3]


def test_the_yearly_survey() -> None:
    """Filed beside the year's meetings, once it has closed where anybody says when."""
    december = date(2000, 12, 15)
    seen = _of_year(YearlySurvey(opens=december, closes=december, link=""))
    closing = end_of(date(2023, 12, 15), ZONE)
    [action] = plan(seen, closing)

    assert isinstance(action, RefreshFile)
    assert (action.folder.path, action.name) == (
        "Underlag/2023/Årsenkät 2023",
        "Årsenkät 2023.xlsx",
    )
    assert action.source.make().startswith(b"PK")
    assert plan(seen, closing - timedelta(seconds=1)) == ()


@pytest.mark.parametrize(
    ("opens", "closes", "last"),
    [
        (date(2000, 12, 1), date(2000, 1, 15), date(2024, 1, 15)),
        (date(2000, 2, 1), date(2000, 2, 29), date(2023, 2, 28)),
    ],
)
def test_a_yearly_survey_that_closes_on_an_odd_day(opens: date, closes: date, last: date) -> None:
    """In the next January, or on a day that the year does not have: it waits until then."""
    seen = _of_year(YearlySurvey(opens=opens, closes=closes, link=""))
    closing = end_of(last, ZONE)

    assert plan(seen, closing - timedelta(seconds=1)) == ()
    assert len(plan(seen, closing)) == 1


def _of_year(survey: YearlySurvey) -> Observed:
    return Observed(
        network=replace(network(), yearly_survey=survey),
        meetings={},
        answered={},
        yearly={2023: answered(1)},
        folders={},
        labels=labels(),
        name="Utvärdering",
        yearly_names={2023: "Årsenkät 2023"},
    )
