"""
The wordings by which a survey's columns are known, from `config/surveys/*.toml`.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import cast

from service.domain.survey.responses import Meaning
from service.domain.survey.rules import USUAL, OwnQuestion, Scale, SurveyRules
from service.parse.ratings import Ratings, folded_all, ratings_from
from service.parse.wording import clean, folded

_LEAD = r"(?:(?:fråga|spørsmål|question)?\s*\d{1,2}\s*[.:)]?\s+)?"
_SCALE = (
    r"(?:(?:på en |på |on a )?(?:skalan?|scale)?\s*(?:från |fra |from )?"
    r"%d\s*(?:=.*|(?:till|til|to|[-–])?\s*%d.*))?"
)
_IN_UTC = re.compile(r"\s*[(\[]\s*(?:utc|gmt)\s*[)\]]\s*$", re.IGNORECASE)
_STATEMENT = (
    re.compile(r"(?P<stem>.+?)\s*\[(?P<statement>[^\[\]]+)\]"),
    re.compile(r"(?P<stem>.+?[?:])\s*[.>–-]\s*(?P<statement>\S.*)"),
    re.compile(r"(?P<stem>.+?[^\s.])\.(?P<statement>[^\s.\d].*)"),
)
"""Of a grid: "Question [Statement]", "Question?.Statement", "Question.Statement"."""
_FOLLOWING = re.compile(r"\b(?:följande|følgende|the following)\b.*", re.IGNORECASE)


class Meta(StrEnum):
    """A column that is no question."""

    ID = "id"
    """The response's own number."""
    NUMBER = "number"
    """The row's, which is the response's where nothing else is."""
    START = "start"
    COMPLETION = "completion"
    EMAIL = "email"
    NAME = "name"
    MODIFIED = "modified"
    LANGUAGE = "language"
    FORM = "form"
    """Which form was answered, where one list holds several."""
    POINTS = "points"
    FEEDBACK = "feedback"
    LIST = "list"
    """What a SharePoint list keeps of each row by itself."""
    LIST_TITLE = "list_title"


@dataclass(frozen=True)
class Standing:
    """A question asked again and again."""

    key: str
    meaning: Meaning
    pattern: re.Pattern[str]


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    headers: Mapping[str, Meta]
    """By folded header."""
    beside: tuple[str, ...]
    """Folded beginnings of columns that a quiz puts beside a question: "points"."""
    of_forms: frozenset[str]
    """Folded headers that Forms alone writes."""
    standing: tuple[Standing, ...]
    ratings: Ratings
    yes_no: frozenset[str]

    @property
    def scale(self) -> Scale:
        return self.ratings.scale

    def meta(self, header: str) -> Meta | None:
        return self.headers.get(folded(_IN_UTC.sub("", header)))

    def in_utc(self, header: str) -> bool:
        """Tell whether a column of times says that they are in UTC."""
        return bool(_IN_UTC.search(header))

    def is_forms_own(self, header: str) -> bool:
        return folded(_IN_UTC.sub("", header)) in self.of_forms

    def is_beside(self, header: str) -> bool:
        first, mark, _ = header.partition(" - ") if " - " in header else header.partition(" – ")
        return bool(mark) and folded(first) in self.beside

    def recognise(self, question: str) -> Standing | None:
        """The standing question meant, also where it is a statement of a grid."""
        for wording in _wordings(question):
            plain = folded(wording)
            for one in self.standing:
                if one.pattern.fullmatch(plain):
                    return one
        return None

    def rating(self, answer: str) -> int | None:
        """The point of the scale that an answer means."""
        return self.ratings.point(answer)


def _wordings(question: str) -> Iterator[str]:
    """
    The text, else its statement: by itself, and with what its question begins with.

    "Hur nöjd är du med följande? [träffen]" asks "Hur nöjd är du med träffen"; its stem by
    itself would be another question.
    """
    yield question
    for layout in _STATEMENT:
        if found := layout.fullmatch(clean(question)):
            stem, statement = found["stem"], found["statement"]
            yield statement
            yield f"{_FOLLOWING.sub('', stem).rstrip(' ?:.…')} {statement}"


def vocabulary_from(
    headers: Mapping[str, object], questions: Mapping[str, object], own: SurveyRules = USUAL
) -> Vocabulary:
    """
    Read the two parsed files, and before them what a network says of its own questions.

    Raises ValueError or KeyError for what the files should not hold.
    """
    return Vocabulary(
        headers={folded(word): meta for meta in Meta for word in _words(headers, meta)},
        beside=tuple(
            folded(word) for kind in ("points_of", "feedback_of") for word in _words(headers, kind)
        ),
        of_forms=frozenset(folded(word) for word in _words(headers, "of_forms")),
        standing=_standing(questions, own),
        ratings=ratings_from(questions, own.scale),
        yes_no=frozenset(folded_all(questions["yes_no"])),
    )


def _words(headers: Mapping[str, object], kind: str) -> Sequence[str]:
    return cast(Sequence[str], headers.get(kind, ()))


def shipped_vocabulary(own: SurveyRules = USUAL) -> Vocabulary:
    """The wordings that come with the package; in a checkout, those beside it."""
    package = Path(__file__).parents[1]
    installed = package / "config"
    folder = (installed if installed.exists() else package.parent / "config") / "surveys"
    return vocabulary_from(
        tomllib.loads((folder / "headers.toml").read_text(encoding="utf-8")),
        tomllib.loads((folder / "questions.toml").read_text(encoding="utf-8")),
        own,
    )


def _standing(questions: Mapping[str, object], own: SurveyRules) -> tuple[Standing, ...]:
    occasions = "|".join(_escaped(cast(Sequence[str], questions["occasions"])))
    occasion = rf"(?:{occasions})(?:(?:\s*/\s*|\s+(?:och|og|and|eller|or)\s+)(?:{occasions}))*"
    tails = "|".join(_escaped(cast(Sequence[str], questions["tails"])))
    scale = _SCALE % (own.scale.low, own.scale.high)
    shipped = (
        OwnQuestion(
            key=str(table["key"]),
            meaning=str(table["meaning"]),
            wordings=tuple(cast(Sequence[str], table["wordings"])),
        )
        for table in cast(Sequence[Mapping[str, object]], questions["standing"])
    )
    return tuple(
        Standing(
            key=one.key,
            meaning=Meaning(one.meaning),
            pattern=_pattern(one.wordings, occasion, tails, scale),
        )
        for one in (*own.questions, *shipped)
    )


def _pattern(wordings: Sequence[str], occasion: str, tails: str, scale: str) -> re.Pattern[str]:
    ways = (
        re.escape(folded(wording)).replace(r"\{occasion\}", f"(?:{occasion})")
        for wording in wordings
    )
    return re.compile(rf"{_LEAD}(?:{'|'.join(ways)})(?:\s+(?:{tails}))?\s*{scale}")


def _escaped(words: Sequence[str]) -> list[str]:
    """The longest first, so that "dagens möte" is not read as another word's beginning."""
    return [re.escape(folded(word)) for word in sorted(words, key=len, reverse=True)]
