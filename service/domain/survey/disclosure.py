"""What of a survey may be shown without giving anybody away."""

from collections.abc import Iterable, Sequence

from service.domain.survey.figures import Figures
from service.domain.survey.rules import USUAL, Scale, SurveyRules


def may_publish_mean(n: int, least: int = USUAL.least_answers) -> bool:
    return n >= least


def merged_distribution(figures: Figures, rules: SurveyRules = USUAL) -> tuple[int, ...] | None:
    """
    Counts of the two lowest points, those between and the two highest (1–2, 3–4, 5–6).

    None where they would show too much: every class that is not empty must hold enough people,
    and nothing smaller than that may follow from the classes, the mean and n together.
    """
    counts = merged(figures)
    hidden = (
        not may_publish_mean(figures.n, rules.least_answers)
        or too_small(counts, rules.least_in_class)
        or gives_away(counts, figures.total, figures.scale, rules.least_in_class)
    )
    return None if hidden else counts


def may_publish_median(figures: Figures, rules: SurveyRules = USUAL) -> bool:
    """
    Tell whether the median may stand beside the mean and the merged distribution.

    It parts a class in two: half of twenty gave 6, so that of eleven in 5–6 one gave 5. No few
    can be singled out where no point was given by few.
    """
    shown = merged_distribution(figures, rules) is not None
    return shown and not too_small(figures.distribution, rules.least_in_class)


def merged(figures: Figures) -> tuple[int, ...]:
    """The same whatever it shows: for coordinators."""
    given = dict(figures.by_point)
    return tuple(sum(given[point] for point in points) for points in figures.scale.classes)


def too_small(counts: Iterable[int], least: int) -> bool:
    """Tell whether a class that is not empty holds fewer people than that."""
    return any(0 < count < least for count in counts)


def gives_away(counts: Sequence[int], total: int, scale: Scale, least: int) -> bool:
    """
    Tell whether fewer people than that can be singled out within a class.

    Ten answers in the highest class with a mean of 5.9 are nine sixes and one five. How much a
    class adds to the total above all its people at its lowest point (`low` to `high`, as the
    other classes leave room for) tells how many of them are not there; and so from its top.
    """
    classes = tuple(zip(scale.classes, counts, strict=True))
    floor = sum(points[0] * count for points, count in classes if points)
    widths = [(points[-1] - points[0]) * count if points else 0 for points, count in classes]
    above = total - floor
    for width in widths:
        low, high = max(0, above - (sum(widths) - width)), min(width, above)
        for fewest, most in ((low, high), (width - high, width - low)):
            if 0 < fewest <= most < least:
                return True
    return False
