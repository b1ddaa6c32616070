"""
Upload sessions: how one is begun, asked, put under another name, and given up.

https://learn.microsoft.com/graph/api/driveitem-createuploadsession. The address of a session
authorises by itself: no token goes there.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

import httpx
import msgspec
from kiota_abstractions.method import Method
from kiota_abstractions.request_information import RequestInformation

from service.errors import TenantError, TenantFailed
from service.graph.client import Graph
from service.graph.policy import Repeat
from service.graph.translate import About, translate
from service.graph.transport import Call
from service.graph.wire import Session, aware, decode
from service.ports import Target, UploadState

GONE = frozenset({401, 403, 404, 410})
"""Finished, expired or cancelled; the address's own authorisation ends with it."""

_session = msgspec.json.Decoder(Session)


@dataclass(frozen=True)
class Standing:
    """What the service says of a session."""

    offset: int | None
    """First byte that is missing; None: nothing is."""
    expires: datetime | None


class Sessions:
    """The sessions of one file that is to lie somewhere."""

    def __init__(self, graph: Graph, target: Target, about: About) -> None:
        self._graph = graph
        self._target = target
        self._about = about

    async def begin(self, size: int, hash_state: bytes) -> tuple[UploadState, int]:
        """Make a session, and tell at which byte it begins."""
        info = self._graph.at(
            f"{beside(self._graph, self._target)}:/createUploadSession",
            method=Method.POST,
            headers=condition(self._target),
            json={"item": {"@microsoft.graph.conflictBehavior": behaviour(self._target)}},
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
            hash_state=hash_state,
        )
        return state, session.next_offset()

    async def standing(self, url: str) -> Standing | None:
        """Ask a session how far it is; None where it is gone."""
        response = await self._graph.send_bare(self._graph.bare("GET", url), self._about)
        if response.status_code in GONE:
            return None
        if response.status_code >= 400:
            raise translate(response, self._about, self._graph.clock.now())
        return self.told(response)

    def told(self, response: httpx.Response) -> Standing:
        """Read what an answer of the session's address says of it."""
        session = decode(_session, response.content, self._about.subject)
        expires = session.expiration_date_time
        return Standing(
            session.next_offset() if session.next_expected_ranges else None,
            aware(expires) if expires else None,
        )

    def commit_request(self, url: str) -> RequestInformation:
        """Ask that a session whose bytes are all there be put where the target says."""
        drive, parent = quote(self._target.drive_id), quote(self._target.parent_id)
        return self._graph.at(
            f"{self._graph.base}/drives/{drive}/items/{parent}",
            method=Method.PUT,
            headers=condition(self._target),
            json={
                "name": self._target.name,
                "@microsoft.graph.conflictBehavior": behaviour(self._target),
                "@microsoft.graph.sourceUrl": url,
            },
        )

    async def cancel(self, url: str) -> None:
        # Politeness only: a session that nobody uses expires by itself.
        with suppress(TenantError, httpx.TransportError):
            await self._graph.exchange_bare(self._graph.bare("DELETE", url), _CANCEL)


_CANCEL = Call(repeat=Repeat.NEVER, secret=True)


def beside(graph: Graph, target: Target) -> str:
    """Address of the target by its parent and name."""
    drive, parent = quote(target.drive_id), quote(target.parent_id)
    return f"{graph.base}/drives/{drive}/items/{parent}:/{quote(target.name, safe='')}"


def behaviour(target: Target) -> str:
    return "replace" if target.replace else "fail"


def condition(target: Target) -> dict[str, str]:
    return {"If-Match": target.replace} if target.replace else {}
