"""Folders of meetings that have another title, day or place by now, or were cancelled."""

from collections.abc import Iterator

from service.domain.actions import RenameFolder
from service.jobs.materials.seen import Observed


def named(seen: Observed) -> Iterator[RenameFolder]:
    """A folder that a person has renamed or moved, or that was linked to, keeps its name."""
    for folder in seen.standing:
        there = f"{folder.item.path}/{folder.item.name}".strip("/")
        if folder.untouched and there != folder.path:
            yield RenameFolder(key=folder.key, item=folder.item, path=folder.path)
