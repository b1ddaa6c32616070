"""One file put under one name: sent, or moved; what is not what was sent is put aside."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from service.domain.actions import Folder, Shelf
from service.domain.names import free_name
from service.effects.folders import folder_id
from service.effects.steps import effect_of, is_ours, named
from service.errors import Changed, Conflict, NotFound, UploadMismatch
from service.observe import SeenItem
from service.ports import Content, Effect, Target, UploadState
from service.workplace import Workplace

NAMES_TRIED = 50
TRYING = "trying"
"""Name under which a file is being stored: after a crash it alone may be the one we stored."""
VERSION = "version"
"""Of the source, in the baseline: what is being stored, or was."""
QUARANTINE = Folder(
    key="folder/quarantine", shelf=Shelf.COORDINATION, path="Karantän", lasting=True
)


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a file is to go, and under what name before others."""

    drive_id: str
    parent: str
    name: str
    version: str = ""
    taken: tuple[str, ...] = ()
    """Names that are known to be taken."""
    label: str = ""
    """Why there are two of the name; none: a number tells them apart."""


Put = Callable[[Target, Effect], Awaitable[SeenItem]]


async def under_a_free_name(place: Place, put: Put, effect: Effect, at: Workplace) -> SeenItem:
    """Put a file; where its name is taken, under the next: what is there is never overwritten."""
    taken = list(place.taken)
    tried = effect.baseline.get(TRYING)
    for attempt in range(NAMES_TRIED):
        again = bool(tried) and attempt == 0
        name = str(tried) if again else free_name(place.name, taken, place.label)
        if not again:
            baseline = {TRYING: name, VERSION: effect.baseline.get(VERSION) or place.version}
            sent = effect.upload if _is_whole(effect.upload) else None
            effect = replace(effect, baseline=baseline, upload=sent, updated=at.clock.now())
            await at.ledger.keep(effect)
        target = Target(drive_id=place.drive_id, parent_id=place.parent, name=name)
        try:
            return await put(target, effect)
        except Conflict:
            standing = await named(name, place.drive_id, place.parent, at) if again else None
            if standing is not None and await _is_orphan(standing, at):
                return standing
            taken.append(name)
            effect = await effect_of(effect.key, at)
    raise Conflict(place.name, f"{NAMES_TRIED} names are taken in its folder")


def _is_whole(upload: UploadState | None) -> bool:
    """What has been sent to its last byte is not sent again for another name."""
    return upload is not None and upload.offset == upload.size


async def _is_orphan(item: SeenItem, at: Workplace) -> bool:
    """Tell whether we stored this file, and crashed before we could say so."""
    if not is_ours(item, at):
        return False
    effects = await at.ledger.effects()
    return all(effect.remote_id != item.id for effect in effects.values())


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
    taken: list[str] = []
    for _ in range(NAMES_TRIED):
        name = free_name(wanted, taken)
        try:
            return await at.drives.move(item, drive_id=drive_id, parent_id=parent, name=name)
        except Conflict:
            taken.append(name)
        except (Changed, NotFound):
            standing = await at.drives.item(drive_id, item.id)
            if standing is None or standing.parent_id != parent:
                raise
            return standing  # moved before a crash
    raise Conflict(wanted, f"{NAMES_TRIED} names are taken in its folder")


async def _quarantined(error: UploadMismatch, target: Target, at: Workplace) -> None:
    """What was stored is not what was sent: members must not see it, and nobody deletes it."""
    item = await at.drives.item(target.drive_id, error.item) if error.item else None
    if item is not None and is_ours(item, at):
        parent = await folder_id(QUARANTINE, at)
        await moved(item, item.name, at.places.coordination, parent, at)
