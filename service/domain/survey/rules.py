"""How a network asks: its scale, its decimals, its own questions, and how little is too little."""

from dataclasses import dataclass
from datetime import timedelta

_TOP = 2


@dataclass(frozen=True)
class Scale:
    """Whole points from `low` to `high`; the highest is the best."""

    low: int = 1
    high: int = 6

    @property
    def points(self) -> range:
        return range(self.low, self.high + 1)

    @property
    def top(self) -> tuple[int, ...]:
        """The two best points: 5 and 6 of 1 to 6."""
        return tuple(self.points[-_TOP:])

    @property
    def classes(self) -> tuple[tuple[int, ...], ...]:
        """The two lowest points, those between, the two highest."""
        points = tuple(self.points)
        return points[:_TOP], points[_TOP:-_TOP], points[-_TOP:]

    def __str__(self) -> str:
        return f"{self.low}–{self.high}"


ONE_TO_SIX = Scale()


@dataclass(frozen=True, kw_only=True)
class OwnQuestion:
    """A question in the network's own wordings, known again through the years."""

    key: str
    """`satisfaction`, `usefulness`, or a name for a question of the yearly survey."""
    meaning: str
    """`satisfaction`, `usefulness` or `rating`."""
    wordings: tuple[str, ...]
    """The first one is printed; `{occasion}` stands for any word for the meeting."""


@dataclass(frozen=True, kw_only=True)
class SurveyRules:
    """What a network decides about its surveys; the defaults are those of settled 38 and 40."""

    scale: Scale = ONE_TO_SIX
    decimals: int = 2
    """Of means, as people see them."""
    least_answers: int = 5
    """Of fewer, no mean is published: they could be traced to persons."""
    least_in_class: int = 3
    """Of the merged distribution: a class that is not empty holds at least so many."""
    least_changed: int = 5
    """Figures once published move when so many responses are other than they were."""
    open_for: timedelta = timedelta(days=7)
    """After a meeting, where its row tells no closing date."""
    questions: tuple[OwnQuestion, ...] = ()


USUAL = SurveyRules()
