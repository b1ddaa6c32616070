"""
When single answers fall due to be deleted, and what is left of them afterwards.

Nothing is due without a rule and the decision that it rests on (settled 45). What is left
are figures: what a reader of them saw before is what she sees after.
"""

import calendar
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from service.domain.survey.figures import Figures, options_of
from service.domain.survey.responses import Meaning, Question, SourceRead


@dataclass(frozen=True, kw_only=True)
class Retention:
    """The network's rule."""

    months: int
    """Single answers are kept so long after the survey closed."""
    decision: str
    """Reference of the decision that says so."""


@dataclass(frozen=True, kw_only=True)
class Due:
    """A survey whose single answers may be deleted."""

    survey: str
    """`survey_of_meeting` or `survey_of_year`."""
    title: str
    held: date | None
    """Of the meeting; None: the yearly survey."""
    closed: date
    """Its last day, local."""
    since: date
    """From this day on it is due."""
    responses: int
    sources: tuple[SourceRead, ...]


@dataclass(frozen=True, kw_only=True)
class Overdue:
    """A document whose column *Gallras efter* names a day that has passed: people's to delete."""

    name: str
    folder: str
    """Below the library's root."""
    after: date
    url: str
    registry_no: str = ""


@dataclass(frozen=True, kw_only=True)
class Frozen:
    """What is left of a survey whose single answers were deleted."""

    survey: str
    title: str
    held: date | None
    closed: date
    n: int
    """Responses that there were, each person once."""
    sources: tuple[SourceRead, ...]
    questions: tuple[Question, ...]
    rated: tuple[tuple[Question, Figures], ...]
    answered: tuple[tuple[str, int], ...]
    """Of the other questions: key, and how many had answered it."""
    chosen: tuple[tuple[str, tuple[tuple[str, int], ...]], ...] = ()
    """Of questions with options: key, and how many chose each that was not a person's own."""
    version: str
    """Of the responses, as they stood then."""
    sha256: str
    """Hexadecimal, of what was deleted in a fixed order (`service.jobs.disposing`)."""
    forms: tuple[str, ...] = ()
    """Ids of the forms under which the state held them."""
    disposal: str = ""
    """Id of the disposal that did it."""

    def of(self, meaning: Meaning) -> Figures | None:
        """The figures of the first question of a meaning; None where nobody answered it."""
        found = (counted for question, counted in self.rated if question.meaning is meaning)
        counted = next(found, None)
        return counted if counted is not None and counted.n else None

    def options_of(self, key: str) -> tuple[tuple[str, int], ...]:
        """The options of a question that several chose, with how many did."""
        return dict(self.chosen).get(key, ())

    def answers_to(self, key: str) -> int:
        """How many had answered a question."""
        rated = {question.key: counted.n for question, counted in self.rated}
        return rated.get(key) or dict(self.answered).get(key, 0)


@dataclass(frozen=True, kw_only=True)
class Disposal:
    """One carrying out, from its beginning on: what it is to do is settled before it does it."""

    id: str
    begun: datetime
    by: str
    """Who gave the command, by the name given."""
    command: str
    rule: Retention
    surveys: tuple[str, ...]
    receipt: str
    """Name of the receipt's file."""
    edited: tuple[tuple[str, str], ...] = ()
    """Survey, and address of our result file that a person has edited: hers to delete."""
    done: datetime | None = None
    url: str = ""
    """Of the receipt."""


@dataclass(frozen=True, kw_only=True)
class Remaining:
    """What is left of a disposal: what it was, and the figures of the answers that are gone."""

    disposal: Disposal
    frozen: tuple[Frozen, ...]


def chosen_by_several(answers: Iterable[str], least: int) -> tuple[tuple[str, int], ...]:
    """
    Count the options that at least so many chose, most first.

    Fewer may be one person's own words: Forms writes those among the options.
    """
    counts = Counter(option for answer in answers for option in options_of(answer))
    return tuple((option, n) for option, n in counts.most_common() if n >= least)


def survey_of_meeting(meeting_id: str) -> str:
    return f"meeting/{meeting_id}"


def survey_of_year(year: int) -> str:
    return f"year/{year}"


def year_of_survey(survey: str) -> int | None:
    """The year of a yearly survey; None of a meeting's."""
    kind, _, year = survey.partition("/")
    return int(year) if kind == "year" else None


def meeting_of_survey(survey: str) -> str:
    """Id of the meeting; empty of a yearly survey."""
    kind, _, meeting_id = survey.partition("/")
    return meeting_id if kind == "meeting" else ""


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or that month's last."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def due_from(closed: date, rule: Retention) -> date:
    """The first day on which answers may be deleted: the months are kept whole."""
    return months_later(closed, rule.months) + timedelta(days=1)


def by_survey(frozen: Mapping[str, Frozen], disposal: Disposal) -> tuple[Frozen, ...]:
    """What a disposal has frozen, in its own order."""
    return tuple(frozen[survey] for survey in disposal.surveys if survey in frozen)
