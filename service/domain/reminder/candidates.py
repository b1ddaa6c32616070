"""What the rules make of what is known: every post that there could be, with its time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from service.domain.period import end_of, local_day
from service.domain.post import COMMON, Key, parse_key
from service.domain.reminder.conditions import OfMeeting, can_say, counted_on, holds, speaks_of
from service.domain.reminder.facts import MeetingFacts, PlanFacts, Situation, YearlyFacts
from service.domain.reminder.rules import Already, Audience, Policy, PostKind, Rule
from service.domain.reminder.timing import (
    Anchored,
    Local,
    correction_due,
    due_at,
    local_of,
    meeting_anchor,
    meeting_useful_until,
    plan_anchor,
    yearly_anchor,
)

_ONCE = "1"
"""Occurrence of what is said once of a meeting or year, whatever else changes."""

CORRECTIONS = frozenset({PostKind.MOVED, PostKind.CANCELLED})

Subject = OfMeeting | YearlyFacts | PlanFacts


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A post that a rule makes of a subject; whether it is made is decided elsewhere."""

    rule: Rule
    subject: Subject
    key: Key
    due: datetime
    useful_until: datetime
    ready: bool = True
    """Its conditions hold now."""
    expected: bool = True
    """They hold, or can be counted on to hold when it is due."""

    @property
    def kind(self) -> PostKind:
        return self.rule.kind

    @property
    def meeting_id(self) -> str | None:
        return self.subject.meeting.id if isinstance(self.subject, OfMeeting) else None

    @property
    def once(self) -> bool:
        return self.key.occurrence == _ONCE


def candidates(situation: Situation, policy: Policy, already: Already) -> tuple[Candidate, ...]:
    """Return every post that the rules could make, past and coming, settled ones left out."""
    local = local_of(situation.network, policy.limits)
    subjects = _subjects(situation, already)
    found = (
        _candidate(rule, subject, situation, local)
        for rule in policy.rules
        if rule.enabled and rule.kind not in situation.held
        for subject in subjects
    )
    return tuple(one for one in found if one is not None and str(one.key) not in already)


def _subjects(situation: Situation, already: Already) -> tuple[Subject, ...]:
    posted = (parse_key(key) for key, day in already.items() if day is not None)
    told = {key.subject for key in posted if key is not None}
    meetings = (
        OfMeeting(
            meeting=meeting,
            facts=situation.facts.get(meeting.id, MeetingFacts()),
            told=meeting.id in told,
        )
        for meeting in situation.meetings
        if meeting.id not in situation.held
    )
    yearly = () if situation.yearly is None else (situation.yearly,)
    return (*meetings, *yearly, *situation.plans)


def _candidate(
    rule: Rule, subject: Subject, situation: Situation, local: Local
) -> Candidate | None:
    if isinstance(subject, OfMeeting):
        return _of_meeting(rule, subject, situation, local)
    return _of_year(rule, subject, situation, local)


def _of_meeting(
    rule: Rule, subject: OfMeeting, situation: Situation, local: Local
) -> Candidate | None:
    anchor = meeting_anchor(rule.anchor, subject.meeting, subject.facts, local)
    if anchor is None or not speaks_of(rule.kind, subject):
        return None
    if rule.kind in CORRECTIONS:
        due = correction_due(rule, anchor, subject.meeting, local)
    else:
        due = due_at(rule, anchor, local)
    day = local_day(due, local.time_zone)
    return Candidate(
        rule=rule,
        subject=subject,
        key=_key(rule, subject, situation, _occurrence(rule.kind, anchor)),
        due=due,
        useful_until=meeting_useful_until(rule.kind, subject.meeting, due, local),
        ready=can_say(rule.kind, subject)
        and all(holds(one, subject, day, local.limits) for one in rule.conditions),
        expected=all(counted_on(one, subject, day, local.limits) for one in rule.conditions),
    )


def _of_year(
    rule: Rule, subject: YearlyFacts | PlanFacts, situation: Situation, local: Local
) -> Candidate | None:
    if isinstance(subject, YearlyFacts):
        anchor = yearly_anchor(rule.anchor, subject, local)
    else:
        anchor = plan_anchor(rule.anchor, subject, local)
    if anchor is None:
        return None
    due = due_at(rule, anchor, local)
    if isinstance(subject, YearlyFacts):
        until = end_of(subject.closes, local.time_zone)
    else:
        until = due + timedelta(days=local.limits.keeps_days)
    key = _key(rule, subject, situation, _ONCE)
    return Candidate(rule=rule, subject=subject, key=key, due=due, useful_until=until)


def _key(rule: Rule, subject: Subject, situation: Situation, occurrence: str) -> Key:
    channel = situation.channels[COMMON]
    if isinstance(subject, OfMeeting):
        about = subject.meeting.id
        if rule.audience is Audience.GROUP:
            channel = situation.channel_of(subject.meeting)
    else:
        about = str(subject.year)
    return Key(
        network=situation.network.id,
        channel=channel,
        subject=about,
        kind=rule.kind,
        occurrence=occurrence,
    )


def _occurrence(kind: PostKind, anchor: Anchored) -> str:
    """
    Name the occurrence by what is said, so that the same is never said twice.

    A date that is moved makes the reminder of it worth saying again.
    """
    match kind:
        case PostKind.MOVED | PostKind.CANCELLED:
            return f"{anchor.moment:%Y%m%dT%H%MZ}"
        case (
            PostKind.REGISTRATION_CLOSING
            | PostKind.REGISTRATION_LAST_DAY
            | PostKind.QUESTIONS
            | PostKind.SOON
            | PostKind.ONE_HOUR
        ):
            return anchor.day.isoformat()
        case _:
            return _ONCE
