"""
A year's figures as a table: per question, meeting, focus group and year.

Figures of a group and of the year are those of its shown meetings alone, added up: whoever has
the meetings' figures has them already, and what is withheld follows from no total minus parts.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from service.domain.indicators import held_in, response_rate, yearly_response_rate
from service.domain.meeting import Meeting
from service.domain.survey.disclosure import (
    may_publish_mean,
    may_publish_median,
    merged_distribution,
)
from service.domain.survey.figures import Figures
from service.domain.survey.publication import STANDING
from service.domain.survey.responses import Question
from service.domain.survey.rules import SurveyRules


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A rated question and what was answered."""

    text: str
    figures: Figures
    standing: str = ""
    """Its key, where it is asked again and again in whatever wording."""


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What one form was answered, all its sources put together."""

    n: int
    """Responses after deduplication."""
    questions: tuple[Asked, ...] = ()
    """Every rated one, in the form's order."""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One question at one place of the table."""

    key: str
    """`satisfaction`, `usefulness`, the key of a question of the network's own, else its text."""
    text: str
    """As it was asked; of a group or year empty."""
    figures: Figures
    """Exact; after `for_members` those of nobody where they are not shown."""
    shown: bool
    """Enough have answered this question; where not, only coordinators see the figures."""
    classes: tuple[int, ...] | None
    """The merged distribution, where that may be shown."""
    median_shown: bool

    @property
    def median(self) -> Fraction | None:
        """Where it may be shown."""
        return self.figures.median if self.median_shown else None

    @property
    def top_share(self) -> Fraction | None:
        """Of the two best points: it says how many are in that class, and is shown with it."""
        return self.figures.top_share if self.classes is not None else None


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
    yearly: Answered | None = None,
    asked: int | None = None,
) -> YearFigures:
    """
    Count a year.

    `answered` is by meeting id; `asked` is to how many the yearly survey was sent, where that
    is known.
    """
    found = tuple(
        _of_meeting(meeting, answered[meeting.id], rules)
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
        median_shown=all(cell.median_shown for cell in cells),
    )


def for_members(year: YearFigures) -> YearFigures:
    """
    Leave out what is shown to coordinators alone, so that nothing made of it can tell it.

    A question that too few have answered is there without figures; of a survey with fewer
    responses than that, there are no questions.
    """
    least = year.rules.least_answers
    yearly = year.yearly
    return replace(
        year,
        meetings=tuple(
            replace(one, cells=_withheld(one.cells))
            for one in year.meetings
            if may_publish_mean(one.n, least)
        ),
        yearly=replace(yearly, cells=_withheld(yearly.cells))
        if yearly is not None and may_publish_mean(yearly.n, least)
        else None,
    )


def _withheld(cells: Iterable[Cell]) -> tuple[Cell, ...]:
    return tuple(
        one
        if one.shown
        else replace(one, figures=_nobodys(one.figures), classes=None, median_shown=False)
        for one in cells
    )


def _nobodys(figures: Figures) -> Figures:
    return Figures(n=0, total=0, distribution=(0,) * len(figures.distribution), scale=figures.scale)


def _of_meeting(meeting: Meeting, answered: Answered, rules: SurveyRules) -> MeetingFigures:
    n = answered.n
    return MeetingFigures(
        meeting=meeting,
        n=n,
        invited=meeting.invited_count,
        rate=response_rate(n, meeting),
        cells=_cells(answered, rules),
    )


def _of_year(yearly: Answered, asked: int | None, rules: SurveyRules) -> YearlySurveyFigures:
    n = yearly.n
    return YearlySurveyFigures(
        n=n,
        invited=asked,
        rate=yearly_response_rate(n, asked),
        cells=_cells(yearly, rules),
    )


def _cells(answered: Answered, rules: SurveyRules) -> tuple[Cell, ...]:
    return tuple(
        Cell(
            key=one.standing or one.text,
            text=one.text,
            figures=one.figures,
            shown=may_publish_mean(one.figures.n, rules.least_answers),
            classes=merged_distribution(one.figures, rules),
            median_shown=may_publish_median(one.figures, rules),
        )
        for one in answered.questions
    )


def key_of(question: Question) -> str:
    """By what a question is known from one form to the next; empty: by nothing."""
    return question.meaning if question.meaning in STANDING else question.standing
