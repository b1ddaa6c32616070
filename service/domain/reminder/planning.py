"""
Decide which posts are made now, and which of those due are not, and why.

What is due stays due until it is of no use any more, so a machine that slept catches up
once and says what it left out. A post waits, undropped, while people are not at work,
through a pause, and for a week with room if it is of use then; one whose own time falls
into a pause is dropped.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from service.domain.period import at, in_pause, iso_week, local_day, monday_of
from service.domain.post import Dropped, Key, Post, Reason, Words, parse_key
from service.domain.reminder.candidates import CORRECTIONS, Candidate, candidates
from service.domain.reminder.conditions import OfMeeting
from service.domain.reminder.facts import Situation
from service.domain.reminder.rules import Already, Limits, Policy, PostKind, Unit
from service.domain.reminder.timing import Local, local_of
from service.domain.reminder.wording import Voice, appointment_of, card_of
from service.domain.survey.publication import Published

_NOTED = timedelta(days=14)
"""What has been of no use for longer is not even mentioned: it was before our time."""

_SAY_THE_SAME = (
    (
        PostKind.REGISTRATION_LAST_DAY,
        PostKind.REGISTRATION_CLOSING,
        PostKind.REGISTRATION_OPEN,
    ),
    (PostKind.SURVEY_OPEN, PostKind.SURVEY_NUDGE),
    (PostKind.YEARLY_OPEN, PostKind.YEARLY_NUDGE),
    (PostKind.SOON, PostKind.ONE_HOUR),
)
"""Kinds of which one a day is enough; of several that are due, the first named is posted."""


def plan(
    situation: Situation, policy: Policy, already: Already, *, now: datetime, words: Words
) -> tuple[Post | Dropped, ...]:
    """
    Return the posts that are to be made now, and those due that will not be.

    Everything returned belongs in `already` from then on; what is left out is asked again.
    """
    local = local_of(situation.network, policy.limits)
    known = candidates(situation, policy, already)
    due = [one for one in known if one.ready and one.due <= now]
    decided: list[Post | Dropped] = []
    voice = Voice(words=words, limits=policy.limits, today=local_day(now, local.time_zone))
    ahead = [one for one in known if one.due > now]
    room = _Room(local, already, ahead, now, situation.since)
    for one in sorted(due, key=lambda one: (policy.limits.rank(one.kind), one.due)):
        reason = _why_not(one, due, room)
        if reason is Reason.WEEK_FULL and one.useful_until > _next_week(now, local):
            continue
        if reason is not None:
            if _is_worth_noting(one, reason, now):
                decided.append(_dropped(one, reason, words))
        elif _may_speak(one, local, now):
            room.take(one)
            decided.append(_post(one, situation, voice))
    return tuple(sorted(decided, key=lambda one: (one.due, one.key)))


def outlook(
    situation: Situation,
    policy: Policy,
    already: Already,
    *,
    window: tuple[datetime, datetime],
    words: Words,
) -> tuple[Post | Dropped, ...]:
    """Return what would be decided in a span of time if nothing changed until its end."""
    start, end = window
    settled, decided = dict(already), list[Post | Dropped]()
    moments = {one.due for one in candidates(situation, policy, already) if start < one.due <= end}
    # What waits for a week with room goes out in a morning.
    local, days = local_of(situation.network, policy.limits), (end - start).days
    mornings = {local.next_open(start + timedelta(days=day)) for day in range(days + 1)}
    for moment in sorted({start, *moments, *(one for one in mornings if one <= end)}):
        for one in plan(situation, policy, settled, now=moment, words=words):
            posted = local_day(moment, situation.network.time_zone)
            settled[one.key] = posted if isinstance(one, Post) else None
            decided.append(one)
    return tuple(decided)


def _next_week(now: datetime, local: Local) -> datetime:
    """Return when people are at work again after this week's end."""
    today = local_day(now, local.time_zone)
    return local.next_open(at(monday_of(today) + timedelta(weeks=1), "00:00", local.time_zone))


def _is_worth_noting(one: Candidate, reason: Reason, now: datetime) -> bool:
    over = {Reason.PASSED: one.useful_until, Reason.BEFORE: one.due}.get(reason, now)
    return now - over < _NOTED


def _may_speak(one: Candidate, local: Local, now: datetime) -> bool:
    """What has become possible at night, at a weekend or in a pause waits, if it can."""
    if one.kind in CORRECTIONS and isinstance(one.subject, OfMeeting):
        return local.open_at(now) or local.too_close(local.next_open(now), one.subject.meeting)
    if one.rule.offset.unit is Unit.MINUTES:
        return not local.limits.quiet.cover(now, local.time_zone)
    return local.open_at(now) and not in_pause(local_day(now, local.time_zone), local.limits.pauses)


