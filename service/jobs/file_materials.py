"""
Files what belongs to a meeting into its folder: attachments, the inbox, what people put
there themselves.

Attachments are copied, files in the inbox are moved (their id stays), and a file that a
coordinator put straight into a meeting's folder only gets its columns.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.domain.actions import (
    Action,
    Folder,
    FromEvent,
    Leave,
    MoveFile,
    Shelf,
    StoreFile,
    TagFile,
    file_key,
    item_id_of,
    origin_of,
)
from service.domain.filing import Placed, is_material, kind_of, place, safe_name
from service.domain.meeting import Meeting, Status
from service.errors import CursorExpired
from service.jobs.known import CALENDAR, Known, columns_of, items, known, meeting_folder
from service.jobs.spec import Job, Poll
from service.observe import Change, Fields, SeenAttachment, SeenEvent, SeenItem
from service.ports import Effect
from service.ports import Status as EffectStatus
from service.workplace import Workplace

FINISHED = (EffectStatus.DONE, EffectStatus.DROPPED)
STILL_WARM = "changed a moment ago: somebody may still be working on it"
MOVED_BACK = "moved back by a person"
INBOX = "Inkorg"
UNPLACED = "Inkorg/Oplacerat"
ATTACHMENTS = "attachments"


@dataclass(frozen=True, kw_only=True)
class Listing:
    """The attachments of an event as they were when it was last changed."""

    modified: datetime
    attachments: tuple[SeenAttachment, ...]


@dataclass(frozen=True, kw_only=True)
class Observed:
    known: Known
    folders: Mapping[str, Folder]
    """The members' folder of each meeting, by meeting id."""
    folder_ids: Mapping[str, str]
    """Item id of those folders that exist, to meeting id."""
    attachments: Mapping[str, tuple[SeenAttachment, ...]]
    """By meeting id."""
    inbox: tuple[SeenItem, ...]
    """Files in the inbox, with their path; those that were put aside are left out."""
    shelved: tuple[SeenItem, ...]
    """Files in the members' library."""
    group_names: Mapping[str, str]
    client_id: str
    settle: timedelta
    time_zone: str


async def observe(at: Workplace) -> Observed:
    await _read_drive(at, at.places.coordination)
    await _read_drive(at, at.places.documentation)
    facts = await known(at)
    folders = {meeting.id: meeting_folder(meeting, at) for meeting in facts.meetings}
    effects = await at.ledger.effects("folder/documentation/")
    coordination = await items(at, at.places.coordination)
    documentation = await items(at, at.places.documentation)
    return Observed(
        known=facts,
        folders=folders,
        folder_ids={
            effect.remote_id: key.removeprefix("folder/documentation/")
            for key, effect in effects.items()
            if effect.remote_id
        },
        attachments=await _read_attachments(at, facts),
        inbox=tuple(item for item in coordination.values() if _is_waiting(item)),
        shelved=tuple(item for item in documentation.values() if not item.folder),
        group_names={group.id: group.name for group in at.network.groups},
        client_id=at.places.client_id,
        settle=at.rules.settle,
        time_zone=at.network.time_zone,
    )


def plan(seen: Observed, now: datetime) -> tuple[Action, ...]:
    return (*_attached(seen, now), *_from_inbox(seen, now), *_put_there(seen, now))


# ---------------------------------------------------------------- deciding


def _attached(seen: Observed, now: datetime) -> Iterator[Action]:
    for meeting in _active(seen):
        for attachment in seen.attachments.get(meeting.id, ()):
            key = file_key(meeting.id, "event", attachment.id)
            if _finished(key, seen) or not is_material(attachment):
                continue
            if now - attachment.modified < seen.settle:
                yield Leave(subject=attachment.name, why=STILL_WARM)
                continue
            yield StoreFile(
                key=key,
                folder=seen.folders[meeting.id],
                name=safe_name(attachment.name),
                source=FromEvent(attachment=attachment),
                columns=columns_of(
                    meeting,
                    seen.group_names,
                    kind=kind_of(attachment.name, attachment.content_type),
                    source=f"event:{attachment.id}",
                ),
                meeting_id=meeting.id,
            )


def _from_inbox(seen: Observed, now: datetime) -> Iterator[Action]:
    meetings = _active(seen)
    before = {
        item_id_of(key): effect
        for key, effect in seen.known.filed.items()
        if origin_of(key) == "inbox"
    }
    for item in sorted(seen.inbox, key=lambda item: (item.created, item.id)):
        if item.id in before and before[item.id].status in FINISHED and item.path != UNPLACED:
            why = before[item.id].reason or MOVED_BACK
            yield Leave(subject=item.name, why=why)
        elif now - item.modified < seen.settle:
            yield Leave(subject=item.name, why=STILL_WARM)
        else:
            yield _placed(item, meetings, seen)


