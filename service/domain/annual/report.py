"""A year as the annual report shows it, and the figures that it is made from."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from service.domain.meeting import Form, Kind
from service.domain.network import Chapter
from service.domain.survey.figures import Figures
from service.domain.survey.rules import Scale, SurveyRules
from service.domain.survey.year import Answered, YearFigures

# ---------------------------------------------------------------- what it is made from


@dataclass(frozen=True, kw_only=True)
class EvaluationFigures(Answered):
    """What came out of a meeting's evaluation."""

    satisfaction: Figures | None = None
    usefulness: Figures | None = None


@dataclass(frozen=True, kw_only=True)
class YearlyFigures(Answered):
    """What came out of a year's survey; the first question is the satisfaction."""

    asked: int | None = None
    """To how many it was sent; None: not known, and no response rate is shown."""


@dataclass(frozen=True, kw_only=True)
class Filed:
    """What of a meeting lies on the network's site, open to members."""

    materials: int = 0
    recording: bool = False


# ---------------------------------------------------------------- what the report shows


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A meeting as one of its groups reports it."""

    id: str
    title: str
    first_day: date
    last_day: date
    place: str
    form: Form
    kind: Kind
    joint_with: tuple[str, ...]
    """Names of the other groups."""
    told_under: str
    """Name of the group that tells of it at length: the first of a joint meeting's."""
    day_counts: tuple[int, ...]
    participants: int | None
    evaluation: EvaluationFigures | None
    withheld: bool
    """There was an evaluation, with too few answers to show."""
    response_rate: Fraction | None
    summary: str
    speakers: tuple[str, ...]
    attended_from: str
    quotes: tuple[str, ...]
    filed: Filed


@dataclass(frozen=True, kw_only=True)
class Section:
    """A focus group's year."""

    id: str
    name: str
    audience: str
    introduction: str
    entries: tuple[Entry, ...]

    @property
    def activities(self) -> int:
        return len(self.entries)

    @property
    def participants(self) -> int:
        """Joint meetings in full."""
        return sum(entry.participants or 0 for entry in self.entries)


@dataclass(frozen=True, kw_only=True)
class Indicators:
    """The four figures by which the network is followed, and what belongs beside them."""

    activities: int
    """Once for each group."""
    distinct: int
    """Each meeting once."""
    satisfaction: Figures | None
    municipalities: int
    federated: int
    """Of them, those that take part through a federation."""
    participants: int
    """Each meeting once, all its days."""


@dataclass(frozen=True, kw_only=True)
class YearPoint:
    year: int
    n: int
    mean: Fraction
    as_published: str = ""
    """The words of an earlier report; empty: computed now."""
    total: int | None = None
    """The sum of the answers; None where only the mean is known."""


@dataclass(frozen=True)
class Wording:
    """How a question was put in earlier years."""

    text: str
    years: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Trend:
    """A question of the yearly survey through the years."""

    question: str
    """As it was put last."""
    points: tuple[YearPoint, ...]
    """On the scale of the latest year."""
    scale: Scale
    earlier: tuple[Wording, ...] = ()
    elsewhere: tuple[tuple[YearPoint, str], ...] = ()
    """Years in which it was asked on another scale, with that; they fit in no line with these."""

    def at(self, year: int) -> YearPoint | None:
        return next((point for point in self.points if point.year == year), None)


@dataclass(frozen=True, kw_only=True)
class YearlySection:
    n: int | None
    """Responses of this year; None: no survey, or too few answers."""
    withheld: bool
    response_rate: Fraction | None
    years: tuple[int, ...]
    trends: tuple[Trend, ...]
    answers: tuple[tuple[int, int], ...]
    """Year and number of responses; of years before this, the most to any question."""


@dataclass(frozen=True, kw_only=True)
class MemberLine:
    name: str
    via: str
    joined: bool
    """During the year."""
    left: bool
    """During the year."""


@dataclass(frozen=True, kw_only=True)
class AnnualReport:
    """All that a report of a year says; a renderer adds only words and looks."""

    year: int
    network_id: str
    network: str
    region: str
    time_zone: str
    made: datetime
    indicators: Indicators
    sections: tuple[Section, ...]
    yearly: YearlySection | None
    members: tuple[MemberLine, ...]
    chapters: tuple[Chapter, ...]
    rules: SurveyRules
    figures: YearFigures
    """Question by question, without what members may not see."""

    @property
    def added_by_groups(self) -> int:
        """What the tables of the groups add to: joint meetings in each of their groups."""
        return sum(section.participants for section in self.sections)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Each meeting once, by date."""
        return _each_once(entry for section in self.sections for entry in section.entries)

    @property
    def joint(self) -> tuple[Entry, ...]:
        """Each joint meeting once."""
        return tuple(entry for entry in self.entries if entry.joint_with)

    @property
    def federations(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Each federation with those who take part through it."""
        names = dict.fromkeys(one.via for one in self.members if one.via)
        return tuple(
            (name, tuple(one.name for one in self.members if one.via == name)) for name in names
        )


def _each_once(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    first: dict[str, Entry] = {}
    for entry in entries:
        first.setdefault(entry.id, entry)
    return tuple(sorted(first.values(), key=lambda entry: (entry.first_day, entry.id)))
