"""Libraries that keep what they are given; people's acts are methods beside the port's."""

import mimetypes
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count

from service.errors import Changed, Conflict, Locked, MoveRefused, NotFound, UploadMismatch
from service.graph.quickxor import QuickXor
from service.observe import Change, Fields, FileColumns, Page, SeenItem
from service.ports import Content, CopyProgress, Stored, Target, UploadState
from tests.unit.effects.copies import Copies, vanished
from tests.unit.effects.fate import CLIENT_ID, SITE, Clock, Fate

LARGE = 1000
"""Bytes from which on an upload goes by session, in two ranges."""


async def whole(content: Content, offset: int = 0) -> bytes:
    return b"".join([piece async for piece in content.read(offset)])


def digest(data: bytes) -> str:
    """The quickXorHash that the service keeps of its files."""
    hash_ = QuickXor()
    hash_.update(data)
    return hash_.digest()


class _Lazy:
    """A file's bytes, looked for when they are read."""

    def __init__(self, drives: "Drives", drive_id: str, item_id: str) -> None:
        self._drives, self._drive_id, self._item_id = drives, drive_id, item_id
        item = drives.items.get(item_id)
        self.size: int | None = item.size if item else None

    async def read(self, offset: int = 0) -> AsyncIterator[bytes]:
        item = self._drives.items.get(self._item_id)
        if item is None or item.drive_id != self._drive_id:
            raise NotFound(self._item_id)
        yield self._drives.data[self._item_id][offset:]


@dataclass
class _Session:
    target: Target
    data: bytearray = field(default_factory=bytearray)
    item_id: str = ""
    """Of the file, once the last byte is in."""


