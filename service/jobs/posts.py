"""What both posting jobs need: what there is to tell, what is told already, and the card."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

from service.domain.actions import Announce
from service.domain.meeting import Meeting
from service.domain.period import local_day
from service.domain.post import COMMON, COORDINATORS, Post
from service.domain.reminder import Links, MeetingFacts, Previous, Situation, YearlyFacts
from service.effects.posting import channel_of
from service.jobs.evaluations import Evaluation, evaluations, yearly_answers
from service.jobs.known import CALENDAR, Known, Noticed, noticed
from service.observe import SeenEvent
from service.ports import Effect, Status
from service.workplace import Workplace

TOLD_FOR = timedelta(days=90)
"""So long after its end a meeting may still be told of: its files, its evaluation."""

TOLD_START, TOLD_END, TOLD_PLACE = "told_start", "told_end", "told_place"


def already(
    effects: Mapping[str, Effect], *, now: datetime, proof_wait: timedelta, time_zone: str
) -> dict[str, date | None]:
    """
    Posts that are settled or may still arrive: the local day of each, None if dropped.

    Left out, and so decided anew: what was begun and was not seen within `proof_wait`, and
    what was refused for a time that is over.
    """
    settled: dict[str, date | None] = {}
    for key, effect in effects.items():
        match effect.status:
            case Status.DONE:
                settled[key] = local_day(effect.created, time_zone)
            case Status.DROPPED:
                settled[key] = None
            case Status.CLAIMED | Status.QUEUED:
                if now < effect.updated + proof_wait:
                    settled[key] = local_day(effect.created, time_zone)
            case Status.PARKED:
                if effect.not_before is None or now < effect.not_before:
                    settled[key] = None
    return settled


async def told(at: Workplace) -> tuple[dict[str, Effect], dict[str, date | None]]:
    """Members' posts, and which of them are settled or may still arrive."""
    return await _told(at, lambda channel: channel != COORDINATORS)


async def told_to_coordinators(
    at: Workplace,
) -> tuple[dict[str, Effect], dict[str, date | None]]:
    """Coordinators' notices, apart: what they were told, members were not."""
    return await _told(at, lambda channel: channel == COORDINATORS)


async def _told(
    at: Workplace, is_meant: Callable[[str], bool]
) -> tuple[dict[str, Effect], dict[str, date | None]]:
    effects = {
        key: effect
        for key, effect in (await at.ledger.effects(f"v1/{at.network.id}/")).items()
        if is_meant(channel_of(key, at))
    }
    return effects, already(
        effects,
        now=at.clock.now(),
        proof_wait=at.rules.proof_wait,
        time_zone=at.network.time_zone,
    )


def announcement(post: Post, meeting: Meeting | None) -> Announce:
    told = (
        {
            "meeting_id": meeting.id,
            TOLD_START: meeting.start.isoformat(),
            TOLD_END: meeting.end.isoformat(),
            TOLD_PLACE: meeting.place,
        }
        if meeting
        else {}
    )
    return Announce(
        key=post.key,
        channel=COMMON,
        card=post.card,
        title=f"{post.card.title}: {post.kind}",
        useful_until=post.useful_until,
        told=told,
        links=post.card.links(),
        groups=post.groups,
        appointment=post.appointment,
    )


# ---------------------------------------------------------------- what is known of each meeting


async def situation(at: Workplace, facts: Known, effects: Mapping[str, Effect]) -> Situation:
    """Everything that may be told: of what was long ago, nothing is."""
    since = at.clock.now() - TOLD_FOR
    return Situation(
        network=at.network,
        page=at.places.site_url,
        meetings=tuple(meeting for meeting in facts.meetings if meeting.end > since),
        facts=await _facts(at, facts, effects),
        yearly=await _yearly(at),
        channels={COMMON: at.places.channels[COMMON]},
    )


async def _facts(
    at: Workplace, facts: Known, effects: Mapping[str, Effect]
) -> dict[str, MeetingFacts]:
    events = {e.ical_uid: e for e in (await at.ledger.seen(CALENDAR, SeenEvent)).values()}
    folders = await at.ledger.effects("folder/documentation/")
    results = await evaluations(at)
    notices = await noticed(at)
    last = _last_told(effects)
    return {
        meeting.id: _of(
            meeting,
            facts,
            events.get(meeting.id),
            notices.get(meeting.id),
            results.get(meeting.id),
            folders.get(f"folder/documentation/{meeting.id}"),
            last.get(meeting.id),
        )
        for meeting in facts.meetings
    }


def _of(  # noqa: PLR0913
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


def _last_told(effects: Mapping[str, Effect]) -> dict[str, Effect]:
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
    year = local_day(at.clock.now(), at.network.time_zone).year
    return YearlyFacts(
        year=year,
        opens=survey.opens.replace(year=year),
        closes=survey.closes.replace(year=year),
        link=survey.link,
        answers=await yearly_answers(at, year),
    )
