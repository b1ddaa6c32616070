"""Which conditions of a rule hold for a meeting, and which can be counted on to hold."""

from dataclasses import dataclass
from datetime import date
from typing import assert_never

from service.domain.meeting import Form, Kind, Meeting, Status
from service.domain.post import is_https
from service.domain.reminder.facts import MeetingFacts
from service.domain.reminder.rules import Condition, Limits, PostKind


@dataclass(frozen=True, kw_only=True)
class OfMeeting:
    """A meeting with what is known about it."""

    meeting: Meeting
    facts: MeetingFacts
    told: bool = False
    """Something has been posted about it."""

    @property
    def survey_link(self) -> str:
        return self.facts.links.survey or self.meeting.answer_link

    @property
    def registration_link(self) -> str:
        return self.facts.links.registration or self.meeting.registration_link

    @property
    def join_url(self) -> str:
        return self.facts.links.join or self.meeting.join_url or ""


def speaks_of(kind: PostKind, subject: OfMeeting) -> bool:
    """Tell whether there can be a post of the kind about the meeting as it stands."""
    meeting = subject.meeting
    if meeting.hold or meeting.status is Status.PLANNED or not meeting.groups:
        return False
    if (meeting.status is Status.CANCELLED) != (kind is PostKind.CANCELLED):
        return False
    if kind is PostKind.MOVED:
        return _has_moved(subject)
    if kind is PostKind.SURVEY_NUDGE:
        return meeting.expects_survey is not False
    return True


def _has_moved(subject: OfMeeting) -> bool:
    meeting, before = subject.meeting, subject.facts.previous
    return before is not None and (
        (before.start, before.end, before.place) != (meeting.start, meeting.end, meeting.place)
    )


def can_say(kind: PostKind, subject: OfMeeting) -> bool:
    """Tell whether all that a post of the kind names is known, whatever its rule asks for."""
    meeting, facts = subject.meeting, subject.facts
    match kind:
        case (
            PostKind.REGISTRATION_OPEN
            | PostKind.REGISTRATION_CLOSING
            | PostKind.REGISTRATION_LAST_DAY
        ):
            return meeting.register_by is not None
        case PostKind.QUESTIONS:
            return meeting.questions_by is not None
        case PostKind.SURVEY_RESULT:
            return bool(facts.result)
        case _:
            return True


def holds(condition: Condition, subject: OfMeeting, due: date, limits: Limits) -> bool:
    meeting, facts = subject.meeting, subject.facts
    match condition:
        case Condition.DEADLINE_FAR:
            return meeting.register_by is not None and (
                (meeting.register_by - due).days >= limits.deadline_far_days
            )
        case Condition.IN_PERSON_OR_TERMS:
            return meeting.form is not Form.DIGITAL or bool(meeting.terms)
        case Condition.PUBLISHED:
            return facts.materials > 0 or facts.recording
        case Condition.SURVEY_LINK:
            return is_https(subject.survey_link)
        case Condition.FEW_ANSWERS:
            return _few(subject, limits)
        case Condition.RESULT_RELEASED:
            return meeting.publish_result and bool(facts.result)
        case Condition.TOLD_BEFORE:
            return subject.told or meeting.event_id is not None
        case _:
            assert_never(condition)


def _few(subject: OfMeeting, limits: Limits) -> bool:
    """Without a count of participants nobody knows what few would be: no nudge then."""
    largest = subject.meeting.largest_day
    return largest is not None and (
        subject.facts.answers * 100 < limits.few_answers_percent * largest
    )


def counted_on(condition: Condition, subject: OfMeeting, due: date, limits: Limits) -> bool:
    """
    Tell whether a condition will probably hold when the post is due.

    Room under the caps is kept for such posts, where they matter more.
    """
    match condition:
        case Condition.PUBLISHED:
            return True
        case Condition.SURVEY_LINK:
            return is_https(subject.survey_link) or _expects_survey(subject.meeting)
        case Condition.FEW_ANSWERS:
            return False
        case Condition.RESULT_RELEASED:
            return subject.meeting.publish_result
        case _:
            return holds(condition, subject, due, limits)


def _expects_survey(meeting: Meeting) -> bool:
    if meeting.expects_survey is not None:
        return meeting.expects_survey
    return meeting.form is not Form.DIGITAL or meeting.kind is Kind.TRAINING
