"""The yearly survey through the years."""

from dataclasses import replace
from fractions import Fraction

import pytest

from service.domain.annual import Asked, PastMean, YearlyFigures
from service.domain.annual.trend import trends
from service.domain.survey.figures import Figures
from service.domain.survey.rules import ONE_TO_SIX, USUAL, Scale
from service.render.documents.telling import told as in_words

FIVE = Scale(1, 5)


def asked(text: str, points: tuple[int, ...], *, key: str = "", scale: Scale = ONE_TO_SIX) -> Asked:
    total = sum(point * n for point, n in zip(scale.points, points, strict=True))
    counted = Figures(n=sum(points), total=total, distribution=points, scale=scale)
    return Asked(text=text, figures=counted, standing=key)


def survey(*questions: Asked) -> YearlyFigures:
    return YearlyFigures(n=max(one.figures.n for one in questions), questions=questions)


def test_a_question_is_followed_though_its_wording_changes():
    """By its standing key the line goes on; the latest wording is printed, the earlier told."""
    surveys = {
        2022: survey(asked("Är du nöjd?", (0, 0, 0, 0, 5, 0), key="coordination")),
        2023: survey(asked("Hur nöjd är du?", (0, 0, 0, 0, 0, 5), key="coordination")),
    }
    past = PastMean(year=2021, question="Nöjd?", mean="4,8", n=40, standing="coordination")
    [trend] = trends(surveys, [past], 2023, USUAL)
    assert trend.question == "Hur nöjd är du?"
    assert [(one.year, one.mean) for one in trend.points] == [
        (2021, Fraction("4.8")),
        (2022, 5),
        (2023, 6),
    ]
    assert [(one.text, one.years) for one in trend.earlier] == [
        ("Nöjd?", (2021,)),
        ("Är du nöjd?", (2022,)),
    ]


def test_another_scale_is_another_line():
    """A 4 of 5 is not drawn beside a 5 of 6: the year is told in a note."""
    surveys = {
        2022: survey(asked("Nöjd?", (0, 0, 0, 5, 0), scale=FIVE)),
        2023: survey(asked("Nöjd?", (0, 0, 0, 0, 5, 0))),
    }
    past = PastMean(year=2021, question="Nöjd?", mean="3,9 av 5", n=40)
    [trend] = trends(surveys, [past], 2023, USUAL)
    assert [one.year for one in trend.points] == [2023]
    assert [(one.year, scale) for one, scale in trend.elsewhere] == [(2021, "1–5"), (2022, "1–5")]


def test_what_was_collected_wins_over_what_was_published():
    """Where the answers of an earlier year are there, the line is theirs."""
    surveys = {2022: survey(asked("Nöjd?", (0, 0, 0, 0, 5, 0)))}
    past = PastMean(year=2022, question="Nöjd?", mean="4,9", n=5)
    [trend] = trends(surveys, [past], 2023, USUAL)
    assert [(one.mean, one.as_published) for one in trend.points] == [(5, "")]


def test_few_answers_are_in_no_line():
    """Four answers make no point, collected or published; a later year is not of this report."""
    surveys = {
        2022: survey(asked("Nöjd?", (0, 0, 0, 0, 4, 0))),
        2024: survey(asked("Nöjd?", (0, 0, 0, 0, 9, 0))),
    }
    past = PastMean(year=2021, question="Nöjd?", mean="4,9", n=4)
    assert trends(surveys, [past], 2023, USUAL) == ()


@pytest.mark.parametrize(
    ("mean", "said"),
    [
        ("5,1", "Det är samma nivå som år 2022 (5,1)."),
        ("5,2", "Det är en minskning från 5,2 år 2022."),
        ("4,9", "Det är en ökning från 4,9 år 2022."),
    ],
)
def test_a_rise_is_one_that_can_be_seen(year, labels, mean, said):
    """5,11 after a published 5,1 is no rise: the comparison is as exact as the coarser of them."""
    past = replace(year.history[0], year=2022, mean=mean)
    report = year.report(history=(past,))
    survey = in_words(report, labels("sv")).survey
    assert survey is not None
    assert said in survey.questions[0].told


def test_notes_of_wording_and_scale_are_printed(year, labels):
    """The reader is told how the question used to be put, and why a year is not in the line."""
    question = year.history[0].question
    first = replace(year.surveys[2023].questions[0], standing="x")
    surveys = {2023: replace(year.surveys[2023], questions=(first,))}
    history = (
        PastMean(year=2022, question="Nöjd?", mean="4,9", n=40, standing="x"),
        PastMean(year=2021, question=question, mean="3,9 av 5", n=40, standing="x"),
    )
    report = year.report(surveys=surveys, history=history)
    survey = in_words(report, labels("sv")).survey
    assert survey is not None
    [told] = [one.told for one in survey.questions]
    assert "Frågan löd tidigare ”Nöjd?” (2022)." in told
    assert "2021 ställdes frågan på skalan 1–5, med medelvärdet 3,9" in told
