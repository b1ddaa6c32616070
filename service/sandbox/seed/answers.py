"""Made-up answers whose means are the published ones."""

from decimal import ROUND_HALF_UP, Decimal
from random import Random

LOWEST, HIGHEST = 1, 6


def answers(published: str, count: int, draw: Random) -> tuple[int, ...]:
    """
    Give `count` grades whose mean rounds half up to the published one.

    Raises ValueError where no such grades exist, as for most counts and two decimals.
    """
    total = _total(published, count)
    low, above = divmod(total, count)
    grades = [low + 1] * above + [low] * (count - above)
    draw.shuffle(grades)
    for _ in range(count):
        _spread(grades, draw)
    return tuple(grades)


def rounded(total: int, count: int, published: str) -> str:
    """The mean as print shows it, with as many decimals as the published one has."""
    figure = Decimal(published.replace(",", "."))
    mean = (Decimal(total) / count).quantize(figure, ROUND_HALF_UP)
    return str(mean).replace(".", ",")


def _total(published: str, count: int) -> int:
    wanted = Decimal(published.replace(",", ".")) * count
    nearest = int(wanted.to_integral_value(ROUND_HALF_UP))
    for total in (nearest, nearest + 1, nearest - 1):
        if rounded(total, count, published) == published:
            return total
    raise ValueError(f"no {count} grades have the mean {published}")


def _spread(grades: list[int], draw: Random) -> None:
    """Move one grade up and another down, which leaves the sum as it was."""
    up, down = draw.sample(range(len(grades)), 2)
    if grades[up] < HIGHEST and grades[down] > LOWEST + 1:
        grades[up] += 1
        grades[down] -= 1
