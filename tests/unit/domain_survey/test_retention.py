"""When answers fall due."""

from datetime import date

import pytest

from service.domain.retention import (
    Retention,
    chosen_by_several,
    due_from,
    months_later,
    survey_of_meeting,
    survey_of_year,
    year_of_survey,
)


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


def test_names_of_surveys() -> None:
    """A meeting's id that looks like a year is none."""
    assert year_of_survey(survey_of_year(2023)) == 2023
    assert year_of_survey(survey_of_meeting("2023")) is None


def test_own_words_among_options_go() -> None:
    """An option that several chose is a figure; one that few did may be somebody's own words."""
    answers = ["Tema;Plats;", "Tema;", "Tema;Plats;", "Plats;Siv hade fel;"]
    assert chosen_by_several(answers, 3) == (("Tema", 3), ("Plats", 3))
    assert chosen_by_several(answers, 4) == ()
