"""
One connection to a tenant: the SDK builds the requests, the transport carries them.

The SDK's models cost milliseconds an entity and lose what headers say, so that answers
are taken as httpx gives them and decoded in `wire`.
"""

import re
from base64 import b64decode
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx
import msgspec
from kiota_abstractions.authentication import BaseBearerTokenAuthenticationProvider
from kiota_abstractions.base_request_builder import BaseRequestBuilder
from kiota_abstractions.base_request_configuration import RequestConfiguration
from kiota_abstractions.method import Method
from kiota_abstractions.request_information import RequestInformation

from service.errors import BadRequest, NotFound, TenantError, TenantFailed
from service.graph.auth import GraphTokens, TokenSource, origin
from service.graph.policy import Limits, Repeat
from service.graph.sdk import GraphRequestAdapter, GraphServiceClient
from service.graph.translate import About, translate, unreachable
from service.graph.transport import CALL, TIMEOUT, Call, GraphTransport
from service.graph.wire import Listing, decode
from service.ports import Clock, Meter

T = TypeVar("T")

_CLAIMS = re.compile(r'claims="([^"]+)"')


class Graph:
    """Sends requests and translates refusals. One event loop, one tenant, one app."""

    def __init__(  # noqa: PLR0913  the wiring's choices
        self,
        sign_in: TokenSource,
        *,
        client_id: str,
        graph_url: str,
        clock: Clock,
        user_agent: str,
        inner: httpx.AsyncBaseTransport,
        limits: Limits | None = None,
        meter: Meter | None = None,
    ) -> None:
        self.clock = clock
        self.limits = limits or Limits()
        self.base = f"{graph_url.rstrip('/')}/v1.0"
        self.beta = f"{graph_url.rstrip('/')}/beta"
        self.client_id = client_id
        self.names: dict[str, str] = {}
        """Display names by id, as far as they were met: for errors that people read."""
        self.sharepoint: set[str] = set()
        """Hosts of the tenant's own SharePoint, as far as its sites were met."""
        self._sign_in = sign_in
        self._http = httpx.AsyncClient(
            transport=GraphTransport(
                inner, clock=clock, user_agent=user_agent, limits=self.limits, meter=meter
            ),
            timeout=TIMEOUT,
        )
        tokens = GraphTokens(sign_in, graph_url)
        self._authentication = BaseBearerTokenAuthenticationProvider(tokens)
        # A client of our own: the SDK's has a retry of its own, which repeats POSTs.
        self._adapter = GraphRequestAdapter(self._authentication, client=self._http)
        self._adapter.base_url = self.base
        self.sdk = GraphServiceClient(request_adapter=self._adapter)

    async def close(self) -> None:
        await self._http.aclose()
        self._sign_in.close()

    async def sign_in(self) -> None:
        await self.token()

    async def token(self) -> str:
        """Raises SignInRefused, Unreachable, TenantFailed."""
        return await self._sign_in.token()

    def name(self, kind: str, id_: str) -> str:
        return f"{kind} {self.names.get(id_, id_)}"

    # ------------------------------------------------------------ to Graph

    async def send(
        self,
        info: RequestInformation,
        about: About,
        *,
        repeat: Repeat = Repeat.BY_METHOD,
        stream: bool = False,
    ) -> httpx.Response:
        """Send with the token; raise what a refusal means. Redirects are returned."""
        try:
            response = await self.exchange(info, Call(repeat=repeat, stream=stream))
        except httpx.TransportError as error:
            raise unreachable(error, about, urlsplit(self.base).netloc) from error
        if response.status_code >= 400:
            raise await self.refusal(response, about)
        return response

    async def fetch(self, info: RequestInformation, about: About) -> bytes:
        return (await self.send(info, about)).content

    async def find(self, info: RequestInformation, about: About) -> bytes | None:
        """Fetch, or None where there is nothing."""
        try:
            return await self.fetch(info, about)
        except NotFound:
            return None

    async def listing(
        self,
        info: RequestInformation,
        decoder: "msgspec.json.Decoder[Listing[T]]",
        about: About,
    ) -> AsyncIterator[Listing[T]]:
        """Yield the pages of a listing, to the last; an empty one may lie between."""
        headers = info.request_headers or {}
        while True:
            page = decode(decoder, await self.fetch(info, about), about.subject)
            yield page
            if page.next_link is None:
                return
            info = self.follow(page.next_link, headers)

    def follow(self, link: str, headers: Mapping[str, str] | None = None) -> RequestInformation:
        """Make the request for a link that Graph gave; no other host is asked."""
        if origin(link) != origin(self.base):
            host = urlsplit(link).hostname
            raise BadRequest("link to a further page", f"It leads to {host}, not to Graph.")
        return self.at(link, headers=headers)

    def at(
        self,
        url: str,
        *,
        method: Method = Method.GET,
        headers: Mapping[str, str] | None = None,
        json: object = None,
    ) -> RequestInformation:
        """Make a request for an address that the SDK has no builder for."""
        info = RequestInformation(method)
        info.url = url
        return dress(info, headers=headers, json=json)

    async def exchange(self, info: RequestInformation, call: Call) -> httpx.Response:
        """Send with the token; every status is returned, and httpx's errors pass."""
        response = await self._carry(await self._native(info), call)
        if response.status_code != 401:
            return response
        # It may have been revoked before its time (continuous access evaluation); then
        # the answer tells which claims the next one must have.
        await response.aclose()
        self._sign_in.forget(response.request.headers.get("Authorization", "")[len("Bearer ") :])
        claims = claims_in(response.headers.get("WWW-Authenticate", ""))
        info.headers.remove("Authorization")
        return await self._carry(await self._native(info, claims), call)

    # ------------------------------------------------------------ elsewhere

    def bare(self, method: str, url: str, **parts: Any) -> httpx.Request:
        """Make a request to an address that authorises by itself; Graph gave it."""
        try:
            request = self._http.build_request(method, url, **parts)
        except httpx.InvalidURL as error:
            raise TenantFailed("link to content", f"It is no address: {error}") from error
        if not request.url.host:
            raise TenantFailed("link to content", "It is no address.")
        return request

    async def exchange_bare(self, request: httpx.Request, call: Call) -> httpx.Response:
        """Send without token; every status is returned, and httpx's errors pass."""
        request.headers.pop("Authorization", None)
        return await self._carry(request, call)

    async def exchange_as(self, request: httpx.Request, token: str, call: Call) -> httpx.Response:
        """Send with another service's token; whoever gives it knows that this is the service."""
        request.headers["Authorization"] = f"Bearer {token}"
        return await self._carry(request, call)

    async def send_bare(
        self, request: httpx.Request, about: About, *, stream: bool = False
    ) -> httpx.Response:
        """Send without token; every status is returned."""
        try:
            return await self.exchange_bare(request, Call(secret=True, stream=stream))
        except httpx.TransportError as error:
            raise unreachable(error, about, request.url.host) from error

    # ------------------------------------------------------------ within

    async def _native(self, info: RequestInformation, claims: str = "") -> httpx.Request:
        self._adapter.set_base_url_for_request_information(info)
        # The SDK expands the template at every look at the address, three times a request.
        url, info.path_parameters = info.url, {}
        info.url = url
        if claims:
            await self._authentication.authenticate_request(info, {"claims": claims})
        request: httpx.Request = await self._adapter.convert_to_native_async(info)
        return request

    async def _carry(self, request: httpx.Request, call: Call) -> httpx.Response:
        request.extensions[CALL] = call
        return await self._http.send(request, stream=call.stream)

    async def refusal(self, response: httpx.Response, about: About) -> TenantError:
        try:
            await response.aread()
        except httpx.TransportError as error:
            return unreachable(error, about, response.request.url.host)
        finally:
            await response.aclose()
        return translate(response, about, self.clock.now())


