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
from service.graph.ranges import PIECE
from service.graph.translate import About, unreachable
from service.graph.transport import Call

REDIRECTS = frozenset({301, 302, 303, 307, 308})
MOST_REDIRECTS = 4
MESSAGES = frozenset({"application/json", "application/xml", "application/problem+json"})
MOST_BREAKS = 5
"""Breaks without headway between them after which we give up."""
HEADWAY = 1 << 20
"""Bytes after which a break is forgotten: a line that drips is as bad as one that is cut."""


class Download:
    """
    Bytes behind a `/content` or `/$value`.

    Graph answers with the bytes or with a link elsewhere, which authorises by itself and
    must not be given the token.
    """

    def __init__(  # noqa: PLR0913  four of them have an answer for most
        self,
        graph: Graph,
        request: Callable[[], Awaitable[RequestInformation]],
        about: About,
        *,
        ranges: bool = True,
        large: bool = False,
        kind: str = "",
    ) -> None:
        """
        Build without asking anything.

        `ranges`: a part can be asked for; else what was read before is read again.
        `large`: it is worth a request to learn the size, lest it be kept here meanwhile.
        `kind`: what it must be, such as `video`; a page or a message in its stead is refused.
        """
        self.size: int | None = None
        self.large = large
        self._graph = graph
        self._request = request
        self._about = about
        self._ranges = ranges
        self._kind = kind
        self._etag: str | None = None
        """Of what was measured, which is what is to be read."""

    async def read(self, offset: int = 0) -> AsyncIterator[bytes]:
        if self.size is not None and offset >= self.size:
            return
        place = _Place(offset, self._etag)
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
        """Ask for the size by the first byte, where it is not known."""
        if self.size is not None:
            return self.size
        place = _Place(0)
        async with closing(await self._open(place, "bytes=0-0")) as response:
            self._etag = place.etag
            return _size(response)

    async def _open(self, place: "_Place", part: str = "") -> httpx.Response:
        # A part is asked for by what it is a part of, so that two versions never mix.
        headers = {"Accept-Encoding": "identity"}
        if place.at and self._ranges:
            part = f"bytes={place.at}-"
        if part:
            headers["Range"] = part
        if part and place.etag:
            headers["If-Range"] = place.etag
        try:
            response = await self._ask(headers)
        except NotFound as error:
            raise SourceVanished(self._about.subject, error.reason) from error
        try:
            self._check_kind(response)
            place.begin(response, self._about)
        except SourceVanished:
            await response.aclose()
            raise
        return response

    def _check_kind(self, response: httpx.Response) -> None:
        """Refuse a message in the place of the content, which comes with 200 like the content."""
        if not self._kind:
            return
        said = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        name = response.headers.get("Content-Disposition", "")
        if said in MESSAGES or said.startswith("text/") or "_Error.txt" in name:
            reason = f"Instead of a {self._kind} the service gives {said or 'an error page'}."
            raise SourceVanished(self._about.subject, reason)
        if _size(response) == 0:
            raise SourceVanished(self._about.subject, f"The {self._kind} is empty.")

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
        place.since = 0
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

    def __init__(self, at: int, etag: str | None = None) -> None:
        self.at = at
        self.etag = etag
        self.breaks = 0
        self.since = 0
        """Bytes since the last break."""
        self.skip = 0

    def fresh(self, part: bytes) -> bytes:
        """Leave out what is had already."""
        had = min(self.skip, len(part))
        self.skip -= had
        return part[had:]

    def on(self, piece: bytes) -> bytes:
        self.at += len(piece)
        self.since += len(piece)
        if self.since >= HEADWAY:
            self.breaks = 0
        return piece

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


def _size(response: httpx.Response) -> int | None:
    """Bytes of the whole, of which the answer may be a part."""
    size = response.headers.get("Content-Range", "").rpartition("/")[2]
    if response.status_code == 200 and "Content-Encoding" not in response.headers:
        size = response.headers.get("Content-Length", "")
    return int(size) if size.isdigit() else None


async def _pieces(response: httpx.Response, place: _Place) -> AsyncIterator[bytes]:
    """Gather what comes into pieces worth handing on; what came before a break is kept."""
    parts: list[bytes] = []
    broken: httpx.TransportError | None = None
    try:
        async for part in response.aiter_bytes():
            parts.append(place.fresh(part))
            if sum(map(len, parts)) >= PIECE:
                yield place.on(b"".join(parts))
                parts.clear()
    except httpx.TransportError as error:
        broken = error
    if any(parts):
        yield place.on(b"".join(parts))
    if broken is not None:
        raise broken
