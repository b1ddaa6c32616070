"""What a coordinator says of single files: whose one is, that it is taken back or filed again."""

from dataclasses import dataclass, replace
from datetime import datetime

from service.domain.actions import Folder, Shelf, item_id_of, origin_of
from service.effects.folders import folder_id
from service.effects.placing import moved
from service.effects.steps import settle, shown
from service.errors import NotFound
from service.observe import Change, SeenItem
from service.ports import Effect, Status
from service.workplace import Workplace

PLACEMENTS = "placements"
NOBODYS = "-"
"""Id of no meeting: a coordinator has taken the file back."""
TAKEN_BACK = "taken back by a coordinator"
UNPLACED = "Inkorg/Oplacerat"
UNPLACED_FOLDER = Folder(key="folder/inbox/unplaced", shelf=Shelf.COORDINATION, path=UNPLACED)


@dataclass(frozen=True, kw_only=True)
class Placement:
    """What a coordinator has said of a file: whose it is, or that it is NOBODYS."""

    meeting_id: str
    said: datetime


async def settle_on(key: str, meeting_id: str, at: Workplace) -> None:
    """Keep whose a file is; `key` is `{origin}/{id}` of the file at its source."""
    placement = Placement(meeting_id=meeting_id, said=at.clock.now())
    await at.ledger.absorb(PLACEMENTS, [Change(id=key, value=placement)])


async def carry_over(effect: Effect, meeting_id: str, folder: Folder, at: Workplace) -> None:
    """Move a filed file to another meeting's folder; its columns follow at the next run."""
    await settle_on(_source(effect), meeting_id, at)
    item = await _filed_item(effect, at)
    parent = await folder_id(folder, at)
    there = await moved(item, item.name, at.places.documentation, parent, at)
    baseline = {**effect.baseline, **shown(there)}
    await settle(replace(effect, baseline=baseline), Status.DONE, at)


async def take_back(effect: Effect, at: Workplace) -> None:
    """Move a filed file to Oplacerat, where it stays until somebody says whose it is."""
    item = await _filed_item(effect, at)
    parent = await folder_id(UNPLACED_FOLDER, at)
    there = await moved(item, item.name, at.places.coordination, parent, at)
    for key in dict.fromkeys((_source(effect), f"inbox/{there.id}")):
        await settle_on(key, NOBODYS, at)
    baseline = {**effect.baseline, **shown(there)}
    await settle(replace(effect, baseline=baseline), Status.DROPPED, at, reason=TAKEN_BACK)


async def file_again(effect: Effect, folder_key: str, at: Workplace) -> None:
    """
    Let the next run file anew what was removed, parked or taken back.

    A folder that a person has removed is made again as well. Raises NotFound for a file that
    was moved here and is gone: only the site's recycle bin has it.
    """
    if effect.status is Status.DONE and await _is_there(effect, at):
        return
    if origin_of(effect.key) in ("inbox", "folder") and effect.phase:
        raise NotFound(
            str(effect.baseline.get("name") or effect.key),
            "It was moved here, and nobody else has it.",
            remedy="Restore it from the site's recycle bin; it is known again by its id.",
        )
    await _forget_lost_folder(folder_key, at)
    now = at.clock.now()
    await at.ledger.keep(
        Effect(key=effect.key, job=effect.job, status=Status.CLAIMED, created=now, updated=now)
    )
    await at.ledger.absorb(PLACEMENTS, [Change[Placement](id=_source(effect), value=None)])


def _source(effect: Effect) -> str:
    return f"{origin_of(effect.key)}/{item_id_of(effect.key)}"


async def _forget_lost_folder(key: str, at: Workplace) -> None:
    folder = (await at.ledger.effects(key)).get(key)
    if folder is None or not folder.remote_id:
        return
    if await at.drives.item(at.places.documentation, folder.remote_id) is None:
        lost = replace(folder, status=Status.CLAIMED, remote_id=None, updated=at.clock.now())
        await at.ledger.keep(lost)


async def _is_there(effect: Effect, at: Workplace) -> bool:
    for drive_id in (at.places.documentation, at.places.coordination):
        if effect.remote_id and await at.drives.item(drive_id, effect.remote_id):
            return True
    return False


async def _filed_item(effect: Effect, at: Workplace) -> SeenItem:
    for drive_id in (at.places.documentation, at.places.coordination):
        item = await at.drives.item(drive_id, effect.remote_id or "")
        if item is not None:
            return item
    raise NotFound(str(effect.baseline.get("name") or effect.key), "A person has removed it.")
