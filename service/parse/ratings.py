"""Answers as points of the network's scale: numbers, words, stars."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from service.domain.survey.rules import Scale
from service.parse.wording import folded

_NUMBER = re.compile(r"(\d{1,2})(?:[.,]0+)?(?![.,]?\d)")
_OUT_OF = re.compile(r"\s*(?:av|of|/)\s*(\d{1,2})\b")
_LABEL = re.compile(r"\s*(?:$|[-–—:.=(|)]\s*\D|\s+\D|p$)")
_LED_BY_WORD = re.compile(r".*\D\(\s*(\d{1,2})\s*\)")
_STARS = re.compile(r"([★⭐]\ufe0f?\s*)+([☆✩]\ufe0f?\s*)*")


@dataclass(frozen=True, kw_only=True)
class Ratings:
    """How a point of one scale is written."""

    scale: Scale
    words: Mapping[str, int]
    """Folded word to its point."""
    foreign: frozenset[str]
    """Folded words that only other scales have."""
    no_point: frozenset[str]
    """Folded answers that give none and are no mistake: "vet ej"."""

    def point(self, answer: str) -> int | None:
        """The point meant by "5", "5,0", "5 - Nöjd", "5 av 6", "Nöjd (5)", "★★★★★" or a word."""
        if answer.isdecimal() and len(answer) <= 2:
            found: int | None = int(answer)
        elif (plain := folded(answer)) in self.words:
            found = self.words[plain]
        else:
            found = self._written(answer)
        return found if found in self.scale.points else None

    def gives_none(self, answer: str) -> bool:
        return folded(answer) in self.no_point

    def is_foreign(self, answer: str) -> bool:
        return folded(answer) in self.foreign

    def _written(self, answer: str) -> int | None:
        if _STARS.fullmatch(answer):
            shown = sum(answer.count(star) for star in "★⭐☆✩")
            full = sum(answer.count(star) for star in "★⭐")
            return full if shown in (full, self.scale.high) else None
        led = _NUMBER.match(answer)
        if not led:
            named = _LED_BY_WORD.fullmatch(answer)
            return int(named[1]) if named else None
        rest = answer[led.end() :]
        out_of = _OUT_OF.match(rest)
        if out_of:
            if int(out_of[1]) != self.scale.high:
                return None
            rest = rest[out_of.end() :]
        return int(led[1]) if _LABEL.match(rest) else None


def ratings_from(questions: Mapping[str, object], scale: Scale) -> Ratings:
    """Read the tables of words. Raises ValueError or KeyError for what they should not hold."""
    words: dict[str, int] = {}
    others: set[str] = set()
    for table in cast(Sequence[Mapping[str, object]], questions["words"]):
        found = {
            folded(word): point
            for language, of_language in table.items()
            if language != "scale"
            for word, point in cast(Mapping[str, int], of_language).items()
        }
        if Scale(*cast(tuple[int, int], table["scale"])) == scale:
            words |= found
        else:
            others |= found.keys()
    return Ratings(
        scale=scale,
        words=words,
        foreign=frozenset(others - words.keys()),
        no_point=frozenset(folded_all(questions["no_point"])),
    )


def folded_all(table: object) -> Iterable[str]:
    """Every word of a table by language, folded."""
    return (
        folded(word) for words in cast(Mapping[str, list[str]], table).values() for word in words
    )
