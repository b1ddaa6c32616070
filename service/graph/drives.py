"""The libraries: what is in them, and what is put there."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import datetime
from urllib.parse import quote

import msgspec
from kiota_abstractions.method import Method
from kiota_abstractions.request_information import RequestInformation

from service.errors import (
    BadRequest,
    Changed,
    Conflict,
    Forbidden,
    Locked,
    MissingColumn,
    MoveRefused,
    MustBeCheckedOut,
    NotFound,
)
from service.graph.client import Graph, asking, writing
from service.graph.columns import columns_of
from service.graph.copying import Copies
from service.graph.download import ListedDownload
from service.graph.folders import Folders
from service.graph.holding import Holding, raise_unapproved
from service.graph.links import Links
from service.graph.policy import Repeat, backoff
from service.graph.sdk import DriveItemItemRequestBuilder, FileFieldsQuery, ListItemRequestBuilder
from service.graph.sites import Sites
from service.graph.translate import About
from service.graph.upload import Uploader
from service.graph.walk import Listings
from service.graph.wire import WireItem, WireRow, decode, seen_fields, seen_item
from service.observe import Change, Fields, FieldValue, FileColumns, Page, SeenItem
from service.ports import Content, CopyProgress, Stored, Target, UploadState

RIGHT = "the app `Sites.Selected` and write on this site (read, where it is only a source)"
TRIES = 4
"""To write columns: the service itself changes an item for a while after an upload."""
SHOWN = (
    "id,name,size,eTag,cTag,folder,root,file,deleted,parentReference,createdDateTime,"
    "lastModifiedDateTime,lastModifiedBy,webUrl,publication"
)
# `publication` is not among what comes unasked:
# https://learn.microsoft.com/graph/api/resources/driveitem

_item = msgspec.json.Decoder(WireItem)
_row = msgspec.json.Decoder(WireRow)
_fields = msgspec.json.Decoder(dict[str, object])


class GraphDrives:
    """Implements `Drives` and its contents."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._folders: dict[str, Folders] = {}
        self._listings = Listings(graph)
        self._copies = Copies(graph, self)
        self._holding = Holding(graph)
        self._links = Links(graph, Sites(graph), self)
        self._new: set[str] = set()
        """Items that we have just put into a library: no columns of ours can be on them."""

    async def changes(self, drive_id: str, cursor: str | None) -> AsyncIterator[Page[SeenItem]]:
        async for items in self._listings.changes(drive_id, cursor, self._about(drive_id)):
            yield Page(
                changes=await self._seen(drive_id, items.found),
                cursor=items.cursor,
                complete=items.complete,
            )

    async def find(self, drive_id: str, path: str) -> SeenItem | None:
        if not path:
            return await self.item(drive_id, "root")
        return await self._get(drive_id, self._graph.at(self._by_path(drive_id, path)))

    async def item(self, drive_id: str, item_id: str) -> SeenItem | None:
        address = f"{self._graph.base}/drives/{quote(drive_id)}/items/{quote(item_id)}"
        return await self._get(drive_id, self._graph.at(f"{address}?$select={SHOWN}"))

    async def named(self, drive_id: str, parent_id: str, name: str) -> SeenItem | None:
        """Look up what has this name in a folder."""
        address = self._beside(drive_id, parent_id, name)
        return await self._get(drive_id, self._graph.at(address))

    async def ensure_folder(self, drive_id: str, path: str) -> SeenItem:
        there = await self.find(drive_id, path)
        if there is None:
            parent, _, name = path.rpartition("/")
            there = await self._make_folder(await self.ensure_folder(drive_id, parent), name)
        if not there.folder:
            raise Conflict(self._about(drive_id, path).subject, "A file has the folder's name.")
        return there

    async def move(self, item: SeenItem, *, drive_id: str, parent_id: str, name: str) -> SeenItem:
        # To another library the target's driveId is needed; the reference page still says
        # that no move leaves its drive (docs/decisions/2026-11-22-moves-between-libraries.md).
        info = writing(
            self._builder(item.drive_id, item.id),
            Method.PATCH,
            {"parentReference": {"driveId": drive_id, "id": parent_id}, "name": name},
            {"If-Match": item.etag},
        )
        about = self._about(item.drive_id, item.name)
        try:
            data = await self._graph.fetch(info, about)
        except BadRequest as error:
            if drive_id == item.drive_id:
                raise
            raise MoveRefused(about.subject, error.reason) from error
        except (Forbidden, Locked) as error:
            raise await self._holding.explained(error, item.drive_id, item.id, about) from error
        moved = await self._read(drive_id, data)
        if drive_id != item.drive_id:
            self._new.add(moved.id)
        return moved

    async def store(
        self,
        target: Target,
        content: Content,
        *,
        resume: UploadState | None = None,
        keep: Callable[[UploadState], Awaitable[None]] | None = None,
    ) -> Stored:
        path = await self._folders_of(target.drive_id).path(target.parent_id)

        async def find() -> SeenItem | None:
            return await self.named(target.drive_id, target.parent_id, target.name)

        def read(data: bytes) -> SeenItem:
            item = decode(_item, data, target.name)
            return seen_item(target.drive_id, item, path)

        about = self._about(target.drive_id, target.name)
        uploader = Uploader(self._graph, target, about, find=find, read=read, keep=keep)
        try:
            stored = await uploader.store(content, resume)
        except (Forbidden, Locked) as error:
            standing = await find() if target.replace else None
            if standing is None:
                raise
            held = self._holding.explained(error, target.drive_id, standing.id, about)
            raise await held from error
        if target.replace is None:
            self._new.add(stored.item.id)
        return stored

    def content(self, drive_id: str, item_id: str) -> Content:
        builder = self._builder(drive_id, item_id).content

        async def request() -> RequestInformation:
            info = builder.to_get_request_information()
            info.headers.remove("Accept")
            return info

        about = self._about(drive_id, item_id)
        return ListedDownload(self._graph, request, about, large=True)

    async def begin_copy(self, item: SeenItem, target: Target) -> str:
        return await self._copies.begin(item, target)

    async def copy_progress(
        self, item: SeenItem, target: Target, monitor: str, *, since: datetime
    ) -> CopyProgress:
        return await self._copies.progress(item, target, monitor, since)

    async def shared(self, url: str) -> SeenItem | None:
        return await self._links.shared(url)

    async def check_in(self, drive_id: str, item_id: str, comment: str) -> None:
        about = self._about(drive_id, item_id)
        try:
            await self._holding.check_in(drive_id, item_id, about, comment)
        except (BadRequest, MustBeCheckedOut) as error:
            item = await self.item(drive_id, item_id)
            if item is not None and item.checked_out:
                raise MissingColumn(about.subject, error.reason) from error

    async def set_columns(self, drive_id: str, item_id: str, fields: Fields) -> Fields:
        about = self._about(drive_id, item_id)
        try:
            there = await self._set_columns(drive_id, item_id, fields)
        except (Forbidden, Locked) as error:
            raise await self._holding.explained(error, drive_id, item_id, about) from error
        raise_unapproved(there, about)
        return there

    async def _set_columns(self, drive_id: str, item_id: str, fields: Fields) -> Fields:
        builder = self._builder(drive_id, item_id).list_item
        about = self._about(drive_id, item_id)
        for attempt in range(1, TRIES + 1):
            etag = ""
            if item_id in self._new:
                self._new.discard(item_id)
            else:
                etag, there = await self._columns(builder, about)
                if agree(fields, there):
                    return there
            try:
                return await self._write_columns(builder, about, fields, etag)
            except (Changed, Conflict):
                # 409 resourceModified or 412: the service reads the new file's properties.
                if attempt == TRIES:
                    raise
                await self._graph.clock.sleep(backoff(attempt, 1.0, self._graph.limits))
        raise Changed(about.subject)

    async def all_columns(self, drive_id: str) -> tuple[FileColumns, ...]:
        return await columns_of(self._graph, drive_id, self._about(drive_id))

    async def translated(self, drive_id: str, item: WireItem) -> SeenItem:
        """Make what was seen of what Graph wrote, asking for the path where it is not told."""
        folders = self._folders_of(drive_id)
        folders.note(item)
        path = item.parent_path()
        if path is None:
            parent = item.parent_id()
            path = await folders.path(parent) if parent else ""
        return seen_item(drive_id, item, path)

    # ------------------------------------------------------------ within

    async def _write_columns(
        self, builder: ListItemRequestBuilder, about: About, fields: Fields, etag: str
    ) -> Fields:
        condition = {"If-Match": etag} if etag else {}
        info = writing(builder, Method.PATCH, dict(fields), condition)
        # The SDK has no builder for the fields of a file's list item.
        info.url_template = "{+baseurl}/drives/{drive%2Did}/items/{driveItem%2Did}/listItem/fields"
        answer = decode(_fields, await self._graph.fetch(info, about), about.subject)
        there = seen_fields(answer)
        if not agree(fields, there):
            # What was accepted is not always what is kept: only a reading tells.
            _, there = await self._columns(builder, about)
        return there

    async def _columns(self, builder: ListItemRequestBuilder, about: About) -> tuple[str, Fields]:
        query = FileFieldsQuery(expand=["fields"])
        info = builder.to_get_request_information(asking(query))
        row = decode(_row, await self._graph.fetch(info, about), about.subject)
        return row.e_tag, seen_fields(row.fields or {})

    async def _make_folder(self, parent: SeenItem, name: str) -> SeenItem:
        info = writing(
            self._builder(parent.drive_id, parent.id).children,
            Method.POST,
            {"name": name, "folder": {}, "@microsoft.graph.conflictBehavior": "fail"},
        )
        about = self._about(parent.drive_id, name)
        try:
            # It fails where the folder is there, so that twice does no harm.
            response = await self._graph.send(info, about, repeat=Repeat.YES)
        except Conflict:
            there = await self.named(parent.drive_id, parent.id, name)
            if there is None:
                raise
            return there
        return await self._read(parent.drive_id, response.content)

    async def _get(self, drive_id: str, info: RequestInformation) -> SeenItem | None:
        data = await self._graph.find(info, self._about(drive_id))
        return None if data is None else await self._read(drive_id, data)

    async def _read(self, drive_id: str, data: bytes) -> SeenItem:
        item = decode(_item, data, self._about(drive_id).subject)
        return await self.translated(drive_id, item)

    async def _seen(self, drive_id: str, items: list[WireItem]) -> tuple[Change[SeenItem], ...]:
        folders = self._folders_of(drive_id)
        for item in items:
            folders.note(item)
        return tuple(
            [
                Change(
                    id=item.id,
                    value=None if item.deleted else await self.translated(drive_id, item),
                )
                for item in items
            ]
        )

    def _folders_of(self, drive_id: str) -> Folders:
        if drive_id not in self._folders:
            self._folders[drive_id] = Folders(lambda item_id: self._folder(drive_id, item_id))
        return self._folders[drive_id]

    async def _folder(self, drive_id: str, item_id: str) -> WireItem:
        info = self._builder(drive_id, item_id).to_get_request_information()
        about = self._about(drive_id, item_id)
        data = await self._graph.find(info, about)
        if data is None:
            raise NotFound(about.subject, "The folder is not there.")
        return decode(_item, data, about.subject)

    def _about(self, drive_id: str, what: str = "") -> About:
        library = self._graph.name("library", drive_id)
        return About(subject=f"{what} in {library}" if what else library, right=RIGHT)

    def _builder(self, drive_id: str, item_id: str) -> DriveItemItemRequestBuilder:
        return self._graph.sdk.drives.by_drive_id(drive_id).items.by_drive_item_id(item_id)

    def _by_path(self, drive_id: str, path: str) -> str:
        base = f"{self._graph.base}/drives/{quote(drive_id)}"
        return f"{base}/root:/{quote(path)}?$select={SHOWN}"

    def _beside(self, drive_id: str, parent_id: str, name: str) -> str:
        drive, parent = quote(drive_id), quote(parent_id)
        base = f"{self._graph.base}/drives/{drive}/items/{parent}"
        return f"{base}:/{quote(name, safe='')}?$select={SHOWN}"


def agree(wanted: Fields, there: Mapping[str, FieldValue]) -> bool:
    """Tell whether every column has its value; an empty text and none are the same."""
    return all(_same(value, there.get(name)) for name, value in wanted.items())


def _same(wanted: FieldValue, there: FieldValue) -> bool:
    if wanted in {None, ""} or there in {None, ""}:
        return wanted in {None, ""} and there in {None, ""}
    if isinstance(wanted, str) and isinstance(there, str):
        # Line ends of notes come back as they like; times with or without fractions.
        return _plain(wanted) == _plain(there)
    return wanted == there


def _plain(text: str) -> str:
    plain = text.replace("\r\n", "\n").strip()
    return plain.replace(".0000000Z", "Z").replace(".000Z", "Z")
