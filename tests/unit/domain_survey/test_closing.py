"""Until when people answer: the same day for everybody who asks."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from service.domain.network import YearlySurvey
from service.domain.survey.closing import closing_day, closing_day_of_year
from tests.unit.effects.world import meeting

WEEK = timedelta(days=7)
DECEMBER = YearlySurvey(opens=date(2000, 12, 1), closes=date(2000, 12, 18), link="")


def test_last_day_of_an_evaluation() -> None:
    """The day that its row tells, else so many days after the meeting's last."""
    one = meeting()
    assert closing_day(one, WEEK) == date(2023, 3, 15)
    assert closing_day(one, 2 * WEEK) == date(2023, 3, 22)
    assert closing_day(replace(one, survey_closes=date(2023, 4, 1)), WEEK) == date(2023, 4, 1)


@pytest.mark.parametrize(
    ("survey", "year", "closes"),
    [
        (DECEMBER, 2024, date(2024, 12, 18)),
        (replace(DECEMBER, closes=date(2000, 1, 15)), 2024, date(2025, 1, 15)),
        (None, 2024, date(2024, 12, 31)),
        (
            replace(DECEMBER, opens=date(2000, 2, 1), closes=date(2000, 2, 29)),
            2023,
            date(2023, 2, 28),
        ),
    ],
)
def test_last_day_of_the_yearly_survey(
    survey: YearlySurvey | None, year: int, closes: date
) -> None:
    """One that opens in December may close in January; 29 February the 28th."""
    assert closing_day_of_year(year, survey) == closes
