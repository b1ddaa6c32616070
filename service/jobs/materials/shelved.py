"""
What lies in the members' library: people's own files tagged, columns kept after the meeting.

What a person did wins: a file that she moved to another meeting's folder is that meeting's
from then on, one that she renamed, edited or removed stays so.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from service.domain.actions import (
    Action,
    MoveFile,
    RetagFile,
    TagFile,
    file_key,
    item_id_of,
    origin_of,
)
from service.domain.kinds import kind_of
from service.domain.meeting import Meeting
from service.jobs.known import owner_of
from service.jobs.materials.dropped import moved
from service.jobs.materials.seen import FINISHED, Observed, stands
from service.observe import Fields, SeenItem
from service.ports import Effect, Status

FOLLOWS = ("NvGroups", "NvMeetingDate", "NvMeeting", "NvMeetingId")
"""Columns that only the service writes; the type of a file may be a person's word."""


def shelved(seen: Observed, now: datetime) -> Iterator[Action]:
    filed = filed_items(seen.known.filed)
    meetings = {meeting.id: meeting for meeting in seen.known.meetings}
    waiting = {item.id for item in seen.inbox}
    # Their originals are still to be put aside: `dropped` goes on with them.
    copied = {effect.key for effect in filed.values() if item_id_of(effect.key) in waiting}
    for item in seen.shelved.values():
        if item.folder:
            continue
        meeting = meetings.get(seen.meeting_at(item) or "")
        if meeting is None:
            continue
        effect = filed.get(item.id)
        if effect is None:
            yield from _unknown(item, meeting, seen, now)
        elif effect.status is Status.DONE:
            yield from _followed(item, effect, meeting, seen)
        elif effect.status in FINISHED or effect.key in copied:
            continue
        elif origin_of(effect.key) in ("inbox", "folder") and not stands(effect):
            yield _tagged(effect.key, item, meeting, seen)


def _unknown(
    item: SeenItem, meeting: Meeting, seen: Observed, now: datetime
) -> Iterator[MoveFile | TagFile]:
    """A file that no effect has put there: a person did, or we crashed while moving it."""
    was_moved, put = (file_key(meeting.id, origin, item.id) for origin in ("inbox", "folder"))
    begun = seen.known.filed.get(was_moved)
    if begun is not None and begun.status not in FINISHED:
        yield moved(item, meeting, seen)
    elif put in seen.known.filed:
        if not stands(seen.known.filed[put]):
            yield _tagged(put, item, meeting, seen)
    elif item.modified_by_app != seen.client_id and now - item.modified >= seen.settle:
        yield _tagged(put, item, meeting, seen)


def _tagged(key: str, item: SeenItem, meeting: Meeting, seen: Observed) -> TagFile:
    origin = origin_of(key)
    return TagFile(
        key=key,
        item=item,
        columns=seen.columns(
            meeting, kind=kind_of(item.name, item.content_type), source=f"{origin}:{item.id}"
        ),
        meeting_id=meeting.id,
    )


def _followed(
    item: SeenItem, effect: Effect, meeting: Meeting, seen: Observed
) -> Iterator[RetagFile]:
    """A filed file whose meeting has another title or day by now, or is another."""
    written = effect.baseline.get("columns")
    wanted = {
        name: value
        for name, value in seen.columns(meeting, kind="", source="").items()
        if name in FOLLOWS
    }
    differ = _differing(wanted, written if isinstance(written, Mapping) else {})
    owner = owner_of(effect)
    if owner != meeting.id or (written and differ):
        yield RetagFile(
            key=f"retag/{effect.key}",
            of=effect.key,
            item=item,
            columns=differ or wanted,
            meeting_id=meeting.id,
        )


def _differing(wanted: Fields, written: Mapping[str, object]) -> Fields:
    return {name: value for name, value in wanted.items() if written.get(name) != value}


def filed_items(filed: Mapping[str, Effect]) -> dict[str, Effect]:
    """The effect that put each item where it is; one that was only begun does not count."""
    return {
        effect.remote_id: effect
        for effect in filed.values()
        if effect.remote_id and effect.phase and effect.status is not Status.DROPPED
    }
