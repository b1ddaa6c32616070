"""Posts the weekly letter: what is coming, what is new, which questions wait."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit

from service.domain.actions import Action
from service.domain.attendance import members_among
from service.domain.digest import (
    DigestFacts,
    DigestRules,
    Filed,
    Registered,
    Result,
    plan_digest,
)
from service.domain.network import Network
from service.domain.post import Words
from service.domain.register import count
from service.domain.survey.closing import closes
from service.effects.proving import channel_source, prove, read_channel, relieve
from service.jobs.evaluations import evaluations
from service.jobs.known import CALENDAR, NOTICED, Known, Noticed, known
from service.jobs.posts import Ways, announcements, told, ways_of
from service.jobs.publications import publications, standing_of
from service.jobs.situation import situation
from service.jobs.spec import Job, Weekdays
from service.observe import SeenEvent, SeenMessage
from service.workplace import Workplace


@dataclass(frozen=True, kw_only=True)
class Observed:
    facts: DigestFacts
    rules: DigestRules
    already: Mapping[str, date | None]
    words: Words
    ways: Ways


async def observe(at: Workplace) -> Observed:
    await prove(at)
    await read_channel(at, at.common_channel)
    for channel in at.messages:
        await relieve(at, channel)
    return await as_known(at)


async def as_known(at: Workplace) -> Observed:
    """What the ledger tells by itself."""
    said = channel_source(at.common_channel)
    facts = await known(at)
    effects, settled = await told(at)
    return Observed(
        facts=DigestFacts(
            situation=await situation(at, facts, effects),
            filed=tuple(_filed(facts)),
            results=tuple(await _results(at, facts)),
            registered=_registered(facts, await _events(at), at.network),
            messages=tuple((await at.ledger.seen(said, SeenMessage)).values()),
            internal_hosts=frozenset({urlsplit(at.places.site_url).hostname or ""}),
        ),
        rules=at.rules.digest,
        already=settled,
        words=at.texts,
        ways=ways_of(at),
    )


async def _events(at: Workplace) -> dict[str, SeenEvent]:
    return {one.ical_uid: one for one in (await at.ledger.seen(CALENDAR, SeenEvent)).values()}


def plan(seen: Observed, now: datetime) -> tuple[Action, ...]:
    post = plan_digest(seen.facts, seen.rules, seen.already, now=now, words=seen.words)
    return () if post is None else announcements(post, seen.ways)


def _registered(
    facts: Known, events: Mapping[str, SeenEvent], network: Network
) -> dict[str, Registered]:
    """By meeting id; the organiser's own copy alone tells who has accepted."""
    found = {}
    for meeting in facts.meetings:
        row, event = facts.rows.get(meeting.id), events.get(meeting.id)
        accepted = event.accepted if event else ()
        found[meeting.id] = Registered(
            people=count(row.fields.get("NvRegistered")) if row else None,
            members=len(members_among(accepted, network, meeting.first_day.year)) or None,
        )
    return found


def _filed(facts: Known) -> Iterator[Filed]:
    for meeting in facts.meetings:
        for effect in facts.materials_of(meeting.id):
            yield Filed(meeting_id=meeting.id, at=effect.updated)
        recording = facts.recording_of(meeting.id)
        if recording is not None and meeting.publish_recording:
            yield Filed(meeting_id=meeting.id, at=recording.updated, recording=True)


async def _results(at: Workplace, facts: Known) -> list[Result]:
    answered, released = await evaluations(at), await _released(at)
    before, found = await publications(at), list[Result]()
    for meeting in facts.meetings:
        if meeting.id not in answered or meeting.id not in released:
            continue
        standing = standing_of(meeting, answered[meeting.id], before, at.network, at.clock.now())
        if shown := tuple(one.shown for one in standing if one.shown is not None):
            found.append(
                Result(
                    meeting_id=meeting.id,
                    at=max(released[meeting.id], closes(meeting, at.network)),
                    figures=shown,
                    moved=any(one.moves and one.told is not None for one in standing),
                )
            )
    return found


async def _released(at: Workplace) -> dict[str, datetime]:
    """When each meeting's result was first seen to be released."""
    notices = await at.ledger.seen(NOTICED, Noticed)
    return {
        notice.meeting_id: notice.result_released
        for notice in notices.values()
        if notice.result_released is not None
    }


JOB = Job(
    name="post_digest",
    does="Posts the week's letter to the common channel, where there is something new.",
    wakes=Weekdays(at="08:30"),
    observe=observe,
    plan=plan,
)
