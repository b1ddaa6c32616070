"""Folders of meetings that have another title, day or place by now, or were cancelled."""

from collections.abc import Iterator

from service.domain.actions import Leave, RenameFolder
from service.jobs.materials.folders import place_of
from service.jobs.materials.seen import Observed


def named(seen: Observed) -> Iterator[RenameFolder | Leave]:
    """A folder that a person has renamed or moved, or that was linked to, keeps its name."""
    for folder in seen.standing:
        if not folder.untouched or place_of(folder.item) == folder.path:
            continue
        if folder.free:
            yield RenameFolder(key=folder.key, item=folder.item, path=folder.path)
        else:
            yield Leave(subject=folder.item.name, why=f"another is called {folder.path} already")
