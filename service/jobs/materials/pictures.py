"""Many pictures of one meeting lie in a folder of their own, within the meeting's."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeGuard

from service.domain.actions import (
    Action,
    Folder,
    MoveFile,
    RelocateFile,
    StoreFile,
    TagFile,
    item_id_of,
    origin_of,
)
from service.effects.steps import EDITED
from service.jobs.materials.seen import Observed
from service.jobs.materials.shelved import filed_items
from service.observe import SeenItem
from service.ports import Effect, Status

KIND = "Bilder"
FEW = 5


def gathered(actions: Sequence[Action], seen: Observed) -> Iterator[Action]:
    """The same actions, with pictures put together where there are more than a few."""
    coming = Counter(
        action.meeting_id
        for action in actions
        # One that is only tagged is in place: it counts, and stays where it is.
        if _is_picture(action) or (isinstance(action, TagFile) and _shows(action) == KIND)
    )
    there = _filed(seen)
    many = {
        meeting_id
        for meeting_id in (*coming, *there)
        if meeting_id and coming[meeting_id] + len(there.get(meeting_id, ())) > FEW
    }
    for action in actions:
        if _is_picture(action) and action.meeting_id in many:
            yield replace(action, folder=_folder(action.meeting_id, seen))
        else:
            yield action
    for meeting_id in sorted(many & there.keys()):
        yield from _together(meeting_id, there[meeting_id], seen)


def _is_picture(action: Action) -> TypeGuard[StoreFile | MoveFile]:
    return isinstance(action, StoreFile | MoveFile) and _shows(action) == KIND


def _shows(action: StoreFile | MoveFile | TagFile) -> object:
    return action.columns.get("NvType")


def _filed(seen: Observed) -> dict[str, list[Effect]]:
    """Pictures in place, by the meeting in whose folder they lie."""
    found: dict[str, list[Effect]] = {}
    for item_id, effect in filed_items(seen.known.filed).items():
        item = seen.shelved.get(item_id)
        is_picture = effect.status is Status.DONE and effect.baseline.get("kind") == KIND
        if item is not None and is_picture and (meeting_id := seen.meeting_at(item)):
            found.setdefault(meeting_id, []).append(effect)
    return found


def _together(meeting_id: str, effects: Sequence[Effect], seen: Observed) -> Iterator[RelocateFile]:
    """Those that lie beside the other files, as we put them there."""
    for effect in effects:
        item = seen.shelved[effect.remote_id or ""]
        if item.parent_id in seen.folder_ids and _is_untouched(item, effect, seen):
            yield RelocateFile(
                key=f"relocate/{effect.key}",
                of=effect.key,
                item=item,
                folder=_folder(meeting_id, seen),
                name=item.name,
                columns={},
            )


def _is_untouched(item: SeenItem, effect: Effect, seen: Observed) -> bool:
    """We put it there, by no person's word, and nobody has renamed, moved or edited it since."""
    origin = origin_of(effect.key)
    as_put = (effect.baseline.get("path"), effect.baseline.get("name"), effect.baseline.get("ctag"))
    return (
        origin != "folder"
        and f"{origin}/{item_id_of(effect.key)}" not in seen.placements
        and (item.path, item.name, item.ctag) == as_put
        and not effect.baseline.get(EDITED)
    )


def _folder(meeting_id: str, seen: Observed) -> Folder:
    meeting_folder = seen.folders[meeting_id]
    return Folder(
        key=f"folder/pictures/{meeting_id}",
        shelf=meeting_folder.shelf,
        path=seen.words.say("files.pictures"),
        within=meeting_folder,
    )
