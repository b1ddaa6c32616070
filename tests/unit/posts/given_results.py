"""Figures that members are told, made from how many gave each point."""

from service.domain.survey.disclosure import merged_distribution
from service.domain.survey.figures import Figures
from service.domain.survey.publication import Published
from service.domain.survey.rules import ONE_TO_SIX, Scale


def told(question: str, *given: int, scale: Scale = ONE_TO_SIX) -> Published:
    """`given`: how many gave each point, from the lowest."""
    figures = Figures(
        n=sum(given),
        total=sum(point * of for point, of in zip(scale.points, given, strict=True)),
        distribution=given,
        scale=scale,
    )
    return Published(question=question, figures=figures, classes=merged_distribution(figures))


FIVE = (
    told("satisfaction", 0, 0, 0, 0, 3, 2),
    told("usefulness", 0, 0, 0, 0, 5, 0),
)
"""5.4 and 5 of five answers."""
