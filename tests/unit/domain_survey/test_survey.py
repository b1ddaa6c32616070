"""Figures are exact, rounded as people do, and shown only where nobody can be traced."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.meeting import Form, Kind, Meeting, Status
from service.domain.survey.disclosure import (
    may_publish_mean,
    merged_distribution,
)
from service.domain.survey.figures import Figures, agrees, decimal_string, figures, rounded
from service.domain.survey.responses import Meaning, Question, Response

ASKED = Question(key="q", text="q", position=0, meaning=Meaning.SATISFACTION)
ZONE = "Europe/Stockholm"


def responses(*points: int) -> tuple[Response, ...]:
    return tuple(
        Response(id=str(number), submitted=None, answers={"q": str(point)})
        for number, point in enumerate(points)
    )


def meeting(day: date, title: str, **other: object) -> Meeting:
    start = datetime(day.year, day.month, day.day, 8, tzinfo=UTC)
    plain = Meeting(
        id=f"{day}-{title}",
        title=title,
        groups=("naturvard",),
        form=Form.PHYSICAL,
        kind=Kind.GATHERING,
        start=start,
        end=start + timedelta(hours=6),
        first_day=day,
        last_day=day,
        place="Skara",
        status=Status.HELD,
    )
    return replace(plain, **other)


@given(st.lists(st.integers(1, 6), min_size=1))
def test_figures(points: list[int]) -> None:
    """n, sum, distribution, median and share of 5–6 are those of the answers."""
    found = figures(responses(*points), ASKED)
    ranked = sorted(points)
    middle = Fraction(ranked[(len(points) - 1) // 2] + ranked[len(points) // 2], 2)
    assert found.mean == Fraction(sum(points), len(points))
    assert found.median == middle
    assert found.top_share == Fraction(sum(point >= 5 for point in points), len(points))
    assert sum(found.distribution) == found.n == len(points)


def test_no_answers() -> None:
    """Without answers there is no mean, no median and no share."""
    found = figures((Response(id="1", submitted=None, answers={"q": "7"}),), ASKED)
    assert (found.n, found.mean, found.median, found.top_share) == (0, None, None, None)


@pytest.mark.parametrize(
    ("mean", "decimals", "shown"),
    [
        (Fraction(9, 2), 0, "5"), (Fraction(49, 20), 1, "2,5"), (Fraction(1005, 1000), 2, "1,01"),
        (Fraction(2, 3), 2, "0,67"), (Fraction(5), 2, "5,00"), (Fraction(1, 200), 2, "0,01"),
        (Fraction(-1, 2), 0, "-1"), (Fraction(-1, 1000), 2, "0,00"),
    ],
)  # fmt: skip
def test_half_up(mean: Fraction, decimals: int, shown: str) -> None:
    """Halves go up, and no float is on the way."""
    assert rounded(mean, decimals) == shown


@given(st.fractions(0, 6, max_denominator=500), st.integers(0, 6))
def test_rounding_is_nearest(mean: Fraction, decimals: int) -> None:
    """What is printed is at most half a unit away, and agrees with what it was made from."""
    shown = rounded(mean, decimals, ".")
    away = Fraction(shown) - mean
    half = Fraction(1, 2 * 10**decimals)
    assert -half < away <= half
    assert agrees(mean, shown.replace(".", ","))


def test_decimal_string() -> None:
    """JSON has six decimals and a point."""
    assert decimal_string(14, 3) == "4.666667"


def test_published_means_agree() -> None:
    """A published mean is met at its own decimals: 83/18 is 4,6 and 4,61, not 4,60."""
    assert agrees(Fraction(83, 18), "4,6")
    assert agrees(Fraction(83, 18), "4.61")
    assert not agrees(Fraction(83, 18), "4,60")
    assert agrees(Fraction(5), "5")


def test_few_answers() -> None:
    """No mean below five answers."""
    assert [may_publish_mean(n) for n in (4, 5)] == [False, True]


@given(st.lists(st.integers(0, 12), min_size=6, max_size=6))
def test_distribution_hides_small_classes(counts: list[int]) -> None:
    """Whatever is shown has at least five answers and no class of one or two."""
    shown = merged_distribution(
        Figures(
            n=sum(counts),
            total=sum(point * of for point, of in enumerate(counts, 1)),
            distribution=tuple(counts),
        )
    )
    if shown is not None:
        assert sum(shown) == sum(counts) >= 5
        assert not {1, 2} & set(shown)
