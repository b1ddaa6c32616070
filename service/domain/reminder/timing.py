"""When a rule's post is due, and until when it is of use."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from service.domain.meeting import Meeting
from service.domain.network import Network
from service.domain.period import (
    add_workdays,
    at,
    end_of,
    in_pause,
    is_workday,
    local_day,
    workday_on_or_after,
    workday_on_or_before,
)
from service.domain.reminder.facts import MeetingFacts, PlanFacts, YearlyFacts
from service.domain.reminder.rules import Anchor, Limits, PostKind, Rule, Unit
from service.domain.survey.closing import closing_day

_TOO_CLOSE = timedelta(hours=2)
"""A correction that would come closer to the meeting than this does not wait for the morning."""

_DAY = timedelta(days=1)
_YEAR = 366


@dataclass(frozen=True, kw_only=True)
class Anchored:
    """An anchor's local day, and its moment (midnight where it is a day only)."""

    day: date
    moment: datetime


@dataclass(frozen=True, kw_only=True)
class Local:
    """What a place's calendar and clocks are."""

    time_zone: str
    holidays: Collection[date]
    limits: Limits
    open_for: timedelta
    """After a meeting, its evaluation."""

    def open_at(self, moment: datetime) -> bool:
        """Tell whether people are at work: a workday, outside quiet hours."""
        return is_workday(
            local_day(moment, self.time_zone), self.holidays
        ) and not self.limits.quiet.cover(moment, self.time_zone)

    def next_open(self, moment: datetime) -> datetime:
        """Return the moment itself if people are at work, else when they next are."""
        if self.open_at(moment):
            return moment
        later = self.limits.quiet.over_after(moment, self.time_zone)
        day = local_day(later, self.time_zone)
        workday = workday_on_or_after(day, self.holidays)
        return later if workday == day else self.limits.quiet.opens_on(workday, self.time_zone)

    def too_close(self, moment: datetime, meeting: Meeting) -> bool:
        return moment > meeting.start - _TOO_CLOSE


def local_of(network: Network, limits: Limits) -> Local:
    return Local(
        time_zone=network.time_zone,
        holidays=network.holidays,
        limits=limits,
        open_for=network.survey.open_for,
    )


def next_open(moment: datetime, network: Network, limits: Limits) -> datetime:
    """Return the moment itself if people are at work, else when they next are."""
    return local_of(network, limits).next_open(moment)


# ---------------------------------------------------------------- anchors


def meeting_anchor(
    anchor: Anchor, meeting: Meeting, facts: MeetingFacts, local: Local
) -> Anchored | None:
    """Return where the anchor of a meeting lies; None where it has none."""
    if anchor is Anchor.START:
        return Anchored(day=meeting.first_day, moment=meeting.start)
    if anchor is Anchor.END:
        return Anchored(day=meeting.last_day, moment=meeting.end)
    days = {
        Anchor.DEADLINE: meeting.register_by,
        Anchor.QUESTIONS_BY: meeting.questions_by,
        Anchor.SURVEY_CLOSES: closing_day(meeting, local.open_for),
    }
    moments = {
        Anchor.REGISTRATION_LINK_SET: facts.registration_seen,
        Anchor.CHANGED: facts.previous.seen if facts.previous else None,
        Anchor.CANCELLED: facts.cancelled_seen,
    }
    return _anchored(days.get(anchor), moments.get(anchor), local)


def yearly_anchor(anchor: Anchor, yearly: YearlyFacts, local: Local) -> Anchored | None:
    days = {Anchor.YEARLY_OPENS: yearly.opens, Anchor.YEARLY_CLOSES: yearly.closes}
    return _anchored(days.get(anchor), None, local)


def plan_anchor(anchor: Anchor, plan: PlanFacts, local: Local) -> Anchored | None:
    """A plan that is published at Christmas is news when people are back, and not dropped."""
    if anchor is not Anchor.PLAN_PUBLISHED:
        return None
    seen = local_day(plan.published, local.time_zone)
    days = (seen + number * _DAY for number in range(_YEAR))
    day = next((day for day in days if not in_pause(day, local.limits.pauses)), seen)
    if day == seen:
        return _anchored(None, plan.published, local)
    return _anchored(day, None, local)


def _anchored(day: date | None, moment: datetime | None, local: Local) -> Anchored | None:
    if moment is not None:
        return Anchored(day=local_day(moment, local.time_zone), moment=moment)
    if day is not None:
        return Anchored(day=day, moment=at(day, "00:00", local.time_zone))
    return None


# ---------------------------------------------------------------- due


def due_at(rule: Rule, anchor: Anchored, local: Local) -> datetime:
    """Return when the rule's post is due, quiet hours and workdays considered."""
    if rule.offset.unit is Unit.MINUTES:
        moment = anchor.moment + timedelta(minutes=rule.offset.count)
        if rule.leads_up:  # an hour before a meeting on a Saturday is an hour before it
            return local.limits.quiet.over_after(moment, local.time_zone)
        return local.next_open(moment)
    day = _due_day(rule, anchor.day, local)
    moment = at(day, rule.at, local.time_zone)
    if not rule.leads_up:
        moment = max(moment, anchor.moment)  # a survey at 15:30, or at the end if that is later
    return local.next_open(moment)


def _due_day(rule: Rule, anchor: date, local: Local) -> date:
    if rule.offset.unit is Unit.WORKDAYS:
        day = add_workdays(anchor, rule.offset.count, local.holidays)
    else:
        day = anchor + rule.offset.count * _DAY
    nearest = workday_on_or_before if rule.leads_up else workday_on_or_after
    return nearest(day, local.holidays)


def correction_due(rule: Rule, anchor: Anchored, meeting: Meeting, local: Local) -> datetime:
    """Return when a correction is due: it waits for the morning only if that is in good time."""
    soonest = anchor.moment + timedelta(minutes=rule.offset.count)
    waited = due_at(rule, anchor, local)
    return soonest if local.too_close(waited, meeting) else waited


# ---------------------------------------------------------------- of use


def meeting_useful_until(kind: PostKind, meeting: Meeting, due: datetime, local: Local) -> datetime:
    """Return when a post about a meeting has nothing to say any more."""
    match kind:
        case PostKind.SOON | PostKind.ONE_HOUR | PostKind.MOVED:
            return meeting.start
        case PostKind.CANCELLED:
            return meeting.end
        case PostKind.SURVEY_OPEN | PostKind.SURVEY_NUDGE:
            return end_of(closing_day(meeting, local.open_for), local.time_zone)
        case PostKind.QUESTIONS:
            return _end_or(meeting.questions_by, meeting.start, local)
        case (
            PostKind.REGISTRATION_OPEN
            | PostKind.REGISTRATION_CLOSING
            | PostKind.REGISTRATION_LAST_DAY
        ):
            return _end_or(meeting.register_by, meeting.start, local)
        case _:
            return due + local.limits.keeps_days * _DAY


def _end_or(day: date | None, limit: datetime, local: Local) -> datetime:
    return limit if day is None else min(limit, end_of(day, local.time_zone))
