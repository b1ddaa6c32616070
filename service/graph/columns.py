"""The columns of every file of a library: its rows as a list, a page at a time."""

from urllib.parse import quote, unquote, urlsplit

import msgspec

from service.graph.client import Graph
from service.graph.translate import About
from service.graph.wire import Facet, Listing, Wire, decode, seen_fields
from service.observe import FileColumns

PAGE = 500


class SiteRef(Wire):
    site_id: str


class WireList(Wire):
    id: str
    web_url: str
    parent_reference: SiteRef


class ContentType(Wire):
    id: str = ""


class ListedFile(Wire):
    web_url: str = ""
    content_type: ContentType | None = None
    fields: dict[str, object] | None = None
    deleted: Facet | None = None


_list = msgspec.json.Decoder(WireList)
_rows = msgspec.json.Decoder(Listing[ListedFile])


async def columns_of(graph: Graph, drive_id: str, about: About) -> tuple[FileColumns, ...]:
    """
    Read them without a filter: a column without index may not be asked for in a large list.

    A file is told by the address of its row, which is its path; that of a drive item is, for
    an Office file, the one that opens it. https://learn.microsoft.com/graph/api/listitem-list
    """
    info = graph.at(f"{graph.base}/drives/{quote(drive_id)}/list")
    library = decode(_list, await graph.fetch(info, about), about.subject)
    site = quote(library.parent_reference.site_id, safe=",")
    rows = f"{graph.base}/sites/{site}/lists/{quote(library.id)}/items"
    info = graph.at(f"{rows}?$expand=fields&$top={PAGE}")
    root = _path(library.web_url)
    found: list[FileColumns] = []
    async for page in graph.listing(info, _rows, about):
        found += [_columns(row, root) for row in page.value if _is_file(row)]
    return tuple(found)


def _is_file(row: ListedFile) -> bool:
    return row.content_type is None or not row.content_type.id.startswith("0x0120")


def _columns(row: ListedFile, root: str) -> FileColumns:
    path, _, name = _path(row.web_url).removeprefix(f"{root}/").rpartition("/")
    fields = {name: value for name, value in seen_fields(row.fields or {}).items() if value != ""}
    return FileColumns(name=name, path=path, url=row.web_url, fields=fields)


def _path(url: str) -> str:
    return unquote(urlsplit(url).path).rstrip("/")
