"""
Survey responses in, exact figures out, and what of them may be shown.

Nothing here is a float: a mean is a Fraction until it is printed, rounded half up.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from zoneinfo import ZoneInfo

from service.domain.candidate import Candidate
from service.domain.meeting import Meeting, Status
from service.domain.placement import Placed, Reason, Unsure, Why
from service.domain.placing import place

SCALE = range(1, 7)
"""From 1 to 6; 6 is the best."""
LEAST_ANSWERS = 5
"""Fewer could be traced to persons."""
LEAST_IN_CLASS = 3
LEAST_CHANGED = 5
_TOP = 5
_CLASSES = ((1, 2), (3, 4), (5, 6))


class Meaning(StrEnum):
    SATISFACTION = "satisfaction"
    USEFULNESS = "usefulness"
    RATING = "rating"
    CHOICE = "choice"
    CHOICES = "choices"
    TEXT = "text"
    DATE = "date"

    @property
    def is_rating(self) -> bool:
        return self in {Meaning.SATISFACTION, Meaning.USEFULNESS, Meaning.RATING}


@dataclass(frozen=True, kw_only=True)
class Question:
    key: str
    """Unlike every other key of its form: the text, numbered where it comes twice."""
    text: str
    """Verbatim."""
    position: int
    """Column in the sheet, from 0."""
    meaning: Meaning
    standing: str = ""
    """Of a question asked every year: its key in `config/surveys/questions.toml`."""


@dataclass(frozen=True, kw_only=True)
class Response:
    """One person's answers, without the person."""

    id: str
    submitted: datetime | None
    answers: Mapping[str, str] = field(default_factory=dict)
    """By key of the question, empty ones left out; a rating is "1" to "6"."""


