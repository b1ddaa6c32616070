"""What of the single answers is due to be deleted, and what was: as the ledger knows it."""

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from service.domain.actions import Folder, Shelf
from service.domain.period import local_day
from service.domain.retention import (
    Disposal,
    Due,
    Overdue,
    Retention,
    due_from,
    meeting_of_survey,
    survey_of_meeting,
    survey_of_year,
    year_of_survey,
)
from service.domain.survey.closing import closing_day, closing_day_of_year
from service.jobs.evaluations import Evaluation, evaluations, yearly_surveys
from service.jobs.frozen import frozen
from service.jobs.holding_words import words
from service.jobs.known import known
from service.observe import FileColumns
from service.render.holdings.disposal import Traces
from service.workplace import Workplace

DISPOSALS = "disposals"
"""Source of `Disposal` in the ledger."""
FOLDER = "Gallring"
"""In the coordinators' library."""


@dataclass(frozen=True, kw_only=True)
class DisposalDue:
    """Everything that has fallen due by a day."""

    today: date
    rule: Retention | None
    """None: the network has none, and no answers are due."""
    surveys: tuple[Due, ...]
    documents: tuple[Overdue, ...]
    """Whatever the rule says: who set the day decides, and people delete."""

    @property
    def anything(self) -> bool:
        return bool(self.surveys or self.documents)


async def due(at: Workplace) -> DisposalDue:
    """Tell what is due now; documents' columns are read from the tenant."""
    today = local_day(at.clock.now(), at.network.time_zone)
    return DisposalDue(
        today=today,
        rule=at.rules.retention,
        surveys=await surveys_due(at),
        documents=await _documents(at, today),
    )


async def surveys_due(at: Workplace) -> tuple[Due, ...]:
    """The surveys alone, those that closed first before the others; none without a rule."""
    today, rule = local_day(at.clock.now(), at.network.time_zone), at.rules.retention
    if rule is None:
        return ()
    gone = await frozen(at)
    found = [
        one
        async for one in _closed(at, rule)
        if one.survey not in gone and one.responses and one.since <= today
    ]
    return tuple(sorted(found, key=lambda one: (one.closed, one.title)))


def disposal_folder() -> Folder:
    return Folder(key="folder/disposal", shelf=Shelf.COORDINATION, path=FOLDER, lasting=True)


def sheet_key(survey: str) -> str:
    """Key of the result file, as `publish_results` has it."""
    year = year_of_survey(survey)
    return f"sheet/{meeting_of_survey(survey)}" if year is None else f"sheet/yearly/{year}"


async def disposals(at: Workplace) -> dict[str, Disposal]:
    """By id: those under way too."""
    return await at.ledger.seen(DISPOSALS, Disposal)


async def unfinished(at: Workplace) -> Disposal | None:
    """A disposal that was begun and cut off."""
    return next((one for one in (await disposals(at)).values() if one.done is None), None)


async def traces(survey: str, at: Workplace, *, edited: str = "") -> Traces:
    """Where a survey's answers lie beside the state."""
    key, planned = sheet_key(survey), at.network.yearly_survey
    sheet = (await at.ledger.effects(key)).get(key)
    meeting = (await known(at)).meeting(meeting_of_survey(survey))
    form = meeting.survey_link if meeting else ""
    if year_of_survey(survey) is not None:
        form = planned.link if planned else ""
    return Traces(
        form=form,
        result=str(sheet.baseline.get("web_url", "")) if sheet else "",
        edited=edited,
    )


async def _closed(at: Workplace, rule: Retention) -> AsyncIterator[Due]:
    """Every survey of which answers are known, whether its day has come or not."""
    zone, open_for = at.network.time_zone, at.network.survey.open_for
    facts = await known(at)
    for meeting_id, evaluation in (await evaluations(at)).items():
        meeting = facts.meeting(meeting_id)
        # An event can lose its group after its form was read: its answers are due all the same.
        closed = closing_day(meeting, open_for) if meeting else _read(evaluation, zone)
        if closed is not None:
            yield Due(
                survey=survey_of_meeting(meeting_id),
                title=meeting.title if meeting else meeting_id,
                held=meeting.first_day if meeting else closed,
                closed=closed,
                since=due_from(closed, rule),
                responses=evaluation.n,
                sources=evaluation.sources,
            )
    for year, yearly in (await yearly_surveys(at)).items():
        closed = closing_day_of_year(year, at.network.yearly_survey)
        yield Due(
            survey=survey_of_year(year),
            title=words(at).say("yearly", year=str(year)),
            held=None,
            closed=closed,
            since=due_from(closed, rule),
            responses=yearly.n,
            sources=yearly.sources,
        )


def _read(evaluation: Evaluation, time_zone: str) -> date | None:
    """When a form of nobody's meeting was read last: nothing tells better when it closed."""
    read = max((source.read for source in evaluation.sources), default=None)
    return local_day(read, time_zone) if read else None


# ---------------------------------------------------------------- documents


async def _documents(at: Workplace, today: date) -> tuple[Overdue, ...]:
    """Files of both libraries whose *Gallras efter* has passed; a day counts to its end."""
    found = [
        one
        for drive_id in (at.places.documentation, at.places.coordination)
        for one in _overdue(await at.drives.all_columns(drive_id), today, at)
    ]
    return tuple(sorted(found, key=lambda one: (one.after, one.folder, one.name)))


def _overdue(rows: Sequence[FileColumns], today: date, at: Workplace) -> Iterator[Overdue]:
    for row in rows:
        after = _day(row.fields.get("NvDisposeAfter"), at.network.time_zone)
        if after is not None and after < today:
            yield Overdue(
                name=row.name,
                folder=row.path,
                after=after,
                url=row.url,
                registry_no=str(row.fields.get("NvRegistryNo") or ""),
            )


def _day(value: object, time_zone: str) -> date | None:
    """A date column: written by us at 12:00Z, by people at their own midnight."""
    if not isinstance(value, str) or not value:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return local_day(moment, time_zone) if moment.tzinfo else moment.date()
