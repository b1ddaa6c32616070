"""
Decide which posts of series are made now, and which of those due are not.

The coordinator has chosen the moment: neither weekday nor pause nor quiet hours move it. What
the service could not post at its time is posted late on the same day, or not at all.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from service.domain.period import at, end_of, local_day
from service.domain.post import COMMON, Button, Card, Dropped, Key, Post, Reason, Words
from service.domain.reminder.facts import Situation
from service.domain.reminder.rules import Already
from service.domain.routes import SERIES
from service.domain.series.series import Entry, Series

_NOTED = 14
"""Days: what was missed longer ago is not even mentioned."""


def plan_series(
    series: Sequence[Series], situation: Situation, already: Already, *, now: datetime, words: Words
) -> tuple[Post | Dropped, ...]:
    """
    Return the posts that are to be made now, and those due that will not be.

    Everything returned belongs in `already` from then on.
    """
    today = local_day(now, situation.network.time_zone)
    days = [today - timedelta(days=back) for back in range(_NOTED + 1)]
    decided = (
        each
        for one in series
        if situation.held.isdisjoint((SERIES, one.id))
        for day, entry in one.among(days)
        for each in _decided(_Occurrence(one, entry, day, situation), already, now, words)
    )
    return tuple(sorted(decided, key=lambda each: (each.due, each.key)))


def outlook(
    series: Sequence[Series],
    situation: Situation,
    already: Already,
    *,
    window: tuple[datetime, datetime],
    words: Words,
) -> tuple[Post, ...]:
    """Return what will be posted in a span of time."""
    start, end = window
    first, last = (local_day(moment, situation.network.time_zone) for moment in window)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    found = (
        _Occurrence(one, entry, day, situation) for one in series for day, entry in one.among(days)
    )
    posts = (
        _post(one, words)
        for one in found
        if start < one.until and one.due <= end and str(one.key) not in already
        if situation.held.isdisjoint((SERIES, one.series.id))
    )
    return tuple(sorted(posts, key=lambda post: (post.due, post.key)))


class _Occurrence:
    """An entry on one day."""

    def __init__(self, series: Series, entry: Entry, day: date, situation: Situation) -> None:
        zone = situation.network.time_zone
        self.series, self.entry, self.day, self.situation = series, entry, day, situation
        self.due, self.until = at(day, series.at, zone), end_of(day, zone)
        self.key = Key(
            network=situation.network.id,
            channel=situation.channels.get(series.channel, situation.channels[COMMON]),
            subject=series.id,
            kind=SERIES,
            occurrence=day.isoformat(),
        )


def _decided(
    one: _Occurrence, already: Already, now: datetime, words: Words
) -> Iterator[Post | Dropped]:
    if str(one.key) in already or now < one.due:
        return
    if now < one.until:
        yield _post(one, words)
    else:
        since = one.situation.since
        reason = Reason.BEFORE if since is not None and one.due < since else Reason.PASSED
        yield Dropped(
            key=str(one.key),
            kind=SERIES,
            channel=one.key.channel,
            meeting_id=None,
            due=one.due,
            reason=reason,
            text=words.say(f"words.dropped_{reason}"),
        )


def _post(one: _Occurrence, words: Words) -> Post:
    return Post(
        key=str(one.key),
        kind=SERIES,
        channel=one.key.channel,
        meeting_id=None,
        due=one.due,
        useful_until=one.until,
        card=_card(one, words),
        groups=() if one.series.channel == COMMON else (one.series.channel,),
    )


def _card(one: _Occurrence, words: Words) -> Card:
    network, entry = one.situation.network, one.entry
    group = one.series.channel
    # The button carries the key, so there is always one.
    button = Button(words.say("buttons.page"), one.situation.page)
    if entry.link:
        button = Button(words.say("buttons.read"), entry.link)
    return Card(
        language=words.language,
        label=network.name if group == COMMON else network.group(group).name,
        title=entry.title,
        when_where=words.say("series.when", name=one.series.name, date=words.day(one.day)),
        text=entry.text,
        picture=entry.picture,
        buttons=(button,),
    )
