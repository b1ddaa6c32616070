"""
What will be posted in the coming weeks, as far as it can be told today.

Nothing is claimed or sent: it is what the jobs see, asked about later moments. What people
have yet to do (files, answers, questions) is not in it, so that only the nearest letter is.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from service.domain.digest import plan_digest
from service.domain.period import at as local_time
from service.domain.period import local_day
from service.domain.post import Post
from service.domain.reminder import outlook
from service.domain.series import outlook as series_outlook
from service.jobs import post_digest, post_reminders, post_series
from service.workplace import Workplace

_WEEK = timedelta(days=7)


async def coming(at: Workplace, weeks: int) -> tuple[Post, ...]:
    """Return the posts of so many weeks from now, in order of time."""
    at, start = replace(at, rehearsal=True), at.clock.now()
    end = start + weeks * _WEEK
    posts = [
        *_reminders(await post_reminders.observe(at), start, end),
        *_series(await post_series.observe(at), start, end),
        *_letter(await post_digest.observe(at), start, min(end, start + _WEEK)),
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