def _why_not(one: Candidate, due: Sequence[Candidate], room: "_Room") -> Reason | None:
    if one.useful_until <= max(room.now, one.due):
        return Reason.PASSED
    if one.kind in room.limits.uncapped:
        # What members were told and is wrong by now is put right, however long that took.
        return None
    if room.since is not None and one.due < room.since:
        return Reason.BEFORE
    if in_pause(local_day(one.due, room.local.time_zone), room.limits.pauses):
        return Reason.PAUSE
    if _said_today(one, due, room):
        return Reason.SAME_DAY
    return room.lacking(one)


def _said_today(one: Candidate, due: Sequence[Candidate], room: "_Room") -> bool:
    """Tell whether the same is said, or was, today by another kind about the same."""
    for family in _SAY_THE_SAME:
        if one.kind not in family:
            continue
        before = family[: family.index(one.kind)]
        return any(
            other.kind in before
            and other.key.subject == one.key.subject
            and other.useful_until > room.now
            for other in due
        ) or any(
            posted.key.kind in family
            and posted.key.subject == one.key.subject
            and posted.day == room.today
            for posted in room.posted
        )
    return False


# ---------------------------------------------------------------- caps


@dataclass(frozen=True)
class _Posted:
    key: Key
    day: date


class _Room:
    """
    How many posts a meeting and a channel's week still have room for.

    Room is kept for posts that matter more and are still to come: otherwise the early
    ones, which matter least, would use it up.
    """

    def __init__(
        self,
        local: Local,
        already: Already,
        ahead: Sequence[Candidate],
        now: datetime,
        since: datetime | None,
    ) -> None:
        self.limits = local.limits
        self.since = since
        self.local = local
        self.now = now
        self.today = local_day(now, local.time_zone)
        self.posted = list(_capped(already, local.limits))
        self._ahead = [one for one in ahead if one.expected and self._will_come(one)]

    def take(self, one: Candidate) -> None:
        if one.kind not in self.limits.uncapped:
            self.posted.append(_Posted(one.key, self.today))

    def lacking(self, one: Candidate) -> Reason | None:
        """Return which cap leaves no room for the post, if any does."""
        first = [
            other
            for other in self._ahead
            if self.limits.rank(other.kind) < self.limits.rank(one.kind)
        ]
        if isinstance(one.subject, OfMeeting):
            count = sum(posted.key.subject == one.key.subject for posted in self.posted)
            count += sum(other.key.subject == one.key.subject for other in first)
            if count >= self.limits.max_per_meeting:
                return Reason.MEETING_FULL
        if self._of_this_week(one.key.channel, first) >= self.limits.max_per_channel_week:
            return Reason.WEEK_FULL
        return None

    def _of_this_week(self, channel: str, ahead: Sequence[Candidate]) -> int:
        week = iso_week(self.today)
        posted = sum(
            one.key.channel == channel and iso_week(one.day) == week for one in self.posted
        )
        return posted + sum(
            one.key.channel == channel and iso_week(self._day(one)) == week for one in ahead
        )

    def _will_come(self, one: Candidate) -> bool:
        return (
            one.due < one.useful_until
            and one.kind not in self.limits.uncapped
            and not in_pause(self._day(one), self.limits.pauses)
        )

    def _day(self, one: Candidate) -> date:
        return local_day(one.due, self.local.time_zone)


def _capped(already: Already, limits: Limits) -> Iterator[_Posted]:
    """Yield the reminders that were posted; digests, series and corrections do not count."""
    kinds = frozenset(PostKind) - limits.uncapped
    for text, day in already.items():
        key = parse_key(text)
        if key is not None and day is not None and key.kind in kinds:
            yield _Posted(key, day)


# ---------------------------------------------------------------- results


def _post(one: Candidate, situation: Situation, voice: Voice) -> Post:
    return Post(
        key=str(one.key),
        kind=one.kind,
        channel=one.key.channel,
        meeting_id=one.meeting_id,
        due=one.due,
        useful_until=one.useful_until,
        card=card_of(one, situation, voice),
        groups=one.subject.meeting.groups if isinstance(one.subject, OfMeeting) else (),
        appointment=appointment_of(one),
        once=one.once,
        publishes=_publishes(one),
    )


def _publishes(one: Candidate) -> tuple[tuple[str, Published], ...]:
    if one.kind is not PostKind.SURVEY_RESULT or not isinstance(one.subject, OfMeeting):
        return ()
    return tuple((one.subject.meeting.id, each) for each in one.subject.facts.result)


def _dropped(one: Candidate, reason: Reason, words: Words) -> Dropped:
    return Dropped(
        key=str(one.key),
        kind=one.kind,
        channel=one.key.channel,
        meeting_id=one.meeting_id,
        due=one.due,
        reason=reason,
        text=words.say(f"words.dropped_{reason}"),
    )
