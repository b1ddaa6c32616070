"""
What members are told of an evaluation, over time.

Whoever keeps two publications can subtract them. So figures that have been told move only when
enough people's answers lie between the new ones and every earlier one, not just the latest. How
many those are at least, the two distributions tell: nothing is kept of who answered what.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from service.domain.survey.disclosure import (
    gives_away,
    may_publish_mean,
    merged,
    merged_distribution,
    too_small,
)
from service.domain.survey.figures import Figures
from service.domain.survey.responses import Meaning, Question
from service.domain.survey.rules import SurveyRules

STANDING = (Meaning.SATISFACTION, Meaning.USEFULNESS)
"""The questions whose figures members are told, in this order."""


@dataclass(frozen=True, kw_only=True)
class Published:
    """The figures of one question as members were told them, or may be."""

    question: str
    """`satisfaction` or `usefulness`."""
    figures: Figures
    """All that there was; members read n and mean of it."""
    classes: tuple[int, ...] | None = None
    """The merged distribution, where they were shown it."""

    @property
    def n(self) -> int:
        """Of this question, not of its form."""
        return self.figures.n

    @property
    def mean(self) -> Fraction:
        return Fraction(self.figures.total, self.figures.n)

    def says(self) -> tuple[object, ...]:
        """What of it members read."""
        return self.n, self.mean, self.classes


class Why(StrEnum):
    """Why members do not see a question's figures as they are now."""

    FEW = "few"
    """Fewer have answered the question than are shown."""
    OPEN = "open"
    UNRELEASED = "unreleased"
    """No coordinator has ticked it."""
    CHANGED = "changed"
    """Too little is other than what they were told."""


class WhyMerged(StrEnum):
    """Why they do not see how the answers are distributed."""

    SMALL = "small"
    """A class that is not empty holds too few."""
    FOLLOWS = "follows"
    """Too few could be singled out by the classes and the mean together."""
    EARLIER = "earlier"
    """Too few could be singled out by what they were told before."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How one of the questions stands whose figures members are told."""

    question: str
    text: str
    current: Figures
    told: Published | None
    """The last that members were told."""
    shown: Published | None
    """What they may be told now; the last again where it may not move."""
    why: Why | None
    """None: what they may be told is what there is."""
    why_merged: WhyMerged | None
    """None: the merged distribution may be told, or no figures at all."""

    @property
    def moves(self) -> bool:
        """There is something to tell that they were not told last."""
        if self.shown is None:
            return False
        return self.told is None or self.told.says() != self.shown.says()


def standing(
    rated: Iterable[tuple[Question, Figures]],
    earlier: Sequence[Published],
    rules: SurveyRules,
    *,
    gate: Why | None = None,
) -> tuple[Standing, ...]:
    """
    Tell of each standing question what members may see, and why not the rest.

    `earlier` is everything that they were told of the meeting, in turn; `gate` is why they may
    be told nothing new of it at all.
    """
    asked = {question.meaning: (question, now) for question, now in reversed(tuple(rated))}
    return tuple(
        _standing(
            *asked[meaning],
            [one for one in earlier if one.question == meaning],
            rules,
            gate,
        )
        for meaning in STANDING
        if meaning in asked
    )


def _standing(
    question: Question,
    current: Figures,
    told: Sequence[Published],
    rules: SurveyRules,
    gate: Why | None,
) -> Standing:
    may = shown(question.meaning, current, told, rules)
    return Standing(
        question=question.meaning,
        text=question.text,
        current=current,
        told=told[-1] if told else None,
        shown=None if gate else may,
        why=_why(current, may, gate, rules),
        why_merged=_why_merged(current, may, rules),
    )


def shown(
    question: str, current: Figures, earlier: Sequence[Published], rules: SurveyRules
) -> Published | None:
    """Return what may be told: the figures as they are, else the last told, else nothing."""
    enough = may_publish_mean(current.n, rules.least_answers)
    if enough and all(_apart(current, one.figures, rules.least_changed) for one in earlier):
        classes = merged_distribution(current, rules)
        # What was once withheld stays so: that it is shown now would tell how little it lacked.
        kept = all(_merged_apart(classes, current, one, rules.least_in_class) for one in earlier)
        return Published(question=question, figures=current, classes=classes if kept else None)
    return earlier[-1] if earlier else None


def _apart(now: Figures, before: Figures, least: int) -> bool:
    """Tell whether the two are the same, or the answers of so many people lie between."""
    if now == before:
        return True
    if now.scale != before.scale:
        return False
    moved = [new - old for new, old in zip(now.distribution, before.distribution, strict=True)]
    came, went = (sum(each for each in side if each > 0) for side in (moved, [-m for m in moved]))
    return max(came, went) >= least and not 0 < abs(now.n - before.n) < least


def _merged_apart(
    classes: Sequence[int] | None, now: Figures, before: Published, least: int
) -> bool:
    if classes is None or before.classes is None:
        return False
    moved = [new - old for new, old in zip(classes, before.classes, strict=True)]
    if too_small(map(abs, moved), least):
        return False
    sign = -1 if any(each < 0 for each in moved) else 1
    counts, total = [sign * each for each in moved], sign * (now.total - before.figures.total)
    one_way = all(each >= 0 for each in counts)
    return not (one_way and gives_away(counts, total, now.scale, least))


# ---------------------------------------------------------------- why not


def _why(
    current: Figures, may: Published | None, gate: Why | None, rules: SurveyRules
) -> Why | None:
    if not may_publish_mean(current.n, rules.least_answers):
        return Why.FEW
    if gate is not None:
        return gate
    return None if may is not None and may.figures == current else Why.CHANGED


def _why_merged(current: Figures, may: Published | None, rules: SurveyRules) -> WhyMerged | None:
    if may is None or may.classes is not None:
        return None
    if too_small(merged(current), rules.least_in_class):
        return WhyMerged.SMALL
    withheld = merged_distribution(current, rules) is None
    return WhyMerged.FOLLOWS if withheld else WhyMerged.EARLIER
