"""What of a survey may be shown without giving anybody away."""

from collections.abc import Iterable

from service.domain.survey.figures import Figures
from service.domain.survey.responses import Response
from service.domain.survey.rules import USUAL, SurveyRules


def may_publish_mean(n: int, least: int = USUAL.least_answers) -> bool:
    return n >= least


def merged_distribution(figures: Figures, rules: SurveyRules = USUAL) -> tuple[int, ...] | None:
    """
    Counts of the two lowest points, those between and the two highest (1–2, 3–4, 5–6).

    None where they would show too much: every class that is not empty must hold enough people.
    """
    given = dict(figures.by_point)
    counts = tuple(sum(given[point] for point in points) for points in figures.scale.classes)
    hidden = any(0 < count < rules.least_in_class for count in counts)
    return counts if may_publish_mean(figures.n, rules.least_answers) and not hidden else None


def changed(before: Iterable[Response], after: Iterable[Response]) -> int:
    """How many responses are new, gone or other than before."""
    old, new = ({one.id: dict(one.answers) for one in part} for part in (before, after))
    return sum(old.get(key) != new.get(key) for key in old.keys() | new.keys())


def may_republish(
    published: Iterable[Response],
    current: Iterable[Response],
    *,
    closed: bool,
    least: int = USUAL.least_changed,
) -> bool:
    """
    Tell whether published figures may move.

    While a survey is open, small changes would show what the latest person answered. At
    closing any change may be shown; without a change there is nothing to publish.
    """
    count = changed(published, current)
    return count > 0 if closed else count >= least
