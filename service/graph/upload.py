"""
Files into a library: in one request, or by a session that survives a crash.

https://learn.microsoft.com/graph/api/driveitem-createuploadsession: ranges are multiples
of 320 KiB, in order, without token; what the service has is asked for after any doubt.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime

import httpx
from kiota_abstractions.method import Method
from kiota_abstractions.request_information import RequestInformation

from service.errors import (
    BadRequest,
    Changed,
    Forbidden,
    NotFound,
    TenantError,
    TenantFailed,
    Verdict,
)
from service.graph.ahead import Ahead, advanced
from service.graph.client import Graph
from service.graph.patience import Patience
from service.graph.policy import PASSING, Repeat
from service.graph.proof import is_rewritten, verified
from service.graph.quickxor import QuickXor
from service.graph.ranges import FIRST, after_failure, after_success
from service.graph.sessions import GONE, Sessions, behaviour, beside, condition
from service.graph.spool import Measured, spooled
from service.graph.translate import About, is_taken, translate
from service.graph.transport import Call
from service.observe import SeenItem
from service.ports import Content, Stored, Target, UploadState

SMALL = 4 << 20
FRESH = 2
"""Sessions that are begun for one upload at most: the second if the first is lost."""
RANGE_TIMEOUT = httpx.Timeout(connect=15.0, read=300.0, write=100.0, pool=300.0)

Keep = Callable[[UploadState], Awaitable[None]]
Find = Callable[[], Awaitable[SeenItem | None]]
"""Looks up what lies under the target's name."""
Read = Callable[[bytes], SeenItem]
"""Reads a driveItem that the service answered with."""
Hash = Callable[[], Awaitable[QuickXor]]
"""The whole content's hash, which may take reading it."""


