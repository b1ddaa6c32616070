"""How the recordings of every meeting stand, from the ledger alone: asks the tenant nothing."""

from collections.abc import Iterable

from service.domain.recording import Hindrance, Reason, RecordingState, Take, state_of
from service.effects.steps import ERROR
from service.errors import DownloadBlocked
from service.jobs.captures import FINISHED, LOOKS, NAME, Look, effect_of, filed_of, takes
from service.jobs.known import Known
from service.jobs.troubles import Trouble, troubles
from service.workplace import Workplace

TRANSCRIPTION_OFF = (
    "As Teams administrator, allow transcription for the organiser: "
    "Set-CsTeamsMeetingPolicy -AllowTranscription $true."
)
NO_ENTRY = (
    "The API knows only meetings with a calendar entry. Put the recording into the meeting's "
    "folder in Inkorg, or have the folder that it lies in watched."
)


async def recording_states(at: Workplace, facts: Known) -> dict[str, RecordingState]:
    """How the recordings of each meeting stand, by meeting id; of the ledger alone."""
    seen = await takes(at)
    looks = await at.ledger.seen(LOOKS, Look)
    kept = await troubles(at)
    return {
        meeting.id: state_of(
            meeting.id,
            seen.get(meeting.id, ()),
            filed_of(seen.get(meeting.id, ()), facts),
            _refused(seen.get(meeting.id, ()), facts)
            or _unseen(kept.get(meeting.id, ()), looks.get(meeting.id)),
        )
        for meeting in facts.meetings
    }


def _refused(seen: Iterable[Take], facts: Known) -> Hindrance | None:
    """Why a recording that was seen could not be filed."""
    for take in seen:
        effect = effect_of(take, facts)
        if effect is None or effect.status in FINISHED or not effect.reason:
            continue
        if effect.baseline.get(ERROR) == DownloadBlocked.__name__:
            return Hindrance(
                reason=Reason.BLOCKED, why=effect.reason, remedy=DownloadBlocked.remedy
            )
        return Hindrance(reason=Reason.FAILED, why=effect.reason)
    return None


def _unseen(kept: Iterable[Trouble], look: Look | None) -> Hindrance | None:
    """Why no recording may have been seen."""
    for trouble in kept:
        if trouble.job == NAME:
            return Hindrance(reason=Reason.UNREAD, why=trouble.why, remedy=trouble.remedy)
    if look is None:
        return None
    if look.online is None:
        return Hindrance(reason=Reason.NO_MEETING, remedy=NO_ENTRY)
    if look.transcripts_refused:
        return Hindrance(reason=Reason.NOT_EXPORTED, remedy=TRANSCRIPTION_OFF)
    return None
