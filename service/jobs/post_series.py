"""Posts what stands in the network's series, on its day at its local time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from service.domain.actions import Action, Forgo
from service.domain.post import Dropped, Words
from service.domain.reminder import Situation
from service.domain.routes import SERIES
from service.domain.series import Series, plan_series
from service.effects.approving import held
from service.effects.proving import prove
from service.jobs.absence import posts_since
from service.jobs.posts import Ways, announcements, told, ways_of
from service.jobs.spec import ClockPoll, Job
from service.workplace import Workplace


@dataclass(frozen=True, kw_only=True)
class Observed:
    series: tuple[Series, ...]
    situation: Situation
    already: Mapping[str, date | None]
    words: Words
    ways: Ways


async def observe(at: Workplace) -> Observed:
    await prove(at)
    return await as_known(at)


async def as_known(at: Workplace) -> Observed:
    """What the ledger tells by itself."""
    _, settled = await told(at)
    return Observed(
        series=() if SERIES in at.rules.routes.off else at.series,
        situation=Situation(
            network=at.network,
            page=at.places.site_url,
            channels=dict(at.places.channels),
            since=await posts_since(at),
            held=frozenset(await held(at)),
        ),
        already=settled,
        words=at.texts,
        ways=ways_of(at),
    )


def plan(seen: Observed, now: datetime) -> tuple[Action, ...]:
    decided = plan_series(seen.series, seen.situation, seen.already, now=now, words=seen.words)
    actions = list[Action]()
    for each in decided:
        if isinstance(each, Dropped):
            actions.append(Forgo(key=each.key, why=each.text))
        else:
            actions += announcements(each, seen.ways)
    return tuple(actions)


JOB = Job(
    name="post_series",
    does="Posts what stands in the network's series, such as a calendar of climate tips.",
    wakes=ClockPoll(setting="reminders"),
    observe=observe,
    plan=plan,
    wanted=lambda at: bool(at.series),
)
