"""Folders: made once, followed by their id, renamed where nobody has touched them."""

from dataclasses import replace

from service.domain.actions import Folder, PrepareFolder, RenameFolder
from service.effects.steps import drive_of, effect_of, settle, shown
from service.errors import NotFound
from service.observe import SeenItem
from service.ports import Status
from service.workplace import Workplace

RENAMING = "renaming"
"""Path that we are giving a folder: after a crash it is known to be ours and no person's."""


async def prepare(action: PrepareFolder, at: Workplace) -> bool:
    effect, _ = await at.ledger.claim(action.folder.key, job="folders", now=at.clock.now())
    if effect.status is not Status.CLAIMED:
        return False
    await folder_id(action.folder, at)
    return True


async def folder_id(folder: Folder, at: Workplace) -> str:
    """The folder's id; by its id alone once it is known, so that a renamed one is followed."""
    effect, _ = await at.ledger.claim(folder.key, job="folders", now=at.clock.now())
    drive_id = drive_of(at, folder.shelf)
    made = effect.remote_id if effect.status is Status.DONE else None
    if made and (not folder.lasting or await at.drives.item(drive_id, made)):
        return made
    item = await at.drives.ensure_folder(drive_id, await _path(folder, drive_id, at))
    await settle(replace(effect, remote_id=item.id, baseline=shown(item)), Status.DONE, at)
    return item.id


async def _path(folder: Folder, drive_id: str, at: Workplace) -> str:
    if folder.within is None:
        return folder.path
    above = await at.drives.item(drive_id, await folder_id(folder.within, at))
    if above is None:
        raise NotFound(folder.within.path, "a person has removed the folder")
    return f"{above.path}/{above.name}/{folder.path}".strip("/")


async def rename(action: RenameFolder, at: Workplace) -> bool:
    """Raises Conflict where the new name is taken, Changed where a person was quicker."""
    effect = await effect_of(action.key, at)
    above, _, name = action.path.rpartition("/")
    parent = await _above(action.item, above, at)
    baseline = {**shown(action.item), RENAMING: action.path}
    await at.ledger.keep(replace(effect, baseline=baseline, updated=at.clock.now()))
    item = await at.drives.move(
        action.item, drive_id=action.item.drive_id, parent_id=parent, name=name
    )
    await settle(replace(effect, baseline=shown(item)), Status.DONE, at)
    return True


async def _above(item: SeenItem, path: str, at: Workplace) -> str:
    """Id of the folder that it is to lie in: another one where the year has changed."""
    if path == item.path and item.parent_id:
        return item.parent_id
    return (await at.drives.ensure_folder(item.drive_id, path)).id
