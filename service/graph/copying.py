"""
Copies that the service makes by itself, and what becomes of them.

https://learn.microsoft.com/graph/api/driveitem-copy, long-running actions:
https://learn.microsoft.com/graph/long-running-actions-overview
"""

from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import quote

import httpx
import msgspec
from kiota_abstractions.method import Method

from service.errors import (
    BadRequest,
    Changed,
    Conflict,
    CopyRefused,
    Forbidden,
    HeldByRule,
    Locked,
    NoSpace,
    NotFound,
    SourceVanished,
    TenantError,
    TenantFailed,
    Throttled,
)
from service.graph.client import Graph
from service.graph.download import MOST_REDIRECTS, REDIRECTS
from service.graph.proof import is_rewritten
from service.graph.translate import About, Said, translate
from service.graph.wire import Wire, decode
from service.observe import SeenItem
from service.ports import Copied, Copying, CopyLost, CopyProgress, Target

RUNNING = frozenset({"notstarted", "inprogress", "running", "waiting", "updating", "deletepending"})
DONE = frozenset({"completed", "succeeded"})
FAILED = frozenset({"failed", "deletefailed", "cancelled"})
# asyncJobStatus and longRunningOperation together; the pages differ in their words.

GONE = frozenset({401, 403, 404, 410})
"""Answers of a monitor whose time is over; its address's own authorisation ends with it."""

SLACK = timedelta(minutes=5)
"""How far the service's clock may be behind ours."""

_STANDS = (Conflict, Changed, HeldByRule, Locked, NoSpace, Throttled)
"""Errors of which streaming would meet the same."""
_PASSING = frozenset({"generalexception", "servicenotavailable"})


class Job(Wire):
    """An asyncJobStatus."""

    status: str = ""
    percentage_complete: float | None = None
    resource_id: str | None = None
    error: Said | None = None


_job = msgspec.json.Decoder(Job)


class Shelves(Protocol):
    """Where copies are looked up."""

    async def item(self, drive_id: str, item_id: str) -> SeenItem | None: ...

    async def named(self, drive_id: str, parent_id: str, name: str) -> SeenItem | None: ...


class Copies:
    def __init__(self, graph: Graph, shelves: Shelves) -> None:
        self._graph = graph
        self._shelves = shelves

    async def begin(self, item: SeenItem, target: Target) -> str:
        """Return the monitor's address: on another host, never to be given the token."""
        about = self._about(item)
        drive, source = quote(item.drive_id), quote(item.id)
        info = self._graph.at(
            f"{self._graph.base}/drives/{drive}/items/{source}/copy"
            "?@microsoft.graph.conflictBehavior=fail",
            method=Method.POST,
            json={
                "parentReference": {"driveId": target.drive_id, "id": target.parent_id},
                "name": target.name,
            },
        )
        try:
            response = await self._graph.send(info, about)
        except (BadRequest, Forbidden, NotFound) as error:
            raise await self._explained(error, item, target) from error
        return str(response.headers.get("Location", ""))

    async def progress(
        self, item: SeenItem, target: Target, monitor: str, since: datetime
    ) -> CopyProgress:
        job = await self._ask(monitor, self._about(item)) if monitor else None
        if job is None:
            return await self._lost(item, target, since)
        status = job.status.lower()
        if status in RUNNING:
            return Copying(percent=job.percentage_complete or 0.0)
        if status in DONE:
            return await self._arrived(job, item, target, since)
        if status in FAILED:
            raise await self._failure(job, item, target)
        raise TenantFailed(self._about(item).subject, f"Unknown status {job.status!r} of a copy.")

    # ------------------------------------------------------------ the monitor

    async def _ask(self, monitor: str, about: About) -> Job | None:
        response = await self._get(monitor, about)
        for _ in range(MOST_REDIRECTS):
            if response.status_code not in REDIRECTS:
                break
            if response.status_code == 303:
                # See Other: it is done, and this would be the copy, for those with a token.
                return Job(status="completed")
            response = await self._get(response.headers.get("Location", ""), about)
        if response.status_code in GONE:
            return None
        if response.status_code >= 300:
            raise translate(response, about, self._graph.clock.now())
        return decode(_job, response.content, about.subject)

    async def _get(self, address: str, about: About) -> httpx.Response:
        return await self._graph.send_bare(self._graph.bare("GET", address), about)

    async def _failure(self, job: Job, item: SeenItem, target: Target) -> TenantError:
        about, said = self._about(item), job.error or Said(code=job.status)
        reason = f"The copy failed: {said.code}: {said.message}".rstrip(": ")
        kind = said.kind()
        if kind is not None and issubclass(kind, _STANDS):
            return kind(about.subject, reason)
        if said.code.lower() in _PASSING:
            return TenantFailed(about.subject, reason)
        return await self._explained((kind or BadRequest)(about.subject, reason), item, target)

    # ------------------------------------------------------------ what is there

    async def _arrived(
        self, job: Job, item: SeenItem, target: Target, since: datetime
    ) -> CopyProgress:
        there = None
        if job.resource_id:
            there = await self._shelves.item(target.drive_id, job.resource_id)
        return Copied(item=there) if there else await self._lost(item, target, since)

    async def _lost(self, item: SeenItem, target: Target, since: datetime) -> CopyProgress:
        there = await self._shelves.named(target.drive_id, target.parent_id, target.name)
        if there is None or not self._ours(there, item, since):
            return CopyLost()
        return Copied(item=there)

    def _ours(self, there: SeenItem, source: SeenItem, since: datetime) -> bool:
        ours = there.modified_by_app == self._graph.client_id and there.created >= since - SLACK
        if there.folder or not ours:
            return False
        if is_rewritten(there.name):
            return True
        hashes = {there.quick_xor_hash, source.quick_xor_hash} - {None}
        return there.size == source.size and len(hashes) <= 1

    async def _explained(self, error: TenantError, item: SeenItem, target: Target) -> TenantError:
        """
        Tell which side a refusal is about; where both are there, copying itself is refused.

        That may also be the right to write: then the upload that follows is refused with it.
        """
        try:
            if await self._shelves.item(item.drive_id, item.id) is None:
                return SourceVanished(error.subject, error.reason)
            if await self._shelves.item(target.drive_id, target.parent_id) is None:
                library = self._graph.name("library", target.drive_id)
                return NotFound(f"folder for {target.name} in {library}", error.reason)
        except Forbidden as forbidden:
            return forbidden
        return CopyRefused(error.subject, error.reason)

    def _about(self, item: SeenItem) -> About:
        library = self._graph.name("library", item.drive_id)
        return About(subject=f"copy of {item.name} from {library}")
