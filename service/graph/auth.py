"""
Tokens of the app, for Graph's own address and no other.

msal is synchronous and asks the network in its constructor, so that it is built when
first needed, in a thread, behind a lock. Its lifetimes go by the machine's clock, which
is the one that Entra ID shares.
"""

import asyncio
import time
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Any, Protocol
from urllib.parse import urlsplit

import structlog
from kiota_abstractions.authentication import AccessTokenProvider, AllowedHostsValidator

from service.errors import SettingsError, TenantError
from service.graph.aside import aside
from service.graph.proofs import Way
from service.ports import Clock

SPARE_SECONDS = 300.0


@dataclass(frozen=True)
class _Token:
    value: str
    until: float
    """By `time.monotonic`, when it is to be replaced."""


class TokenSource(Protocol):
    """Where tokens come from."""

    async def token(self, claims: str | None = None) -> str:
        """Raises SignInRefused, Unreachable, TenantFailed."""

    def forget(self, value: str) -> None:
        """Drop a token that the service refused."""

    def close(self) -> None: ...


class SignIn:
    """The app's token, kept in memory until five minutes before it expires."""

    def __init__(self, way: Way | None, clock: Clock) -> None:
        self._way = way
        self._clock = clock
        self._lock = asyncio.Lock()
        self._token: _Token | None = None
        self._refused = False

    async def token(self, claims: str | None = None) -> str:
        token = self._token
        if token is not None and claims is None and time.monotonic() < token.until:
            return token.value
        async with self._lock:
            if claims is None and self._token is not None and time.monotonic() < self._token.until:
                return self._token.value
            self._token = await self._acquire(claims)
            return self._token.value

    def forget(self, value: str) -> None:
        """Drop a token that the service refused, and msal's own copy with it."""
        if self._token is not None and self._token.value == value:
            self._token = None
            self._refused = True

    def close(self) -> None:
        if self._way is not None:
            self._way.close()

    async def _acquire(self, claims: str | None) -> _Token:
        if self._way is None:
            raise SettingsError(("a client secret or certificate is missing",))
        if self._refused and claims is None:
            # With claims it asks anew by itself, and may tell the host which one was refused.
            self._way.forget()
        for number in count(1):
            try:
                answer = await aside(partial(self._way.ask, claims))
            except TenantError:
                wait = self._way.pause(number)
                if wait is None:
                    raise
                await self._clock.sleep(wait)
            else:
                break
        self._refused = False
        life = float(answer.get("expires_in", 0)) - SPARE_SECONDS
        structlog.get_logger("natverket.graph").debug("signed_in", seconds=round(life))
        return _Token(answer["access_token"], time.monotonic() + max(life, 0.0))


class GraphTokens(AccessTokenProvider):
    """Gives the SDK a token for Graph's own address, and none for any other."""

    def __init__(self, sign_in: TokenSource, graph_url: str) -> None:
        self._sign_in = sign_in
        self._origin = origin(graph_url)
        self._hosts = AllowedHostsValidator([urlsplit(graph_url).hostname or "localhost"])

    async def get_authorization_token(
        self, uri: str, additional_authentication_context: dict[str, Any] | None = None
    ) -> str:
        # The validator compares hosts; an upload may go to another port of the same one.
        if not self._hosts.is_url_host_valid(uri) or origin(uri) != self._origin:
            return ""
        return await self._sign_in.token((additional_authentication_context or {}).get("claims"))

    def get_allowed_hosts_validator(self) -> AllowedHostsValidator:
        return self._hosts


def origin(url: str) -> tuple[str, str, int]:
    """Scheme, host and port, comparable."""
    parts = urlsplit(url)
    return (
        parts.scheme.lower(),
        (parts.hostname or "").lower(),
        parts.port or (443 if parts.scheme.lower() == "https" else 80),
    )
