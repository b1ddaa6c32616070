"""What the annual report counts, and what it leaves out."""

from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest

from service.domain.annual import Asked, EvaluationFigures, YearlyFigures, fingerprint
from service.domain.meeting import Status
from service.domain.network import Member
from service.domain.survey.figures import Figures, rounded

JOINT = "2023-03-08"


def few(n):
    return Figures(n=n, total=n * 5, distribution=(0, 0, 0, 0, n, 0))


def entry(report, meeting_id):
    return next(one for one in report.entries if one.id == meeting_id)


def test_the_four_indicators_are_the_published_ones(year, published):
    """From meetings, members and answers come the figures that the network published."""
    said, found = published["published"], year.report().indicators
    assert found.activities == said["activities"]
    assert found.participants == said["participants_over"]
    assert found.municipalities == said["municipalities"]
    assert found.federated == 4
    assert found.satisfaction.n == 63
    assert rounded(found.satisfaction.mean, 1) == "5,1"


def test_a_joint_meeting_is_in_both_groups_and_counted_once(year):
    """The joint meeting stands under both groups, which add to 692; the total is 620."""
    report = year.report()
    under = [one.name for one in report.sections for meeting in one.entries if meeting.id == JOINT]
    assert under == ["Miljöstrategigruppen", "Naturvårdsgruppen"]
    assert [one.participants for one in report.sections] == [335, 347, 10]
    assert report.added_by_groups == 692
    assert report.indicators.participants == 620
    assert report.indicators.distinct == 17
    assert [one.id for one in report.joint] == [JOINT]


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.PLANNED, Status.INVITED])
def test_only_held_meetings_count(year, status):
    """A meeting that was cancelled or has not been held is nowhere in the report."""
    report = year.altered("2023-09-13", status=status).report()
    assert "2023-09-13" not in {one.id for one in report.entries}
    assert report.indicators.activities == 17
    assert report.indicators.participants == 620 - 52


def test_the_local_year_decides(year):
    """A meeting at half past midnight on New Year's Day, still December in UTC, is next year's."""
    start = datetime(2023, 12, 31, 23, 30, tzinfo=UTC)
    day = date(2024, 1, 1)
    moved = year.altered("2023-12-14", start=start, first_day=day, last_day=day)
    assert "2023-12-14" not in {one.id for one in moved.report().entries}
    assert [one.id for one in moved.report(year=2024).entries] == ["2023-12-14"]


@pytest.mark.parametrize(("n", "shown"), [(4, False), (5, True)])
def test_fewer_than_five_answers_are_withheld(year, n, shown):
    """With four answers neither number nor mean is in the report; with five both are."""
    only = {JOINT: EvaluationFigures(n=n, satisfaction=few(n), usefulness=few(n))}
    found = entry(year.report(evaluations=only), JOINT)
    assert (found.evaluation is not None) is shown
    assert found.withheld is not shown
    assert (found.response_rate is not None) is shown


def test_a_question_that_few_answered_is_withheld_alone(year):
    """Eight responded, four of them to the second question: only the first has a mean."""
    only = {JOINT: EvaluationFigures(n=8, satisfaction=few(8), usefulness=few(4))}
    found = entry(year.report(evaluations=only), JOINT).evaluation
    assert (found.n, found.satisfaction.n, found.usefulness) == (8, 8, None)


def test_a_yearly_survey_that_few_answered_is_withheld(year):
    """With four answers the year has no satisfaction, and its trend ends the year before."""
    survey = YearlyFigures(n=4, questions=(Asked(text="Nöjd?", figures=few(4)),))
    report = year.report(surveys={2023: survey})
    assert report.indicators.satisfaction is None
    assert report.yearly.n is None
    assert report.yearly.withheld
    assert report.yearly.years == (2019, 2020, 2021, 2022)


def test_response_rate_is_by_the_largest_day(year):
    """Eleven answers to two days of 24 and 17 are 11/24, not 11/41."""
    assert entry(year.report(), "2023-05-10").response_rate == Fraction(11, 24)


def test_more_answers_than_participants_give_no_rate(year):
    """A rate above 100 % would only tell that the participants were miscounted."""
    report = year.altered(JOINT, day_counts=(20,)).report()
    assert entry(report, JOINT).response_rate is None
    assert entry(report, JOINT).evaluation.n == 25


def test_the_yearly_rate_needs_to_know_how_many_were_asked(year):
    """Without the number asked there is no response rate; with it there is."""
    assert year.report().yearly.response_rate is None
    asked = replace(year.surveys[2023], asked=420)
    assert year.report(surveys={2023: asked}).yearly.response_rate == Fraction(63, 420)


def test_the_trend_joins_questions_however_they_were_typed(year):
    """Other spaces, case or marks make no new question; earlier means stand as published."""
    typed = tuple(
        replace(one, question=f" {one.question.upper().rstrip('?')}  ") for one in year.history
    )
    trends = year.report(history=typed).yearly.trends
    assert len(trends) == 4
    assert [point.as_published for point in trends[0].points] == ["4,9", "5,2", "5,6", "5,2", ""]


def test_a_year_that_is_told_again_is_not_taken_for_history(year):
    """What the history says of this year or a later one does not overrule the answers."""
    later = replace(year.history[0], year=2023, mean="1,0")
    report = year.report(history=(*year.history, later))
    assert report.yearly.trends[0].at(2023).mean == Fraction(322, 63)


def test_members_of_any_day_of_the_year_count(year):
    """Who left in January is still a member of the year; who joins next year is not yet one."""
    left = Member(code="1", name="Lämnad", domains=(), left=date(2023, 1, 2))
    coming = Member(code="2", name="Kommande", domains=(), joined=date(2024, 1, 1))
    network = replace(year.network, members=(*year.network.members, left, coming))
    members = year.report(network=network).members
    assert [one.name for one in members][-1] == "Lämnad"
    assert [one.name for one in members if one.joined] == ["Bollebygd", "Herrljunga", "Partille"]
    assert [one.name for one in members if one.left] == ["Lämnad"]


def test_quotations_lose_the_marks_that_people_put_round_them(year):
    """A quotation a line; dashes, quotation marks and empty lines are no part of it."""
    report = year.altered(JOINT, quotes="”Bra dag.”\n\n- Mer tid!\n").report()
    assert entry(report, JOINT).quotes == ("Bra dag.", "Mer tid!")


def test_the_fingerprint_ignores_when_the_report_was_made(year):
    """The same year made a week later is the same report; one participant more is not."""
    later = year.report(now=datetime(2024, 1, 7, tzinfo=UTC))
    assert fingerprint(later) == fingerprint(year.report())
    other = year.altered("2023-09-13", day_counts=(53,)).report()
    assert fingerprint(other) != fingerprint(year.report())


def test_the_order_in_which_meetings_come_does_not_matter(year):
    """Meetings handed over in another order make the same report."""
    turned = year._replace(meetings=tuple(reversed(year.meetings)))
    assert turned.report() == year.report()


def test_an_empty_year_has_a_report(year):
    """A network that has had no meeting and asked nothing gets noughts, not an error."""
    report = year.report(meetings=(), evaluations={}, surveys={}, history=())
    assert report.indicators.activities == 0
    assert report.yearly is None
