"""Files that people dropped into the inbox: moved to where they belong, keeping their id."""

from collections.abc import Iterator
from datetime import datetime

from service.domain.actions import (
    Action,
    Leave,
    MoveFile,
    begun_for,
    file_key,
    item_id_of,
    origin_of,
)
from service.domain.candidate import Candidate
from service.domain.kinds import kind_of
from service.domain.meeting import Meeting
from service.domain.names import safe_name
from service.domain.placement import Placed
from service.effects.placements import UNPLACED, UNPLACED_FOLDER
from service.jobs.materials.seen import FINISHED, Observed, Sheet, stands
from service.observe import SeenItem
from service.ports import Effect

ORIGIN = "inbox"
INBOX = "Inkorg"


def dropped(seen: Observed, now: datetime) -> Iterator[Action]:
    before = {
        item_id_of(key): effect
        for key, effect in seen.known.filed.items()
        if origin_of(key) == ORIGIN
    }
    for item in sorted(seen.inbox, key=lambda item: (item.created, item.id)):
        filed = before.get(item.id)
        candidate = candidate_of(item, seen.client_id)
        said = f"{ORIGIN}/{item.id}" in seen.placements
        if filed and filed.phase and filed.status not in FINISHED:
            yield _begun(item, filed, seen)
        elif filed and filed.status in FINISHED and item.path != UNPLACED and not said:
            yield Leave(subject=item.name, why=filed.reason or seen.words.say("waiting.moved_back"))
        elif seen.is_warm(candidate, now):
            yield Leave(subject=item.name, why=seen.words.say("waiting.still_warm"))
        elif (sheet := seen.sheet(candidate)) is not Sheet.NONE:
            yield Leave(subject=item.name, why=seen.words.say(f"waiting.{sheet}"))
        else:
            yield _placed(item, candidate, seen)


def _begun(item: SeenItem, filed: Effect, seen: Observed) -> Action:
    """Copied already, and still to be put aside: it stays the meeting's for which it was copied."""
    meeting = seen.known.meeting(begun_for(filed.key))
    if meeting is None or stands(filed):
        return Leave(subject=item.name, why=filed.reason)
    return moved(item, meeting, seen)


def candidate_of(item: SeenItem, client_id: str) -> Candidate:
    """Moving it to Oplacerat was our doing: the file's own time is when it came."""
    ours = item.modified_by_app == client_id
    return Candidate(
        origin=ORIGIN,
        id=item.id,
        version=item.ctag,
        name=item.name,
        modified=item.created if ours else item.modified,
        content_type=item.content_type,
        size=item.size,
        folder=item.path.removeprefix(INBOX).strip("/"),
    )


def _placed(item: SeenItem, candidate: Candidate, seen: Observed) -> Action:
    """Decide where a file of the inbox belongs, for a reason that is kept."""
    answer = seen.answer(candidate)
    if isinstance(answer, Placed):
        key = file_key(answer.meeting.id, ORIGIN, item.id)
        filed = seen.known.filed.get(key)
        if filed is not None and (filed.status in FINISHED or stands(filed)):
            return Leave(
                subject=item.name, why=filed.reason or seen.words.say("waiting.moved_back")
            )
        return moved(item, answer.meeting, seen, answer.reason.said(seen.words))
    key = f"unplaced/{item.id}"
    before = seen.others.get(key)
    if item.path == UNPLACED or (before is not None and before.status in FINISHED):
        return Leave(subject=item.name, why=answer.reason.said(seen.words))
    return MoveFile(
        key=key,
        item=item,
        folder=UNPLACED_FOLDER,
        name=item.name,
        columns={},
        meeting_id="",
        why=answer.reason.said(seen.words),
    )


def moved(item: SeenItem, meeting: Meeting, seen: Observed, why: str = "") -> MoveFile:
    return MoveFile(
        key=file_key(meeting.id, ORIGIN, item.id),
        item=item,
        folder=seen.folders[meeting.id],
        name=safe_name(item.name),
        columns=seen.columns(
            meeting, kind=kind_of(item.name, item.content_type), source=f"inbox:{item.id}"
        ),
        meeting_id=meeting.id,
        why=why,
    )
