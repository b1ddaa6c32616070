"""How long the service was away: nothing of what fell due long before it came back is sent."""

from dataclasses import replace
from datetime import datetime, timedelta

from service.domain.reminder import next_open
from service.ports import Effect
from service.workplace import Workplace

_KEY, _BACK = "present/posts", "back"
_AN_HOUR = timedelta(hours=1)


async def posts_since(at: Workplace) -> datetime:
    """
    Return the moment before which nothing that fell due is sent, and note that we are here.

    It lies a setting's time before the first run, or before the first one after a pause that
    was longer than that. Nights and weekends are no pause: nobody would be posted to. Who only
    asks what would be done is not here: that posts nothing.
    """
    now = at.clock.now()
    back = _back((await at.ledger.effects(_KEY)).get(_KEY), now, at)
    if not at.rehearsal:
        here, _ = await at.ledger.claim(_KEY, job="posts", now=now)
        await at.ledger.keep(replace(here, baseline={_BACK: back.isoformat()}, updated=now))
    return back - at.rules.oldest_post


def _back(last: Effect | None, now: datetime, at: Workplace) -> datetime:
    if last is None or _BACK not in last.baseline:
        return now
    next_look = last.updated + max(at.rules.looks_every, _AN_HOUR)
    expected = next_open(next_look, at.network, at.rules.reminders.limits)
    if now - expected > at.rules.oldest_post:
        return now
    return datetime.fromisoformat(str(last.baseline[_BACK]))
