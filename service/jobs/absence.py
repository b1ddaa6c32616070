"""How long the service was away: nothing of what fell due long before it came back is sent."""

from dataclasses import replace
from datetime import datetime, timedelta

from service.domain.reminder import next_open
from service.workplace import Workplace

_KEY, _BACK = "present/posts", "back"
_AN_HOUR = timedelta(hours=1)


async def posts_since(at: Workplace) -> datetime:
    """
    Return the moment before which nothing that fell due is sent, and note that we are here.

    It lies a setting's time before the first run, or before the first one after a pause that
    was longer than that. Nights and weekends are no pause: nobody would be posted to.
    """
    now = at.clock.now()
    here, first = await at.ledger.claim(_KEY, job="posts", now=now)
    back = now if first else datetime.fromisoformat(str(here.baseline[_BACK]))
    next_look = here.updated + max(at.rules.looks_every, _AN_HOUR)
    expected = next_open(next_look, at.network, at.rules.reminders.limits)
    if now - expected > at.rules.oldest_post:
        back = now
    await at.ledger.keep(replace(here, baseline={_BACK: back.isoformat()}, updated=now))
    return back - at.rules.oldest_post
