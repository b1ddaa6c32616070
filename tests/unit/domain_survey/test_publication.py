"""What members are told over time, and what somebody learns who has kept all of it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.meeting import Status
from service.domain.survey.disclosure import gives_away, merged_distribution
from service.domain.survey.figures import Figures, rated
from service.domain.survey.publication import Published, Why, WhyMerged, shown, standing
from service.domain.survey.responses import Meaning, Question, Response
from service.domain.survey.rules import ONE_TO_SIX, USUAL, Scale
from service.domain.survey.year import Answered, Asked, YearFigures, key_of, year_figures
from tests.unit.effects.world import meeting

PLEASED = Question(key="s", text="Hur nöjd?", position=1, meaning=Meaning.SATISFACTION)
USEFUL = Question(key="u", text="Till nytta?", position=2, meaning=Meaning.USEFULNESS)
BOTH = (PLEASED, USEFUL)

Given = Mapping[int, tuple[int | None, int | None]]
"""By person: the points given to both questions; None: left out."""


def counted(*distribution: int, scale: Scale = ONE_TO_SIX) -> Figures:
    points = zip(scale.points, distribution, strict=True)
    return Figures(
        n=sum(distribution),
        total=sum(point * of for point, of in points),
        distribution=distribution,
        scale=scale,
    )


def responses(given: Given) -> tuple[Response, ...]:
    return tuple(
        Response(
            id=str(who),
            submitted=None,
            answers={
                question.key: str(point)
                for question, point in zip(BOTH, points, strict=True)
                if point is not None
            },
        )
        for who, points in given.items()
    )


# ---------------------------------------------------------------- one question, once


@given(st.lists(st.integers(0, 12), min_size=6, max_size=6))
def test_nobody_is_singled_out_by_classes_mean_and_n(distribution: list[int]) -> None:
    """
    An attacker lists every distribution that fits what is shown.

    No point of the scale is known to hold one or two people, whatever he tries.
    """
    figures = counted(*distribution)
    classes = merged_distribution(figures)
    if classes is None:
        return
    fitting = [
        counts
        for tops in product(*(range(count + 1) for count in classes))
        if sum(
            low * (count - top) + high * top
            for (low, high), count, top in zip(ONE_TO_SIX.classes, classes, tops, strict=True)
        )
        == figures.total
        for counts in [[each for c, t in zip(classes, tops, strict=True) for each in (c - t, t)]]
    ]
    assert distribution in fitting
    for place in range(len(distribution)):
        assert not {counts[place] for counts in fitting} <= {1, 2}


@pytest.mark.parametrize(
    "distribution", [(0, 0, 0, 0, 1, 9), (0, 0, 0, 0, 9, 1), (4, 2, 0, 0, 0, 0)]
)
def test_one_class_and_its_mean_tell_all(distribution: tuple[int, ...]) -> None:
    """Ten answers in the highest class with a mean of 5.9 are nine sixes and one five."""
    assert merged_distribution(counted(*distribution)) is None


def test_a_class_of_many_points() -> None:
    """Of 0 to 10 the middle holds seven points: one step above its lowest is one person."""
    scale = Scale(0, 10)
    assert gives_away((0, 8, 0), 2 * 8 + 1, scale, 3)
    assert not gives_away((0, 8, 0), 2 * 8 + 9, scale, 3)
    assert not gives_away((0, 0, 4), 9 * 4, Scale(1, 4), 3)


# ---------------------------------------------------------------- over time

point = st.none() | st.integers(1, 6)
person = st.integers(0, 25)
step = st.dictionaries(person, st.none() | st.tuples(point, point), max_size=8)
"""Who answers, changes, or (None) is taken away."""


Told = list[tuple[Published, dict[int, int]]]
"""Each publication with who had answered what."""


def told_over_time(steps: Sequence[dict[int, tuple[int | None, int | None] | None]]) -> Told:
    """Ask after every step what may be told, and tell it."""
    now: dict[int, tuple[int | None, int | None]] = {}
    told: list[Published] = []
    grounds: list[tuple[Published, dict[int, int]]] = []
    for each in steps:
        for who, points in each.items():
            if points is None:
                now.pop(who, None)
            else:
                now[who] = points
        for one in standing(rated(BOTH, responses(now)), told, USUAL):
            if one.moves and one.shown is not None:
                told.append(one.shown)
                place = [question.meaning for question in BOTH].index(Meaning(one.question))
                truth = {who: p for who, points in now.items() if (p := points[place]) is not None}
                grounds.append((one.shown, truth))
    return grounds


def pairs(told: Told) -> list[tuple[tuple[Published, dict[int, int]], ...]]:
    return [
        (one, other) for one, other in combinations(told, 2) if one[0].question == other[0].question
    ]


@given(st.lists(step, min_size=1, max_size=12))
def test_no_two_publications_subtracted_show_few(
    steps: list[dict[int, tuple[int | None, int | None] | None]],
) -> None:
    """
    Of any two, not just the latest, the difference is nobody's or at least five people's.

    Nor does a class differ by one or two, and none of them is below the least there is.
    """
    told = told_over_time(steps)
    for one, _ in told:
        assert one.n >= 5
        assert one.classes is None or not {1, 2} & set(one.classes)
    for (first, before), (second, after) in pairs(told):
        people = {who for who in before | after if before.get(who) != after.get(who)}
        assert len(people) == 0 or len(people) >= 5 or first.figures == second.figures
        assert abs(first.n - second.n) not in range(1, 5)
        if first.classes is not None and second.classes is not None:
            moved = (new - old for new, old in zip(second.classes, first.classes, strict=True))
            assert not {1, 2} & set(map(abs, moved))


many = st.tuples(*[st.sampled_from((0, 0, 3, 4, 5, 8))] * 6)


@given(st.lists(many, min_size=2, max_size=6))
def test_classes_over_time(distributions: list[tuple[int, ...]]) -> None:
    """
    No class of two publications differs by one or two people, and one withheld stays so.

    A class that grew out of being withheld would tell how little it had lacked.
    """
    told: list[Published] = []
    for distribution in distributions:
        now = shown("satisfaction", counted(*distribution), told, USUAL)
        if now is not None and now not in told[-1:]:
            told.append(now)
    for first, second in combinations(told, 2):
        assert first.classes is not None or second.classes is None
        if first.classes is not None and second.classes is not None:
            moved = (new - old for new, old in zip(second.classes, first.classes, strict=True))
            assert not {1, 2} & set(map(abs, moved))


def test_what_follows_from_two_publications() -> None:
    """Five more in the highest class and 29 more in all: four sixes and a five."""
    first = shown("satisfaction", counted(0, 0, 0, 4, 5, 5), (), USUAL)
    assert first is not None
    assert first.classes == (0, 4, 10)
    second = shown("satisfaction", counted(0, 0, 0, 4, 6, 9), [first], USUAL)
    assert second is not None
    assert (second.n, second.classes) == (19, None)


def test_four_late_answers_move_nothing_and_five_do() -> None:
    """And what stands meanwhile is what they were told, to the last figure."""
    first = shown("satisfaction", counted(0, 0, 0, 4, 6, 7), (), USUAL)
    assert first is not None
    four, five = counted(0, 0, 0, 4, 6, 11), counted(0, 0, 0, 4, 6, 12)

    assert shown("satisfaction", four, [first], USUAL) == first
    moved = shown("satisfaction", five, [first], USUAL)
    assert moved is not None
    assert (moved.n, moved.classes) == (22, (0, 4, 18))


def test_back_to_what_was_told_first() -> None:
    """Seven change their answers, six change back: against the first it would be one person."""
    first = shown("satisfaction", counted(0, 0, 0, 10, 10, 0), (), USUAL)
    assert first is not None
    second = shown("satisfaction", counted(0, 0, 0, 3, 10, 7), [first], USUAL)
    assert second is not None
    assert second.n == 20
    almost = counted(0, 0, 0, 9, 10, 1)

    assert shown("satisfaction", almost, [second], USUAL) != second
    assert shown("satisfaction", almost, [first, second], USUAL) == second


def test_the_questions_own_n_counts() -> None:
    """Six have answered, four of them the second question: its mean is theirs alone."""
    given = {who: (5, 4 if who < 4 else None) for who in range(6)}
    pleased, useful = standing(rated(BOTH, responses(given)), (), USUAL)

    assert pleased.shown is not None
    assert (useful.shown, useful.why) == (None, Why.FEW)


def test_five_new_responses_with_one_answer_to_the_second_question() -> None:
    """The first question's figures move, the second's stay: they would show that one answer."""
    before = dict.fromkeys(range(6), (5, 4))
    told = [one.shown for one in standing(rated(BOTH, responses(before)), (), USUAL) if one.shown]
    after = before | {9 + who: (6, 1 if who == 0 else None) for who in range(5)}
    pleased, useful = standing(rated(BOTH, responses(after)), told, USUAL)

    assert (pleased.moves, pleased.why) == (True, None)
    assert (useful.moves, useful.why, useful.shown) == (False, Why.CHANGED, useful.told)


def test_why_not() -> None:
    """A tick that is missing, a class that is too small, one that follows from the mean."""
    given = dict.fromkeys(range(9), (6, 5)) | {9: (5, 1)}
    waits = standing(rated(BOTH, responses(given)), (), USUAL, gate=Why.UNRELEASED)
    may = standing(rated(BOTH, responses(given)), (), USUAL)

    assert [(one.shown, one.why) for one in waits] == [(None, Why.UNRELEASED)] * 2
    assert [one.why_merged for one in may] == [WhyMerged.FOLLOWS, WhyMerged.SMALL]


# ---------------------------------------------------------------- groups and years

MEETINGS = tuple(
    replace(
        meeting(date(2023, month, 8)),
        id=f"uid-{month}",
        groups=groups,
        status=Status.HELD,
        teams_count=30,
    )
    for month, groups in ((2, ("a",)), (3, ("a", "b")), (4, ("b",)), (5, ("a",)))
)


def year_of(evaluations: Sequence[Given]) -> YearFigures:
    answered = {
        meeting.id: Answered(
            n=len(given),
            questions=tuple(
                Asked(text=asked.text, figures=counted, standing=key_of(asked))
                for asked, counted in rated(BOTH, responses(given))
            ),
        )
        for meeting, given in zip(MEETINGS, evaluations, strict=False)
    }
    return year_figures(MEETINGS, answered, year=2023, groups=("a", "b", "c"), rules=USUAL)


few = st.dictionaries(st.integers(0, 9), st.tuples(point, point), max_size=10)
of_many = st.lists(st.tuples(point, point), min_size=12, max_size=20).map(
    lambda given: dict(enumerate(given))
)


@given(st.tuples(*[few | of_many] * 4))
def test_totals_say_no_more_than_their_shown_parts(evaluations: tuple[Given, ...]) -> None:
    """
    Whoever has the shown figures of the meetings can add up those of every group and the year.

    So no total minus parts, and no difference of two totals, shows a meeting that is withheld.
    """
    year = year_of(evaluations)
    for whole in (*year.groups, year.whole):
        parts = [one for one in year.meetings if whole.id in ("", *one.meeting.groups)]
        for key in ("satisfaction", "usefulness"):
            cells = [cell for one in parts for cell in one.cells if cell.key == key and cell.shown]
            found = next((cell for cell in whole.cells if cell.key == key), None)
            assert (found is None) == (not cells)
            if found is None:
                continue
            assert found.figures.n == sum(cell.figures.n for cell in cells)
            assert found.figures.total == sum(cell.figures.total for cell in cells)
            shown_classes = [cell.classes for cell in cells if cell.classes is not None]
            if found.classes is not None:
                assert len(shown_classes) == len(cells)
                assert found.classes == tuple(map(sum, zip(*shown_classes, strict=True)))


def test_a_joint_meeting_is_in_both_groups_and_once_in_the_year() -> None:
    """Its ten answers are in either group's n, and no more than once in the year's."""
    ten = dict.fromkeys(range(10), (5, 4))
    year = year_of([ten, ten, ten, {}])

    assert [group.cells[0].figures.n for group in year.groups[:2]] == [20, 20]
    assert (year.whole.cells[0].figures.n, year.groups[2].cells) == (30, ())
    assert [str(one.rate) for one in year.meetings] == ["1/3"] * 3