@dataclass(frozen=True)
class _Progress:
    state: UploadState
    hash: QuickXor
    range: int = FIRST
    """Bytes of the next range, if so many are left."""

    def to(self, hash_: QuickXor, expires: datetime | None) -> "_Progress":
        """Make the same with so much of it acknowledged as the hash is of."""
        state = replace(
            self.state,
            offset=hash_.length,
            hash_state=hash_.state(),
            expires=expires or self.state.expires,
        )
        return replace(self, state=state, hash=hash_)


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
        self._sessions = Sessions(graph, target, about)
        self._open: UploadState | None = None
        """The session that is ours to finish or to give up."""

    async def store(self, content: Content, resume: UploadState | None) -> Stored:
        async with spooled(content) as whole:
            if resume is not None and resume.size != whole.size:
                await self._sessions.cancel(resume.url)
                resume = None
            if whole.size <= SMALL and resume is None:
                stored = await self._simple(await _gather(whole))
            else:
                stored = await self._by_session(whole, resume)
        return verified(stored, self._about.subject)

    # ------------------------------------------------------------ one request

    async def _simple(self, data: bytes) -> Stored:
        hash_ = QuickXor()
        hash_.update(data)
        return await self._at_once(lambda: self._content_request(data), hash_)

    async def _at_once(self, request: Callable[[], RequestInformation], sent: QuickXor) -> Stored:
        """Send what makes the file; where its answer was lost, see whether the file is there."""
        patience = Patience(self._graph, self._about)
        while True:
            outcome = await patience.carry(request(), _ONCE)
            if outcome is not None and outcome.status_code < 400:
                return self._stored(outcome, sent)
            found = await self._arrived(sent.length, _known(sent)) if patience.doubtful else None
            if found is not None:
                return found
            await patience.wait(outcome)

    def _content_request(self, data: bytes) -> RequestInformation:
        how = f"content?@microsoft.graph.conflictBehavior={behaviour(self._target)}"
        info = self._graph.at(
            f"{beside(self._graph, self._target)}:/{how}",
            method=Method.PUT,
            headers={"Content-Type": "application/octet-stream", **condition(self._target)},
        )
        info.content = data
        return info

    # ------------------------------------------------------------ by session

    async def _by_session(self, content: Measured, resume: UploadState | None) -> Stored:
        try:
            return await self._through(content, resume)
        except TenantError as error:
            # One that nobody will come back to is given up, lest it stand in the way.
            if self._keep is None or not _worth_keeping(error, self._open):
                await self._give_up()
            raise

    async def _through(self, content: Measured, resume: UploadState | None) -> Stored:
        outcome = await self._resumed(content, resume) if resume else None
        patience = Patience(self._graph, self._about)
        fresh = 0
        while not isinstance(outcome, Stored):
            if outcome is None:
                fresh += 1
                if fresh > FRESH:
                    raise TenantFailed(self._about.subject, "No upload session lasts.")
                outcome = await self._begin(content)
            outcome = await self._ranges(content, outcome, patience)
        return outcome

    async def _begin(self, content: Measured) -> _Progress:
        state, offset = await self._sessions.begin(content.size, QuickXor().state())
        hash_ = await advanced(content, QuickXor(), offset)
        return await self._kept(_Progress(state, hash_).to(hash_, None))

    async def _resumed(self, content: Measured, resume: UploadState) -> _Progress | Stored | None:
        """Go on from what the service has; None: begin anew."""
        self._open = resume
        return await self._where(content, _Progress(resume, QuickXor(resume.hash_state)))

    async def _ranges(
        self, content: Measured, progress: _Progress, patience: Patience
    ) -> _Progress | Stored | None:
        """Send range after range until it is stored or in doubt; None: begin anew."""
        async with Ahead(content, progress.state.offset) as source:
            while True:
                sent = progress.hash.copy()
                began = self._graph.clock.now()
                request = self._range_request(source, progress, sent)
                outcome = await patience.carry_bare(request, _RANGE)
                source.raise_failure()
                if outcome is not None and outcome.status_code in {200, 201}:
                    return self._stored(outcome, sent)
                seconds = (self._graph.clock.now() - began).total_seconds()
                further = await self._judged(progress, sent, outcome, seconds)
                if further is None:
                    break
                patience.reset()
                progress = further
        await patience.wait_to_ask(outcome)
        smaller = replace(progress, range=after_failure(progress.range))
        return await self._where(content, smaller)

    def _range_request(self, source: Ahead, progress: _Progress, sent: QuickXor) -> httpx.Request:
        begin = progress.state.offset
        end = min(begin + progress.range, progress.state.size)
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

    async def _judged(
        self,
        progress: _Progress,
        sent: QuickXor,
        outcome: httpx.Response | None,
        seconds: float,
    ) -> _Progress | None:
        """Take an acknowledged range as sent; None: in doubt. Raises what is refused."""
        if outcome is None or (outcome.status_code in _ASK and not is_taken(outcome)):
            return None
        if outcome.status_code == 202:
            standing = self._sessions.told(outcome)
            if standing.offset != sent.length:
                return None
            larger = after_success(progress.range, seconds)
            return await self._kept(replace(progress, range=larger).to(sent, standing.expires))
        if sent.length == progress.state.size:
            # The session has all there is: with another name, or more room, it is the file.
            await self._kept(progress.to(sent, None))
        raise translate(outcome, self._about, self._graph.clock.now())

    async def _where(self, content: Measured, progress: _Progress) -> _Progress | Stored | None:
        """Ask the session how far it is; where it is gone, whether the file has arrived."""
        standing = await self._sessions.standing(progress.state.url)
        size = progress.state.size
        if standing is None:
            self._open = None
            return await self._arrived(size, lambda: advanced(content, progress.hash, size))
        offset = size if standing.offset is None else standing.offset
        if offset < progress.state.offset:
            await self._give_up()
            return None
        hash_ = await advanced(content, progress.hash, offset)
        further = await self._kept(progress.to(hash_, standing.expires))
        return further if offset < size else await self._committed(further)

    async def _committed(self, progress: _Progress) -> Stored | None:
        """Put a session that has every byte in its place; None: the service does not do that."""
        url = progress.state.url
        try:
            return await self._at_once(lambda: self._sessions.commit_request(url), progress.hash)
        except (BadRequest, NotFound, Forbidden):
            await self._give_up()
            return await self._arrived(progress.state.size, _known(progress.hash))

    async def _kept(self, progress: _Progress) -> _Progress:
        self._open = progress.state
        if self._keep is not None:
            await self._keep(progress.state)
        return progress

    async def _give_up(self) -> None:
        if self._open is not None:
            await self._sessions.cancel(self._open.url)
            self._open = None

    # ------------------------------------------------------------ what is there

    def _stored(self, response: httpx.Response, sent: QuickXor) -> Stored:
        return Stored(
            item=self._read(response.content), sent_bytes=sent.length, sent_hash=sent.digest()
        )

    async def _arrived(self, size: int, sent: Hash) -> Stored | None:
        """Tell whether what lies under the name is what was sent; read only if it may be."""
        item = await self._find()
        if item is None or item.folder or item.etag == self._target.replace:
            return None
        rewritten = is_rewritten(item.name)
        ours = item.modified_by_app == self._graph.client_id if rewritten else item.size == size
        if not ours:
            return None
        hash_ = (await sent()).digest()
        if not rewritten and item.quick_xor_hash not in {None, hash_}:
            return None
        return Stored(item=item, sent_bytes=size, sent_hash=hash_)


_ONCE = Call(repeat=Repeat.NEVER)
_RANGE = Call(repeat=Repeat.NEVER, secret=True)
_ASK = PASSING | GONE | {409, 416}
"""Statuses of a range after which the session is asked how far it is."""


def _worth_keeping(error: TenantError, session: UploadState | None) -> bool:
    """Tell whether a later try, under another name perhaps, can go on with the session."""
    if session is None or isinstance(error, Changed):
        return False
    return session.offset == session.size or error.verdict is not Verdict.NOT_THIS_ITEM


def _known(hash_: QuickXor) -> Hash:
    async def known() -> QuickXor:
        return hash_

    return known


async def _gather(content: Measured) -> bytes:
    return b"".join([piece async for piece in content.read()])
