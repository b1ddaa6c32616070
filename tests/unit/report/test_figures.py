"""The same figures as a workbook and as JSON, read back."""

import json
from dataclasses import replace
from io import BytesIO

import openpyxl
import pytest

from service.domain.annual import Asked, EvaluationFigures
from service.domain.survey.figures import Figures
from service.domain.survey.rules import SurveyRules
from service.render.annual_json import annual_json
from service.render.annual_sheets import annual_workbook
from tests.unit.report.conftest import figures

JOINT = "2023-03-08"


def sheets(report, labels):
    book = openpyxl.load_workbook(BytesIO(annual_workbook(report, labels)))
    return {one.title: [[cell.value for cell in row] for row in one.iter_rows()] for one in book}


@pytest.fixture
def asked(year):
    """One evaluation with its questions; the second of them would give two people away."""
    open_, tight = (
        Figures(n=20, total=total, distribution=points)
        for total, points in ((98, (0, 0, 3, 3, 7, 7)), (100, (0, 2, 0, 4, 2, 12)))
    )
    evaluation = EvaluationFigures(
        n=20,
        satisfaction=open_,
        usefulness=tight,
        questions=(
            Asked(text="=Nöjd?", figures=open_, standing="satisfaction"),
            Asked(text="Nytta?", figures=tight, standing="usefulness"),
            Asked(text="Lunchen?", figures=figures(4, 21)),
        ),
    )
    return year._replace(evaluations={JOINT: evaluation})


def test_the_workbook_has_the_figures_of_the_report(year, labels):
    """A sheet each for indicators, meetings, groups, questions, survey and members."""
    found = sheets(year.report(), labels("sv"))
    assert list(found) == [
        "Nyckeltal",
        "Träffar",
        "Fokusgrupper",
        "Frågor",
        "Årsenkät",
        "Medlemmar",
    ]
    assert [row[1] for row in found["Nyckeltal"][1:]] == [18, pytest.approx(322 / 63), 39, 620]
    assert sum(row[6] for row in found["Träffar"][1:]) == 620
    assert [row[2] for row in found["Fokusgrupper"][1:]] == [335, 347, 10]
    assert len(found["Årsenkät"]) == 1 + 4 * 5
    assert len(found["Medlemmar"]) == 1 + 39


def test_a_distribution_that_gives_people_away_is_left_out(asked, labels):
    """In three classes, where each holds enough people; else the mean alone; of four a mark."""
    rows = sheets(asked.report(surveys={}), labels("sv"))["Frågor"]
    assert rows[0][-5:] == ["Median", "Andel 5–6 (%)", "1–2", "3–4", "5–6"]
    open_, tight = [20, 4.9, 5, 70, 0, 6, 14], [20, 5, None, None, None, None, None]
    assert [(row[1], row[2], row[5:]) for row in rows[1:4]] == [
        ("Natur i stadsplanering", "=Nöjd?", open_),
        ("Natur i stadsplanering", "Nytta?", tight),
        ("Natur i stadsplanering", "Lunchen?", ["under 5", *[None] * 6]),
    ]
    named = [row[1] for row in rows[4:]]
    assert (named[-2:], set(named[:-2])) == (
        ["Hela året"] * 2,
        {"Miljöstrategigruppen", "Naturvårdsgruppen"},
    )
    assert [row[5:] for row in rows[4:]] == [open_, tight] * 3


def test_no_cell_is_a_formula(asked, labels):
    """A question that begins like a formula is text, and stays so when somebody edits it."""
    book = openpyxl.load_workbook(BytesIO(annual_workbook(asked.report(), labels("sv"))))
    cell = book["Frågor"].cell(2, 3)
    assert (cell.data_type, cell.quotePrefix, cell.value) == ("s", True, "=Nöjd?")


def test_means_are_shown_to_the_networks_decimals(year, labels):
    """The exact value lies in the cell; how many decimals are seen is the network's choice."""
    one = year._replace(network=replace(year.network, survey=SurveyRules(decimals=1)))
    book = openpyxl.load_workbook(BytesIO(annual_workbook(one.report(), labels("sv"))))
    assert book["Nyckeltal"].cell(3, 2).number_format == "0.0"