class Drives:
    """Libraries; a person's acts are the methods that Graph's port does not have."""

    def __init__(self, fate: Fate, clock: Clock) -> None:
        self.fate, self.clock = fate, clock
        self.items: dict[str, SeenItem] = {}
        self.data: dict[str, bytes] = {}
        self.columns: dict[str, dict[str, object]] = {}
        self.locked: set[str] = set()
        self.copies = Copies(fate)
        self.apart = False
        """Files are not moved between libraries."""
        self.checked_out_first: set[str] = set()
        """Libraries in which a new file is checked out until it is checked in."""
        self.spoilt: set[str] = set()
        """Names under which other bytes are stored than were sent."""
        self._out: set[str] = set()
        self.stored: list[bytes] = []
        """Content of every file that we have stored."""
        self._sessions: dict[str, _Session] = {}
        self._log: list[tuple[str, str]] = []
        self._numbers = count(1)

    # ------------------------------------------------------------ the port

    async def changes(self, drive_id: str, cursor: str | None) -> AsyncIterator[Page[SeenItem]]:
        since = int(cursor or 0)
        ids = dict.fromkeys(i for d, i in self._log[since:] if d == drive_id)
        shown = (self._here(drive_id, item_id) for item_id in ids)
        found = tuple(Change(id=i, value=v) for i, v in zip(ids, shown, strict=True))
        yield Page(changes=found, cursor=str(len(self._log)))

    async def find(self, drive_id: str, path: str) -> SeenItem | None:
        folder, _, name = path.rpartition("/")
        for item_id in self.items:
            item = self._shown(item_id)
            if (item.drive_id, item.path, item.name.casefold()) == (
                drive_id,
                folder,
                name.casefold(),
            ):
                return item
        return None

    async def item(self, drive_id: str, item_id: str) -> SeenItem | None:
        return self._here(drive_id, item_id)

    async def ensure_folder(self, drive_id: str, path: str) -> SeenItem:
        parent: str | None = None
        item = None
        for depth, name in enumerate(path.split("/")):
            item = await self.find(drive_id, "/".join(path.split("/")[: depth + 1]))
            if item is None:
                with self.fate.write(f"folder {name}"):
                    item = self._make(drive_id, parent, name, folder=True, by=CLIENT_ID)
            parent = item.id
        assert item is not None
        return item

    async def move(self, item: SeenItem, *, drive_id: str, parent_id: str, name: str) -> SeenItem:
        standing = self.items.get(item.id)
        if standing is None or parent_id not in self.items:
            raise NotFound(item.name)
        if standing.etag != item.etag:
            raise Changed(item.name)
        self._refuse_locked(item.id)
        if self.apart and drive_id != standing.drive_id:
            raise MoveRefused(item.name)
        self._refuse_taken(drive_id, parent_id, name, but=item.id)
        with self.fate.write(f"move {name}"):
            moved = replace(standing, drive_id=drive_id, parent_id=parent_id, name=name)
            if drive_id != standing.drive_id:
                self._log.append((standing.drive_id, item.id))
            self._put(moved, by=CLIENT_ID)
        return self._shown(item.id)

    async def store(
        self,
        target: Target,
        content: Content,
        *,
        resume: UploadState | None = None,
        keep: Callable[[UploadState], Awaitable[None]] | None = None,
    ) -> Stored:
        data = await whole(content)
        if target.parent_id not in self.items:
            raise NotFound(target.name)
        if len(data) < LARGE or keep is None:
            return await self._commit(target, data)
        session = self._sessions.get(resume.url) if resume else None
        url = resume.url if resume and session else f"https://upload/{next(self._numbers)}"
        if session is None:
            if target.replace is None:
                self._refuse_taken(target.drive_id, target.parent_id, target.name)
            session = self._sessions[url] = _Session(target)
            await keep(self._state(url, session, len(data)))
        if session.item_id:  # the last byte was in before a crash
            return self._receipt(session.item_id, data)
        half = len(data) // 2
        if len(session.data) < half:
            with self.fate.write("range"):
                session.data += await whole(content, len(session.data))
                del session.data[half:]
            await keep(self._state(url, session, len(data)))
        assert bytes(session.data) in {data[:half], data}
        # A session that has every byte goes under the name that is asked for now.
        place = target if bytes(session.data) == data else session.target
        session.data[:] = data
        try:
            with self.fate.write(f"store {place.name}"):
                session.item_id = self._write(place, data).id
        except Conflict:
            await keep(self._state(url, session, len(data)))
            raise
        return self._receipt(session.item_id, data)

    def content(self, drive_id: str, item_id: str) -> Content:
        return _Lazy(self, drive_id, item_id)

    async def begin_copy(self, item: SeenItem, target: Target) -> str:
        if self._here(item.drive_id, item.id) is None:
            raise vanished(item)
        if target.parent_id not in self.items:
            raise NotFound(target.name)
        place = (target.drive_id, target.parent_id, target.name)
        return self.copies.begin(
            item,
            lambda: self._write(target, self.data[item.id]),
            lambda: self._refuse_taken(*place),
        )

    async def copy_progress(
        self, item: SeenItem, target: Target, monitor: str, *, since: datetime
    ) -> CopyProgress:
        there = self._in(target.drive_id, target.parent_id, target.name)
        shown = self._shown(there.id) if there else None
        return self.copies.progress(target, monitor, shown, since=since)

    async def check_in(self, drive_id: str, item_id: str, comment: str) -> None:
        if self._here(drive_id, item_id) is None:
            raise NotFound(item_id)
        with self.fate.write(f"check in {self.items[item_id].name}"):
            self._out.discard(item_id)

    async def shared(self, url: str) -> SeenItem | None:
        item_id = url.removeprefix(f"{SITE}/")
        return self._shown(item_id) if item_id in self.items else None

    async def set_columns(self, drive_id: str, item_id: str, fields: Fields) -> Fields:
        if self._here(drive_id, item_id) is None:
            raise NotFound(item_id)
        self._refuse_locked(item_id)
        with self.fate.write(f"columns {self.items[item_id].name}"):
            self.columns.setdefault(item_id, {}).update(fields)
            self._put(self.items[item_id], by=CLIENT_ID)
        return fields

    async def all_columns(self, drive_id: str) -> tuple[FileColumns, ...]:
        files = [self._shown(i) for i in self.items if self.items[i].drive_id == drive_id]
        return tuple(
            FileColumns(
                name=item.name,
                path=item.path,
                url=item.web_url,
                fields=self.columns.get(item.id, {}),
            )
            for item in files
            if not item.folder
        )

    # ------------------------------------------------------------ people

    def put(self, drive_id: str, path: str, data: bytes) -> SeenItem:
        """A person saves a new file, in a folder that is there or is made."""
        folder, _, name = path.rpartition("/")
        parent = self.folder(drive_id, folder) if folder else None
        item = self._make(drive_id, parent.id if parent else None, name, folder=False, by=None)
        self.data[item.id] = data
        self._put(replace(item, size=len(data), quick_xor_hash=digest(data)), by=None)
        return self._shown(item.id)

    def folder(self, drive_id: str, path: str) -> SeenItem:
        parent, item = None, None
        for name in path.split("/"):
            inside = [i for i in self.items.values() if i.parent_id == parent and i.name == name]
            inside = [i for i in inside if i.drive_id == drive_id]
            item = inside[0] if inside else self._make(drive_id, parent, name, folder=True, by=None)
            parent = item.id
        assert item is not None
        return self._shown(item.id)

    def rename(self, item_id: str, name: str) -> None:
        self._put(replace(self.items[item_id], name=name), by=None)

    def edit(self, item_id: str, data: bytes) -> None:
        self.data[item_id] = data
        ctag = f"c{next(self._numbers)}"
        changed = replace(
            self.items[item_id], ctag=ctag, size=len(data), quick_xor_hash=digest(data)
        )
        self._put(changed, by=None)

    def touch(self, item_id: str) -> None:
        """A person changes a column, and nothing of the content."""
        self._put(self.items[item_id], by=None)

    def carry(self, item_id: str, drive_id: str, folder: str) -> None:
        """A person moves a file."""
        standing, target = self.items[item_id], self.folder(drive_id, folder)
        self._log.append((standing.drive_id, item_id))
        self._put(replace(standing, drive_id=drive_id, parent_id=target.id), by=None)

    def delete(self, item_id: str) -> None:
        gone = self.items.pop(item_id)
        self._log.append((gone.drive_id, item_id))

    # ------------------------------------------------------------ looking

    def named(self, drive_id: str, folder: str) -> list[str]:
        """Names of what lies in a folder."""
        shown = (self._shown(item_id) for item_id in self.items)
        return sorted(i.name for i in shown if i.drive_id == drive_id and i.path == folder)

    def _here(self, drive_id: str, item_id: str) -> SeenItem | None:
        item = self.items.get(item_id)
        return self._shown(item_id) if item is not None and item.drive_id == drive_id else None

    def _shown(self, item_id: str) -> SeenItem:
        item = self.items[item_id]
        parts, parent = [], item.parent_id
        while parent is not None:
            parts.append(self.items[parent].name)
            parent = self.items[parent].parent_id
        path = "/".join(reversed(parts))
        out = item.id in self._out
        return replace(item, path=path, web_url=f"{SITE}/{item.id}", checked_out=out)

    # ------------------------------------------------------------ changing

    async def _commit(self, target: Target, data: bytes) -> Stored:
        if target.replace is None:
            self._refuse_taken(target.drive_id, target.parent_id, target.name)
        with self.fate.write(f"store {target.name}"):
            item = self._write(target, data)
        return self._receipt(item.id, data)

    def _write(self, target: Target, data: bytes) -> SeenItem:
        standing = self._in(target.drive_id, target.parent_id, target.name)
        if standing is not None:
            if target.replace is None:
                raise Conflict(target.name)
            if standing.etag != target.replace:
                raise Changed(target.name)
            self._refuse_locked(standing.id)
        item = standing or self._make(
            target.drive_id, target.parent_id, target.name, folder=False, by=CLIENT_ID
        )
        spoilt = target.name in self.spoilt
        data = data[:-1] if spoilt else data
        self.data[item.id] = data
        if not spoilt:
            self.stored.append(data)
        if standing is None and target.drive_id in self.checked_out_first:
            self._out.add(item.id)
        ctag = f"c{next(self._numbers)}"
        changed = replace(item, ctag=ctag, size=len(data), quick_xor_hash=digest(data))
        self._put(changed, by=CLIENT_ID)
        return self._shown(item.id)

    def _make(
        self, drive_id: str, parent: str | None, name: str, *, folder: bool, by: str | None
    ) -> SeenItem:
        self._refuse_taken(drive_id, parent, name)
        number = next(self._numbers)
        item = SeenItem(
            drive_id=drive_id,
            id=f"i{number:04}",
            name=name,
            folder=folder,
            parent_id=parent,
            path="",
            size=0,
            etag="",
            ctag=f"c{number}",
            created=self.clock.now(),
            modified=self.clock.now(),
            modified_by_app=by,
            web_url="",
            quick_xor_hash=None,
            content_type="" if folder else mimetypes.guess_type(name)[0] or "",
        )
        self._put(item, by=by)
        return self._shown(item.id)

    def _put(self, item: SeenItem, *, by: str | None) -> None:
        etag = f"e{next(self._numbers)}"
        # Moving or tagging a file is no saving of it: its date stays.
        modified = self.clock.now() if by is None else item.modified
        self.items[item.id] = replace(item, etag=etag, modified=modified, modified_by_app=by)
        self._log.append((item.drive_id, item.id))

    def _in(self, drive_id: str, parent: str | None, name: str) -> SeenItem | None:
        for item in self.items.values():
            place = (item.drive_id, item.parent_id, item.name.casefold())
            if place == (drive_id, parent, name.casefold()):
                return item
        return None

    def _refuse_taken(
        self, drive_id: str, parent: str | None, name: str, *, but: str | None = None
    ) -> None:
        standing = self._in(drive_id, parent, name)
        if standing is not None and standing.id != but:
            raise Conflict(name)

    def _refuse_locked(self, item_id: str) -> None:
        if item_id in self.locked:
            raise Locked(self.items[item_id].name)

    def _state(self, url: str, session: _Session, size: int) -> UploadState:
        return UploadState(
            url=url,
            offset=len(session.data),
            size=size,
            expires=self.clock.now() + timedelta(days=1),
            hash_state=b"",
        )

    def _receipt(self, item_id: str, data: bytes) -> Stored:
        if self.data[item_id] != data:
            raise UploadMismatch(self.items[item_id].name, item=item_id)
        return Stored(item=self._shown(item_id), sent_bytes=len(data), sent_hash=digest(data))
