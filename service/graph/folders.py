"""Paths of folders, which a delta listing does not tell."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from service.graph.wire import WireItem


@dataclass(frozen=True)
class _Folder:
    name: str
    parent: str | None


class Folders:
    """
    Remembers folders by id as they go by, and asks for those that it has not met.

    Items of a delta have their parent's id but no path, since renaming a folder would
    change it on everything below: https://learn.microsoft.com/graph/api/driveitem-delta
    """

    def __init__(self, fetch: Callable[[str], Awaitable[WireItem]]) -> None:
        self._fetch = fetch
        self._known: dict[str, _Folder] = {}

    def note(self, item: WireItem) -> None:
        if item.deleted is not None:
            self._known.pop(item.id, None)
        elif item.root is not None:
            self._known[item.id] = _Folder("", None)
        elif item.folder is not None:
            self._known[item.id] = _Folder(item.name, item.parent_id())

    async def path(self, folder_id: str) -> str:
        """Path of a folder below the root. Raises NotFound."""
        names: list[str] = []
        at: str | None = folder_id
        while at is not None and at != "root":
            if at not in self._known:
                self.note(await self._fetch(at))
            folder = self._known.get(at, _Folder("", None))
            names.append(folder.name)
            at = folder.parent
        return "/".join(name for name in reversed(names) if name)