def claims_in(challenge: str) -> str:
    """
    Return the claims that the next token must have, as JSON; empty where none are named.

    https://learn.microsoft.com/entra/identity-platform/claims-challenge: in base64, padded or not.
    """
    found = _CLAIMS.search(challenge)
    if found is None:
        return ""
    text = found.group(1)
    try:
        claims = b64decode(text + "=" * (-len(text) % 4)).decode()
        msgspec.json.decode(claims)
    except (ValueError, msgspec.DecodeError):
        return ""
    return claims


def asking(query: Any = None, **headers: str) -> RequestConfiguration[Any]:
    """Configure a request of the SDK: query parameters and headers (`_` stands for `-`)."""
    configuration: RequestConfiguration[Any] = RequestConfiguration(query_parameters=query)
    for name, value in headers.items():
        configuration.headers.add(name.replace("_", "-"), value)
    return configuration


def writing(
    builder: BaseRequestBuilder,
    method: Method,
    json: object,
    headers: Mapping[str, str] | None = None,
) -> RequestInformation:
    """Make a request of an SDK builder with a JSON body, without its costly models."""
    info = RequestInformation(method, builder.url_template, builder.path_parameters)
    return dress(info, headers=headers, json=json)


def dress(
    info: RequestInformation, *, headers: Mapping[str, str] | None = None, json: object = None
) -> RequestInformation:
    for name, value in (headers or {}).items():
        if name.lower() != "authorization":
            info.headers.try_add(name, value)
    info.headers.try_add("Accept", "application/json")
    if json is not None:
        info.headers.try_add("Content-Type", "application/json")
        info.content = msgspec.json.encode(json)
    return info


@asynccontextmanager
async def closing(response: httpx.Response) -> AsyncIterator[httpx.Response]:
    try:
        yield response
    finally:
        await response.aclose()
