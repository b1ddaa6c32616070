"""
Where links lead: sharing links and addresses as they stand in a browser.

An address that tells site, library and path is followed by these, which needs no more than
a role on the site. Only what hides them (sharing links, Doc.aspx) goes through `/shares`, for
which no page promises that Sites.Selected is enough.
"""

import base64
import re
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

import msgspec

from service.errors import BadRequest, NotFound
from service.graph.client import Graph
from service.graph.sites import Sites
from service.graph.translate import About
from service.graph.wire import WireItem, decode
from service.observe import SeenItem

RIGHT = (
    "the app `Sites.Selected` and read on the site that the link leads to "
    "(a sharing link may need `Files.Read.All`: use the address in the browser's bar instead)"
)
_SHORT = re.compile(r"^/:[a-z]:/(?P<kind>[a-z])/", re.IGNORECASE)
"""`/:w:/r/sites/…` tells the path, `/:w:/s/site/Etoken` hides it."""
_SITE = re.compile(r"^/(sites|teams|personal)/[^/]+", re.IGNORECASE)
_VIEW = re.compile(r"/forms/[^/]+\.aspx$", re.IGNORECASE)

_item = msgspec.json.Decoder(WireItem)


@dataclass(frozen=True, kw_only=True)
class Plain:
    """An address that tells where a thing lies; decoded, without query."""

    site: str
    path: str
    """The whole path, from the host's root."""


@dataclass(frozen=True, kw_only=True)
class Hidden:
    """An address that only the service can follow."""

    token: str


class Shelves(Protocol):
    async def find(self, drive_id: str, path: str) -> SeenItem | None: ...

    async def translated(self, drive_id: str, item: WireItem) -> SeenItem: ...


class Links:
    def __init__(self, graph: Graph, sites: Sites, shelves: Shelves) -> None:
        self._graph = graph
        self._sites = sites
        self._shelves = shelves
        self._libraries: dict[str, dict[str, str]] = {}
        """Drive id by library address, by site address."""

    async def shared(self, url: str) -> SeenItem | None:
        address = read_address(url, self._graph.sharepoint)
        try:
            match address:
                case Plain():
                    return await self._plain(address)
                case Hidden():
                    return await self._hidden(address, url)
                case None:
                    return None
        except NotFound:
            return None

    async def _plain(self, address: Plain) -> SeenItem | None:
        known = self._libraries.get(address.site, {})
        found = _library(address, known)
        if found is None:
            site = await self._sites.site(address.site)
            known = self._libraries[address.site] = await self._sites.drives(site.id)
            found = _library(address, known)
        return None if found is None else await self._shelves.find(*found)

    async def _hidden(self, address: Hidden, url: str) -> SeenItem | None:
        about = About(subject=f"link to {urlsplit(url).hostname}", right=RIGHT)
        info = self._graph.at(f"{self._graph.base}/shares/{address.token}/driveItem")
        try:
            item = decode(_item, await self._graph.fetch(info, about), about.subject)
        except BadRequest:
            # Not every address of SharePoint is one of a file.
            return None
        drive = item.parent_reference and item.parent_reference.drive_id
        return await self._shelves.translated(drive, item) if drive else None


def read_address(url: str, hosts: "set[str]") -> Plain | Hidden | None:
    """Read a link; None if it is not an https address of one of the hosts."""
    try:
        parts = urlsplit(url.strip())
        ours = parts.scheme == "https" and parts.hostname in hosts and parts.port in {None, 443}
    except ValueError:
        return None
    if not ours or parts.username is not None:
        return None
    path = _path(parts)
    if path is None:
        token = base64.urlsafe_b64encode(url.strip().encode()).decode().rstrip("=")
        return Hidden(token=f"u!{token}")
    site = _SITE.match(path)
    return Plain(site=f"https://{parts.hostname}{site.group() if site else ''}", path=path)


def _path(parts: SplitResult) -> str | None:
    """Path of what is meant, decoded; None where the address hides it."""
    query = parse_qs(parts.query)
    for name in ("id", "RootFolder"):
        # A view of a library, or OneDrive's own page, that shows this folder.
        if (shown := query.get(name, [""])[0]).startswith("/"):
            return shown.rstrip("/")
    path = unquote(parts.path)
    if short := _SHORT.match(path):
        if short["kind"].lower() != "r":
            return None
        path = path[short.end() - 1 :]
    if "/_layouts/" in path.lower():
        return None
    return _VIEW.sub("", path).rstrip("/")


def _library(address: Plain, libraries: dict[str, str]) -> tuple[str, str] | None:
    """Drive id and the path below it."""
    wanted = f"https://{urlsplit(address.site).hostname}{address.path}"
    for library, drive_id in libraries.items():
        below = wanted[len(library) :]
        if wanted.casefold().startswith(library.casefold()) and below[:1] in {"", "/"}:
            return drive_id, below.strip("/")
    return None
