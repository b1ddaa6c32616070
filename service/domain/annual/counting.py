"""
Counts a year once, for every document that tells of it.

Only held meetings of the year count. Means stay exact until they are printed, and what
came from too few answers is left out here already, so that no renderer can show it.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from fractions import Fraction

from service.domain.annual.report import (
    AnnualReport,
    Entry,
    EvaluationFigures,
    Filed,
    Indicators,
    MemberLine,
    Section,
    YearlyFigures,
    YearlySection,
)
from service.domain.annual.trend import PastMean, trends
from service.domain.indicators import Year, indicators, response_rate, yearly_response_rate
from service.domain.meeting import Meeting
from service.domain.network import FocusGroup, Member, Network
from service.domain.survey.disclosure import may_publish_mean
from service.domain.survey.figures import Figures
from service.domain.survey.rules import SurveyRules
from service.domain.survey.year import for_members, year_figures


def annual_report(  # noqa: PLR0913 - a year is made of this much; keywords only
    *,
    network: Network,
    year: int,
    meetings: Sequence[Meeting],
    evaluations: Mapping[str, EvaluationFigures],
    surveys: Mapping[int, YearlyFigures],
    history: Sequence[PastMean],
    now: datetime,
    filed: Mapping[str, Filed] | None = None,
) -> AnnualReport:
    """Count a year; evaluations and what is filed go by meetings' ids, surveys by year."""
    yearly = surveys.get(year)
    counted = indicators(meetings, network, year=year, satisfaction=_first(yearly))
    return AnnualReport(
        year=year,
        network_id=network.id,
        network=network.name,
        region=network.region,
        time_zone=network.time_zone,
        made=now,
        indicators=_indicators(counted, network.survey),
        sections=tuple(
            _section(group, own.meetings, network, evaluations, filed or {})
            for group, own in zip(network.groups, counted.groups, strict=True)
        ),
        yearly=_yearly(surveys, history, year, network.survey),
        members=tuple(_member(one, year) for one in counted.members),
        chapters=network.chapters,
        rules=network.survey,
        figures=for_members(
            year_figures(
                meetings,
                evaluations,
                year=year,
                groups=[one.id for one in network.groups],
                rules=network.survey,
                yearly=yearly,
                asked=yearly.asked if yearly else None,
            )
        ),
    )


def fingerprint(report: AnnualReport) -> str:
    """Tell reports apart by what they say, not by when they were made."""
    said = asdict(report)
    del said["made"]
    text = json.dumps(said, default=str, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _first(yearly: YearlyFigures | None) -> Figures | None:
    return yearly.questions[0].figures if yearly is not None and yearly.questions else None


def _member(one: Member, year: int) -> MemberLine:
    return MemberLine(
        name=one.name,
        via=one.via,
        joined=one.joined is not None and one.joined.year == year,
        left=one.left is not None and one.left.year == year,
    )


def _indicators(counted: Year, rules: SurveyRules) -> Indicators:
    return Indicators(
        activities=counted.activities,
        distinct=len(counted.meetings),
        satisfaction=_shown(counted.satisfaction, rules),
        municipalities=counted.municipalities,
        federated=counted.via_federation,
        participants=counted.participants,
    )


def _section(
    group: FocusGroup,
    meetings: Sequence[Meeting],
    network: Network,
    evaluations: Mapping[str, EvaluationFigures],
    filed: Mapping[str, Filed],
) -> Section:
    return Section(
        id=group.id,
        name=group.name,
        audience=group.audience,
        introduction=group.introduction,
        entries=tuple(
            _entry(one, group, network, evaluations.get(one.id), filed.get(one.id))
            for one in meetings
        ),
    )


def _entry(
    meeting: Meeting,
    group: FocusGroup,
    network: Network,
    evaluation: EvaluationFigures | None,
    filed: Filed | None,
) -> Entry:
    shown = _evaluation(evaluation, network.survey)
    of = [one for one in network.groups if one.id in meeting.groups]
    return Entry(
        id=meeting.id,
        title=meeting.title,
        first_day=meeting.first_day,
        last_day=meeting.last_day,
        place=meeting.place,
        form=meeting.form,
        kind=meeting.kind,
        joint_with=tuple(one.name for one in of if one.id != group.id),
        told_under=of[0].name,
        day_counts=tuple(count for count in meeting.day_counts if count is not None),
        participants=meeting.participants,
        evaluation=shown,
        withheld=evaluation is not None and evaluation.n > 0 and shown is None,
        response_rate=_believed(response_rate(shown.n, meeting)) if shown else None,
        summary=meeting.summary.strip(),
        speakers=_lines(meeting.speakers),
        attended_from=", ".join(_lines(meeting.attended_from)),
        quotes=_quotes(meeting.quotes),
        filed=filed or Filed(),
    )


def _evaluation(figures: EvaluationFigures | None, rules: SurveyRules) -> EvaluationFigures | None:
    if figures is None or not may_publish_mean(figures.n, rules.least_answers):
        return None
    return replace(
        figures,
        satisfaction=_shown(figures.satisfaction, rules),
        usefulness=_shown(figures.usefulness, rules),
        questions=(),
    )


def _shown(figures: Figures | None, rules: SurveyRules) -> Figures | None:
    enough = figures is not None and may_publish_mean(figures.n, rules.least_answers)
    return figures if enough else None


def _believed(rate: Fraction | None) -> Fraction | None:
    """More answers than people: it is their number that is wrong, and the rate says nothing."""
    return rate if rate is not None and rate <= 1 else None


def _yearly(
    surveys: Mapping[int, YearlyFigures],
    history: Sequence[PastMean],
    year: int,
    rules: SurveyRules,
) -> YearlySection | None:
    figures, followed = surveys.get(year), trends(surveys, history, year, rules)
    if not followed and figures is None:
        return None
    enough = figures is not None and may_publish_mean(figures.n, rules.least_answers)
    shown = figures if enough else None
    answers: dict[int, int] = {}
    for point in (point for trend in followed for point in trend.points):
        answers[point.year] = max(point.n, answers.get(point.year, 0))
    if shown and year in answers:
        answers[year] = shown.n
    return YearlySection(
        n=shown.n if shown else None,
        withheld=figures is not None and figures.n > 0 and shown is None,
        response_rate=_believed(yearly_response_rate(shown.n, shown.asked)) if shown else None,
        years=tuple(sorted(answers)),
        trends=followed,
        answers=tuple(sorted(answers.items())),
    )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _quotes(text: str) -> tuple[str, ...]:
    """A quotation a line, without the marks that people put round them."""
    lines = (line.strip().lstrip("-–—•* ").strip("\"'”“’»« ") for line in text.splitlines())
    return tuple(line for line in lines if line)
