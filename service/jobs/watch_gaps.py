"""
Tells coordinators what needs them: on Fridays everything in one card, at once what will be lost,
and the result of each evaluation when it has closed.

It wakes through the working day and asks the ledger what is due, so that a card that was
refused, or never came, is sent again while it is still useful.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter

from service.domain.actions import Action, Announce
from service.domain.gaps import Thing
from service.domain.notice import (
    NEWS_FOR,
    RESULT,
    SUMMARY,
    Filed,
    Links,
    Notice,
    NoticeFacts,
    NoticeRules,
    Told,
    is_summary_due,
    lapses_soon,
    plan_notices,
)
from service.domain.period import local_day
from service.domain.post import COORDINATORS, Words, parse_key
from service.effects.proving import prove
from service.jobs.evaluated import evaluated
from service.jobs.known import Known, known
from service.jobs.overview import overview, recordings_wait, thing_of
from service.jobs.posts import Ways, announcements, told_to_coordinators, ways_of
from service.jobs.said import said
from service.jobs.spec import Job, WorkdayPoll
from service.jobs.upkeep import awaiting, doubtful, refusals
from service.ports import Effect, Status
from service.workplace import Workplace

SAYS, UNTIL = "says", "until"
"""In the baseline of a summary: ids of what it told of, and what was filed until when."""


@dataclass(frozen=True, kw_only=True)
class Observed:
    facts: NoticeFacts | None
    """None: coordinators have no channel, or there can be nothing to tell now."""
    rules: NoticeRules
    already: Mapping[str, date | None]
    words: Words
    ways: Ways


async def observe(at: Workplace) -> Observed:
    await at.stay_signed_in()
    facts, settled = None, dict[str, date | None]()
    if at.coordinators_outlets:
        await prove(at)
        effects, settled = await told_to_coordinators(at)
        now = at.clock.now()
        is_time = is_summary_due(at.rules.notices, at.network, now) or _lapses(at, now)
        if is_time or await recordings_wait(at) or await _results_wait(at, settled):
            facts = await _facts(at, effects, settled)
    return Observed(
        facts=facts,
        rules=at.rules.notices,
        already=settled,
        words=at.texts,
        ways=ways_of(at),
    )


def plan(seen: Observed, now: datetime) -> tuple[Action, ...]:
    if seen.facts is None:
        return ()
    notices = plan_notices(seen.facts, seen.rules, seen.already, now=now, words=seen.words)
    return tuple(one for notice in notices for one in _announced(notice, now, seen.ways))


def _announced(notice: Notice, now: datetime, ways: Ways) -> tuple[Announce, ...]:
    told = {SAYS: "\n".join(sorted(notice.says)), UNTIL: now.isoformat()}
    return announcements(notice.post, ways, told=told)


# ---------------------------------------------------------------- reading


def _lapses(at: Workplace, now: datetime) -> bool:
    today = local_day(now, at.network.time_zone)
    return any(lapses_soon(one, at.rules.notices, at.network, today) for one in at.credentials())


async def _results_wait(at: Workplace, settled: Mapping[str, date | None]) -> bool:
    """Tell whether an evaluation has closed of which coordinators have no card yet."""
    keys = (parse_key(key) for key in settled)
    told, now = {key.subject for key in keys if key and key.kind == RESULT}, at.clock.now()
    return any(
        one.n and one.meeting.id not in told and one.closes <= now < one.closes + NEWS_FOR
        for one in await evaluated(at, await known(at))
    )


async def _facts(
    at: Workplace, effects: Mapping[str, Effect], settled: Mapping[str, date | None]
) -> NoticeFacts:
    facts = await known(at)
    now = await overview(at, facts)
    folders = await at.ledger.effects("folder/documentation/")
    posts = await said(at)
    return NoticeFacts(
        network=at.network,
        channel=at.places.channels[COORDINATORS],
        links=Links(
            register=at.places.register_url,
            inbox=now.inbox_url if now.unplaced else "",
            folders={
                key.removeprefix("folder/documentation/"): str(effect.baseline.get("web_url", ""))
                for key, effect in folders.items()
            },
        ),
        rows=now.rows,
        unplaced=now.unplaced,
        forms=now.surveys.asked,
        form_notes=now.surveys.notes,
        silence=now.surveys.silence,
        removed=now.removed,
        planned=now.planned,
        filed=tuple(_filed(facts)),
        credentials=at.credentials(),
        awaiting=awaiting(posts),
        doubtful=doubtful(posts),
        refusals=refusals(posts),
        evaluated=await evaluated(at, facts),
        told=_summaries(effects, settled),
    )


def _filed(facts: Known) -> Iterator[Filed]:
    """Captions and transcripts go without saying: they come with their recording."""
    shown = {Thing.PROGRAMME: False, Thing.MATERIALS: False, Thing.RECORDING: True}
    for meeting in facts.meetings:
        for effect in facts.files_of(meeting.id):
            thing = thing_of(effect)
            if thing in shown:
                yield Filed(meeting=meeting, at=effect.updated, recording=shown[thing])


def _summaries(
    effects: Mapping[str, Effect], settled: Mapping[str, date | None]
) -> tuple[Told, ...]:
    """The summaries that coordinators have or may still get, in turn."""
    found = [
        Told(
            at=datetime.fromisoformat(str(effect.baseline[UNTIL])),
            says=frozenset(str(effect.baseline[SAYS]).split("\n")) - {""},
        )
        for key, effect in effects.items()
        if (parsed := parse_key(key)) is not None
        and parsed.kind == SUMMARY
        and settled.get(key) is not None
        and effect.status is not Status.DROPPED
        and UNTIL in effect.baseline
    ]
    return tuple(sorted(found, key=attrgetter("at")))


JOB = Job(
    name="watch_gaps",
    does="Tells coordinators on Fridays what was filed and what is missing, at once what will "
    "be lost, and the result of each evaluation that has closed.",
    wakes=WorkdayPoll(setting="reminders"),
    observe=observe,
    plan=plan,
)
