"""A year as the ledger knows it: what the annual report is made from. Asks the tenant nothing."""

from collections.abc import Mapping
from dataclasses import dataclass

from service.domain.annual import (
    AnnualReport,
    Asked,
    EvaluationFigures,
    Filed,
    PastMean,
    YearlyFigures,
    annual_report,
)
from service.domain.annual.lacking import Beside, Told, never_held
from service.domain.attendance import UNKNOWN, Attendance
from service.domain.period import local_day
from service.domain.plan.planned import planned_rows
from service.domain.survey.year import YearFigures, key_of, year_figures
from service.effects.register import SOURCE as REGISTER
from service.jobs.evaluations import Evaluation, evaluations, yearly_surveys
from service.jobs.known import ATTENDANCE, Known, known
from service.jobs.overview import overview
from service.jobs.publications import publications
from service.observe import SeenRow
from service.workplace import Workplace


@dataclass(frozen=True, kw_only=True)
class Compiled:
    report: AnnualReport
    beside: Beside
    """For the list of what it lacks."""


async def compiled(at: Workplace, year: int) -> Compiled:
    facts = await known(at)
    return Compiled(report=await _report(at, year, facts), beside=await _beside(at, year, facts))


async def figures_of(at: Workplace, year: int) -> YearFigures:
    """Question by question, as coordinators see them."""
    surveys = await yearly_surveys(at)
    return year_figures(
        (await known(at)).meetings,
        {key: _evaluation(one) for key, one in (await evaluations(at)).items()},
        year=year,
        groups=[one.id for one in at.network.groups],
        rules=at.network.survey,
        yearly=_yearly(surveys[year]) if year in surveys else None,
    )


async def compile_report(at: Workplace, year: int) -> AnnualReport:
    """Put together what the ledger knows of a year."""
    return await _report(at, year, await known(at))


async def _report(at: Workplace, year: int, facts: Known) -> AnnualReport:
    answered, surveys = await evaluations(at), await yearly_surveys(at)
    return annual_report(
        network=at.network,
        year=year,
        meetings=facts.meetings,
        evaluations={key: _evaluation(one) for key, one in answered.items()},
        surveys={of: _yearly(one) for of, one in surveys.items() if one.n},
        history=await _history(at),
        now=at.clock.now(),
        filed={meeting.id: _filed(meeting.id, facts) for meeting in facts.meetings},
    )


def _evaluation(evaluation: Evaluation) -> EvaluationFigures:
    return EvaluationFigures(
        n=evaluation.n,
        satisfaction=evaluation.satisfaction,
        usefulness=evaluation.usefulness,
        questions=_asked(evaluation),
    )


def _yearly(survey: Evaluation) -> YearlyFigures:
    return YearlyFigures(n=survey.n, questions=_asked(survey))


def _asked(survey: Evaluation) -> tuple[Asked, ...]:
    return tuple(
        Asked(text=question.text, figures=counted, standing=key_of(question))
        for question, counted in survey.rated
    )


async def _history(at: Workplace) -> tuple[PastMean, ...]:
    """Earlier years, each question by the key under which the vocabulary knows its wording."""
    found = []
    for point in await at.journal.history():
        known_as = at.vocabulary.recognise(point.question)
        found.append(
            PastMean(
                year=point.year,
                question=point.question,
                mean=point.mean,
                n=point.n,
                standing=known_as.key if known_as else "",
            )
        )
    return tuple(found)


def _filed(meeting_id: str, facts: Known) -> Filed:
    meeting = facts.meeting(meeting_id)
    shown = meeting is not None and meeting.publish_recording
    return Filed(
        materials=len(facts.materials_of(meeting_id)),
        recording=shown and facts.recording_of(meeting_id) is not None,
    )


# ---------------------------------------------------------------- what it lacks


async def _beside(at: Workplace, year: int, facts: Known) -> Beside:
    counted = await at.ledger.seen(ATTENDANCE, Attendance)
    rows = await at.ledger.seen(REGISTER, SeenRow)
    today = local_day(at.clock.now(), at.network.time_zone)
    return Beside(
        rows={row.meeting.id: row for row in (await overview(at, facts)).rows},
        unknown={
            key: n
            for key, one in counted.items()
            for name, n in one.organisations
            if name == UNKNOWN
        },
        told=await told(at),
        planned=never_held(planned_rows(rows.values(), at.network), year, today),
    )


async def told(at: Workplace) -> Mapping[str, Told]:
    """By meeting id, the figures that members were told last."""
    said = (await publications(at)).by_meeting
    return {key: Told(**{one.question: one.figures for one in each}) for key, each in said.items()}
