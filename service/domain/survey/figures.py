"""
Exact figures from responses.

Nothing here is a float: a mean is a Fraction until it is printed, rounded half up.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from service.domain.survey.responses import Question, Response
from service.domain.survey.rules import ONE_TO_SIX, Scale


@dataclass(frozen=True, kw_only=True)
class Figures:
    """The answers to one question on the scale."""

    n: int
    total: int
    """The sum of the answers."""
    distribution: tuple[int, ...]
    """How many gave each point, from the lowest."""
    scale: Scale = ONE_TO_SIX

    @property
    def mean(self) -> Fraction | None:
        return Fraction(self.total, self.n) if self.n else None

    @property
    def median(self) -> Fraction | None:
        if not self.n:
            return None
        ranked = [point for point, of in self.by_point for _ in range(of)]
        return Fraction(ranked[(self.n - 1) // 2] + ranked[self.n // 2], 2)

    @property
    def by_point(self) -> tuple[tuple[int, int], ...]:
        """Each point with how many gave it."""
        return tuple(zip(self.scale.points, self.distribution, strict=True))

    @property
    def top_share(self) -> Fraction | None:
        """The share that gave one of the two best points."""
        if not self.n:
            return None
        return Fraction(sum(of for point, of in self.by_point if point in self.scale.top), self.n)


def figures(responses: Iterable[Response], question: Question) -> Figures:
    """Count the answers to a question that lie on its scale; others are no part of n."""
    given = [
        point
        for one in responses
        if (point := rating(one.answers.get(question.key, ""), question.scale)) is not None
    ]
    return Figures(
        n=len(given),
        total=sum(given),
        distribution=tuple(given.count(point) for point in question.scale.points),
        scale=question.scale,
    )


def rated(
    questions: Iterable[Question], responses: Sequence[Response]
) -> tuple[tuple[Question, Figures], ...]:
    """Every question on a scale with its figures, in the order given."""
    return tuple((one, figures(responses, one)) for one in questions if one.meaning.is_rating)


def rating(answer: str, scale: Scale) -> int | None:
    """A point of the scale, or None."""
    plain = answer.strip()
    point = int(plain) if re.fullmatch(r"[0-9]{1,2}", plain) else None
    return point if point in scale.points else None


def options_of(answer: str) -> tuple[str, ...]:
    """The options ticked in a question of several: Forms writes "a;b;"."""
    return tuple(option for part in answer.split(";") if (option := part.strip()))


def decimal_string(total: int, n: int, decimals: int = 6) -> str:
    """`total / n` with a point, half up. Raises ZeroDivisionError without answers."""
    return rounded(Fraction(total, n), decimals, decimal_mark=".")


def rounded(mean: Fraction, decimals: int = 2, decimal_mark: str = ",") -> str:
    """Round half up, away from zero, as people do."""
    scaled = abs(mean) * 10**decimals
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    sign = "-" if mean < 0 and whole else ""
    digits = str(whole).rjust(decimals + 1, "0")
    if not decimals:
        return sign + digits
    return f"{sign}{digits[:-decimals]}{decimal_mark}{digits[-decimals:]}"


def agrees(exact: Fraction, published: str) -> bool:
    """Tell whether the mean, rounded to as many decimals, is the published one."""
    plain = published.strip().replace(",", ".")
    decimals = len(plain.partition(".")[2])
    return rounded(exact, decimals, ".") == plain
