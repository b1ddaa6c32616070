"""Answers that stop coming while meetings go on."""

from datetime import UTC, date, datetime

from service.domain.meeting import Meeting, Status
from service.domain.survey.silence import silence
from tests.unit.effects.world import meeting

NOW = datetime(2023, 5, 20, tzinfo=UTC)
MARCH, APRIL, MAY, LATE = (
    date(2023, 3, 8),
    date(2023, 4, 12),
    date(2023, 5, 10),
    date(2023, 5, 18),
)
LAST = datetime(2023, 3, 9, 9, tzinfo=UTC)


def held(day: date, **other: object) -> Meeting:
    link = "https://forms.office.com/e/x"
    return meeting(day, status=Status.HELD, **{"survey_link": link, **other})


def test_two_meetings_without_an_answer() -> None:
    """Told with the day of the last answer; a meeting of these days may still be answered."""
    found = silence([held(MARCH), held(APRIL), held(MAY), held(LATE)], [LAST], NOW)
    assert found is not None
    assert (found.since, found.meetings) == (LAST, 2)


def test_nothing_strange() -> None:
    """One meeting only, none with a link, none that expects answers, or never any answer."""
    assert silence([held(MARCH), held(APRIL), held(LATE)], [LAST], NOW) is None
    assert silence([held(APRIL, survey_link=""), held(MAY)], [LAST], NOW) is None
    assert silence([held(APRIL, expects_survey=False), held(MAY)], [LAST], NOW) is None
    assert silence([held(APRIL), held(MAY)], [], NOW) is None
