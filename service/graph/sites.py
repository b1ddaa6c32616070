"""Sites, libraries and lists by id, address or display name: never by an assumed name."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import quote, unquote, urlsplit

import msgspec
from kiota_abstractions.request_information import RequestInformation

from service.errors import NotFound
from service.graph.client import Graph, asking
from service.graph.sdk import ListsQuery, SitesQuery
from service.graph.translate import About
from service.graph.wire import Listing, Wire, WithId, decode

RIGHT = "the app `Sites.Selected` and a role on this site"


@dataclass(frozen=True, kw_only=True)
class Site:
    id: str
    name: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Library:
    site_id: str
    drive_id: str
    list_id: str
    name: str
    url: str
    default: bool
    """It is the site's own, whatever its name in the site's language."""


@dataclass(frozen=True, kw_only=True)
class SiteList:
    site_id: str
    list_id: str
    name: str
    url: str
    template: str = ""
    """What it was made as: `documentLibrary`, `genericList` and others."""


class WireSite(Wire):
    id: str
    display_name: str | None = None
    name: str | None = None
    web_url: str = ""


class ListFacet(Wire):
    template: str | None = None
    hidden: bool = False


class WireList(Wire):
    id: str
    display_name: str | None = None
    name: str | None = None
    web_url: str = ""
    list: ListFacet | None = None


class WireDrive(Wire):
    id: str
    name: str | None = None
    web_url: str = ""


Named = TypeVar("Named", Site, Library, SiteList)

_sites = msgspec.json.Decoder(Listing[WireSite])
_site = msgspec.json.Decoder(WireSite)
_drives = msgspec.json.Decoder(Listing[WireDrive])
_drive = msgspec.json.Decoder(WireDrive)
_id = msgspec.json.Decoder(WithId)
_lists = msgspec.json.Decoder(Listing[WireList])


class Sites:
    """Looks up what settings name."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    async def site(self, named: str) -> Site:
        """Find a site by id, address or display name. Raises NotFound, also for two of a name."""
        about = About(subject=f"site {named}", right=RIGHT)
        if "://" in named:
            return await self._one(self._by_address(named), about)
        if named.count(",") == 2:
            builder = self._graph.sdk.sites.by_site_id(named)
            return await self._one(builder.to_get_request_information(), about)
        query = SitesQuery(search=named)
        info = self._graph.sdk.sites.to_get_request_information(asking(query))
        found = [
            _seen_site(site)
            async for page in self._graph.listing(info, _sites, about)
            for site in page.value
        ]
        return self._noted(_only(found, named, about))

    async def drives(self, site_id: str) -> dict[str, str]:
        """Drive id by library address, decoded: one request, where `libraries` takes three."""
        about = About(subject=self._graph.name("site", site_id), right=RIGHT)
        builder = self._graph.sdk.sites.by_site_id(site_id).drives
        found = {}
        async for page in self._graph.listing(builder.to_get_request_information(), _drives, about):
            for drive in page.value:
                found[_address(drive.web_url)] = drive.id
                self._graph.names[drive.id] = drive.name or ""
        return found

    async def libraries(self, site_id: str) -> tuple[Library, ...]:
        about = About(subject=self._graph.name("site", site_id), right=RIGHT)
        by_url = {one.url: one.list_id for one in await self._all_lists(site_id, about)}
        builder = self._graph.sdk.sites.by_site_id(site_id)
        own = decode(
            _drive,
            await self._graph.fetch(builder.drive.to_get_request_information(), about),
            about.subject,
        )
        libraries = [
            Library(
                site_id=site_id,
                drive_id=drive.id,
                list_id=by_url.get(_address(drive.web_url)) or await self._list_of(drive.id, about),
                name=drive.name or "",
                url=drive.web_url,
                default=drive.id == own.id,
            )
            async for page in self._graph.listing(
                builder.drives.to_get_request_information(), _drives, about
            )
            for drive in page.value
        ]
        for library in libraries:
            self._graph.names[library.drive_id] = library.name
        return tuple(libraries)

    async def library(self, site_id: str, named: str = "") -> Library:
        """Find a library by drive or list id, address or display name; without, the site's own."""
        about = About(subject=f"library {named or '(the default one)'}", right=RIGHT)
        libraries = await self.libraries(site_id)
        if not named:
            return _only([one for one in libraries if one.default], named, about)
        for one in libraries:
            if named in {one.drive_id, one.list_id}:
                return one
        return _only(libraries, named, about)

    async def lists(self, site_id: str) -> tuple[SiteList, ...]:
        about = About(subject=self._graph.name("site", site_id), right=RIGHT)
        return tuple(await self._all_lists(site_id, about))

    async def find_list(self, site_id: str, named: str) -> SiteList:
        """Find a list by id, address or display name. Raises NotFound."""
        about = About(subject=f"list {named}", right=RIGHT)
        lists = await self.lists(site_id)
        for one in lists:
            if named == one.list_id:
                return one
        return _only(lists, named, about)

    # ------------------------------------------------------------ within

    async def _one(self, info: RequestInformation, about: About) -> Site:
        data = await self._graph.fetch(info, about)
        return self._noted(_seen_site(decode(_site, data, about.subject)))

    async def _list_of(self, drive_id: str, about: About) -> str:
        builder = self._graph.sdk.drives.by_drive_id(drive_id).list_
        data = await self._graph.fetch(builder.to_get_request_information(), about)
        return decode(_id, data, about.subject).id

    def _by_address(self, url: str) -> RequestInformation:
        parts = urlsplit(url)
        path = quote(unquote(parts.path).rstrip("/"))
        host = parts.hostname or ""
        return self._graph.at(f"{self._graph.base}/sites/{host}{f':{path}' if path else ''}")

    def _noted(self, site: Site) -> Site:
        self._graph.names[site.id] = site.name
        self._graph.sharepoint |= _hosts(site.url)
        return site

    async def _all_lists(self, site_id: str, about: About) -> list[SiteList]:
        query = ListsQuery(select=["id", "displayName", "name", "webUrl", "list"])
        lists = self._graph.sdk.sites.by_site_id(site_id).lists
        info = lists.to_get_request_information(asking(query))
        found = [
            SiteList(
                site_id=site_id,
                list_id=one.id,
                name=one.display_name or one.name or "",
                url=_address(one.web_url),
                template=(one.list and one.list.template) or "",
            )
            async for page in self._graph.listing(info, _lists, about)
            for one in page.value
        ]
        for one in found:
            self._graph.names[one.list_id] = one.name
        return found


