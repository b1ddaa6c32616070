"""A clock that nobody waits for, tokens out of the air, and a library that misbehaves."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import httpx
import msgspec

from service.graph.gateway import Gateway, TenantSettings
from service.graph.policy import Limits
from service.graph.quickxor import QuickXor

GRAPH = "https://graph.microsoft.com"
ELSEWHERE = "https://bytes.sharepoint.example"
CLIENT_ID = "10000000-0000-4000-8000-00000000000a"
START = datetime(2023, 3, 1, tzinfo=UTC)
TOKEN = "canary-token"

Handler = Callable[[httpx.Request], Awaitable[httpx.Response]]


class FakeClock:
    """Sleeping moves it, and is remembered."""

    def __init__(self) -> None:
        self.moment = START
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self.moment

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.moment += timedelta(seconds=seconds)


class FakeSignIn:
    def __init__(self) -> None:
        self.forgotten: list[str] = []
        self.claims: list[str | None] = []

    async def token(self, claims: str | None = None) -> str:
        self.claims.append(claims)
        return f"{TOKEN}-{len(self.forgotten)}"

    def forget(self, value: str) -> None:
        self.forgotten.append(value)

    def close(self) -> None: ...


class Wire(httpx.AsyncBaseTransport):
    """Answers by a function, and remembers what was sent."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler
        self.sent: list[httpx.Request] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        # A copy: a request that is repeated gets other headers.
        self.sent.append(httpx.Request(request.method, request.url, headers=request.headers.raw))
        return await self.handler(request)


def gateway(
    inner: httpx.AsyncBaseTransport,
    clock: FakeClock,
    *,
    sign_in: FakeSignIn | None = None,
    limits: Limits | None = None,
) -> Gateway:
    settings = TenantSettings(
        tenant_id="tenant", client_id=CLIENT_ID, organisation="Kommunerna", version="1.2"
    )
    return Gateway(settings, clock, sign_in=sign_in or FakeSignIn(), inner=inner, limits=limits)


class Bytes:
    """A content in memory, in pieces that fit nothing."""

    def __init__(self, data: bytes, *, size: int | None = -1, piece: int = 99_991) -> None:
        self.data = data
        self.size: int | None = len(data) if size == -1 else size
        self.piece = piece
        self.reads: list[int] = []

    async def read(self, offset: int = 0) -> AsyncIterator[bytes]:
        self.reads.append(offset)
        for at in range(offset, len(self.data), self.piece):
            yield self.data[at : at + self.piece]


