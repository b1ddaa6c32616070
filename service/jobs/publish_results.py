"""
Files each evaluation, once it has closed, for the coordinators: figures, answers and sources.

So it does with the yearly survey. The answers stay in the coordinators' library and in the
state; members get figures only. What changes after closing is followed.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from functools import partial
from zoneinfo import ZoneInfo

from service.domain.actions import Action, Folder, Made, RefreshFile, Shelf
from service.domain.indicators import response_rate
from service.domain.meeting import Meeting
from service.domain.names import safe_name
from service.domain.network import Network
from service.domain.period import end_of
from service.domain.survey.closing import closes, closing_day_of_year
from service.domain.survey.figures import options_of, rating
from service.domain.survey.responses import Meaning, Question, Response
from service.jobs.evaluations import Evaluation, evaluations, yearly_surveys
from service.jobs.known import known, underlag_folder, written
from service.jobs.spec import Job, Poll
from service.render.documents import Labels
from service.render.survey_sheet import QuestionLine, SurveySheet, survey_workbook
from service.workplace import Workplace


@dataclass(frozen=True, kw_only=True)
class Observed:
    network: Network
    meetings: Mapping[str, Meeting]
    answered: Mapping[str, Evaluation]
    yearly: Mapping[int, Evaluation] = field(default_factory=dict)
    folders: Mapping[str, Folder]
    labels: Labels
    name: str
    yearly_names: Mapping[int, str] = field(default_factory=dict)
    written: Mapping[str, object] = field(default_factory=dict)
    """Fingerprint of each sheet that was written, by key."""


async def observe(at: Workplace) -> Observed:
    facts = await known(at)
    yearly = await yearly_surveys(at)
    return Observed(
        network=at.network,
        meetings={meeting.id: meeting for meeting in facts.meetings},
        answered=await evaluations(at),
        yearly=yearly,
        folders={meeting.id: underlag_folder(meeting) for meeting in facts.meetings},
        labels=at.labels,
        name=at.texts.say("files.evaluation"),
        yearly_names={year: at.texts.say("files.yearly_survey", year=str(year)) for year in yearly},
        written=await written(at, "sheet/"),
    )


def plan(seen: Observed, now: datetime) -> tuple[Action, ...]:
    """Put figures and answers in the coordinators' folder once an evaluation has closed."""
    sheets = (*_of_meetings(seen, now), *_of_years(seen, now))
    return tuple(each for each in sheets if seen.written.get(each.key) != each.source.fingerprint)


@dataclass(frozen=True, kw_only=True)
class _About:
    """What a sheet is about, and what it says beside the answers."""

    title: str
    held: date | None
    invited: int | None = None
    rate: Fraction | None = None


def _of_meetings(seen: Observed, now: datetime) -> Iterator[RefreshFile]:
    for meeting_id, evaluation in seen.answered.items():
        meeting = seen.meetings.get(meeting_id)
        # An event can lose its group after its form was read: then it is no meeting of ours.
        if meeting is None or not evaluation.n or now < closes(meeting, seen.network):
            continue
        about = _About(
            title=meeting.title,
            held=meeting.first_day,
            invited=meeting.invited_count,
            rate=response_rate(evaluation.n, meeting),
        )
        yield _refresh(
            f"sheet/{meeting_id}",
            folder=seen.folders[meeting_id],
            name=f"{seen.name} {meeting.first_day.isoformat()}",
            source=Made(
                make=partial(_workbook, about, evaluation.questions, evaluation, seen, now),
                fingerprint=_fingerprint(evaluation.version, about),
            ),
            now=now,
        )


def _of_years(seen: Observed, now: datetime) -> Iterator[RefreshFile]:
    for year, survey in seen.yearly.items():
        if not survey.n or not _year_has_closed(year, seen.network, now):
            continue
        name, about = seen.yearly_names[year], _About(title=seen.yearly_names[year], held=None)
        yield _refresh(
            f"sheet/yearly/{year}",
            folder=Folder(
                key=f"folder/coordination/yearly/{year}",
                shelf=Shelf.COORDINATION,
                path=f"Underlag/{year}/{safe_name(name)}",
            ),
            name=name,
            source=Made(
                make=partial(_workbook, about, survey.questions, survey, seen, now),
                fingerprint=_fingerprint(survey.version, about),
            ),
            now=now,
        )


def _year_has_closed(year: int, network: Network, now: datetime) -> bool:
    """Where nobody has said when the yearly survey closes, what has come in is shown at once."""
    survey = network.yearly_survey
    return survey is None or now >= end_of(closing_day_of_year(year, survey), network.time_zone)


def _fingerprint(version: str, about: _About) -> str:
    return hashlib.sha256(f"{version} {about}".encode()).hexdigest()


def _refresh(key: str, *, folder: Folder, name: str, source: Made, now: datetime) -> RefreshFile:
    return RefreshFile(
        key=key,
        folder=folder,
        name=safe_name(f"{name}.xlsx"),
        name_beside=safe_name(f"{name} ({now:%Y-%m-%d}).xlsx"),
        source=source,
    )


# ---------------------------------------------------------------- the workbook


def _workbook(
    about: _About,
    questions: Sequence[Question],
    survey: Evaluation,
    seen: Observed,
    now: datetime,
) -> bytes:
    network, responses = seen.network, tuple(one for one, _ in survey.used)
    low, high = network.survey.scale.top
    zone = ZoneInfo(network.time_zone)
    return survey_workbook(
        SurveySheet(
            title=about.title,
            held=about.held,
            made=now,
            time_zone=network.time_zone,
            decimals=network.survey.decimals,
            top=f"{low}–{high}",
            responses=survey.n,
            invited=about.invited,
            response_rate=about.rate,
            questions=tuple(_line(question, survey) for question in questions),
            # Of answers that were deleted the figures are left.
            header=()
            if survey.frozen
            else (seen.labels.sheet.submitted, *(question.text for question in questions)),
            rows=tuple(
                (
                    None if one.submitted is None else one.submitted.astimezone(zone),
                    *(_value(question, one) for question in questions),
                )
                for one in responses
            ),
            sources=survey.sources,
        ),
        seen.labels,
    )


def _value(question: Question, response: Response) -> str | int:
    answer = response.answers.get(question.key, "")
    is_point = question.meaning.is_rating and rating(answer, question.scale) is not None
    return int(answer) if is_point else answer


def _line(question: Question, survey: Evaluation) -> QuestionLine:
    if question.meaning.is_rating:
        counted = survey.figures_of(question)
        return QuestionLine(text=question.text, n=counted.n, figures=counted)
    if survey.frozen:
        return QuestionLine(
            text=question.text,
            n=survey.frozen.answers_to(question.key),
            options=survey.frozen.options_of(question.key),
        )
    given = [answer for one, _ in survey.used if (answer := one.answers.get(question.key))]
    chosen = Counter[str]()
    if question.meaning is Meaning.CHOICE:
        chosen.update(given)
    elif question.meaning is Meaning.CHOICES:
        chosen.update(option for answer in given for option in options_of(answer))
    return QuestionLine(
        text=question.text, n=len(given), options=tuple(sorted(chosen.items(), key=_most_first))
    )


def _most_first(option: tuple[str, int]) -> tuple[int, str]:
    return -option[1], option[0]


JOB = Job(
    name="publish_results",
    does="Files figures, answers and sources of evaluations that have closed.",
    wakes=Poll(setting="surveys"),
    observe=observe,
    plan=plan,
)
