"""
What will be posted in the coming weeks, as far as it can be told today.

Nothing is claimed or sent: it is what the jobs see, asked about later moments. What people
have yet to do (files, answers, questions) is not in it, so that only the nearest letter is.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from service.domain.digest import plan_digest
from service.domain.period import at as local_time
from service.domain.period import local_day
from service.domain.post import Post
from service.domain.reminder import outlook
from service.domain.reminder.rules import Already
from service.domain.series import outlook as series_outlook
from service.jobs import post_digest, post_reminders, post_series
from service.workplace import Workplace

_WEEK = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class _Observed:
    reminders: post_reminders.Observed
    series: post_series.Observed
    digest: post_digest.Observed


async def coming(at: Workplace, weeks: int) -> tuple[Post, ...]:
    """Return the posts of so many weeks from now, in order of time, after a look at channels."""
    at = replace(at, rehearsal=True)
    seen = _Observed(
        reminders=await post_reminders.observe(at),
        series=await post_series.observe(at),
        digest=await post_digest.observe(at),
    )
    return _posts(seen, at.clock.now(), weeks)


async def coming_as_known(
    at: Workplace, weeks: int, *, anew: Collection[str] = ()
) -> tuple[Post, ...]:
    """
    Return the same from the ledger alone: nobody is asked, and nothing is written.

    `anew`: keys of posts to be told of although they are settled, such as those that wait.
    """
    at = replace(at, rehearsal=True)
    reminders = await post_reminders.as_known(at)
    series, digest = await post_series.as_known(at), await post_digest.as_known(at)
    seen = _Observed(
        reminders=replace(reminders, already=_without(anew, reminders.already)),
        series=replace(series, already=_without(anew, series.already)),
        digest=replace(digest, already=_without(anew, digest.already)),
    )
    return _posts(seen, at.clock.now(), weeks)


def _without(keys: Collection[str], already: Already) -> Already:
    return {key: day for key, day in already.items() if key not in keys}


def _posts(seen: _Observed, start: datetime, weeks: int) -> tuple[Post, ...]:
    end = start + weeks * _WEEK
    posts = [
        *_reminders(seen.reminders, start, end),
        *_series(seen.series, start, end),
        *_letter(seen.digest, start, min(end, start + _WEEK)),
    ]
    return tuple(sorted(posts, key=lambda post: (post.due, post.key)))


def _reminders(seen: post_reminders.Observed, start: datetime, end: datetime) -> Iterator[Post]:
    decided = outlook(
        seen.situation, seen.policy, seen.already, window=(start, end), words=seen.words
    )
    return (one for one in decided if isinstance(one, Post))


def _series(seen: post_series.Observed, start: datetime, end: datetime) -> tuple[Post, ...]:
    return series_outlook(
        seen.series, seen.situation, seen.already, window=(start, end), words=seen.words
    )


def _letter(seen: post_digest.Observed, start: datetime, end: datetime) -> Iterator[Post]:
    """The next letter, asked about at the hour of each day until there is one."""
    zone = seen.facts.situation.network.time_zone
    days = range((end - start).days + 1)
    hours = (local_time(local_day(start, zone) + timedelta(n), seen.rules.at, zone) for n in days)
    for now in (start, *hours):
        if start <= now <= end:
            post = plan_digest(seen.facts, seen.rules, seen.already, now=now, words=seen.words)
            if post is not None:
                yield post
                return
