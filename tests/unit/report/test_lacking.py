"""The list for coordinators: what a report lacks before it can be handed out."""

from dataclasses import replace
from datetime import date
from io import BytesIO

import docx
import pytest

from service.domain.annual import EvaluationFigures
from service.domain.annual.lacking import Beside, Lack, Planned, Told, never_held, to_complete
from service.domain.gaps import Missing, NotExpected, Remedy, Row, Thing
from service.domain.meeting import Status
from service.domain.plan.planned import planned_rows
from service.domain.survey.figures import Figures
from service.observe import SeenRow
from service.render.documents.missing import missing_docx, sections

JOINT, ONLINE = "2023-03-08", "2023-09-13"
NOTHING = Beside()


@pytest.fixture
def whole(year):
    """The year with all that a person can add."""
    meetings = tuple(
        replace(one, speakers="A", attended_from="B", quotes="C") for one in year.meetings
    )
    return year._replace(meetings=meetings)


def wanting(year, beside=NOTHING, **changes):
    missing = to_complete(year.report(**changes), beside, ",")
    return {(entry.id, one.lack): one.said for entry, told in missing.meetings for one in told}


def row(year, meeting_id, **states):
    meeting = next(one for one in year.meetings if one.id == meeting_id)
    kept = {thing: NotExpected() for thing in Thing}
    return Row(meeting=meeting, states={**kept, **states})


def test_a_whole_year_lacks_nothing(whole, labels):
    """Nothing missing is said in words, and the list is a document all the same."""
    missing = to_complete(whole.report(), Beside(), ",")
    assert missing.count == 0
    made = docx.Document(BytesIO(missing_docx(missing, labels("sv"))))
    assert "Inget saknas." in [one.text for one in made.paragraphs]


@pytest.mark.parametrize(
    ("field", "value", "lack"),
    [
        ("day_counts", (), Lack.PARTICIPANTS),
        ("summary", " ", Lack.SUMMARY),
        ("speakers", "", Lack.SPEAKERS),
        ("attended_from", "", Lack.ATTENDED_FROM),
        ("quotes", "", Lack.QUOTES),
    ],
)
def test_what_a_person_has_not_typed_is_listed(whole, field, value, lack):
    """Participants, summary, speakers, where from, quotation: each by its own line."""
    assert set(wanting(whole.altered(JOINT, **{field: value}))) == {(JOINT, lack)}


def test_a_meeting_that_was_not_evaluated_lacks_no_quotation(whole):
    """There is nothing to quote from."""
    assert wanting(whole.altered(ONLINE, quotes="")) == {}


def test_too_few_answers(whole):
    """Four answers are told as too few, not as an evaluation that is missing."""
    four = Figures(n=4, total=21, distribution=(0, 0, 0, 0, 3, 1))
    only = {**whole.evaluations, JOINT: EvaluationFigures(n=4, satisfaction=four)}
    beside = Beside(
        rows={JOINT: row(whole, JOINT, evaluation=Missing(remedy=Remedy.ASK_FOR_ANSWERS))}
    )
    found = wanting(whole, beside, evaluations=only)
    assert found == {(JOINT, Lack.FEW_ANSWERS): {"least": "5"}}


def test_what_is_expected_and_absent(whole):
    """Evaluation and recording are listed where they are expected, and nowhere else."""
    states = {
        Thing.EVALUATION: Missing(remedy=Remedy.LINK_SURVEY),
        Thing.RECORDING: Missing(remedy=Remedy.ADD_RECORDING),
        Thing.PARTICIPANTS: Missing(remedy=Remedy.COUNT, days=(2,)),
    }
    found = wanting(whole, Beside(rows={ONLINE: row(whole, ONLINE, **states)}))
    assert found == {
        (ONLINE, Lack.DAYS): {"days": "2"},
        (ONLINE, Lack.EVALUATION): {},
        (ONLINE, Lack.RECORDING): {},
    }


def test_unknown_organisations_are_counted(whole):
    """Those whom Teams does not know are told by their number."""
    assert wanting(whole, Beside(unknown={ONLINE: 3})) == {(ONLINE, Lack.UNKNOWN): {"n": "3"}}


def test_other_figures_than_the_channel_was_told(whole):
    """One answer more than members were told: both figures stand in the list."""
    now = whole.evaluations[JOINT]
    then = Figures(n=24, total=110, distribution=(0, 0, 0, 10, 14, 0))
    same = Beside(told={JOINT: Told(satisfaction=now.satisfaction)})
    other = Beside(told={JOINT: Told(satisfaction=then, usefulness=now.usefulness)})
    assert wanting(whole, same) == {}
    assert wanting(whole, other) == {
        (JOINT, Lack.TOLD_OTHERWISE): {
            "told": "4,58 (n = 24) / 4,08 (n = 25)",
            "now": "4,60 (n = 25) / 4,08 (n = 25)",
        }
    }


def test_cancelled_meetings_lack_nothing(whole):
    """A cancelled meeting is nowhere, in the list neither."""
    gone = whole.altered(JOINT, status=Status.CANCELLED, summary="")
    assert wanting(gone) == {}


def test_planned_rows_that_were_never_held(whole):
    """A row of the year whose day has passed is listed; one to come, or of another year, is not."""
    days = {"Höstträff": "2023-10-01", "I morgon": "2024-01-01", "Förra året": "2022-10-01"}
    seen = [
        SeenRow(id=title, etag="1", fields={"Title": title, "NvStart": f"{day}T12:00:00Z"})
        for title, day in days.items()
    ]
    rows = planned_rows(seen, whole.network)
    assert [one.title for one in never_held(rows, 2023, date(2023, 12, 31))] == ["Höstträff"]


def test_the_year_as_a_whole(year, labels):
    """No survey, no quotations, no chapters, no members: said once, not for each meeting."""
    bare = replace(year.network, members=(), chapters=())
    missing = to_complete(year.report(network=bare, surveys={}, history=()), Beside(), ",")
    assert [lack.value for lack, _ in missing.common] == [
        "no_survey",
        "no_quotes",
        "no_chapters",
        "no_members",
    ]


@pytest.mark.parametrize("language", ["sv", "nb", "en"])
def test_the_list_is_a_document_with_headings_and_lists(year, labels, language):
    """A heading a meeting, a bullet a lack; levels are not skipped; every language has words."""
    planned = (Planned(title="Höstträff", day=date(2023, 10, 1)),)
    report = year.altered(JOINT, summary="").report(surveys={}, history=())
    missing = to_complete(report, Beside(planned=planned), ",")
    made = docx.Document(BytesIO(missing_docx(missing, labels(language))))
    levels = [int(one.style.name[-1]) for one in made.paragraphs if "Heading" in one.style.name]
    assert levels == [1, 1, *[2] * 17, 1]
    bullets = [one for one in made.paragraphs if one.style.name == "List Bullet"]
    assert len(bullets) == sum(len(lines) for _, _, lines in sections(missing, labels(language)))
    assert missing_docx(missing, labels(language)) == missing_docx(missing, labels(language))
