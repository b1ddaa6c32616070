"""Posts the weekly letter: what is coming, what is new, which questions wait."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit

from service.domain.actions import Action
from service.domain.digest import DigestFacts, DigestRules, Filed, Result, plan_digest
from service.domain.meeting import Meeting
from service.domain.post import Words
from service.domain.survey import may_publish_mean
from service.effects.proving import channel_source, prove, read_channel
from service.jobs.evaluations import Evaluation, evaluations
from service.jobs.known import NOTICED, Known, Noticed, known
from service.jobs.posts import Ways, announcements, situation, told, ways_of
from service.jobs.spec import Job, Weekdays
from service.observe import SeenMessage
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
    facts = await known(at)
    messages = await at.ledger.seen(channel_source(at.common_channel), SeenMessage)
    effects, settled = await told(at)
    return Observed(
        facts=DigestFacts(
            situation=await situation(at, facts, effects),
            filed=tuple(_filed(facts)),
            results=tuple(_results(facts, await evaluations(at), await _released(at))),
            messages=tuple(messages.values()),
            internal_hosts=frozenset({urlsplit(at.places.site_url).hostname or ""}),
        ),
        rules=at.rules.digest,
        already=settled,
        words=at.texts,
        ways=ways_of(at),
    )


def plan(seen: Observed, now: datetime) -> tuple[Action, ...]:
    post = plan_digest(seen.facts, seen.rules, seen.already, now=now, words=seen.words)
    return () if post is None else announcements(post, seen.ways)


def _filed(facts: Known) -> Iterator[Filed]:
    for meeting in facts.meetings:
        for effect in facts.materials_of(meeting.id):
            yield Filed(meeting_id=meeting.id, at=effect.updated)
        recording = facts.recording_of(meeting.id)
        if recording is not None and meeting.publish_recording:
            yield Filed(meeting_id=meeting.id, at=recording.updated, recording=True)


def _results(
    facts: Known, answered: Mapping[str, Evaluation], released: Mapping[str, datetime]
) -> Iterator[Result]:
    for meeting in facts.meetings:
        evaluation = answered.get(meeting.id)
        if evaluation is None or meeting.id not in released or not _shown(meeting, evaluation):
            continue
        satisfaction, usefulness = evaluation.satisfaction, evaluation.usefulness
        if satisfaction and usefulness and satisfaction.mean and usefulness.mean:
            yield Result(
                meeting_id=meeting.id,
                at=released[meeting.id],
                satisfaction=satisfaction.mean,
                usefulness=usefulness.mean,
                answers=evaluation.n,
            )


def _shown(meeting: Meeting, evaluation: Evaluation) -> bool:
    return meeting.publish_result and may_publish_mean(evaluation.n)


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