def test_json_gives_exact_figures(year):
    """Sum and n are integers, means strings with a point and six decimals, unknown is null."""
    told = json.loads(annual_json(year.report()))
    assert (told["format"], told["version"]) == ("natverket-annual-report", 1)
    assert told["scale"] == [1, 6]
    assert told["indicators"] == {
        "activities": 18,
        "meetings": 17,
        "satisfaction": {"n": 63, "sum": 322, "mean": "5.111111"},
        "municipalities": 39,
        "municipalities_through_federations": 4,
        "participants": 620,
        "participants_added_by_groups": 692,
    }
    joint = next(one for one in told["meetings"] if one["id"] == JOINT)
    assert joint["groups"] == ["miljostrategi", "naturvard"]
    assert joint["evaluation"]["satisfaction"] == {"n": 25, "sum": 115, "mean": "4.600000"}
    assert joint["evaluation"]["response_rate"] == "0.347222"
    assert [one["evaluation"] for one in told["meetings"]].count(None) == 9
    first = told["yearly"]["questions"][0]["years"]
    assert first[0] == {"year": 2019, "n": 62, "sum": None, "mean": "4.900000", "published": "4,9"}
    assert first[-1] == {"year": 2023, "n": 63, "sum": 322, "mean": "5.111111", "published": None}
    assert len(told["members"]) == 39


def test_json_adds_up_groups_and_year(asked):
    """Of the meetings' shown figures; what four have answered is named, without a number."""
    told = json.loads(annual_json(asked.report()))
    [meeting] = [one["evaluation"] for one in told["meetings"] if one["evaluation"]]
    nothing = dict.fromkeys(("n", "sum", "mean", "median", "top_share", "classes"))
    lunch = {"key": "Lunchen?", "question": "Lunchen?", **nothing, "withheld": True}
    open_ = {
        "n": 20,
        "sum": 98,
        "mean": "4.900000",
        "median": "5.0",
        "top_share": "0.700000",
        "classes": [0, 6, 14],
        "withheld": False,
    }

    assert meeting["questions"][0] == {"key": "satisfaction", "question": "=Nöjd?", **open_}
    assert meeting["questions"][2] == lunch
    evaluated = [one["evaluation"] for one in told["groups"] if one["evaluation"]["evaluated"]]
    assert evaluated == [told["evaluation"]] * 2
    assert told["evaluation"]["questions"][0] == {"key": "satisfaction", "question": None, **open_}
    assert [one["key"] for one in told["evaluation"]["questions"]] == ["satisfaction", "usefulness"]
    assert [one["question"] for one in told["yearly"]["this_year"]][:1] == [
        told["yearly"]["questions"][0]["question"]
    ]


@pytest.mark.parametrize("make", [lambda report, _: annual_json(report), annual_workbook])
def test_few_answers_are_in_neither(year, labels, make):
    """Nothing of four answers is in the files, but that they are withheld."""
    four = Figures(n=4, total=21, distribution=(0, 0, 0, 0, 3, 1))
    question = Asked(text="Hemlig fråga?", figures=four)
    only = EvaluationFigures(n=4, satisfaction=four, usefulness=four, questions=(question,))
    report = year.report(evaluations={JOINT: only}, surveys={}, history=())
    made = make(report, labels("sv"))
    if made.startswith(b"PK"):
        text = str(sheets(report, labels("sv")))
        assert "under 5" in text
    else:
        text = made.decode()
        assert '"withheld": true' in text
    for secret in ("5.25", "21", "Hemlig"):
        assert secret not in text.replace("2023-03-21", "")


@pytest.mark.parametrize("make", [lambda report, _: annual_json(report), annual_workbook])
def test_equal_figures_make_equal_bytes(asked, labels, make):
    """Made twice it is the same file to the last byte."""
    assert make(asked.report(), labels("nb")) == make(asked.report(), labels("nb"))
