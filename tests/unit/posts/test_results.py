"""What members read of an evaluation, and the one nudge while few have answered."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from service.domain.meeting import Meeting
from service.domain.network import Network
from service.domain.post import Post
from service.domain.reminder import MeetingFacts, Policy, Situation, plan
from service.domain.survey.figures import Figures
from service.domain.survey.in_words import merged_counts, section, sentence, withheld
from service.domain.survey.publication import Standing, Why, WhyMerged
from service.domain.survey.rules import Scale, SurveyRules
from service.render.texts import Texts
from tests.unit.gaps.builders import words as words_in
from tests.unit.posts.given_results import told

When = Callable[[str], datetime]
ONE_TO_FIVE = Scale(1, 5)
SPARSE = SurveyRules(scale=ONE_TO_FIVE, decimals=1)


def result(
    meeting: Meeting, facts: MeetingFacts, network: Network, policy: Policy, words: Texts
) -> Post:
    """The card on the workday after a ticked evaluation has closed."""
    situation = Situation(
        network=network,
        page="https://exempel.sharepoint.com/",
        meetings=(meeting,),
        facts={meeting.id: facts},
    )
    now = meeting.end + timedelta(days=11)
    found = plan(situation, policy, {}, now=now, words=words)
    [post] = [one for one in found if one.kind == "survey_result"]
    assert isinstance(post, Post)
    return post


def test_the_card(two_days: Meeting, network: Network, policy: Policy, words: Texts):
    """Both means with their n, bars where the classes may be shown, and the same in words."""
    figures = (
        told("satisfaction", 0, 0, 3, 3, 6, 12),
        told("usefulness", 0, 1, 3, 4, 6, 9),
    )
    post = result(two_days, MeetingFacts(result=figures), network, policy, words)

    assert post.card.text.startswith(
        "Så tyckte ni: nöjdhet 5,13 (skala 1–6, 24 svar), nytta 4,83 (skala 1–6, 23 svar)."
    )
    [bars] = post.card.sections
    assert bars.heading == "Nöjdhet 5,13 (24 svar)"
    assert [line.text for line in bars.lines] == ["5–6 ▇▇▇▇▇▇▇▇▇▇▇▇ 18", "3–4 ▇▇▇▇ 6", "1–2 ▏ 0"]
    assert bars.lines[-1].note == "I ord: 18 gav 5–6 och 6 gav 3–4."
    assert [each for _, each in post.publishes] == list(figures)


def test_one_question_alone(two_days: Meeting, network: Network, policy: Policy, words: Texts):
    """What too few have answered is left out, and the other question's figures are told."""
    facts = MeetingFacts(result=(told("satisfaction", 0, 0, 0, 0, 3, 3),))
    post = result(two_days, facts, network, policy, words)
    assert post.card.text == (
        "Så tyckte ni: nöjdhet 5,50 (skala 1–6, 6 svar). Tack till alla som svarade."
    )


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("sv", "nöjdhet 4,3 (skala 1–5, 7 svar)"),
        ("nb", "tilfredshet 4,3 (skala 1–5, 7 svar)"),
        ("en", "satisfaction 4.3 (scale 1–5, 7 answers)"),
    ],
)
def test_a_networks_own_scale_and_decimals(language: str, said: str):
    """Of 1 to 5 with one decimal; the middle class is a single point."""
    one = told("satisfaction", 0, 0, 0, 5, 2, scale=ONE_TO_FIVE)
    words = words_in(language)
    assert sentence((one,), SPARSE, words, "results.told") == said
    counts = merged_counts((0, 3, 4), ONE_TO_FIVE)
    drawn = section("usefulness", one.figures, counts, (SPARSE, words))
    assert [line.text[0:3] for line in drawn.lines] == ["4–5", "3 ▇", "1–2"]


@pytest.mark.parametrize("language", ["sv", "nb", "en"])
def test_why_members_do_not_see_it(language: str):
    """Every reason is said, in each language, and what they may see needs none."""
    five = told("usefulness", 0, 0, 0, 0, 3, 3)
    plain = Standing(
        question="usefulness",
        text="u",
        current=Figures(n=4, total=20, distribution=(0, 0, 0, 0, 4, 0)),
        told=five,
        shown=five,
        why=None,
        why_merged=None,
    )
    assert withheld(plain, SurveyRules(), words_in(language)) == ()
    said = [
        *withheld(replace(plain, why=Why.FEW), SurveyRules(), words_in(language)),
        *withheld(replace(plain, why=Why.CHANGED), SurveyRules(), words_in(language)),
        *(
            text
            for why in WhyMerged
            for text in withheld(replace(plain, why_merged=why), SurveyRules(), words_in(language))
        ),
    ]
    assert len(set(said)) == 5
    assert all(text[0].isupper() for text in said)


# ---------------------------------------------------------------- the nudge


def nudged(
    meeting: Meeting, answers: int, network: Network, policy: Policy, words: Texts, now: datetime
) -> bool:
    situation = Situation(
        network=network,
        page="https://exempel.sharepoint.com/",
        meetings=(meeting,),
        facts={meeting.id: MeetingFacts(answers=answers)},
    )
    opened = {f"v1/{network.id}/common/{meeting.id}/survey_open/1": meeting.last_day}
    found = plan(situation, policy, opened, now=now, words=words)
    return any(isinstance(one, Post) and one.kind == "survey_nudge" for one in found)


@pytest.mark.parametrize(("answers", "expected"), [(9, True), (10, False)])
def test_few_have_answered(
    two_days: Meeting, network: Network, policy: Policy, words: Texts, when: When,
    answers: int, expected: bool,
):  # fmt: skip
    """Fewer than four in ten of the largest day, 24: nine have, ten have not."""
    now = when("2023-05-16 09:05")
    assert nudged(two_days, answers, network, policy, words, now) is expected


def test_nobody_is_nudged_who_cannot_answer(
    two_days: Meeting, network: Network, policy: Policy, words: Texts, when: When
):
    """Not once it has closed, not where none was expected, not where nobody knows who came."""
    now = when("2023-05-16 09:05")
    closed = replace(two_days, survey_closes=two_days.last_day)
    for meeting in (
        closed,
        replace(two_days, expects_survey=False),
        replace(two_days, day_counts=()),
        replace(two_days, survey_link=""),
    ):
        assert not nudged(meeting, 1, network, policy, words, now)
