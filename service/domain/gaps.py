"""What a meeting has and lacks: for every thing that belongs to it one state of a closed set."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from service.domain.meeting import Meeting


class Thing(StrEnum):
    """In the order in which people are told of them."""

    INVITATION = "invitation"
    PROGRAMME = "programme"
    MATERIALS = "materials"
    RECORDING = "recording"
    CAPTIONS = "captions"
    TRANSCRIPT = "transcript"
    PARTICIPANTS = "participants"
    EVALUATION = "evaluation"


class Remedy(StrEnum):
    """What would mend a lack, by the name of its text."""

    INVITE = "invite"
    ADD_PROGRAMME = "add_programme"
    ADD_MATERIALS = "add_materials"
    ADD_RECORDING = "add_recording"
    ADD_CAPTIONS = "add_captions"
    ADD_TRANSCRIPT = "add_transcript"
    COUNT = "count"
    LINK_SURVEY = "link_survey"
    ASK_FOR_ANSWERS = "ask_for_answers"


class Reason(StrEnum):
    """Why something is not filed, by the name of its text."""

    NO_ACCESS = "no_access"
    """The app may not read the organiser's meetings."""
    NO_MEETING = "no_meeting"
    """Teams knows no meeting behind the event's link."""
    DOWNLOAD_BLOCKED = "download_blocked"
    TRANSCRIPTION_OFF = "transcription_off"
    EXPIRED = "expired"
    FORBIDDEN = "forbidden"
    LOCKED = "locked"
    CONFLICT = "conflict"
    NOT_FOUND = "not_found"
    SOURCE_VANISHED = "source_vanished"
    UPLOAD_MISMATCH = "upload_mismatch"
    NO_SPACE = "no_space"
    PASSING = "passing"
    """The service failed, or was busy; it is tried again."""
    OTHER = "other"


_PASSING = frozenset({"Changed", "Throttled", "TenantFailed", "Unreachable"})


def reason_of(error: str) -> Reason:
    """Tell the reason that the name of an error's class stands for."""
    if error in _PASSING:
        return Reason.PASSING
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", error).lower()
    return Reason(name) if name in set(Reason) else Reason.OTHER


# ---------------------------------------------------------------- states


@dataclass(frozen=True, kw_only=True)
class There:
    count: int | None = None
    """Files, people or answers; None where there is nothing to count."""
    source_until: date | None = None
    """Of a recording that is filed: when its source is deleted, while that is still to come."""


@dataclass(frozen=True, kw_only=True)
class Missing:
    remedy: Remedy
    days: tuple[int, ...] = ()
    """Of participants: the days of a meeting of several that nobody has counted."""
    reason: Reason | None = None
    """Why it did not come by itself, where that is known."""


@dataclass(frozen=True, kw_only=True)
class NotYet:
    """It is expected, and not missed before `until`."""

    until: date


@dataclass(frozen=True, kw_only=True)
class NotExpected:
    pass


@dataclass(frozen=True, kw_only=True)
class Waits:
    """The service has it in hand, and something is in the way."""

    reason: Reason


@dataclass(frozen=True, kw_only=True)
class Cannot:
    """Nobody but an administrator, if anybody, can change it."""

    reason: Reason


@dataclass(frozen=True, kw_only=True)
class Expiring:
    """A recording that is not filed, and that its source will delete."""

    on: date
    days: int
    reason: Reason | None = None
    """Why it is not filed, where that is known."""


State = There | Missing | NotYet | NotExpected | Waits | Cannot | Expiring

LACKS = (Missing, Expiring)


# ---------------------------------------------------------------- what a state is judged by


@dataclass(frozen=True, kw_only=True)
class RecordingState:
    """What is known of a meeting's recording at its source."""

    seen: bool = False
    filed: bool = False
    waits: bool = False
    """A part of it was seen that is not filed."""
    expires: date | None = None
    """Local day on which the source deletes it."""
    reason: Reason | None = None
    """Why it is not filed; None where nothing is in the way."""


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A file that would be filed if nothing were in the way."""

    key: str
    thing: Thing
    name: str
    reason: Reason
    again: datetime | None
    """When it is tried again; None: when a person has acted."""


@dataclass(frozen=True, kw_only=True)
class Held:
    """What there is of a meeting: files that are in place, and what was answered."""

    programmes: int = 0
    materials: int = 0
    recordings: int = 0
    captions: int = 0
    transcripts: int = 0
    answers: int = 0
    uncounted: Reason | None = None
    """Why nobody was counted, where that is known."""
    recording: RecordingState = RecordingState()
    waiting: tuple[Waiting, ...] = ()


# ---------------------------------------------------------------- a meeting's row


@dataclass(frozen=True, kw_only=True)
class Row:
    meeting: Meeting
    states: Mapping[Thing, State]
    """Every thing, in order."""
    held: Held = Held()

    @property
    def waiting(self) -> tuple[Waiting, ...]:
        return self.held.waiting

    @property
    def lacks(self) -> Mapping[Thing, State]:
        """What a person is to do something about, soon."""
        return {thing: state for thing, state in self.states.items() if isinstance(state, LACKS)}

    @property
    def needs_somebody(self) -> bool:
        return bool(self.lacks or self.waiting)
