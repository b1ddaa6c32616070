"""
Files into folders: stored or moved, then given their columns, each step recorded.

A crash between the steps heals at the next run: the name is written down before the file
is stored, so a file of our own under it which no effect claims yet is the one that we stored
before we could say so.
"""

from dataclasses import replace

from service.domain.actions import (
    Folder,
    FromItem,
    FromRecording,
    MoveFile,
    RelocateFile,
    RetagFile,
    Shelf,
    Source,
    StoreFile,
    TagFile,
)
from service.effects.contents import Newcomer, check_not_blocked, digests, opened, twin
from service.effects.copying import copied
from service.effects.folders import folder_id
from service.effects.placing import VERSION, Place, moved, under_a_free_name, uploaded
from service.effects.steps import (
    begin,
    drive_of,
    effect_of,
    filed_item,
    looked_at,
    remember,
    settle,
    shown,
    tag,
    take_up,
)
from service.errors import MoveRefused, NotFound, SourceVanished
from service.observe import SeenItem
from service.ports import Content, Effect, Status, Target
from service.workplace import Workplace

FILED = Folder(
    key="folder/inbox/filed", shelf=Shelf.COORDINATION, path="Inkorg/Filat", lasting=True
)
"""Originals of files that had to be copied out of the inbox, since they could not be moved."""


async def store(action: StoreFile, at: Workplace) -> bool:
    if action.beside and not await _is_filed(action.beside, at):
        return False
    effect = await begin(action.key, at)
    if effect is None:
        return False
    drive_id = drive_of(at, action.folder.shelf)
    if effect.phase == "":
        content = await opened(action.source, at)
        own = digests(action.source, content)
        newcomer = Newcomer(name=action.name, content=content, digests=own)
        other = await twin(action.key, action.meeting_id, newcomer, at)
        if other:
            reason = at.texts.say("waiting.same_bytes", name=str(other.baseline.get("name")))
            await settle(effect, Status.DROPPED, at, reason=reason)
            return False
        await check_not_blocked(action.source, content, at)
        begun = str(effect.baseline.get(VERSION) or action.version)
        if begun != action.version:
            # Begun with an older version, of which the file may be made: it is renewed next.
            effect, own = replace(effect, upload=None), {}
        parent = await folder_id(action.folder, at)
        item = await _stored(action, content, parent, effect, at)
        facts = {"version": begun, "source_name": action.name, "why": action.why, **own}
        effect = await remember(effect, item, at, **facts)
    else:
        # Where it was stored: the coordinator's word may have changed before its columns were.
        there = await filed_item(effect, at)
        drive_id = there.drive_id if there is not None else drive_id
        effect = await looked_at(effect, drive_id, at)
    await tag(effect, at, drive_id, action.columns)
    return True


async def _is_filed(key: str, at: Workplace) -> bool:
    effect = (await at.ledger.effects(key)).get(key)
    return effect is not None and effect.status is Status.DONE


async def move(action: MoveFile, at: Workplace) -> bool:
    effect = await begin(action.key, at)
    if effect is None:
        return False
    drive_id = drive_of(at, action.folder.shelf)
    if effect.phase == "":
        other = await _twin_in_place(action, at)
        if other:
            reason = at.texts.say("waiting.same_bytes", name=other)
            await settle(effect, Status.DROPPED, at, reason=reason)
            return False
        parent = await folder_id(action.folder, at)
        try:
            item = await moved(action.item, action.name, drive_id, parent, at)
        except MoveRefused:
            item = await _copied_out(action, parent, effect, at)
        copy = item.id != action.item.id
        facts = {"source_name": action.name, "copy": copy, "why": action.why}
        effect = await remember(effect, item, at, **facts)
    if effect.baseline.get("copy"):
        await _put_aside(action.item, at)
    await tag(effect, at, drive_id, action.columns)
    return True


async def _twin_in_place(action: MoveFile, at: Workplace) -> str:
    """Name of a file of the same bytes; one that a person has removed since does not count."""
    item = action.item
    content = at.drives.content(item.drive_id, item.id)
    own: dict[str, object] = {"source_hash": item.quick_xor_hash, "source_size": item.size}
    newcomer = Newcomer(name=item.name, content=content, digests=own)
    try:
        other = await twin(action.key, action.meeting_id, newcomer, at)
    except (NotFound, SourceVanished):
        return ""  # moved before a crash: there is nothing to read where it was
    if other is None or await filed_item(other, at) is None:
        return ""
    return str(other.baseline.get("name"))


async def _put_aside(item: SeenItem, at: Workplace) -> None:
    """The original of a file that had to be copied out of the inbox."""
    parent = await folder_id(FILED, at)
    standing = await at.drives.item(item.drive_id, item.id)
    if standing is not None:
        await moved(standing, standing.name, standing.drive_id, parent, at)


async def tag_there(action: TagFile, at: Workplace) -> bool:
    effect = await begin(action.key, at)
    if effect is None:
        return False
    if effect.phase == "":
        effect = await remember(effect, action.item, at)
    await tag(effect, at, action.item.drive_id, action.columns)
    return True


async def retag(action: RetagFile, at: Workplace) -> bool:
    work = await take_up(action.key, at)
    if work is None:
        return False
    filed = await looked_at(await effect_of(action.of, at), action.item.drive_id, at)
    filed = replace(filed, baseline={**filed.baseline, "meeting": action.meeting_id})
    await tag(filed, at, action.item.drive_id, action.columns)
    await settle(work, Status.DONE, at)
    return True


async def relocate(action: RelocateFile, at: Workplace) -> bool:
    work = await take_up(action.key, at)
    if work is None:
        return False
    drive_id = drive_of(at, action.folder.shelf)
    parent = await folder_id(action.folder, at)
    filed = await looked_at(await effect_of(action.of, at), action.item.drive_id, at)
    item = await moved(action.item, action.name, drive_id, parent, at)
    filed = replace(filed, baseline={**filed.baseline, **shown(item)})
    await tag(filed, at, drive_id, action.columns)
    await settle(work, Status.DONE, at)
    return True


# ---------------------------------------------------------------- the bytes


async def _stored(
    action: StoreFile, content: Content, parent: str, effect: Effect, at: Workplace
) -> SeenItem:
    async def put(target: Target, effect: Effect) -> SeenItem:
        item = _in_reach(action.source)
        there = await copied(item, target, effect, at) if item else None
        return there or await uploaded(target, content, effect, at)

    drive_id = drive_of(at, action.folder.shelf)
    place = Place(drive_id=drive_id, parent=parent, name=action.name, version=action.version)
    return await under_a_free_name(place, put, effect, at)


def _in_reach(source: Source) -> SeenItem | None:
    """The file behind a source, where the service itself can copy it."""
    match source:
        case FromItem(item=item):
            return item
        case FromRecording(lies_as=item):
            return item
        case _:
            return None


async def _copied_out(action: MoveFile, parent: str, effect: Effect, at: Workplace) -> SeenItem:
    """The way round where files may not be moved between libraries."""

    async def put(target: Target, effect: Effect) -> SeenItem:
        there = await copied(action.item, target, effect, at)
        content = at.drives.content(action.item.drive_id, action.item.id)
        return there or await uploaded(target, content, effect, at)

    place = Place(drive_id=drive_of(at, action.folder.shelf), parent=parent, name=action.name)
    return await under_a_free_name(place, put, effect, at)
