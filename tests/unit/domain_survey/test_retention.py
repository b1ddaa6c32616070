"""When answers fall due."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from service.domain.network import YearlySurvey
from service.domain.retention import (
    Retention,
    chosen_by_several,
    due_from,
    last_day,
    last_day_of_yearly,
    months_later,
    survey_of_meeting,
    survey_of_year,
    year_of_survey,
)
from service.domain.survey.rules import USUAL
from tests.unit.effects.world import ZONE, meeting


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2023, 1, 31), 1, date(2023, 2, 28)),
        (date(2023, 1, 31), 13, date(2024, 2, 29)),
        (date(2023, 12, 1), 1, date(2024, 1, 1)),
        (date(2023, 6, 30), 240, date(2043, 6, 30)),
    ],
)
def test_months(day: date, months: int, later: date) -> None:
    """A month that is too short gives its last day; a year has twelve."""
    assert months_later(day, months) == later


def test_months_are_kept_whole() -> None:
    """Answers of a survey that closed on the 15th are there on the 15th, and due on the 16th."""
    assert due_from(date(2023, 3, 15), Retention(months=6, decision="x")) == date(2023, 9, 16)


def test_last_day_of_an_evaluation() -> None:
    """The day that its row tells, else so many days after the meeting's end."""
    one = meeting()
    assert last_day(one, USUAL, ZONE) == date(2023, 3, 15)
    assert last_day(one, replace(USUAL, open_for=timedelta(days=14)), ZONE) == date(2023, 3, 22)
    assert last_day(replace(one, survey_closes=date(2023, 4, 1)), USUAL, ZONE) == date(2023, 4, 1)


def test_last_day_of_the_yearly_survey() -> None:
    """One that opens in December may close in January; without days it is the year's last."""
    survey = YearlySurvey(opens=date(2023, 12, 1), closes=date(2023, 12, 18), link="")
    assert last_day_of_yearly(2024, survey) == date(2024, 12, 18)
    late = replace(survey, closes=date(2023, 1, 15))
    assert last_day_of_yearly(2024, late) == date(2025, 1, 15)
    assert last_day_of_yearly(2024, None) == date(2024, 12, 31)


def test_names_of_surveys() -> None:
    """A meeting's id that looks like a year is none."""
    assert year_of_survey(survey_of_year(2023)) == 2023
    assert year_of_survey(survey_of_meeting("2023")) is None


def test_own_words_among_options_go() -> None:
    """An option that several chose is a figure; one that few did may be somebody's own words."""
    answers = ["Tema;Plats;", "Tema;", "Tema;Plats;", "Plats;Siv hade fel;"]
    assert chosen_by_several(answers, 3) == (("Tema", 3), ("Plats", 3))
    assert chosen_by_several(answers, 4) == ()