def _seen_site(site: WireSite) -> Site:
    return Site(id=site.id, name=site.display_name or site.name or "", url=site.web_url)


def _hosts(url: str) -> set[str]:
    """The tenant's SharePoint and its OneDrives: contoso and contoso-my.sharepoint.com."""
    first, dot, rest = (urlsplit(url).hostname or "").partition(".")
    tenant = first.removesuffix("-my")
    return {f"{tenant}{dot}{rest}", f"{tenant}-my{dot}{rest}"} if dot else set()


def _address(url: str) -> str:
    """Address of a list, comparable: a list's may lead to one of its views."""
    path = unquote(url).rstrip("/")
    return path.partition("/Forms/")[0] if path.endswith(".aspx") else path


def _only(found: Iterable[Named], named: str, about: About) -> Named:
    """Take the one whose name or address it is; several of a name are as bad as none."""
    wanted = _address(named).casefold()
    there = list(found)
    fitting = [
        one for one in there if wanted in {one.name.casefold(), _address(one.url).casefold()}
    ]
    if named and len(fitting) == 1:
        return fitting[0]
    if not named and len(there) == 1:
        return there[0]
    names = ", ".join(sorted(one.name for one in there)) or "none"
    if len(fitting) > 1:
        raise NotFound(about.subject, "Several have this name.", remedy="Set its id instead.")
    raise NotFound(about.subject, f"There is none of this name; there are: {names}.")
