"""
What a meeting is expected to have, and what of it is missing.

By form, a training's own list before it (`[register.expected]` of the defaults); the
coordinator's word on evaluation and recording wins over both.
"""

from collections.abc import Collection
from enum import StrEnum

from service.domain.meeting import Form, Kind, Meeting, Status


class Thing(StrEnum):
    PROGRAMME = "program"
    MATERIAL = "material"
    PARTICIPANTS = "deltagare"
    EVALUATION = "utvärdering"
    RECORDING = "inspelning"


_IN_PERSON = (Thing.PROGRAMME, Thing.MATERIAL, Thing.PARTICIPANTS, Thing.EVALUATION)
_BY_FORM = {
    Form.PHYSICAL: _IN_PERSON,
    Form.HYBRID: _IN_PERSON,
    Form.DIGITAL: (Thing.MATERIAL, Thing.PARTICIPANTS),
}
_TRAINING = (Thing.MATERIAL, Thing.PARTICIPANTS, Thing.EVALUATION)


def expected(meeting: Meeting) -> tuple[Thing, ...]:
    usual = _TRAINING if meeting.kind is Kind.TRAINING else _BY_FORM[meeting.form]
    things: list[Thing] = [thing for thing in usual if thing is not Thing.EVALUATION]
    if Thing.EVALUATION in usual if meeting.expects_survey is None else meeting.expects_survey:
        things.append(Thing.EVALUATION)
    if meeting.expects_recording:
        things.append(Thing.RECORDING)
    return tuple(things)


def missing(meeting: Meeting, present: Collection[Thing]) -> tuple[str, ...]:
    """
    Name what a held meeting lacks; a meeting to come or cancelled lacks nothing.

    A day of several for which nobody has given a count is named.
    """
    if meeting.status is not Status.HELD:
        return ()
    lacking = [
        thing.value
        for thing in expected(meeting)
        if thing not in present and thing is not Thing.PARTICIPANTS
    ]
    return (*lacking, *_uncounted(meeting))


def _uncounted(meeting: Meeting) -> tuple[str, ...]:
    if meeting.participants is None:
        return (Thing.PARTICIPANTS.value,)
    if meeting.days == 1 or meeting.teams_count is not None:
        return ()
    counts = (*meeting.day_counts, *(None,) * meeting.days)[: meeting.days]
    return tuple(f"deltagare dag {day}" for day, n in enumerate(counts, start=1) if n is None)