def pattern(size: int) -> bytes:
    """Bytes that do not repeat at the ranges' borders."""
    # 251 is prime to every size of a range or a piece.
    return (bytes(range(251)) * (size // 251 + 1))[:size]


def quick_xor(data: bytes) -> str:
    hash_ = QuickXor()
    hash_.update(data)
    return hash_.digest()


@dataclass
class _Session:
    name: str
    replaces: bool
    whole: bool = False
    data: bytearray = field(default_factory=bytearray)


class Library(httpx.AsyncBaseTransport):
    """
    A library as the documentation has it, strict about ranges and tokens.

    `faults` holds, by the number of the request to a session's address (from 1), what
    happens: a status, `before` or `after` (the answer is lost, and the effect with it or
    not), `half` (the connection ends in the middle), `gone` (the session is forgotten) or
    `full` (507 after the last byte, which stays with the session).
    """

    def __init__(self) -> None:
        self.items: dict[str, bytes] = {}
        self.sessions: dict[str, _Session] = {}
        self.faults: dict[int, int | str] = {}
        self.content_faults: list[int | str] = []
        self.begun = 0
        self.asked = 0
        self.ranges: list[str] = []
        self.addresses: list[str] = []
        """Where each range went."""
        self.tokens_elsewhere: list[str] = []
        self.simple = 0
        self.puts_elsewhere = True
        """Whether a session whose name was taken can be put under another."""
        self.commits = 0
        self.cancelled: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if str(request.url).startswith(ELSEWHERE):
            return await self._session_request(request)
        assert request.headers["Authorization"].startswith(f"Bearer {TOKEN}")
        path = request.url.path
        if path.endswith("/createUploadSession"):
            return await self._create(request)
        if path.endswith("/content"):
            return await self._content(request)
        if match := re.search(r"/items/parent:/([^/:]+)$", path):
            return self._item(match.group(1))
        if path.endswith("/items/parent") and request.method == "PUT":
            return self._put_elsewhere(await request.aread())
        if path.endswith("/items/parent"):
            return _json(200, {"id": "parent", "name": "root", "root": {}, "folder": {}})
        raise AssertionError(path)

    # ------------------------------------------------------------ Graph

    async def _create(self, request: httpx.Request) -> httpx.Response:
        self.begun += 1
        body = msgspec.json.decode(await request.aread())
        name = re.search(r":/([^:]+):/createUpload", request.url.path)[1]
        behaviour = body["item"]["@microsoft.graph.conflictBehavior"]
        url = f"{ELSEWHERE}/up/{self.begun}?tempauth=canary-address"
        self.sessions[f"/up/{self.begun}"] = _Session(name, behaviour == "replace")
        expires = "2023-03-02T00:00:00.1234567Z"
        return _json(
            200,
            {"uploadUrl": url, "expirationDateTime": expires, "nextExpectedRanges": ["0-"]},
        )

    async def _content(self, request: httpx.Request) -> httpx.Response:
        self.simple += 1
        name = re.search(r":/([^:]+):/content", request.url.path)[1]
        data = await request.aread()
        fault = self.content_faults.pop(0) if self.content_faults else None
        if fault == "before":
            raise httpx.ReadError("lost")
        if isinstance(fault, int):
            return _json(fault, {"error": {"code": "x", "message": "x"}})
        answer = self._commit(name, data, request.url.params["@microsoft.graph.conflictBehavior"])
        if fault == "after":
            raise httpx.ReadError("lost")
        return answer

    def _put_elsewhere(self, body: bytes) -> httpx.Response:
        self.commits += 1
        given = msgspec.json.decode(body)
        session = self.sessions.get(urlsplit(given["@microsoft.graph.sourceUrl"]).path)
        if session is None or not session.whole or not self.puts_elsewhere:
            return _json(400, {"error": {"code": "invalidRequest", "message": "not here"}})
        behaviour = given["@microsoft.graph.conflictBehavior"]
        answer = self._commit(given["name"], bytes(session.data), behaviour)
        if answer.status_code < 400:
            self._end(session)
        fault = self.content_faults.pop(0) if self.content_faults else None
        if fault == "after":
            raise httpx.ReadError("lost")
        return answer

    def _end(self, session: "_Session") -> None:
        self.sessions = {path: s for path, s in self.sessions.items() if s is not session}

    def _commit(self, name: str, data: bytes, behaviour: str) -> httpx.Response:
        if name in self.items and behaviour == "fail":
            return _json(409, {"error": {"code": "nameAlreadyExists", "message": "taken"}})
        self.items[name] = bytes(data)
        return self._item(name, 201)

    def _item(self, name: str, status: int = 200) -> httpx.Response:
        if name not in self.items:
            return _json(404, {"error": {"code": "itemNotFound", "message": "none"}})
        data = self.items[name]
        return _json(
            status,
            {
                "id": f"id-{name}",
                "name": name,
                "size": len(data),
                "eTag": '"1"',
                "cTag": '"c1"',
                "file": {"hashes": {"quickXorHash": quick_xor(data)}},
                "parentReference": {"id": "parent", "path": "/drives/d/root:"},
                "lastModifiedBy": {"application": {"id": CLIENT_ID}},
            },
        )

    # ------------------------------------------------------------ the session's own address

    async def _session_request(self, request: httpx.Request) -> httpx.Response:
        if "Authorization" in request.headers:
            self.tokens_elsewhere.append(request.headers["Authorization"])
        self.asked += 1
        fault = self.faults.pop(self.asked, None)
        if fault == "half":
            stream = request.stream
            async for _ in stream:
                break
            raise httpx.WriteError("cut")
        data = await request.aread()
        if fault == "before":
            raise httpx.ReadTimeout("lost")
        if fault == "gone":
            self.sessions.pop(request.url.path, None)
        if isinstance(fault, int):
            return _json(fault, {"error": {"code": "x", "message": "x"}})
        answer = self._session_answer(request, data, fault)
        if fault == "after":
            raise httpx.ReadTimeout("lost")
        return answer

    def _session_answer(
        self, request: httpx.Request, data: bytes, fault: int | str | None
    ) -> httpx.Response:
        session = self.sessions.get(request.url.path)
        if session is None:
            return _json(404, {"error": {"code": "itemNotFound", "message": "gone"}})
        if request.method == "GET":
            return self._status(200, session)
        if request.method == "DELETE":
            del self.sessions[request.url.path]
            self.cancelled.append(request.url.path)
            return httpx.Response(204)
        first, last, total = map(int, re.findall(r"\d+", request.headers["Content-Range"]))
        self.ranges.append(request.headers["Content-Range"])
        self.addresses.append(request.url.path)
        assert int(request.headers["Content-Length"]) == last - first + 1 == len(data)
        assert last + 1 == total or (last + 1 - first) % 327_680 == 0
        if first != len(session.data):
            return _json(416, {"error": {"code": "invalidRange", "message": "have it"}})
        session.data += data
        if len(session.data) < total:
            return self._status(202, session)
        session.whole = True
        if fault == "full":
            return _json(507, {"error": {"code": "quotaLimitReached", "message": "full"}})
        behaviour = "replace" if session.replaces else "fail"
        answer = self._commit(session.name, bytes(session.data), behaviour)
        if answer.status_code != 409:
            del self.sessions[request.url.path]
        return answer

    def _status(self, status: int, session: _Session) -> httpx.Response:
        return _json(
            status,
            {
                "expirationDateTime": "2023-03-03T00:00:00Z",
                "nextExpectedRanges": [] if session.whole else [f"{len(session.data)}-"],
            },
        )


def _json(status: int, body: object) -> httpx.Response:
    return httpx.Response(status, content=msgspec.json.encode(body))
