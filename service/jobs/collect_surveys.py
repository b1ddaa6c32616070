"""
Reads the Forms workbooks: whose each is, what was answered, and the figures from that.

A workbook is fetched only when its cTag has changed. The answers stay in the coordinators'
library and in the state; members get figures only.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from service.domain.actions import Action, Folder, Leave, Made, RefreshFile
from service.domain.indicators import response_rate
from service.domain.meeting import Meeting
from service.domain.names import safe_name
from service.domain.placement import Placed, Unsure
from service.domain.survey import Yearly, figures, form_belongs_to
from service.errors import UnreadableFile
from service.jobs.evaluations import Evaluation, evaluations
from service.jobs.known import FORMS, KnownForm, known, underlag_folder, written
from service.jobs.reading import read_drive
from service.jobs.spec import Job, Poll
from service.observe import Change, SeenItem
from service.parse.workbook import read_workbook
from service.render.documents import Labels
from service.render.sheets import QuestionLine, SurveySheet, survey_workbook
from service.workplace import Workplace

CLOSES_AFTER = timedelta(days=7)
LARGEST = 50 * 1024 * 1024
"""A workbook of 50,000 responses is far smaller; anything larger is no form's."""


@dataclass(frozen=True, kw_only=True)
class Observed:
    meetings: Mapping[str, Meeting]
    answered: Mapping[str, Evaluation]
    unplaced: tuple[KnownForm, ...]
    folders: Mapping[str, Folder]
    labels: Labels
    name: str
    time_zone: str
    written: Mapping[str, object] = field(default_factory=dict)
    """Fingerprint of each sheet that was written, by key."""


async def observe(at: Workplace) -> Observed:
    facts = await known(at)
    await _read_forms(at, facts.meetings)
    forms = await at.ledger.seen(FORMS, KnownForm)
    return Observed(
        meetings={meeting.id: meeting for meeting in facts.meetings},
        answered=await evaluations(at),
        unplaced=tuple(f for f in forms.values() if not f.meeting_id and f.year is None),
        folders={meeting.id: underlag_folder(meeting) for meeting in facts.meetings},
        labels=at.labels,
        name=at.texts.say("files.evaluation"),
        time_zone=at.network.time_zone,
        written=await written(at, "sheet/"),
    )


def plan(seen: Observed, now: datetime) -> tuple[Action, ...]:
    """Put figures and answers in the coordinators' folder once an evaluation has closed."""
    sheets = (
        _sheet(meeting_id, evaluation, seen, now)
        for meeting_id, evaluation in seen.answered.items()
        # An event can lose its group after its form was read: then it is no meeting of ours.
        if evaluation.n and _has_closed(seen.meetings.get(meeting_id), now)
    )
    return (
        *(each for each in sheets if seen.written.get(each.key) != each.source.fingerprint),
        *(Leave(subject=form.name, why=form.why) for form in seen.unplaced),
    )


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
            fingerprint=evaluation.form.ctag,
        ),
    )


def _workbook(meeting: Meeting, evaluation: Evaluation, seen: Observed, now: datetime) -> bytes:
    questions = evaluation.form.questions
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
    for question in evaluation.form.questions:
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


def _has_closed(meeting: Meeting | None, now: datetime) -> bool:
    return meeting is not None and now >= _closes(meeting)


def _closes(meeting: Meeting) -> datetime:
    if meeting.survey_closes is not None:
        return meeting.end + (meeting.survey_closes - meeting.last_day) + timedelta(days=1)
    return meeting.end + CLOSES_AFTER


# ---------------------------------------------------------------- reading


async def _read_forms(at: Workplace, meetings: tuple[Meeting, ...]) -> None:
    drive = at.places.survey_drive
    if drive is None:
        return
    await read_drive(at, drive)
    read = await at.ledger.seen(FORMS, KnownForm)
    for item in (await at.ledger.seen(f"drive/{drive}", SeenItem)).values():
        if _is_form(item, at) and _is_news(item, read.get(item.id)):
            await _read(item, meetings, at)


def _is_form(item: SeenItem, at: Workplace) -> bool:
    folder = at.places.survey_folder
    within = not folder or item.path == folder or item.path.startswith(f"{folder}/")
    return not item.folder and within and item.name.lower().endswith((".xlsx", ".csv"))


def _is_news(item: SeenItem, before: KnownForm | None) -> bool:
    return before is None or (before.ctag, before.name) != (item.ctag, item.name)


async def _read(item: SeenItem, meetings: tuple[Meeting, ...], at: Workplace) -> None:
    """Responses first, then the form's cTag: a crash between the two reads it once more."""
    form = KnownForm(item_id=item.id, name=item.name, ctag=item.ctag)
    try:
        sheet = read_workbook(
            await _download(item, at),
            item.name,
            vocabulary=at.vocabulary,
            time_zone=at.network.time_zone,
        )
    except UnreadableFile as error:
        form = replace(form, why=error.reason)
    else:
        responses = [(r.id, r.submitted, r.answers) for r in sheet.responses]
        await at.journal.replace_responses(item.id, responses)
        form = replace(form, questions=sheet.questions, raw_rows=sheet.raw_rows)
        form = _placed(form, item, meetings, at)
    await at.ledger.absorb(FORMS, [Change(id=item.id, value=form)])


def _placed(
    form: KnownForm, item: SeenItem, meetings: tuple[Meeting, ...], at: Workplace
) -> KnownForm:
    """Tell what the form is for; the day on which it was made dates a name without a year."""
    zone = at.network.time_zone
    match form_belongs_to(item.name, meetings, modified=item.created, time_zone=zone):
        case Placed(meeting=meeting, reason=reason):
            return replace(form, meeting_id=meeting.id, why=reason.said(at.texts))
        case Yearly(year=year):
            return replace(form, year=year)
        case Unsure(reason=reason):
            return replace(form, why=reason.said(at.texts))


async def _download(item: SeenItem, at: Workplace) -> bytes:
    if item.size > LARGEST:
        raise UnreadableFile(item.name, f"it has {item.size:,} bytes: no form's workbook has")
    content = at.drives.content(item.drive_id, item.id)
    return b"".join([piece async for piece in content.read()])


JOB = Job(
    name="collect_surveys",
    does="Reads the Forms workbooks that have changed, and files figures and answers.",
    wakes=Poll(setting="surveys"),
    observe=observe,
    plan=plan,
)