@dataclass(frozen=True, kw_only=True)
class Figures:
    """The answers to one question on the scale."""

    n: int
    total: int
    """The sum of the answers."""
    distribution: tuple[int, ...]
    """How many gave 1, 2, … 6."""

    @property
    def mean(self) -> Fraction | None:
        return Fraction(self.total, self.n) if self.n else None

    @property
    def median(self) -> Fraction | None:
        if not self.n:
            return None
        ranked = [
            point for point, of in zip(SCALE, self.distribution, strict=True) for _ in range(of)
        ]
        return Fraction(ranked[(self.n - 1) // 2] + ranked[self.n // 2], 2)

    @property
    def top_share(self) -> Fraction | None:
        """The share that gave 5 or 6."""
        return Fraction(sum(self.distribution[_TOP - 1 :]), self.n) if self.n else None


# ---------------------------------------------------------------- figures


def figures(responses: Iterable[Response], question: Question) -> Figures:
    """Count the answers to a question that lie on the scale; others are no part of n."""
    given = [point for one in responses if (point := rating(one.answers.get(question.key, "")))]
    return Figures(
        n=len(given),
        total=sum(given),
        distribution=tuple(given.count(point) for point in SCALE),
    )


def rating(answer: str) -> int | None:
    """A point of the scale, or None."""
    plain = answer.strip()
    return int(plain) if re.fullmatch(r"[1-6]", plain) else None


def options_of(answer: str) -> tuple[str, ...]:
    """The options ticked in a question of several: Forms writes "a;b;"."""
    return tuple(option for part in answer.split(";") if (option := part.strip()))


def decimal_string(total: int, n: int, decimals: int = 6) -> str:
    """`total / n` with a point, half up. Raises ZeroDivisionError without answers."""
    return rounded(Fraction(total, n), decimals, decimal_mark=".")


def rounded(mean: Fraction, decimals: int = 2, decimal_mark: str = ",") -> str:
    """Round half up, away from zero, as people do."""
    scaled = abs(mean) * 10**decimals
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    sign = "-" if mean < 0 and whole else ""
    digits = str(whole).rjust(decimals + 1, "0")
    if not decimals:
        return sign + digits
    return f"{sign}{digits[:-decimals]}{decimal_mark}{digits[-decimals:]}"


def agrees(exact: Fraction, published: str) -> bool:
    """Tell whether the mean, rounded to as many decimals, is the published one."""
    plain = published.strip().replace(",", ".")
    decimals = len(plain.partition(".")[2])
    return rounded(exact, decimals, ".") == plain


# ---------------------------------------------------------------- what may be shown


def may_publish_mean(n: int, least: int = LEAST_ANSWERS) -> bool:
    return n >= least


def merged_distribution(
    distribution: Sequence[int], *, least: int = LEAST_ANSWERS, in_class: int = LEAST_IN_CLASS
) -> tuple[int, int, int] | None:
    """
    Counts of 1–2, 3–4 and 5–6, or None where they would show too much.

    Every class that is not empty must hold at least `in_class` people.
    """
    low, middle, high = (sum(distribution[point - 1] for point in points) for points in _CLASSES)
    enough = may_publish_mean(low + middle + high, least)
    hidden = any(0 < count < in_class for count in (low, middle, high))
    return (low, middle, high) if enough and not hidden else None


def changed(before: Iterable[Response], after: Iterable[Response]) -> int:
    """How many responses are new, gone or other than before."""
    old, new = ({one.id: dict(one.answers) for one in part} for part in (before, after))
    return sum(old.get(key) != new.get(key) for key in old.keys() | new.keys())


def may_republish(
    published: Iterable[Response],
    current: Iterable[Response],
    *,
    closed: bool,
    least: int = LEAST_CHANGED,
) -> bool:
    """
    Tell whether published figures may move.

    While a survey is open, small changes would show what the latest person answered. At
    closing any change may be shown; without a change there is nothing to publish.
    """
    count = changed(published, current)
    return count > 0 if closed else count >= least


# ---------------------------------------------------------------- whose a survey is


@dataclass(frozen=True)
class Yearly:
    """The survey of the whole year."""

    year: int


_YEARLY = re.compile(
    r"årsenkät|årlig\w* enkät|årsundersök|årsundersøk|årlig\w* undersøk|årsevaluering|"
    r"(?:yearly|annual) survey",
    re.IGNORECASE,
)
_COPY = re.compile(
    r"\s*[-–(\[]*\b(?:kopia|kopi|copy)\b(?: av| of)?\s*\d*[)\]]*[-–:]?\s*", re.IGNORECASE
)
_COUNTED = re.compile(r"\s*\(\d+\s*[-–]\s*\d+\)|\s*\(\d{1,3}\)(?=\.\w+$|$)")
_JANUARY = 1


def form_belongs_to(
    name: str,
    meetings: Sequence[Meeting],
    *,
    modified: datetime,
    time_zone: str,
    link: str = "",
) -> Placed | Yearly | Unsure:
    """
    Find what a form's workbook is about: by its link, a date or words in its name.

    A form copied from another meeting's often keeps that one's name: a copy that only
    words tie to a meeting is believed only if that meeting is the latest that was held.
    """
    by_link = [one for one in meetings if link and _same_form(link, one.survey_link)]
    if len(by_link) == 1:
        return Placed(by_link[0], Reason(Why.SURVEY_LINK))
    plain, copied = bare_form_name(name)
    if _YEARLY.search(plain):
        return Yearly(_year_of(plain, modified.astimezone(ZoneInfo(time_zone))))
    form = Candidate(origin="form", id="", version="", name=plain, modified=modified)
    found = place(form, meetings, time_zone=time_zone)
    if isinstance(found, Placed) and copied and found.reason.kind is Why.NAME_WORDS:
        return _copy_of(found, meetings, modified)
    return found


def bare_form_name(name: str) -> tuple[str, bool]:
    """The name without "(kopia)" and "(1-25)", and whether it is that of a copy."""
    plain = _COUNTED.sub("", name)
    bare = _COPY.sub(" ", plain)
    return re.sub(r"\s+(?=\.\w+$)", "", " ".join(bare.split())), bare != plain


def _copy_of(found: Placed, meetings: Sequence[Meeting], modified: datetime) -> Placed | Unsure:
    held = [one for one in meetings if one.start <= modified and one.status is not Status.CANCELLED]
    latest = max(held, key=lambda one: one.start, default=found.meeting)
    if latest.id == found.meeting.id:
        return found
    return Unsure((found.meeting, latest), Reason(Why.SURVEY_COPY))


def _same_form(link: str, other: str) -> bool:
    return bool(_form_id(other)) and _form_id(link) == _form_id(other)


def _form_id(link: str) -> str:
    """What tells one form's link from another's: the last part of it."""
    long = re.search(r"[?&](?:id|FormId)=([^&#]+)", link, re.IGNORECASE)
    return long[1] if long else link.partition("?")[0].rstrip("/").rpartition("/")[2]


def _year_of(name: str, modified: datetime) -> int:
    """The year in the name; a December survey without one may still be open in January."""
    named = re.search(r"(?<!\d)20\d\d(?!\d)", name)
    if named:
        return int(named[0])
    return modified.year - 1 if modified.month == _JANUARY else modified.year
