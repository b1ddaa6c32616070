"""
The wordings by which a survey's columns are known, from `config/surveys/*.toml`.
"""

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import cast

from service.domain.survey.responses import Meaning
from service.domain.survey.rules import ONE_TO_SIX, USUAL, OwnQuestion, Scale, SurveyRules
from service.parse.lines import clean

_LEAD = r"(?:(?:fråga|spørsmål|question)?\s*\d{1,2}\s*[.:)]?\s+)?"
_SCALE = (
    r"(?:(?:på en |på |on a )?(?:skalan?|scale)?\s*(?:från |fra |from )?"
    r"%d\s*(?:=.*|(?:till|til|to|[-–])?\s*%d.*))?"
)


class Meta(StrEnum):
    """A column that is no question."""

    ID = "id"
    START = "start"
    COMPLETION = "completion"
    EMAIL = "email"
    NAME = "name"
    MODIFIED = "modified"
    LANGUAGE = "language"
    POINTS = "points"
    FEEDBACK = "feedback"


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
    standing: tuple[Standing, ...]
    words: Mapping[str, int]
    """Folded word of the scale to its point."""
    scale: Scale = ONE_TO_SIX

    def meta(self, header: str) -> Meta | None:
        return self.headers.get(folded(header))

    def is_beside(self, header: str) -> bool:
        first, mark, _ = header.partition(" - ") if " - " in header else header.partition(" – ")
        return bool(mark) and folded(first) in self.beside

    def recognise(self, question: str) -> Standing | None:
        plain = folded(question)
        return next((one for one in self.standing if one.pattern.fullmatch(plain)), None)

    def rating(self, answer: str) -> int | None:
        """The point meant by "5", "5.0", "5 - Nöjd", "5 av 6" or a word of a scale."""
        led = re.match(
            rf"(\d{{1,2}})(?:[.,]0+)?(?:\s*(?:av|of|/)\s*{self.scale.high})?"
            r"\s*(?:$|[-–:.=(]\s*\D|\s+\D)",
            answer,
        )
        if led and not re.match(r"\d+[.,]\d*[1-9]", answer) and int(led[1]) in self.scale.points:
            return int(led[1])
        return self.words.get(folded(answer))


def folded(text: str) -> str:
    """For comparison: no case, no marks, single spaces."""
    plain = clean(text).casefold().replace("’", "'")
    bare = re.sub(r"[?!.:;,*\"”“()\[\]]+", " ", plain)
    return unicodedata.normalize("NFC", " ".join(bare.split()))


def vocabulary_from(
    headers: Mapping[str, object], questions: Mapping[str, object], own: SurveyRules = USUAL
) -> Vocabulary:
    """
    Read the two parsed files, and before them what a network says of its own questions.

    Raises ValueError or KeyError for what the files should not hold.
    """
    named = {
        folded(word): meta for meta in Meta for word in cast(Sequence[str], headers.get(meta, ()))
    }
    beside = (
        *cast(Sequence[str], headers.get("points_of", ())),
        *cast(Sequence[str], headers.get("feedback_of", ())),
    )
    tables = cast(Mapping[str, Mapping[str, int]], questions["words"])
    return Vocabulary(
        headers=named,
        beside=tuple(folded(word) for word in beside),
        standing=_standing(questions, own),
        scale=own.scale,
        words={folded(word): point for table in tables.values() for word, point in table.items()},
    )


def shipped_vocabulary() -> Vocabulary:
    """The wordings that come with the package; in a checkout, those beside it."""
    package = Path(__file__).parents[1]
    installed = package / "config"
    folder = (installed if installed.exists() else package.parent / "config") / "surveys"
    return vocabulary_from(
        tomllib.loads((folder / "headers.toml").read_text(encoding="utf-8")),
        tomllib.loads((folder / "questions.toml").read_text(encoding="utf-8")),
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
