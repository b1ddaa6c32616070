"""
Files into folders: stored or moved, then given their columns, each step recorded.

A crash between the steps heals at the next run: the name is written down before the file
is stored, so a file of our own under it which no effect claims yet is the one that we stored
before we could say so.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

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
from service.domain.names import free_name
from service.effects.contents import check_not_blocked, digests, opened, twin
from service.effects.copying import copied
from service.effects.folders import folder_id
from service.effects.placing import NAMES_TRIED, moved, uploaded
from service.effects.steps import (
    begin,
    drive_of,
    effect_of,
    is_ours,
    named,
    remember,
    settle,
    shown,
    tag,
    take_up,
)
from service.errors import Conflict, MoveRefused
from service.observe import SeenItem
from service.ports import Content, Effect, Status, Target
from service.workplace import Workplace

TRYING = "trying"
"""Name under which a file is being stored: after a crash it alone may be the one we stored."""
FILED = Folder(key="folder/inbox/filed", shelf=Shelf.COORDINATION, path="Inkorg/Filat")
"""Originals of files that had to be copied out of the inbox, since they could not be moved."""


async def store(action: StoreFile, at: Workplace) -> bool:
    if action.beside and not await _is_filed(action.beside, at):
        return False
    effect = await begin(action.key, at)
    if effect is None:
        return False
    if effect.phase == "":
        content = await opened(action.source, at)
        own = digests(action.source, content)
        other = await twin(action.key, action.meeting_id, own, at)
        if other:
            await settle(effect, Status.DROPPED, at, reason=f"same bytes as {other}")
            return False
        await check_not_blocked(action.source, content, at)
        parent = await folder_id(action.folder, at)
        item = await _stored(action, content, parent, effect, at)
        effect = await remember(
            effect, item, at, version=action.version, source_name=action.name, **own
        )
    await tag(effect, at, drive_of(at, action.folder.shelf), action.columns)
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
        own: dict[str, object] = {
            "source_hash": action.item.quick_xor_hash,
            "source_size": action.item.size,
        }
        other = await twin(action.key, action.meeting_id, own, at)
        if other:
            reason = f"the same bytes are filed as {other}"
            await settle(effect, Status.DROPPED, at, reason=reason)
            return False
        parent = await folder_id(action.folder, at)
        try:
            item = await moved(action.item, action.name, drive_id, parent, at)
        except MoveRefused:
            item = await _copied_out(action, parent, effect, at)
        copy = item.id != action.item.id
        effect = await remember(effect, item, at, source_name=action.name, copy=copy)
    if effect.baseline.get("copy"):
        await _put_aside(action.item, at)
    await tag(effect, at, drive_id, action.columns)
    return True


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
    filed = await effect_of(action.of, at)
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
    item = await moved(action.item, action.name, drive_id, parent, at)
    filed = await effect_of(action.of, at)
    filed = replace(filed, baseline={**filed.baseline, **shown(item)})
    await tag(filed, at, drive_id, action.columns)
    await settle(work, Status.DONE, at)
    return True


# ---------------------------------------------------------------- a name that is free


@dataclass(frozen=True, kw_only=True)
class _Place:
    """Where a file is to go, and under what name before others."""

    drive_id: str
    parent: str
    name: str


Put = Callable[[Target, Effect], Awaitable[SeenItem]]


async def _stored(
    action: StoreFile, content: Content, parent: str, effect: Effect, at: Workplace
) -> SeenItem:
    async def put(target: Target, effect: Effect) -> SeenItem:
        item = _in_reach(action.source)
        there = await copied(item, target, effect, at) if item else None
        if there is not None:
            return there
        return await uploaded(target, content, effect, at)

    place = _Place(drive_id=drive_of(at, action.folder.shelf), parent=parent, name=action.name)
    return await _under_a_free_name(place, put, effect, at)


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
        if there is not None:
            return there
        content = at.drives.content(action.item.drive_id, action.item.id)
        return await uploaded(target, content, effect, at)

    place = _Place(drive_id=drive_of(at, action.folder.shelf), parent=parent, name=action.name)
    return await _under_a_free_name(place, put, effect, at)


async def _under_a_free_name(place: _Place, put: Put, effect: Effect, at: Workplace) -> SeenItem:
    """Put a file; where its name is taken, under the next: what is there is never overwritten."""
    taken: list[str] = []
    tried = effect.baseline.get(TRYING)
    for _ in range(NAMES_TRIED):
        name = str(tried) if tried and not taken else free_name(place.name, taken)
        if name != tried:
            effect = replace(effect, baseline={TRYING: name}, upload=None, updated=at.clock.now())
            await at.ledger.keep(effect)
        target = Target(drive_id=place.drive_id, parent_id=place.parent, name=name)
        try:
            return await put(target, effect)
        except Conflict:
            standing = (
                await named(name, place.drive_id, place.parent, at) if name == tried else None
            )
            if standing is not None and await _is_orphan(standing, at):
                return standing
            taken.append(name)
    raise Conflict(place.name, f"{NAMES_TRIED} names are taken in its folder")


async def _is_orphan(item: SeenItem, at: Workplace) -> bool:
    """Tell whether we stored this file, and crashed before we could say so."""
    if not is_ours(item, at):
        return False
    effects = await at.ledger.effects()
    return all(effect.remote_id != item.id for effect in effects.values())
