"""
Files into a library: in one request, or by a session that survives a crash.

https://learn.microsoft.com/graph/api/driveitem-createuploadsession: ranges are multiples
of 320 KiB, in order, without token; what the service has is asked for after any doubt.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace
from urllib.parse import quote

import httpx
import msgspec
from kiota_abstractions.method import Method
from kiota_abstractions.request_information import RequestInformation

from service.errors import (
    Conflict,
    SourceVanished,
    TenantError,
    TenantFailed,
    UploadMismatch,
)
from service.graph.client import Graph
from service.graph.patience import Patience
from service.graph.policy import Repeat
from service.graph.quickxor import QuickXor
from service.graph.spool import Measured, spooled
from service.graph.translate import About, translate
from service.graph.transport import Call
from service.graph.wire import Session, aware, decode
from service.observe import SeenItem
from service.ports import Content, Stored, Target, UploadState

SMALL = 4 << 20
UNIT = 320 << 10
RANGE = 32 * UNIT
"""10 MiB, as recommended."""
RANGE_TIMEOUT = httpx.Timeout(connect=15.0, read=300.0, write=100.0, pool=300.0)

REWRITTEN = frozenset(
    {
        *("docx", "docm", "dotx", "dotm", "doc", "xlsx", "xlsm", "xltx", "xltm", "xlsb", "xls"),
        *("pptx", "pptm", "potx", "potm", "ppsx", "ppt", "vsdx", "one", "onetoc2", "msg"),
        *("pdf", "html", "htm", "aspx"),
    }
)
"""SharePoint writes properties into these after an upload: size and hash differ then."""

Keep = Callable[[UploadState], Awaitable[None]]
Find = Callable[[], Awaitable[SeenItem | None]]
"""Looks up what lies under the target's name."""
Read = Callable[[bytes], SeenItem]
"""Reads a driveItem that the service answered with."""

_session = msgspec.json.Decoder(Session)


@dataclass(frozen=True)
class _Progress:
    state: UploadState
    hash: QuickXor


