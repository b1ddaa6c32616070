"""One file put under one name: sent, or moved; what is not what was sent is put aside."""

from dataclasses import replace

from service.domain.actions import Folder, Shelf
from service.domain.names import free_name
from service.effects.folders import folder_id
from service.effects.steps import is_ours
from service.errors import Conflict, UploadMismatch
from service.observe import SeenItem
from service.ports import Content, Effect, Target, UploadState
from service.workplace import Workplace

NAMES_TRIED = 50
QUARANTINE = Folder(key="folder/quarantine", shelf=Shelf.COORDINATION, path="Karantän")


async def uploaded(target: Target, content: Content, effect: Effect, at: Workplace) -> SeenItem:
    """Send, from where an earlier try got to; how far it is, is kept in the effect."""

    async def keep(state: UploadState) -> None:
        await at.ledger.keep(replace(effect, upload=state, updated=at.clock.now()))
        at.progress.moved(effect.key, state.offset, state.size)

    try:
        stored = await at.drives.store(target, content, resume=effect.upload, keep=keep)
    except UploadMismatch as error:
        await _quarantined(error, target, at)
        raise
    return stored.item


async def moved(item: SeenItem, wanted: str, drive_id: str, parent: str, at: Workplace) -> SeenItem:
    """Move, under the name wanted or the next that is free."""
    standing = await at.drives.item(drive_id, item.id)
    if standing is not None and standing.parent_id == parent:
        return standing  # moved before a crash
    taken: list[str] = []
    for _ in range(NAMES_TRIED):
        name = free_name(wanted, taken)
        try:
            return await at.drives.move(item, drive_id=drive_id, parent_id=parent, name=name)
        except Conflict:
            taken.append(name)
    raise Conflict(wanted, f"{NAMES_TRIED} names are taken in its folder")


async def _quarantined(error: UploadMismatch, target: Target, at: Workplace) -> None:
    """What was stored is not what was sent: members must not see it, and nobody deletes it."""
    item = await at.drives.item(target.drive_id, error.item) if error.item else None
    if item is not None and is_ours(item, at):
        parent = await folder_id(QUARANTINE, at)
        await moved(item, item.name, at.places.coordination, parent, at)
