"""
Reads the Forms workbooks: whose each is, and what was answered.

A workbook is fetched only when its cTag has changed. The answers stay in the coordinators'
library and in the state; members get figures only.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from service.domain.actions import Action, Leave
from service.domain.meeting import Meeting
from service.domain.placement import Placed, Unsure
from service.domain.survey.belonging import Yearly, form_belongs_to
from service.errors import UnreadableFile
from service.jobs.known import FORMS, KnownForm, known
from service.jobs.reading import read_drive
from service.jobs.spec import Job, Poll
from service.observe import Change, SeenItem
from service.parse.workbook import read_workbook
from service.workplace import Workplace

LARGEST = 50 * 1024 * 1024
"""A workbook of 50,000 responses is far smaller; anything larger is no form's."""


@dataclass(frozen=True, kw_only=True)
class Observed:
    unplaced: tuple[KnownForm, ...]


async def observe(at: Workplace) -> Observed:
    facts = await known(at)
    await _read_forms(at, facts.meetings)
    forms = await at.ledger.seen(FORMS, KnownForm)
    return Observed(
        unplaced=tuple(f for f in forms.values() if not f.meeting_id and f.year is None)
    )


def plan(seen: Observed, now: datetime) -> tuple[Action, ...]:  # noqa: ARG001 - every plan takes it
    """Say of which forms nobody knows whose they are."""
    return tuple(Leave(subject=form.name, why=form.why) for form in seen.unplaced)


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
    form = KnownForm(item_id=item.id, name=item.name, ctag=item.ctag, read=at.clock.now())
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
    does="Reads the Forms workbooks that have changed.",
    wakes=Poll(setting="surveys"),
    observe=observe,
    plan=plan,
)
