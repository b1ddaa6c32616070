"""
Writes the annual report: a draft for the coordinators, kept up to date through the year.

It is written anew at the end of each month if what it says has changed, and never over a
draft that a person has edited.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial

from service.domain.actions import Action, Folder, Made, RefreshFile, Shelf
from service.domain.annual import (
    AnnualReport,
    EvaluationFigures,
    Filed,
    YearlyFigures,
    annual_report,
    fingerprint,
)
from service.domain.names import safe_name
from service.domain.period import local_day
from service.jobs.evaluations import Evaluation, Yearly, evaluations, yearly_surveys
from service.jobs.known import Known, known, written
from service.jobs.spec import Job, LastOfMonth
from service.render.documents import Labels, annual_report_docx
from service.workplace import Workplace

DRAFTS = "Rapportutkast"


@dataclass(frozen=True, kw_only=True)
class Observed:
    report: AnnualReport
    labels: Labels
    name: str
    today: date
    written: Mapping[str, object] = field(default_factory=dict)
    """Fingerprint of each report that was written, by key."""


async def observe(at: Workplace) -> Observed:
    now = at.clock.now()
    today = local_day(now, at.network.time_zone)
    return Observed(
        report=await compile_report(at, today.year),
        labels=at.labels,
        name=at.texts.say("files.annual_report", year=str(today.year)),
        today=today,
        written=await written(at, "report/"),
    )


def plan(seen: Observed, now: datetime) -> tuple[Action, ...]:  # noqa: ARG001 - every plan takes it
    key, says = f"report/annual/{seen.report.year}", fingerprint(seen.report)
    if not seen.report.entries or seen.written.get(key) == says:
        return ()
    return (
        RefreshFile(
            key=key,
            folder=Folder(key="folder/drafts", shelf=Shelf.COORDINATION, path=DRAFTS),
            name=safe_name(f"{seen.name}.docx"),
            name_beside=safe_name(f"{seen.name} ({seen.today.isoformat()}).docx"),
            source=Made(
                make=partial(annual_report_docx, seen.report, seen.labels),
                fingerprint=says,
            ),
        ),
    )


async def compile_report(at: Workplace, year: int) -> AnnualReport:
    """Put together what the ledger knows of a year."""
    facts = await known(at)
    surveys = await yearly_surveys(at)
    return annual_report(
        network=at.network,
        year=year,
        meetings=facts.meetings,
        evaluations=_figures(await evaluations(at)),
        yearly=_yearly(surveys.get(year)),
        history=await at.journal.history(),
        now=at.clock.now(),
        filed={meeting.id: _filed(meeting.id, facts) for meeting in facts.meetings},
    )


def _figures(answered: Mapping[str, Evaluation]) -> dict[str, EvaluationFigures]:
    return {
        meeting_id: EvaluationFigures(
            n=evaluation.n,
            satisfaction=evaluation.satisfaction,
            usefulness=evaluation.usefulness,
        )
        for meeting_id, evaluation in answered.items()
    }


def _yearly(survey: Yearly | None) -> YearlyFigures | None:
    if survey is None or not survey.n:
        return None
    questions = tuple((question.text, figures) for question, figures in survey.questions)
    return YearlyFigures(n=survey.n, questions=questions)


def _filed(meeting_id: str, facts: Known) -> Filed:
    meeting = facts.meeting(meeting_id)
    shown = meeting is not None and meeting.publish_recording
    return Filed(
        materials=len(facts.materials_of(meeting_id)),
        recording=shown and facts.recording_of(meeting_id) is not None,
    )


JOB = Job(
    name="publish_reports",
    does="Writes the annual report as a draft for the coordinators.",
    wakes=LastOfMonth(at="18:00"),
    observe=observe,
    plan=plan,
)
