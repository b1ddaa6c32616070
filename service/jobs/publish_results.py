"""
Files each evaluation, once it has closed, for the coordinators: its figures and its answers.

The answers stay in the coordinators' library and in the state; members get figures only.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from service.domain.actions import Action, Folder, Made, RefreshFile
from service.domain.indicators import response_rate
from service.domain.meeting import Meeting
from service.domain.names import safe_name
from service.domain.survey.figures import figures
from service.jobs.evaluations import Evaluation, evaluations
from service.jobs.known import known, underlag_folder, written
from service.jobs.spec import Job, Poll
from service.render.documents import Labels
from service.render.sheets import QuestionLine, SurveySheet, survey_workbook
from service.workplace import Workplace


@dataclass(frozen=True, kw_only=True)
class Observed:
    meetings: Mapping[str, Meeting]
    answered: Mapping[str, Evaluation]
    folders: Mapping[str, Folder]
    labels: Labels
    name: str
    time_zone: str
    open_for: timedelta
    written: Mapping[str, object] = field(default_factory=dict)
    """Fingerprint of each sheet that was written, by key."""


async def observe(at: Workplace) -> Observed:
    facts = await known(at)
    return Observed(
        meetings={meeting.id: meeting for meeting in facts.meetings},
        answered=await evaluations(at),
        folders={meeting.id: underlag_folder(meeting) for meeting in facts.meetings},
        labels=at.labels,
        name=at.texts.say("files.evaluation"),
        time_zone=at.network.time_zone,
        open_for=at.network.survey.open_for,
        written=await written(at, "sheet/"),
    )


def plan(seen: Observed, now: datetime) -> tuple[Action, ...]:
    """Put figures and answers in the coordinators' folder once an evaluation has closed."""
    sheets = (
        _sheet(meeting_id, evaluation, seen, now)
        for meeting_id, evaluation in seen.answered.items()
        # An event can lose its group after its form was read: then it is no meeting of ours.
        if evaluation.n and _has_closed(seen.meetings.get(meeting_id), now, seen.open_for)
    )
    return tuple(each for each in sheets if seen.written.get(each.key) != each.source.fingerprint)


def _sheet(meeting_id: str, evaluation: Evaluation, seen: Observed, now: datetime) -> RefreshFile:
    meeting = seen.meetings[meeting_id]
    name = f"{seen.name} {meeting.first_day.isoformat()}"
    return RefreshFile(
        key=f"sheet/{meeting_id}",
        folder=seen.folders[meeting_id],
        name=safe_name(f"{name}.xlsx"),
        name_beside=safe_name(f"{name} ({now:%Y-%m-%d}).xlsx"),
        source=Made(
            make=partial(_workbook, meeting, evaluation, seen, now),
            fingerprint=evaluation.version,
        ),
    )


def _workbook(meeting: Meeting, evaluation: Evaluation, seen: Observed, now: datetime) -> bytes:
    questions = evaluation.questions
    return survey_workbook(
        SurveySheet(
            title=meeting.title,
            held=meeting.first_day,
            made=now,
            time_zone=seen.time_zone,
            responses=evaluation.n,
            response_rate=response_rate(evaluation.n, meeting),
            questions=tuple(_lines(evaluation)),
            header=tuple(question.text for question in questions),
            rows=tuple(
                tuple(response.answers.get(question.key, "") for question in questions)
                for response in evaluation.responses
            ),
        ),
        seen.labels,
    )


def _lines(evaluation: Evaluation) -> Iterator[QuestionLine]:
    for question in evaluation.questions:
        if question.meaning.is_rating:
            counted = figures(evaluation.responses, question)
            points = enumerate(counted.distribution, start=1)
            yield QuestionLine(
                text=question.text,
                n=counted.n,
                mean=counted.mean,
                distribution=tuple((str(point), n) for point, n in points),
            )
        else:
            n = sum(question.key in response.answers for response in evaluation.responses)
            yield QuestionLine(text=question.text, n=n)


def _has_closed(meeting: Meeting | None, now: datetime, open_for: timedelta) -> bool:
    return meeting is not None and now >= _closes(meeting, open_for)


def _closes(meeting: Meeting, open_for: timedelta) -> datetime:
    if meeting.survey_closes is not None:
        return meeting.end + (meeting.survey_closes - meeting.last_day) + timedelta(days=1)
    return meeting.end + open_for


JOB = Job(
    name="publish_results",
    does="Files the figures and answers of evaluations that have closed.",
    wakes=Poll(setting="surveys"),
    observe=observe,
    plan=plan,
)
