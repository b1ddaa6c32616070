"""What a coordinator says of single files: whose one is, that it is taken back or filed again."""

from dataclasses import dataclass, replace
from datetime import datetime

from service.domain.actions import Folder, Shelf, item_id_of, origin_of
from service.effects.folders import folder_id
from service.effects.placing import moved
from service.effects.steps import drive_of, filed_item, looked_at, settle, shown
from service.errors import MoveRefused, NotFound
from service.observe import Change, SeenItem
from service.ports import Effect, Status
from service.workplace import Workplace

PLACEMENTS = "placements"
NOBODYS = "-"
"""Id of no meeting: a coordinator has taken the file back."""
UNPLACED = "Inkorg/Oplacerat"
UNPLACED_FOLDER = Folder(
    key="folder/inbox/unplaced", shelf=Shelf.COORDINATION, path=UNPLACED, lasting=True
)


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
    effect, there = await _moved(effect, folder, at.places.documentation, at)
    is_tagged = "columns" in effect.baseline
    baseline = {**effect.baseline, **shown(there)}
    status = Status.DONE if is_tagged else Status.CLAIMED
    await settle(replace(effect, baseline=baseline), status, at)


async def take_back(effect: Effect, at: Workplace) -> None:
    """Move a filed file to Oplacerat, where it stays until somebody says whose it is."""
    effect, there = await _moved(effect, UNPLACED_FOLDER, at.places.coordination, at)
    for key in dict.fromkeys((_source(effect), f"inbox/{there.id}")):
        await settle_on(key, NOBODYS, at)
    baseline = {**effect.baseline, **shown(there)}
    await settle(
        replace(effect, baseline=baseline),
        Status.DROPPED,
        at,
        reason=at.texts.say("placing.taken_back"),
    )


async def file_again(effect: Effect, meeting_id: str, folder: Folder, at: Workplace) -> None:
    """
    Let the next run file anew what was removed, parked or taken back.

    `folder` is the meeting's; one that a person has removed is made again as well. Raises
    NotFound for a file that was moved here and is gone: only the site's recycle bin has it.
    """
    await _forget_lost_folder(folder, at)
    if await filed_item(effect, at) is not None:
        await _taken_up(effect, meeting_id, folder, at)
        return
    if origin_of(effect.key) in ("inbox", "folder") and effect.phase:
        raise NotFound(
            str(effect.baseline.get("name") or effect.key),
            "It was moved here, and nobody else has it.",
            remedy="Restore it from the site's recycle bin; it is known again by its id.",
        )
    now = at.clock.now()
    await at.ledger.keep(
        Effect(key=effect.key, job=effect.job, status=Status.CLAIMED, created=now, updated=now)
    )
    await at.ledger.absorb(PLACEMENTS, [Change[Placement](id=_source(effect), value=None)])


async def _taken_up(effect: Effect, meeting_id: str, folder: Folder, at: Workplace) -> None:
    """It is there: only what is missing is done, so that it does not lie there twice."""
    if effect.status is Status.DROPPED:
        await carry_over(effect, meeting_id, folder, at)
    elif effect.status is Status.PARKED:
        await settle(replace(effect, attempts=0), Status.CLAIMED, at)


async def _moved(
    effect: Effect, folder: Folder, drive_id: str, at: Workplace
) -> tuple[Effect, SeenItem]:
    item = await filed_item(effect, at)
    if item is None:
        name = str(effect.baseline.get("name") or effect.key)
        raise NotFound(name, "A person has removed it.", remedy="File it again with --again.")
    effect = await looked_at(effect, item.drive_id, at)
    parent = await folder_id(folder, at)
    try:
        return effect, await moved(item, item.name, drive_id, parent, at)
    except MoveRefused as error:
        by_hand = f"Move it to {folder.path} by hand; it is known again by its id."
        raise MoveRefused(item.name, error.reason, remedy=by_hand) from error


def _source(effect: Effect) -> str:
    return f"{origin_of(effect.key)}/{item_id_of(effect.key)}"


async def _forget_lost_folder(folder: Folder, at: Workplace) -> None:
    made = (await at.ledger.effects(folder.key)).get(folder.key)
    if made is None or not made.remote_id:
        return
    if await at.drives.item(drive_of(at, folder.shelf), made.remote_id) is None:
        lost = replace(made, status=Status.CLAIMED, remote_id=None, updated=at.clock.now())
        await at.ledger.keep(lost)
