"""What a question asks for, and its answers in one shape."""

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from service.domain.dates import dates_in
from service.domain.survey.responses import Meaning
from service.parse.ratings import Ratings
from service.parse.table import Cell
from service.parse.vocabulary import Vocabulary
from service.parse.wording import clean, folded

_LONGEST_OPTION = 80
_MOST_OPTIONS = 12
_REMEMBERED = 4_096
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


class Shown(dict[Cell, str]):
    """
    Cells as text, "" if empty. What comes again is the same text, and is made once.

    Not for bools: to a dict, true is 1.
    """

    def __missing__(self, cell: Cell) -> str:
        text = shown(cell)
        if len(self) < _REMEMBERED:
            self[cell] = text
        return text

    def column(self, cells: Sequence[Cell]) -> Iterable[str]:
        if bool in set(map(type, cells)):
            return map(shown, cells)
        return map(self.__getitem__, cells)


def shown(cell: Cell) -> str:
    """Free text is kept as it is, but for its ends and its kind of line breaks."""
    if isinstance(cell, str):
        return _tidy(cell)
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float | int):
        return str(int(cell)) if float(cell).is_integer() else repr(cell)
    if isinstance(cell, datetime):
        midnight = cell.time() == time()
        return cell.date().isoformat() if midnight else cell.isoformat(" ", "seconds")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell) if isinstance(cell, timedelta) else ""


def _tidy(text: str) -> str:
    text = text.strip()
    if text.isprintable() and unicodedata.is_normalized("NFC", text):
        return text
    text = text.replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n")
    text = unicodedata.normalize("NFC", _CONTROL.sub("", text)).strip()
    return text if clean(text) else ""


# ---------------------------------------------------------------- the meaning


def meaning_of(answers: Sequence[str], vocabulary: Vocabulary) -> Meaning:
    """What an unknown question asks for, from how it was answered."""
    distinct = set(answers) - {""}
    if not distinct:
        return Meaning.TEXT
    if len(distinct) <= _MOST_OPTIONS and {folded(one) for one in distinct} <= vocabulary.yes_no:
        return Meaning.CHOICE
    if _is_rating(distinct, vocabulary.ratings):
        return Meaning.RATING
    if all(_is_date(answer) for answer in distinct):
        return Meaning.DATE
    several = sum(_is_several(answer) for answer in distinct)
    if 2 * several >= len(distinct):
        return Meaning.CHOICES
    return Meaning.CHOICE if _are_options(distinct, answers) else Meaning.TEXT


def _is_rating(distinct: Iterable[str], ratings: Ratings) -> bool:
    given = False
    for answer in distinct:
        if ratings.point(answer) is not None:
            given = True
        elif not ratings.gives_none(answer):
            return False
    return given


def _is_date(answer: str) -> bool:
    return len(answer) <= len("2023-03-08 00:00:00") and bool(dates_in(answer, default_year=None))


def _is_several(answer: str) -> bool:
    return answer.endswith(";") or _listed(answer) is not None


def _are_options(distinct: set[str], answers: Sequence[str]) -> bool:
    given = sum(map(bool, answers))
    few = len(distinct) <= _MOST_OPTIONS and 2 * len(distinct) <= given
    return few and all(len(one) <= _LONGEST_OPTION and "\n" not in one for one in distinct)


def _listed(answer: str) -> list[str] | None:
    """The options of an array, as a flow writes them: `["Buss","Tåg"]`."""
    if not (answer.startswith("[") and answer.endswith("]")):
        return None
    try:
        found = json.loads(answer)
    except ValueError:
        return None
    return found if all(isinstance(one, str) for one in found) else None


# ---------------------------------------------------------------- one shape


@dataclass(frozen=True)
class Read:
    answers: list[str]
    """In the order given: a rating is its point, several options are "a;b;"."""
    odd: tuple[str, ...] = ()
    """Answers to a rating that are no point of the scale."""
    other_scale: bool = False
    """Its words are those of another scale."""


def read_answers(answers: list[str], meaning: Meaning, vocabulary: Vocabulary) -> Read:
    if meaning.is_rating:
        return _points(answers, vocabulary.ratings)
    if meaning is Meaning.CHOICES:
        return Read(_each(answers, _joined))
    return Read(answers)


def _points(answers: list[str], ratings: Ratings) -> Read:
    distinct = set(answers) - {""}
    other = any(map(ratings.is_foreign, distinct))
    scale = replace(ratings, words={}) if other else ratings
    odd: set[str] = set()

    def told(answer: str) -> str:
        point = scale.point(answer)
        if point is None and answer and not ratings.gives_none(answer):
            odd.add(answer)
        return answer if point is None else str(point)

    read = _each(answers, told)
    return Read(read, tuple(sorted(odd)), other)


def _joined(answer: str) -> str:
    listed = _listed(answer)
    if listed is None:
        return answer
    return "".join(f"{option.replace(';', ',').strip()};" for option in listed)


def _each(answers: list[str], told: Callable[[str], str]) -> list[str]:
    """Each distinct answer is looked at once."""
    known = {answer: told(answer) for answer in set(answers)}
    return [known[answer] for answer in answers]
