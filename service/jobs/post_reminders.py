"""Posts the reminders that are due: the right thing, at the right local hour, once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from service.domain.actions import Action, Forgo
from service.domain.meeting import Meeting
from service.domain.post import Dropped, Words
from service.domain.reminder import (
    Links,
    MeetingFacts,
    Policy,
    Previous,
    Situation,
    YearlyFacts,
    plan as due_posts,
)
from service.effects.posting import prove
from service.jobs.evaluations import Evaluation, evaluations, yearly_answers
from service.jobs.known import CALENDAR, Known, Noticed, known, noticed
from service.jobs.posts import (
    TOLD_END,
    TOLD_PLACE,
    TOLD_START,
    already,
    announcement,
)
from service.jobs.spec import Job, WorkdayPoll
from service.observe import SeenEvent
from service.ports import Effect, Status
from service.workplace import Workplace


@dataclass(frozen=True, kw_only=True)
class Observed:
    situation: Situation
    policy: Policy
    already: Mapping[str, date | None]
    words: Words


async def observe(at: Workplace) -> Observed:
    await prove(at)
    facts = await known(at)
    effects = await at.ledger.effects(f"v1/{at.network.id}/")
    return Observed(
        situation=Situation(
            network=at.network,
            page=at.places.site_url,
            meetings=facts.meetings,
            facts=await _facts(at, facts, effects),
            yearly=await _yearly(at),
            channels={"common": at.places.channels["common"]},
        ),
        policy=at.rules.reminders,
        already=already(
            effects,
            now=at.clock.now(),
            proof_wait=at.rules.proof_wait,
            time_zone=at.network.time_zone,
        ),
        words=at.texts,
    )


def plan(seen: Observed, now: datetime) -> tuple[Action, ...]:
    meetings = {meeting.id: meeting for meeting in seen.situation.meetings}
    decided = due_posts(seen.situation, seen.policy, seen.already, now=now, words=seen.words)
    return tuple(
        Forgo(key=each.key, why=each.text)
        if isinstance(each, Dropped)
        else announcement(each, meetings.get(each.meeting_id or ""))
        for each in decided
    )


# ---------------------------------------------------------------- what is known of each meeting


async def _facts(
    at: Workplace, facts: Known, effects: Mapping[str, Effect]
) -> dict[str, MeetingFacts]:
    events = {e.ical_uid: e for e in (await at.ledger.seen(CALENDAR, SeenEvent)).values()}
    folders = await at.ledger.effects("folder/documentation/")
    results = await evaluations(at)
    notices = await noticed(at)
    told = _told(effects)
    return {
        meeting.id: _of(
            meeting,
            facts,
            events.get(meeting.id),
            notices.get(meeting.id),
            results.get(meeting.id),
            folders.get(f"folder/documentation/{meeting.id}"),
            told.get(meeting.id),
        )
        for meeting in facts.meetings
    }


def _of(  # noqa: PLR0913, PLR0917
    meeting: Meeting,
    facts: Known,
    event: SeenEvent | None,
    notice: Noticed | None,
    result: Evaluation | None,
    folder: Effect | None,
    told: Effect | None,
) -> MeetingFacts:
    return MeetingFacts(
        registration_seen=notice.registration_seen if notice else None,
        materials=len(facts.materials_of(meeting.id)),
        recording=meeting.publish_recording and facts.recording_of(meeting.id) is not None,
        answers=result.n if result else 0,
        satisfaction=result.satisfaction.mean if result and result.satisfaction else None,
        usefulness=result.usefulness.mean if result and result.usefulness else None,
        previous=_previous(told, event),
        cancelled_seen=event.modified if event and event.cancelled else None,
        links=Links(folder=str(folder.baseline.get("web_url", "")) if folder else ""),
    )


def _told(effects: Mapping[str, Effect]) -> dict[str, Effect]:
    """The last post about each meeting that members have, by meeting id."""
    last: dict[str, Effect] = {}
    for effect in sorted(effects.values(), key=lambda effect: effect.created):
        said = effect.baseline.get("meeting_id")
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
    year = at.clock.now().year
    return YearlyFacts(
        year=year,
        opens=survey.opens.replace(year=year),
        closes=survey.closes.replace(year=year),
        link=survey.link,
        answers=await yearly_answers(at, year),
    )


JOB = Job(
    name="post_reminders",
    does="Posts the reminders that are due, and follows up those not yet seen in the channel.",
    wakes=WorkdayPoll(setting="reminders"),
    observe=observe,
    plan=plan,
)
