"""Posts the reminders that are due: the right thing, at the right local hour, once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from service.domain.actions import Action, Forgo
from service.domain.post import Dropped, Words
from service.domain.reminder import Policy, PostKind, Situation
from service.domain.reminder import plan as due_posts
from service.effects.proving import prove
from service.jobs.known import known
from service.jobs.posts import Ways, about, told, ways_of
from service.jobs.situation import situation
from service.jobs.spec import Job, WorkdayPoll
from service.workplace import Workplace


@dataclass(frozen=True, kw_only=True)
class Observed:
    situation: Situation
    policy: Policy
    already: Mapping[str, date | None]
    words: Words
    ways: Ways


async def observe(at: Workplace) -> Observed:
    await prove(at)
    return await as_known(at)


async def as_known(at: Workplace) -> Observed:
    """What the ledger tells by itself."""
    facts = await known(at)
    effects, settled = await told(at)
    return Observed(
        situation=await situation(at, facts, effects),
        policy=at.rules.reminders.without(_off(at)),
        already=settled,
        words=at.texts,
        ways=ways_of(at),
    )


def _off(at: Workplace) -> frozenset[PostKind]:
    return frozenset(kind for kind in PostKind if kind in at.rules.routes.off)


def plan(seen: Observed, now: datetime) -> tuple[Action, ...]:
    meetings = {meeting.id: meeting for meeting in seen.situation.meetings}
    decided = due_posts(seen.situation, seen.policy, seen.already, now=now, words=seen.words)
    actions = list[Action]()
    for each in decided:
        if isinstance(each, Dropped):
            actions.append(Forgo(key=each.key, why=each.text))
        else:
            actions += about(each, meetings.get(each.meeting_id or ""), seen.ways)
    return tuple(actions)


JOB = Job(
    name="post_reminders",
    does="Posts the reminders that are due, and follows up those not yet seen in the channel.",
    wakes=WorkdayPoll(setting="reminders"),
    observe=observe,
    plan=plan,
)
