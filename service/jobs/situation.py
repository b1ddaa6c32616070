"""What may be told of: every meeting with what is known of it, and the year's survey."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from service.domain.meeting import Meeting
from service.domain.period import local_day
from service.domain.post import COORDINATORS
from service.domain.reminder import (
    Links,
    MeetingFacts,
    PlanFacts,
    Previous,
    Situation,
    YearlyFacts,
)
from service.domain.routes import Transport
from service.domain.survey.closing import closing_day_of_year, in_year
from service.domain.survey.publication import Published
from service.effects.amending import MEETING
from service.effects.approving import held
from service.jobs.absence import posts_since
from service.jobs.evaluations import Evaluation, evaluations, yearly_answers
from service.jobs.known import CALENDAR, Known, Noticed, noticed
from service.jobs.plans import PUBLISHED, PublishedPlan
from service.jobs.posts import TOLD_END, TOLD_PLACE, TOLD_START
from service.jobs.publications import Publications, publications_in, standing_of
from service.observe import SeenEvent
from service.ports import Effect, Status
from service.workplace import Workplace

TOLD_FOR = timedelta(days=90)
"""So long after its end a meeting may still be told of: its files, its evaluation."""


async def situation(at: Workplace, facts: Known, effects: Mapping[str, Effect]) -> Situation:
    """Everything that may be told: of what was long ago, nothing is."""
    since = at.clock.now() - TOLD_FOR
    return Situation(
        network=at.network,
        page=at.places.site_url,
        meetings=tuple(meeting for meeting in facts.meetings if meeting.end > since),
        facts=await _facts(at, facts, effects),
        yearly=await _yearly(at),
        plans=await _plans(at),
        channels={
            role: channel for role, channel in at.places.channels.items() if role != COORDINATORS
        },
        since=await posts_since(at),
        held=frozenset(await held(at)),
    )


async def _facts(
    at: Workplace, facts: Known, effects: Mapping[str, Effect]
) -> dict[str, MeetingFacts]:
    events = {e.ical_uid: e for e in (await at.ledger.seen(CALENDAR, SeenEvent)).values()}
    folders = await at.ledger.effects("folder/documentation/")
    results = await evaluations(at)
    before = publications_in(effects, real=Transport.DRY not in at.rules.routes.used)
    notices = await noticed(at)
    last = _last_told(effects)
    return {
        meeting.id: _of(
            meeting,
            facts,
            events.get(meeting.id),
            notices.get(meeting.id),
            results.get(meeting.id),
            _result(meeting, results.get(meeting.id), before, at),
            folders.get(f"folder/documentation/{meeting.id}"),
            last.get(meeting.id),
        )
        for meeting in facts.meetings
    }


def _of(  # noqa: PLR0913 - all that is known of one meeting
    meeting: Meeting,
    facts: Known,
    event: SeenEvent | None,
    notice: Noticed | None,
    evaluation: Evaluation | None,
    result: tuple[Published, ...],
    folder: Effect | None,
    told: Effect | None,
) -> MeetingFacts:
    return MeetingFacts(
        registration_seen=notice.registration_seen if notice else None,
        materials=len(facts.materials_of(meeting.id)),
        recording=meeting.publish_recording and facts.recording_of(meeting.id) is not None,
        answers=evaluation.n if evaluation else 0,
        result=result,
        previous=_previous(told, event),
        cancelled_seen=event.modified if event and event.cancelled else None,
        changed=event.modified if event else None,
        links=Links(folder=str(folder.baseline.get("web_url", "")) if folder else ""),
    )


def _result(
    meeting: Meeting, evaluation: Evaluation | None, before: Publications, at: Workplace
) -> tuple[Published, ...]:
    if evaluation is None:
        return ()
    found = standing_of(meeting, evaluation, before, at.network, at.clock.now())
    return tuple(one.shown for one in found if one.shown is not None)


def _last_told(effects: Mapping[str, Effect]) -> dict[str, Effect]:
    """The last post about each meeting that members have, by meeting id."""
    last: dict[str, Effect] = {}
    for effect in sorted(effects.values(), key=lambda effect: effect.created):
        said = effect.baseline.get(MEETING)
        if isinstance(said, str) and effect.status in (Status.DONE, Status.QUEUED):
            last[said] = effect
    return last


def _previous(told: Effect | None, event: SeenEvent | None) -> Previous | None:
    if told is None or event is None:
        return None
    said = told.baseline
    return Previous(
        seen=event.modified,
        start=datetime.fromisoformat(str(said[TOLD_START])),
        end=datetime.fromisoformat(str(said[TOLD_END])),
        place=str(said[TOLD_PLACE]),
    )


async def _yearly(at: Workplace) -> YearlyFacts | None:
    survey = at.network.yearly_survey
    if survey is None:
        return None
    year = local_day(at.clock.now(), at.network.time_zone).year
    return YearlyFacts(
        year=year,
        opens=in_year(survey.opens, year),
        closes=closing_day_of_year(year, survey),
        link=survey.link,
        answers=await yearly_answers(at, year),
    )


async def _plans(at: Workplace) -> tuple[PlanFacts, ...]:
    """Of this year and the next: an older plan is no news."""
    this_year = local_day(at.clock.now(), at.network.time_zone).year
    return tuple(
        PlanFacts(year=one.year, published=one.seen, meetings=one.meetings, link=one.folder_url)
        for one in (await at.ledger.seen(PUBLISHED, PublishedPlan)).values()
        if one.year >= this_year and one.meetings
    )
