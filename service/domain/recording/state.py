"""How the recordings of a meeting stand: what they are called, what waits, until when."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from service.domain.meeting import Meeting, Status
from service.domain.names import safe_name
from service.domain.recording.takes import Take

SECOND_PART = timedelta(days=2)
"""So long after one was seen, a further part of the same meeting is looked for."""
AT_RISK = timedelta(days=14)
_NAME = 140


def recording_name(meeting: Meeting, label: str, extension: str) -> str:
    """`2023-02-01 Nya strategiska roller (inspelning, del 2).mp4`: date, title, what it is."""
    ending = f" ({label}).{extension}"
    return safe_name(f"{meeting.first_day} {meeting.title}", _NAME - len(ending)) + ending


class Reason(StrEnum):
    """Why a recording is not filed, where that is not a matter of hours."""

    BLOCKED = "blocked"
    """The tenant's policy keeps it from being downloaded."""
    FAILED = "failed"
    """Filing it failed."""
    UNREAD = "unread"
    """The organiser's meetings could not be read."""
    NO_MEETING = "no_meeting"
    """Teams knows no meeting with a calendar entry behind the link."""
    NOT_EXPORTED = "not_exported"
    """Without transcription, Teams does not hand recordings out (known issue 22933)."""


@dataclass(frozen=True, kw_only=True)
class Hindrance:
    reason: Reason
    why: str = ""
    """In English, for whoever administers."""
    remedy: str = ""


@dataclass(frozen=True, kw_only=True)
class RecordingState:
    """How the recordings of a meeting stand."""

    meeting_id: str
    seen: int
    """Parts that were seen at the source."""
    filed: int
    expires: datetime | None
    """When the source deletes the first part that is not filed; the first of all, once all are."""
    hindrance: Hindrance | None = None

    @property
    def waits(self) -> bool:
        """Something was seen and is not filed."""
        return self.filed < self.seen


def state_of(
    meeting_id: str,
    takes: Sequence[Take],
    filed: Collection[str],
    hindrance: Hindrance | None = None,
) -> RecordingState:
    """`filed` holds ids of takes; a hindrance of what is all filed is none."""
    waiting = [take for take in takes if take.id not in filed]
    return RecordingState(
        meeting_id=meeting_id,
        seen=len(takes),
        filed=len(takes) - len(waiting),
        expires=min((take.expires for take in waiting or takes), default=None),
        hindrance=hindrance if waiting or not takes else None,
    )


def at_risk(
    states: Iterable[RecordingState], now: datetime, within: timedelta = AT_RISK
) -> tuple[RecordingState, ...]:
    """What was seen, is not filed and will be gone soon; the most urgent first."""
    urgent = [s for s in states if s.waits and s.expires and now < s.expires <= now + within]
    return tuple(sorted(urgent, key=lambda state: (state.expires, state.meeting_id)))


# ---------------------------------------------------------------- for how long it is looked for


def is_waited_for(
    meeting: Meeting,
    takes: Sequence[Take],
    filed: Collection[str],
    *,
    now: datetime,
    life: timedelta,
) -> bool:
    """
    From the meeting's end until everything is filed, and for two days more: there may be parts.

    Nothing is waited for once the tenant must have deleted it.
    """
    if meeting.join_url is None or meeting.status is Status.CANCELLED:
        return False
    if not meeting.end <= now < meeting.end + life:
        return False
    if not takes or any(take.id not in filed for take in takes):
        return True
    return now < max(meeting.end, *(take.seen for take in takes)) + SECOND_PART


def is_due(meeting: Meeting, looked: datetime | None, now: datetime) -> bool:
    """
    Whether to ask for this one meeting, beside asking for what its organiser has that is new.

    At once, then ever more seldom: the wait is a third of the time that has passed, so that
    thirty looks last four months.
    """
    if looked is None:
        return True
    return now - looked >= max(timedelta(hours=1), (looked - meeting.end) / 3)
