"""Contents that are read piece by piece from the tenant, and gone on with after a break."""

from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
from kiota_abstractions.request_information import RequestInformation

from service.errors import (
    DownloadBlocked,
    Forbidden,
    NotFound,
    SourceVanished,
    TenantFailed,
    Unreachable,
)
from service.graph.client import Graph, closing
from service.graph.policy import backoff
from service.graph.translate import About, unreachable
from service.graph.transport import Call

PIECE = 1 << 18
REDIRECTS = frozenset({301, 302, 303, 307, 308})
MOST_REDIRECTS = 4
MOST_BREAKS = 5
"""Breaks without a byte between them after which we give up."""


class Download:
    """
    Bytes behind a `/content` or `/$value`.

    Graph answers with the bytes or with a link elsewhere, which authorises by itself and
    must not be given the token.
    """

    def __init__(
        self,
        graph: Graph,
        request: Callable[[], Awaitable[RequestInformation]],
        about: About,
        *,
        ranges: bool = True,
        large: bool = False,
    ) -> None:
        """
        Build without asking anything.

        `ranges`: a part can be asked for; else what was read before is read again.
        `large`: it is worth a request to learn the size, lest it be kept here meanwhile.
        """
        self.size: int | None = None
        self.large = large
        self._graph = graph
        self._request = request
        self._about = about
        self._ranges = ranges

    async def read(self, offset: int = 0) -> AsyncIterator[bytes]:
        if self.size is not None and offset >= self.size:
            return
        place = _Place(offset)
        while True:
            try:
                async with closing(await self._open(place)) as response:
                    if response.status_code == 416:
                        # Nothing is left from there on: it was asked for just past its end.
                        return
                    async for piece in _pieces(response, place):
                        yield piece
                    place.check_end(self)
                    return
            except httpx.TransportError as error:
                await self._pause(place, error)

    async def measure(self) -> int | None:
        """Ask for the size, where it is not known."""
        if self.size is not None:
            return self.size
        async with closing(await self._open(_Place(0))) as response:
            length = response.headers.get("Content-Length")
            return int(length) if length and "Content-Encoding" not in response.headers else None

    async def _open(self, place: "_Place") -> httpx.Response:
        # A part is asked for by what it is a part of, so that two versions never mix.
        headers = {"Accept-Encoding": "identity"}
        if place.at and self._ranges:
            headers["Range"] = f"bytes={place.at}-"
            if place.etag:
                headers["If-Range"] = place.etag
        try:
            response = await self._ask(headers)
        except NotFound as error:
            raise SourceVanished(self._about.subject, error.reason) from error
        place.begin(response, self._about)
        return response

    async def _ask(self, headers: dict[str, str]) -> httpx.Response:
        info = await self._request()
        for name, value in headers.items():
            info.headers.add(name, value)
        try:
            response = await self._graph.exchange(info, Call(stream=True))
        except httpx.TransportError as error:
            raise unreachable(error, self._about, "Graph") from error
        for _ in range(MOST_REDIRECTS):
            if response.status_code not in REDIRECTS:
                return await self._checked(response)
            await response.aclose()
            there = self._graph.bare("GET", response.headers.get("Location", ""), headers=headers)
            response = await self._graph.send_bare(there, self._about, stream=True)
        await response.aclose()
        raise TenantFailed(self._about.subject, "It leads from link to link.")

    async def _checked(self, response: httpx.Response) -> httpx.Response:
        if response.status_code < 300 or response.status_code == 416:
            return response
        raise await self._graph.refusal(response, self._about)

    async def _pause(self, place: "_Place", error: httpx.TransportError) -> None:
        place.breaks += 1
        if place.breaks > MOST_BREAKS:
            raise Unreachable(self._about.subject, f"The download broke off: {error}") from error
        await self._graph.clock.sleep(backoff(place.breaks, 1.0, self._graph.limits))


class ListedDownload(Download):
    """
    Content of what was listed by the same right a moment ago.

    If it is forbidden all the same, a policy blocks downloads (graph-facts 3.4).
    """

    async def _checked(self, response: httpx.Response) -> httpx.Response:
        try:
            return await super()._checked(response)
        except Forbidden as error:
            raise DownloadBlocked(error.subject, error.reason) from error


class _Place:
    """How far a download has come."""

    def __init__(self, at: int) -> None:
        self.at = at
        self.breaks = 0
        self.etag: str | None = None
        self.skip = 0

    def begin(self, response: httpx.Response, about: About) -> None:
        etag = response.headers.get("ETag")
        if self.etag and etag and etag != self.etag:
            raise SourceVanished(about.subject, "It was changed while it was being read.")
        self.etag = etag
        # 200 to a request for a part: the whole comes, and what we have is passed over.
        self.skip = 0 if response.status_code == 206 else self.at

    def check_end(self, download: Download) -> None:
        if download.size is not None and self.at < download.size:
            raise httpx.RemoteProtocolError(f"it ended at {self.at} of {download.size} bytes")


async def _pieces(response: httpx.Response, place: _Place) -> AsyncIterator[bytes]:
    async for piece in response.aiter_bytes(PIECE):
        if place.skip >= len(piece):
            place.skip -= len(piece)
            continue
        fresh = piece[place.skip :] if place.skip else piece
        place.skip = 0
        place.at += len(fresh)
        place.breaks = 0
        yield fresh
