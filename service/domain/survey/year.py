"""
A year's figures as a table: per question, meeting, focus group and year.

Figures of a group and of the year are those of its shown meetings alone, added up: whoever has
the meetings' figures has them already, and what is withheld follows from no total minus parts.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from service.domain.indicators import held_in, response_rate, yearly_response_rate
from service.domain.meeting import Meeting
from service.domain.survey.disclosure import may_publish_mean, merged_distribution
from service.domain.survey.figures import Figures
from service.domain.survey.publication import STANDING, Published
from service.domain.survey.responses import Question
from service.domain.survey.rules import SurveyRules


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What one form was answered, all its sources put together."""

    n: int
    """Responses."""
    rated: tuple[tuple[Question, Figures], ...]


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One question at one place of the table."""

    key: str
    """`satisfaction`, `usefulness`, the key of a question of the network's own, else its text."""
    text: str
    """As it was asked; of a group or year empty."""
    figures: Figures
    """As they are now, exact."""
    shown: bool
    """Enough have answered this question; where not, only coordinators see the figures."""
    classes: tuple[int, ...] | None
    """The merged distribution, where that may be shown."""
    told: Published | None = None
    """The last figures that members were told of it."""

    @property
    def differs(self) -> bool:
        """Members were told other figures, which may not be put right yet."""
        if self.told is None:
            return False
        return (self.told.n, self.told.mean) != (self.figures.n, self.figures.mean)


@dataclass(frozen=True, kw_only=True)
class MeetingFigures:
    """A meeting's evaluation."""

    meeting: Meeting
    n: int
    """Responses, whichever questions they answer."""
    invited: int | None
    rate: Fraction | None
    """Of those who came on the largest day; None: nobody has counted them."""
    cells: tuple[Cell, ...]
    """A rated question each, in the form's order."""

    def cell(self, key: str) -> Cell | None:
        return next((one for one in self.cells if one.key == key), None)


@dataclass(frozen=True, kw_only=True)
class Together:
    """Meetings taken together: a focus group's, or the year's with joint ones once."""

    id: str
    """Of the group; empty: the year."""
    evaluated: int
    """Meetings with responses."""
    withheld: int
    """Of them, those that are in no cell here: too few have answered any question."""
    cells: tuple[Cell, ...]
    """A standing question each; one of which nothing is shown is left out."""


@dataclass(frozen=True, kw_only=True)
class YearlySurveyFigures:
    n: int
    invited: int | None
    rate: Fraction | None
    cells: tuple[Cell, ...]


@dataclass(frozen=True, kw_only=True)
class YearFigures:
    year: int
    rules: SurveyRules
    """Scale, and decimals as people see them: `rounded(mean, rules.decimals, mark)`."""
    meetings: tuple[MeetingFigures, ...]
    """Held ones with responses, in time order."""
    groups: tuple[Together, ...]
    """In the network's order, those without an evaluation too."""
    whole: Together
    yearly: YearlySurveyFigures | None


def year_figures(  # noqa: PLR0913 - a table has many sides
    meetings: Iterable[Meeting],
    answered: Mapping[str, Answered],
    *,
    year: int,
    groups: Sequence[str],
    rules: SurveyRules,
    told: Mapping[str, Sequence[Published]] | None = None,
    yearly: Answered | None = None,
    asked: int | None = None,
) -> YearFigures:
    """
    Count a year.

    `answered` and `told` (every publication, in turn) are by meeting id; `asked` is to how many
    the yearly survey was sent, where that is known.
    """
    found = tuple(
        _of_meeting(meeting, answered[meeting.id], (told or {}).get(meeting.id, ()), rules)
        for meeting in held_in(meetings, year)
        if meeting.id in answered and answered[meeting.id].n
    )
    return YearFigures(
        year=year,
        rules=rules,
        meetings=found,
        groups=tuple(
            together(group, [one for one in found if group in one.meeting.groups], rules)
            for group in groups
        ),
        whole=together("", found, rules),
        yearly=None if yearly is None else _of_year(yearly, asked, rules),
    )


def together(id_: str, meetings: Sequence[MeetingFigures], rules: SurveyRules) -> Together:
    """Add up the shown cells of meetings, a standing question at a time."""
    shown = [[cell for cell in one.cells if cell.shown] for one in meetings]
    # A question on another scale than the network's is no part of its mean.
    cells = [cell for each in shown for cell in each if cell.figures.scale == rules.scale]
    keys = dict.fromkeys((*STANDING, *(cell.key for cell in cells if cell.key != cell.text)))
    parts = {str(key): [cell for cell in cells if cell.key == key] for key in keys}
    return Together(
        id=id_,
        evaluated=len(meetings),
        withheld=sum(not each for each in shown),
        cells=tuple(_added(key, part) for key, part in parts.items() if part),
    )


def _added(key: str, cells: Sequence[Cell]) -> Cell:
    classes = [cell.classes for cell in cells if cell.classes is not None]
    columns = zip(*(cell.figures.distribution for cell in cells), strict=True)
    return Cell(
        key=key,
        text="",
        figures=Figures(
            n=sum(cell.figures.n for cell in cells),
            total=sum(cell.figures.total for cell in cells),
            distribution=tuple(map(sum, columns)),
            scale=cells[0].figures.scale,
        ),
        shown=True,
        # Of some cells only, those of the others would follow.
        classes=tuple(map(sum, zip(*classes, strict=True))) if len(classes) == len(cells) else None,
    )


def _of_meeting(
    meeting: Meeting, answered: Answered, told: Sequence[Published], rules: SurveyRules
) -> MeetingFigures:
    n = answered.n
    return MeetingFigures(
        meeting=meeting,
        n=n,
        invited=meeting.invited_count,
        rate=response_rate(n, meeting),
        cells=_cells(answered, told, rules),
    )


def _of_year(yearly: Answered, asked: int | None, rules: SurveyRules) -> YearlySurveyFigures:
    n = yearly.n
    return YearlySurveyFigures(
        n=n,
        invited=asked,
        rate=yearly_response_rate(n, asked),
        cells=_cells(yearly, (), rules),
    )


def _cells(answered: Answered, told: Sequence[Published], rules: SurveyRules) -> tuple[Cell, ...]:
    last = {one.question: one for one in told}
    cells = []
    for question, counted in answered.rated:
        key = key_of(question)
        cells.append(
            Cell(
                key=key,
                text=question.text,
                figures=counted,
                shown=may_publish_mean(counted.n, rules.least_answers),
                classes=merged_distribution(counted, rules),
                told=last.get(key),
            )
        )
    return tuple(cells)


def key_of(question: Question) -> str:
    """By what a question is known from one form to the next."""
    if question.meaning in STANDING:
        return question.meaning
    return question.standing or question.text
