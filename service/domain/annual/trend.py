"""
The yearly survey through the years.

A question is followed by its standing key whatever its wording is, and one without a key
by its wording. Years on another scale are kept apart: no line joins a 4 of 5 and a 5 of 6.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from service.domain.annual.report import Trend, Wording, YearlyFigures, YearPoint
from service.domain.survey.disclosure import may_publish_mean
from service.domain.survey.rules import Scale, SurveyRules


@dataclass(frozen=True, kw_only=True)
class PastMean:
    """The mean of one question in an earlier year, as published."""

    year: int
    question: str
    mean: str
    """With comma or point; with its scale, where that was another one: "3,9 av 5"."""
    n: int
    standing: str = ""


@dataclass(frozen=True, kw_only=True)
class _Told:
    """One question in one year."""

    text: str
    scale: Scale
    point: YearPoint


def trends(
    surveys: Mapping[int, YearlyFigures],
    history: Sequence[PastMean],
    year: int,
    rules: SurveyRules,
) -> tuple[Trend, ...]:
    """
    Follow every question up to a year, in that year's order, then those asked no more.

    Answers that the service has collected win over what was published of the same year.
    """
    told: dict[str, dict[int, _Told]] = {}
    for past in sorted(surveys, reverse=True):
        if past <= year:
            for key, one in _answered(past, surveys[past], rules):
                told.setdefault(key, {}).setdefault(past, one)
    for mean in history:
        if mean.year < year and not 0 < mean.n < rules.least_answers:
            key = mean.standing or wording_key(mean.question)
            told.setdefault(key, {}).setdefault(mean.year, _published(mean, rules))
    return tuple(_trend(by_year) for by_year in told.values())


def wording_key(question: str) -> str:
    """The same question, however it was typed."""
    return " ".join(question.casefold().split()).strip("?:. ")


def _answered(year: int, survey: YearlyFigures, rules: SurveyRules) -> Iterable[tuple[str, _Told]]:
    for one in survey.questions:
        mean = one.figures.mean
        if mean is not None and may_publish_mean(one.figures.n, rules.least_answers):
            point = YearPoint(year=year, n=one.figures.n, mean=mean, total=one.figures.total)
            told = _Told(text=one.text, scale=one.figures.scale, point=point)
            yield one.standing or wording_key(one.text), told


def _published(past: PastMean, rules: SurveyRules) -> _Told:
    said, *of = re.split(r"\s*(?:av|of|/)\s*", past.mean.strip())
    scale = Scale(rules.scale.low, int(of[0])) if of else rules.scale
    mean = Fraction(said.replace(",", "."))
    point = YearPoint(year=past.year, n=past.n, mean=mean, as_published=said)
    return _Told(text=past.question, scale=scale, point=point)


def _trend(by_year: Mapping[int, _Told]) -> Trend:
    in_order = [by_year[year] for year in sorted(by_year)]
    last = in_order[-1]
    return Trend(
        question=last.text,
        scale=last.scale,
        points=tuple(one.point for one in in_order if one.scale == last.scale),
        earlier=_earlier(in_order, last.text),
        elsewhere=tuple((one.point, str(one.scale)) for one in in_order if one.scale != last.scale),
    )


def _earlier(in_order: Sequence[_Told], now: str) -> tuple[Wording, ...]:
    years: dict[str, list[int]] = {}
    texts: dict[str, str] = {}
    for one in in_order:
        if (key := wording_key(one.text)) != wording_key(now):
            texts[key] = one.text
            years.setdefault(key, []).append(one.point.year)
    return tuple(Wording(texts[key], tuple(years[key])) for key in years)
