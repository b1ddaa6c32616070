"""Figures of evaluations as people read them: sentences, and bars made of letters."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import groupby

from service.domain.post import Line, Section, Words
from service.domain.survey.figures import Figures, rounded
from service.domain.survey.publication import Published, Standing, Why
from service.domain.survey.rules import Scale, SurveyRules

_BLOCK, _NONE = "▇", "▏"
_WIDEST = 12
"""Blocks of the longest bar: with point and number it stands on one line of a phone."""

Voice = tuple[SurveyRules, Words]

Counted = Sequence[tuple[str, int]]
"""Points, as "6" or "5–6", and how many gave them; the highest first."""


def sentence(published: Iterable[Published], rules: SurveyRules, words: Words, text: str) -> str:
    """Write as in "nöjdhet 4,60, nytta 4,08 (skala 1–6, 25 svar)", each n once."""
    parts = []
    for (n, scale), same in groupby(published, key=lambda one: (one.n, one.figures.scale)):
        what = ", ".join(_figure(one.question, one.mean, rules, words) for one in same)
        parts.append(words.say(text, what=what, n=n, scale=str(scale)))
    return ", ".join(parts)


def current(standing: Iterable[Standing], rules: SurveyRules, words: Words) -> str:
    """Write the means as they are now, as in "nöjdhet 4,60, nytta 4,08"; for coordinators."""
    return ", ".join(
        _figure(one.question, one.current.mean, rules, words)
        for one in standing
        if one.current.mean is not None
    )


def _figure(question: str, mean: Fraction, rules: SurveyRules, words: Words) -> str:
    number = words.number(mean, rules.decimals)
    return words.say("results.figure", what=words.say(f"results.{question}"), mean=number)


def section(question: str, figures: Figures, counts: Counted, voice: Voice) -> Section:
    """Draw bars below mean and n; in words, too, for those who listen."""
    rules, words = voice
    mean = Fraction(figures.total, figures.n)
    what = _figure(question, mean, rules, words)
    bars = [Line(text=text) for text in _bars(counts)]
    said = [words.say("results.gave", n=n, points=points) for points, n in counts if n]
    in_words = words.say("results.in_words", counts=words.listed(said))
    return Section(
        heading=capital(words.say("results.told_briefly", what=what, n=figures.n)),
        lines=(*bars[:-1], Line(text=bars[-1].text, note=in_words)),
        tight=True,
    )


def merged_counts(classes: Sequence[int], scale: Scale) -> Counted:
    named = [
        (f"{points[0]}–{points[-1]}" if len(points) > 1 else f"{points[0]}", n)
        for points, n in zip(scale.classes, classes, strict=True)
        if points
    ]
    return named[::-1]


def every_count(figures: Figures) -> Counted:
    return [(str(point), n) for point, n in reversed(figures.by_point)]


def _bars(counts: Counted) -> list[str]:
    longest = max(n for _, n in counts)
    lengths = ((2 * _WIDEST * n + longest) // (2 * longest) for _, n in counts)
    return [
        f"{points} {_BLOCK * max(length, 1) if n else _NONE} {n}"
        for (points, n), length in zip(counts, lengths, strict=True)
    ]


def percent(share: Fraction) -> str:
    return rounded(share * 100, 0)


# ---------------------------------------------------------------- what members do not see


def withheld(one: Standing, rules: SurveyRules, words: Words) -> tuple[str, ...]:
    """Say what of a question's figures members do not see, and why; nothing: they see all."""
    what = words.say(f"results.{one.question}")
    found = []
    if one.why in (Why.FEW, Why.CHANGED):
        least = rules.least_answers if one.why is Why.FEW else rules.least_changed
        told = one.told.n if one.told else 0
        found.append(
            words.say(f"results.{one.why}", what=what, n=one.current.n, least=least, told=told)
        )
    if one.why_merged is not None and one.why is not Why.FEW:
        found.append(words.say(f"results.{one.why_merged}", what=what, least=rules.least_in_class))
    return tuple(map(capital, found))


def capital(text: str) -> str:
    """Begin a sentence with it."""
    return text[:1].upper() + text[1:]
