"""
Which state each thing of a meeting is in, as of a day.

What is expected goes by form, a training's own list before it (`[expected]` of
`config/register.toml`); the coordinator's word on evaluation and recording wins over both
(settled 39). Nothing is missed before its time.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from service.domain.gaps import (
    Cannot,
    Expiring,
    Held,
    Missing,
    NotExpected,
    NotYet,
    Reason,
    Remedy,
    Row,
    State,
    There,
    Thing,
    Waits,
)
from service.domain.meeting import Form, Kind, Meeting, Status
from service.domain.period import add_workdays
from service.domain.reminder.reading import Table, each, member, whole


@dataclass(frozen=True, kw_only=True)
class Expectations:
    """What is expected of which meeting, and from when on it is missed."""

    by_form: Mapping[Form, frozenset[Thing]]
    training: frozenset[Thing]
    grace: Mapping[Thing, int]
    """Workdays after the last day."""
    invitation_days: int
    """Calendar days before the first day on which an invitation is missed."""
    expiring_days: int
    """A recording that its source keeps for so many days at most will be lost."""
    answering_days: int
    """A survey closes so many days after the last day, unless the meeting says."""

    def of(self, meeting: Meeting) -> frozenset[Thing]:
        usual = self.training if meeting.kind is Kind.TRAINING else self.by_form[meeting.form]
        said = {
            Thing.EVALUATION: meeting.expects_survey,
            Thing.RECORDING: meeting.expects_recording,
        }
        wanted = {thing for thing, word in said.items() if word}
        refused = {thing for thing, word in said.items() if word is False}
        return (usual | wanted) - refused


def expectations_from(parsed: Mapping[str, object]) -> Expectations:
    """Read the parsed `config/register.toml`; its columns are left alone. Raises SettingsError."""
    table = Table(parsed, "register")
    expected, grace = table.table("expected"), table.table("grace")
    things, none = each(member(Thing)), tuple[Thing, ...]()
    rules = Expectations(
        by_form={form: frozenset(expected.take(form, things, none)) for form in Form},
        training=frozenset(expected.take(Kind.TRAINING, things, none)),
        grace={
            thing: grace.take(thing, whole(0, 250), 0)
            for thing in Thing
            if thing is not Thing.INVITATION
        },
        invitation_days=grace.take("invitation_days", whole(0, 366), 0),
        expiring_days=grace.take("expiring_days", whole(0, 3650), 0),
        answering_days=grace.take("answering_days", whole(0, 366), 0),
    )
    expected.close()
    grace.close()
    table.ignore("register", "library")
    table.finish()
    return rules


def row_of(
    meeting: Meeting,
    held: Held,
    rules: Expectations,
    *,
    today: date,
    holidays: Collection[date] = frozenset(),
) -> Row:
    """Judge a meeting as of a local day; of a cancelled one nothing is expected."""
    if meeting.status is Status.CANCELLED:
        return Row(meeting=meeting, states=dict.fromkeys(Thing, NotExpected()), held=held)
    judge = _Judge(meeting, held, rules, today, holidays)
    return Row(
        meeting=meeting,
        states={
            Thing.INVITATION: judge.invitation(),
            Thing.PROGRAMME: judge.files(Thing.PROGRAMME, held.programmes, Remedy.ADD_PROGRAMME),
            Thing.MATERIALS: judge.files(Thing.MATERIALS, held.materials, Remedy.ADD_MATERIALS),
            Thing.RECORDING: judge.recording(),
            Thing.CAPTIONS: judge.captions(),
            Thing.TRANSCRIPT: judge.transcript(),
            Thing.PARTICIPANTS: judge.participants(),
            Thing.EVALUATION: judge.evaluation(),
        },
        held=held,
    )


@dataclass(frozen=True)
class _Judge:
    meeting: Meeting
    held: Held
    rules: Expectations
    today: date
    holidays: Collection[date]

    def invitation(self) -> State:
        if self.meeting.status is not Status.PLANNED:
            return There()
        due = self.meeting.first_day - timedelta(days=self.rules.invitation_days)
        return Missing(remedy=Remedy.INVITE) if self.today >= due else NotYet(until=due)

    def files(self, thing: Thing, count: int, remedy: Remedy) -> State:
        return There(count=count) if count else self._absent(thing, Missing(remedy=remedy))

    def recording(self) -> State:
        known = self.held.recording
        if self.held.recordings and not known.waits:
            coming = known.expires is not None and known.expires >= self.today
            return There(count=self.held.recordings, source_until=known.expires if coming else None)
        if self.meeting.expects_recording is False:
            return NotExpected()
        if known.seen and known.expires is not None:
            left = (known.expires - self.today).days
            if left <= 0:
                return Cannot(reason=Reason.EXPIRED)
            if left <= self.rules.expiring_days:
                return Expiring(on=known.expires, days=left, reason=known.reason or self._why())
        if known.reason:
            return Cannot(reason=known.reason)
        lack = Missing(remedy=Remedy.ADD_RECORDING)
        return self._absent(Thing.RECORDING, lack, expected=known.seen or None)

    def captions(self) -> State:
        """Beside every recording that members can see: public bodies owe them that."""
        if self.held.captions:
            return There(count=self.held.captions)
        if self.held.recordings and self.held.recording.reason is Reason.TRANSCRIPTION_OFF:
            return Cannot(reason=Reason.TRANSCRIPTION_OFF)
        shown = bool(self.held.recordings) and self.meeting.publish_recording
        return self._absent(Thing.CAPTIONS, Missing(remedy=Remedy.ADD_CAPTIONS), expected=shown)

    def transcript(self) -> State:
        if self.held.transcripts:
            return There(count=self.held.transcripts)
        wanted = bool(self.held.recordings) and self.meeting.publish_transcript
        lack = Missing(remedy=Remedy.ADD_TRANSCRIPT)
        return self._absent(Thing.TRANSCRIPT, lack, expected=wanted)

    def participants(self) -> State:
        days = _uncounted(self.meeting)
        if self.meeting.participants is not None and not days:
            return There(count=self.meeting.participants)
        lack = Missing(remedy=Remedy.COUNT, days=days, reason=self.held.uncounted)
        return self._absent(Thing.PARTICIPANTS, lack)

    def evaluation(self) -> State:
        if self.held.answers:
            return There(count=self.held.answers)
        if not self.meeting.survey_link:
            return self._absent(Thing.EVALUATION, Missing(remedy=Remedy.LINK_SURVEY))
        closes = self.meeting.survey_closes or self.meeting.last_day + timedelta(
            days=self.rules.answering_days
        )
        lack = Missing(remedy=Remedy.ASK_FOR_ANSWERS)
        return self._absent(Thing.EVALUATION, lack, not_before=closes + timedelta(days=1))

    def _absent(
        self,
        thing: Thing,
        lack: Missing,
        *,
        expected: bool | None = None,
        not_before: date = date.min,
    ) -> State:
        """Something in the way is told before anything else; nothing is missed before its time."""
        if why := self._why(thing):
            return Waits(reason=why)
        if not (thing in self.rules.of(self.meeting) if expected is None else expected):
            return NotExpected()
        grace = add_workdays(self.meeting.last_day, self.rules.grace[thing], self.holidays)
        due = max(grace, not_before)
        missed = self.meeting.status is Status.HELD and self.today >= due
        return lack if missed else NotYet(until=due)

    def _why(self, thing: Thing = Thing.RECORDING) -> Reason | None:
        """What is in the way of a thing's first file."""
        return next((one.reason for one in self.held.waiting if one.thing is thing), None)


def _uncounted(meeting: Meeting) -> tuple[int, ...]:
    """Days of a meeting of several for which nobody has given a count, where others have one."""
    if meeting.days == 1 or meeting.participants is None or meeting.teams_count is not None:
        return ()
    counts = (*meeting.day_counts, *(None,) * meeting.days)[: meeting.days]
    return tuple(day for day, count in enumerate(counts, start=1) if count is None)