class Uploader:
    """One upload: its target, its content and how far it is."""

    def __init__(  # noqa: PLR0913  the drive lends it two of its ways to look
        self,
        graph: Graph,
        target: Target,
        about: About,
        *,
        find: Find,
        read: Read,
        keep: Keep | None = None,
    ) -> None:
        self._graph = graph
        self._target = target
        self._about = about
        self._find = find
        self._read = read
        self._keep = keep

    async def store(self, content: Content, resume: UploadState | None) -> Stored:
        async with spooled(content) as whole:
            if whole.size <= SMALL and resume is None:
                stored = await self._simple(await _gather(whole))
            else:
                stored = await self._by_session(whole, whole.size, resume)
        return self._verified(stored)

    # ------------------------------------------------------------ one request

    async def _simple(self, data: bytes) -> Stored:
        hash_ = QuickXor()
        hash_.update(data)
        patience = Patience(self._graph, self._about)
        while True:
            outcome = await patience.carry(self._content_request(data), _ONCE)
            if outcome is not None and outcome.status_code < 400:
                return Stored(
                    item=self._read(outcome.content), sent_bytes=len(data), sent_hash=hash_.digest()
                )
            # The answer may have been lost, and the file be there all the same.
            if patience.doubtful and (found := await self._arrived(hash_)) is not None:
                return found
            await patience.wait(outcome)

    def _content_request(self, data: bytes) -> RequestInformation:
        behaviour = "replace" if self._target.replace else "fail"
        info = self._graph.at(
            self._address(f"content?@microsoft.graph.conflictBehavior={behaviour}"),
            method=Method.PUT,
            headers={"Content-Type": "application/octet-stream", **self._condition()},
        )
        info.content = data
        return info

    # ------------------------------------------------------------ by session

    async def _by_session(self, content: Measured, size: int, resume: UploadState | None) -> Stored:
        progress = await self._resumed(content, resume) if resume else None
        if isinstance(progress, Stored):
            return progress
        patience = Patience(self._graph, self._about)
        sessions = 0
        while True:
            if progress is None:
                sessions += 1
                if sessions > self._graph.limits.attempts:
                    raise TenantFailed(self._about.subject, "No upload session lasts.")
                progress = await self._begin(size)
            outcome = await self._ranges(content, progress, patience)
            if isinstance(outcome, Stored):
                return outcome
            progress = outcome

    async def _begin(self, size: int) -> _Progress:
        behaviour = "replace" if self._target.replace else "fail"
        info = self._graph.at(
            self._address("createUploadSession"),
            method=Method.POST,
            headers=self._condition(),
            json={"item": {"@microsoft.graph.conflictBehavior": behaviour}},
        )
        # Two sessions do no harm: the one that nobody uses expires.
        response = await self._graph.send(info, self._about, repeat=Repeat.YES)
        session = decode(_session, response.content, self._about.subject)
        if not session.upload_url or not session.expiration_date_time:
            raise TenantFailed(self._about.subject, "The upload session has no address.")
        state = UploadState(
            url=session.upload_url,
            offset=0,
            size=size,
            expires=aware(session.expiration_date_time),
            hash_state=QuickXor().state(),
        )
        return await self._kept(_Progress(state, QuickXor()))

    async def _resumed(self, content: Measured, resume: UploadState) -> "_Progress | Stored | None":
        """Go on from what the service has; begin anew where that is not possible."""
        if resume.size != content.size:
            return None
        return await self._where(content, _Progress(resume, QuickXor(resume.hash_state)))

    async def _ranges(
        self, content: Measured, progress: _Progress, patience: Patience
    ) -> "_Progress | Stored | None":
        """Send range after range until it is stored or in doubt; None: begin anew."""
        async with aclosing(_Source(content, progress.state.offset)) as source:
            while True:
                sent = progress.hash.copy()
                request = self._range_request(source, progress, sent)
                outcome = await patience.carry_bare(request, _RANGE)
                source.raise_failure()
                if outcome is None or outcome.status_code in _ASK:
                    await patience.wait(outcome)
                    return await self._where(content, progress)
                if outcome.status_code in {200, 201}:
                    return Stored(
                        item=self._read(outcome.content),
                        sent_bytes=sent.length,
                        sent_hash=sent.digest(),
                    )
                if outcome.status_code != 202:
                    return await self._refused(content, progress, patience, outcome)
                acknowledged = self._acknowledged(progress, sent, outcome)
                if acknowledged is None:
                    await patience.wait(outcome)
                    return await self._where(content, progress)
                patience.reset()
                progress = await self._kept(acknowledged)

    def _range_request(
        self, source: "_Source", progress: _Progress, sent: QuickXor
    ) -> httpx.Request:
        begin = progress.state.offset
        end = min(begin + RANGE, progress.state.size)
        return self._graph.bare(
            "PUT",
            progress.state.url,
            content=source.take(end - begin, sent),
            headers={
                "Content-Length": str(end - begin),
                "Content-Range": f"bytes {begin}-{end - 1}/{progress.state.size}",
            },
            timeout=RANGE_TIMEOUT,
        )

    def _acknowledged(
        self, progress: _Progress, sent: QuickXor, response: httpx.Response
    ) -> _Progress | None:
        session = decode(_session, response.content, self._about.subject)
        if not session.next_expected_ranges or session.next_offset() != sent.length:
            return None
        expires = session.expiration_date_time
        state = replace(
            progress.state,
            offset=sent.length,
            expires=aware(expires) if expires else progress.state.expires,
            hash_state=sent.state(),
        )
        return _Progress(state, sent)

    async def _refused(
        self, content: Measured, progress: _Progress, patience: Patience, response: httpx.Response
    ) -> "_Progress | Stored | None":
        if response.status_code in {404, 416}:
            # Gone, or there already: the session's address tells which.
            await patience.wait(response)
            return await self._where(content, progress)
        error = translate(response, self._about, self._graph.clock.now())
        if isinstance(error, Conflict):
            await self._cancel(progress)
        raise error

    async def _where(self, content: Measured, progress: _Progress) -> "_Progress | Stored | None":
        """Ask the session how far it is; where it is gone, whether the file has arrived."""
        request = self._graph.bare("GET", progress.state.url)
        response = await self._graph.send_bare(request, self._about)
        if response.status_code in {404, 410, 401, 403}:
            # Finished, expired or cancelled; the address's own authorisation ends with it.
            whole = await _advanced(content, progress.hash, progress.state.size)
            return await self._arrived(whole)
        if response.status_code >= 400:
            raise translate(response, self._about, self._graph.clock.now())
        session = decode(_session, response.content, self._about.subject)
        if not session.next_expected_ranges:
            whole = await _advanced(content, progress.hash, progress.state.size)
            return await self._arrived(whole)
        offset = session.next_offset()
        if offset < progress.state.offset:
            return None
        hash_ = await _advanced(content, progress.hash, offset)
        expires = session.expiration_date_time or progress.state.expires
        state = replace(
            progress.state, offset=offset, hash_state=hash_.state(), expires=aware(expires)
        )
        return await self._kept(_Progress(state, hash_))

    async def _cancel(self, progress: _Progress) -> None:
        # Politeness only: a session that nobody uses expires by itself.
        request = self._graph.bare("DELETE", progress.state.url)
        try:
            await self._graph.send_bare(request, self._about)
        except TenantError:
            return

    async def _kept(self, progress: _Progress) -> _Progress:
        if self._keep is not None:
            await self._keep(progress.state)
        return progress

    # ------------------------------------------------------------ what is there

    async def _arrived(self, sent: QuickXor) -> Stored | None:
        """Tell whether what lies under the name is what was sent."""
        item = await self._find()
        if item is None or item.folder or not self._ours(item, sent):
            return None
        return Stored(item=item, sent_bytes=sent.length, sent_hash=sent.digest())

    def _ours(self, item: SeenItem, sent: QuickXor) -> bool:
        if is_rewritten(item.name):
            return item.modified_by_app == self._graph.client_id and (
                item.etag != self._target.replace
            )
        same = item.quick_xor_hash in {None, sent.digest()}
        return item.size == sent.length and same and item.etag != self._target.replace

    def _verified(self, stored: Stored) -> Stored:
        item = stored.item
        if is_rewritten(item.name):
            return stored
        if item.size != stored.sent_bytes:
            reason = f"{stored.sent_bytes} bytes were sent, {item.size} are there."
            raise UploadMismatch(self._about.subject, reason)
        if item.quick_xor_hash not in {None, stored.sent_hash}:
            raise UploadMismatch(self._about.subject, "Its quickXorHash is another.")
        return stored

    def _address(self, action: str) -> str:
        drive, parent = quote(self._target.drive_id), quote(self._target.parent_id)
        name = quote(self._target.name, safe="")
        return f"{self._graph.base}/drives/{drive}/items/{parent}:/{name}:/{action}"

    def _condition(self) -> dict[str, str]:
        return {"If-Match": self._target.replace} if self._target.replace else {}


