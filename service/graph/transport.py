"""
The one way out: every request to Microsoft 365 goes through this transport.

It paces, names us, repeats what may be repeated and tells what happened. It never raises
for a status: what a status means is known where the request was made.
"""

import random
import re
import ssl
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path
from time import perf_counter
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import structlog

from service.graph.pacing import Pace, service_of, told_as
from service.graph.policy import (
    Attempt,
    Failure,
    GiveUp,
    Limits,
    Repeat,
    decide,
)
from service.ports import Clock, Meter, Unmetered

TIMEOUT = httpx.Timeout(connect=15.0, read=100.0, write=100.0, pool=300.0)
POOL = httpx.Limits(max_connections=32, max_keepalive_connections=16, keepalive_expiry=60.0)
CALL = "natverket"
"""Name of the request extension that holds a `Call`."""

# An address by path: root:/Folder/File.docx, items/id:/File.docx:/content
_BY_NAME = re.compile(r":/[^:]+(:|$)")

_log = structlog.get_logger("natverket.graph")


@dataclass(frozen=True, kw_only=True)
class Call:
    """What the transport must know of a request and cannot see on it."""

    repeat: Repeat = Repeat.BY_METHOD
    secret: bool = False
    """The path itself authorises (upload, download, workflow): only the host is logged."""
    stream: bool = False
    """The maker reads the body piece by piece; else it is read here, and read again if lost."""


class GraphTransport(httpx.AsyncBaseTransport):
    def __init__(  # noqa: PLR0913  the wiring's choices
        self,
        inner: httpx.AsyncBaseTransport,
        *,
        clock: Clock,
        user_agent: str,
        limits: Limits | None = None,
        jitter: Callable[[], float] = random.random,
        meter: Meter | None = None,
    ) -> None:
        self._inner = inner
        self._clock = clock
        self._user_agent = user_agent
        self._limits = limits or Limits()
        self._jitter = jitter
        self._meter = meter or Unmetered()
        self._pace = Pace(clock, self._limits, self._meter)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        call = request.extensions.get(CALL, Call())
        request.headers["User-Agent"] = self._user_agent
        began = self._clock.now()
        number = 0
        while True:
            number += 1
            outcome = await self._try(request, call, number)
            verdict = decide(
                self._attempt(request, call, outcome, number, began),
                self._clock.now(),
                self._jitter(),
                self._limits,
            )
            if isinstance(verdict, GiveUp):
                return _give(outcome)
            if isinstance(outcome, httpx.Response):
                await outcome.aclose()
            self._meter.waited(told_as(service_of(request.url)), verdict.seconds)
            await self._clock.sleep(verdict.seconds)

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def _try(
        self, request: httpx.Request, call: Call, number: int
    ) -> httpx.Response | httpx.TransportError:
        request.headers["client-request-id"] = str(uuid4())
        outcome: httpx.Response | httpx.TransportError
        async with self._pace.turn(request) as spent:
            began = perf_counter()
            try:
                outcome = await self._inner.handle_async_request(request)
                if not call.stream:
                    await outcome.aread()
            except httpx.TransportError as error:
                outcome = error
            except httpx.DecodingError as error:
                # A compressed body that broke off.
                outcome = httpx.ReadError(str(error))
        self._tell(request, call, outcome, number, perf_counter() - began)
        if isinstance(outcome, httpx.Response):
            self._pace.heard(request.url, outcome, spent)
        return outcome

    def _attempt(
        self,
        request: httpx.Request,
        call: Call,
        outcome: httpx.Response | httpx.TransportError,
        number: int,
        began: datetime,
    ) -> Attempt:
        # A body that is not in memory cannot be sent twice, whatever its maker thinks.
        replayable = isinstance(request.stream, httpx.ByteStream)
        answered = isinstance(outcome, httpx.Response)
        return Attempt(
            method=request.method,
            number=number,
            elapsed=(self._clock.now() - began).total_seconds(),
            status=outcome.status_code if isinstance(outcome, httpx.Response) else None,
            failure=None if answered else failure_of(outcome),
            headers=outcome.headers if isinstance(outcome, httpx.Response) else None,
            repeat=call.repeat if replayable else Repeat.NEVER,
        )

    def _tell(
        self,
        request: httpx.Request,
        call: Call,
        outcome: httpx.Response | httpx.TransportError,
        number: int,
        seconds: float,
    ) -> None:
        self._meter.asked(told_as(service_of(request.url)), _outcome(outcome), seconds)
        # 404 is an answer like any other: much is looked up to see whether it is there.
        failed = not isinstance(outcome, httpx.Response) or (
            outcome.status_code >= 400 and outcome.status_code != 404
        )
        (_log.info if failed else _log.debug)(
            "graph_request",
            method=request.method,
            path=request.url.host if call.secret else loggable(request.url.path),
            status=outcome.status_code
            if isinstance(outcome, httpx.Response)
            else type(outcome).__name__,
            milliseconds=round(seconds * 1000),
            attempt=number,
            client_request_id=request.headers["client-request-id"],
        )