def _placed(item: SeenItem, meetings: tuple[Meeting, ...], seen: Observed) -> Action:
    """Decide where a file of the inbox belongs, for a reason that is kept."""
    answer = place(item.name, item.modified, item.path, meetings, time_zone=seen.time_zone)
    if isinstance(answer, Placed):
        key = file_key(answer.meeting.id, "inbox", item.id)
        if _finished(key, seen):
            return Leave(subject=item.name, why=seen.known.filed[key].reason or MOVED_BACK)
        return _move(item, answer.meeting, seen)
    if item.path == UNPLACED:
        return Leave(subject=item.name, why=answer.reason)
    return MoveFile(
        key=f"unplaced/{item.id}",
        item=item,
        folder=Folder(key="folder/inbox/unplaced", shelf=Shelf.COORDINATION, path=UNPLACED),
        name=item.name,
        columns={},
        meeting_id="",
    )


def _put_there(seen: Observed, now: datetime) -> Iterator[Action]:
    """Files that lie in a meeting's folder without an effect that says they are done."""
    filed = seen.known.filed
    done = {e.remote_id for key, e in filed.items() if e.phase and not _is_halfway(key, e)}
    meetings = {meeting.id: meeting for meeting in seen.known.meetings}
    for item in seen.shelved:
        meeting = meetings.get(seen.folder_ids.get(item.parent_id or "", ""))
        if meeting is None or item.id in done:
            continue
        moved, put = (file_key(meeting.id, origin, item.id) for origin in ("inbox", "folder"))
        if moved in filed and not _finished(moved, seen):
            yield _move(item, meeting, seen)  # moved, and then we crashed or it was locked
        elif put in filed or (
            item.modified_by_app != seen.client_id and now - item.modified >= seen.settle
        ):
            yield TagFile(
                key=put,
                item=item,
                columns=_columns(meeting, seen, item.name, f"folder:{item.id}"),
                meeting_id=meeting.id,
            )


def _move(item: SeenItem, meeting: Meeting, seen: Observed) -> MoveFile:
    return MoveFile(
        key=file_key(meeting.id, "inbox", item.id),
        item=item,
        folder=seen.folders[meeting.id],
        name=safe_name(item.name),
        columns=_columns(meeting, seen, item.name, f"inbox:{item.id}"),
        meeting_id=meeting.id,
    )


def _columns(meeting: Meeting, seen: Observed, name: str, source: str) -> Fields:
    return columns_of(meeting, seen.group_names, kind=kind_of(name, ""), source=source)


def _active(seen: Observed) -> tuple[Meeting, ...]:
    return tuple(m for m in seen.known.meetings if m.status is not Status.CANCELLED)


def _is_halfway(key: str, effect: Effect) -> bool:
    """In place, but its columns are still to be written: nothing else would plan that again."""
    return origin_of(key) in ("inbox", "folder") and effect.status not in FINISHED


def _finished(key: str, seen: Observed) -> bool:
    effect = seen.known.filed.get(key)
    return effect is not None and effect.status in FINISHED


# ---------------------------------------------------------------- reading


def _is_waiting(item: SeenItem) -> bool:
    return not item.folder and (item.path == INBOX or item.path.startswith(f"{INBOX}/"))


async def _read_drive(at: Workplace, drive_id: str) -> None:
    source = f"drive/{drive_id}"
    try:
        await _absorb_items(at, drive_id, await at.ledger.cursor(source))
    except CursorExpired:
        await at.ledger.forget(source)
        await _absorb_items(at, drive_id, None)


async def _absorb_items(at: Workplace, drive_id: str, cursor: str | None) -> None:
    async for page in at.drives.changes(drive_id, cursor):
        await at.ledger.absorb(f"drive/{drive_id}", page.changes, cursor=page.cursor)


async def _read_attachments(at: Workplace, facts: Known) -> dict[str, tuple[SeenAttachment, ...]]:
    """List an event's attachments once for every change of the event."""
    events = await at.ledger.seen(CALENDAR, SeenEvent)
    listings = await at.ledger.seen(ATTACHMENTS, Listing)
    meetings = {meeting.id for meeting in facts.meetings}
    attachments = {}
    for event in events.values():
        if event.ical_uid not in meetings or not event.has_attachments or event.cancelled:
            continue
        listing = listings.get(event.id)
        if listing is None or listing.modified != event.modified:
            found = await at.calendar.attachments(event.id)
            listing = Listing(modified=event.modified, attachments=found)
            await at.ledger.absorb(ATTACHMENTS, [Change(id=event.id, value=listing)])
        attachments[event.ical_uid] = listing.attachments
    return attachments


JOB = Job(
    name="file_materials",
    does="Files attachments and what lies in the inbox into the meetings' folders.",
    wakes=Poll(setting="drives"),
    observe=observe,
    plan=plan,
)