_ONCE = Call(repeat=Repeat.NEVER)
_RANGE = Call(repeat=Repeat.NEVER, secret=True)
_ASK = frozenset({423, 429, 500, 502, 503, 504, 509})
"""Statuses after which the session is asked how far it is."""


def is_rewritten(name: str) -> bool:
    return name.rpartition(".")[2].lower() in REWRITTEN


class _Source:
    """The content from an offset on, cut into ranges while it is being sent."""

    def __init__(self, content: Measured, offset: int) -> None:
        self._pieces = content.read(offset)
        self._rest = memoryview(b"")
        self._failure: BaseException | None = None

    async def take(self, count: int, hash_: QuickXor) -> AsyncIterator[bytes]:
        try:
            while count:
                piece = (await self._next())[:count]
                self._rest = self._rest[len(piece) :]
                count -= len(piece)
                hash_.update(piece)
                # One slice at a time goes to the socket; nothing of it is kept.
                yield bytes(piece)
        except (TenantError, SourceVanished) as error:
            # It comes back from httpx too, but may look like the network's failure there.
            self._failure = error
            raise

    def raise_failure(self) -> None:
        if self._failure is not None:
            raise self._failure

    async def aclose(self) -> None:
        close = getattr(self._pieces, "aclose", None)
        if close is not None:
            await close()

    async def _next(self) -> memoryview:
        while not self._rest:
            piece = await anext(self._pieces, None)
            if piece is None:
                raise SourceVanished("file to upload", "It is shorter than it was.")
            self._rest = memoryview(piece)
        return self._rest


async def _advanced(content: Measured, hash_: QuickXor, offset: int) -> QuickXor:
    """Take the hash on to `offset` by reading what lies between once more."""
    advanced = hash_.copy()
    if advanced.length >= offset:
        return advanced
    source = _Source(content, advanced.length)
    async with aclosing(source):
        async for _ in source.take(offset - advanced.length, advanced):
            pass
    return advanced


async def _gather(content: Measured) -> bytes:
    return b"".join([piece async for piece in content.read()])