def _outcome(outcome: httpx.Response | httpx.TransportError) -> str:
    if not isinstance(outcome, httpx.Response):
        return "lost"
    status = outcome.status_code
    return "429" if status == httpx.codes.TOO_MANY_REQUESTS else f"{status // 100}xx"


def loggable(path: str) -> str:
    """Leave out people's addresses and the names of files: ids stay."""
    parts = _BY_NAME.sub(r":/…\1", path).split("/")
    return "/".join("…" if _tells(part) else part for part in parts)


def _tells(part: str) -> bool:
    """Whether it holds somebody's mail address, or the address of a file (base64 after u!)."""
    return part.startswith("u!") or ("@" in part and not part.startswith("19:"))


def failure_of(outcome: object) -> Failure:
    # A timeout of the pool is ours: nothing was sent. So is a proxy that refused us.
    unsent = httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout | httpx.ProxyError
    return Failure.NOT_SENT if isinstance(outcome, unsent) else Failure.LOST


def _give(outcome: httpx.Response | httpx.TransportError) -> httpx.Response:
    if isinstance(outcome, httpx.Response):
        return outcome
    raise outcome


# ---------------------------------------------------------------- the network beneath


def trust(ca_file: Path | None) -> ssl.SSLContext:
    """Trust the public authorities, and the given one besides."""
    context = httpx.create_ssl_context()
    if ca_file is not None:
        context.load_verify_locations(cafile=ca_file)
    return context


def user_agent(organisation: str, version: str) -> str:
    """Decorate the traffic as Microsoft asks; what is undecorated is served last."""
    safe = "".join(c for c in organisation if c.isascii() and c not in "|\r\n").strip()
    return f"NONISV|{safe or 'Unnamed'}|Natverket/{version}"


class Roads(httpx.AsyncBaseTransport):
    """Straight, or through the proxy that the environment names for the host."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        self._roads: dict[str | None, httpx.AsyncHTTPTransport] = {}
        self._proxies: dict[str, str | None] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        proxy = self._proxy(request.url)
        if proxy not in self._roads:
            self._roads[proxy] = self._build(proxy)
        return await self._roads[proxy].handle_async_request(request)

    async def aclose(self) -> None:
        for road in self._roads.values():
            await road.aclose()
        self._roads.clear()

    def _proxy(self, url: httpx.URL) -> str | None:
        origin = f"{url.scheme}://{url.host}"
        if origin not in self._proxies:
            self._proxies[origin] = proxy_for(origin)
        return self._proxies[origin]

    def _build(self, proxy: str | None) -> httpx.AsyncHTTPTransport:
        return httpx.AsyncHTTPTransport(verify=self._context, limits=POOL, proxy=proxy)


def proxy_for(url: str) -> str | None:
    """Name the proxy for a URL by HTTPS_PROXY, NO_PROXY and the like; loopback has none."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    # A transport of one's own makes httpx ignore these variables, so they are read here.
    if is_loopback(host) or urllib.request.proxy_bypass(host):
        return None
    return urllib.request.getproxies().get(parts.scheme)


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
