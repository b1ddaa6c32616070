"""
The token of an account that has signed in by itself, where no app may act alone.

What the sign-in is asked for: https://learn.microsoft.com/graph/api/channel-post-messages,
chatmessage-update, chatmessage-softdelete and, for tags, teamworktag-list. That it can be
renewed (`offline_access`) is added by msal.
"""

import asyncio
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import msal
import structlog
from msal.exceptions import MsalServiceError

from service.domain.login import Login
from service.errors import SignInRefused, TenantError, TenantFailed
from service.graph import aadsts
from service.graph.aadsts import AGAIN
from service.graph.aside import aside
from service.graph.auth import SPARE_SECONDS
from service.graph.clouds import PUBLIC_AUTHORITIES, resource
from service.graph.login_file import Kept, LoginFile
from service.graph.msal_http import MsalHttp, unreachable
from service.ports import Clock

SEND = "ChannelMessage.Send"
CHANGE = "ChannelMessage.ReadWrite"
READ_TAGS = "TeamworkTag.Read"

_FROM_ENTRA = "identity_provider"
"""What msal calls the source of a token that it has not from its cache."""

RENEWED = timedelta(days=1)
"""A use so long after the last renews it, though its token be good for another hour."""


@dataclass(frozen=True, kw_only=True)
class LoginSettings:
    """Where an account signs in, and where that is kept."""

    tenant_id: str
    client_id: str
    authority_url: str
    graph_url: str
    file: Path
    key: str | None = field(default=None, repr=False)
    """Encrypts the file: 32 bytes in URL-safe base64."""
    reads_tags: bool = False
    """Whether tags are mentioned, whose ids must be looked up."""
    cloud_graph: str = "https://graph.microsoft.com"
    """Graph of the cloud, for which an address that is none of Microsoft's stands."""
    wanted: tuple[str, ...] = ()
    """What to ask for; without, what an account needs that posts."""

    @property
    def permissions(self) -> tuple[str, ...]:
        if self.wanted:
            return self.wanted
        return (SEND, CHANGE, READ_TAGS) if self.reads_tags else (SEND, CHANGE)

    @property
    def scopes(self) -> list[str]:
        base = resource(self.graph_url, stands_for=self.cloud_graph)
        return [f"{base}/{name}" for name in self.permissions]

    @property
    def authority(self) -> str:
        return f"{self.authority_url.rstrip('/')}/{self.tenant_id}"


@dataclass(frozen=True, kw_only=True)
class _Token:
    value: str
    until: float
    """By `time.monotonic`, when it is to be replaced."""
    stale_at: datetime
    """When the sign-in is to be renewed, good though the token be."""
    stamp: tuple[int, int]
    """State of the file that it belongs to."""


class PersonSignIn:
    """Implements `TokenSource`. Each renewal is kept; a sign-in from elsewhere is taken over."""

    def __init__(self, settings: LoginSettings, clock: Clock, trust: ssl.SSLContext) -> None:
        self._settings = settings
        self._clock = clock
        self._http = MsalHttp(trust)
        self._file = LoginFile(settings.file, settings.key)
        self._lock = asyncio.Lock()
        self._token: _Token | None = None
        self._renew = False

    async def token(self, claims: str | None = None) -> str:
        async with self._lock:
            token = self._token
            if claims is not None or token is None or not self._is_good(token):
                token = self._token = await aside(partial(self._acquire, claims))
            return token.value

    def forget(self, value: str) -> None:
        """Drop a token that the service refused; the next one is a new one."""
        if self._token is not None and self._token.value == value:
            self._token = None
            self._renew = True

    def close(self) -> None:
        self._http.close()

    def login(self) -> Login | None:
        """Tell who has signed in, as the file has it. Raises SettingsError."""
        kept = self._file.read()
        return kept.login if kept else None

    def _is_good(self, token: _Token) -> bool:
        is_fresh = time.monotonic() < token.until and self._clock.now() < token.stale_at
        return is_fresh and token.stamp == self._file.stamp()

    def _acquire(self, claims: str | None) -> _Token:
        with self._file.locked():
            kept = self._file.read()
            if kept is None:
                raise SignInRefused("sign-in of an account", "Nobody has signed in.", remedy=AGAIN)
            answer, used = self._renewed(kept, claims)
            life = float(answer.get("expires_in", 0)) - SPARE_SECONDS
            return _Token(
                value=answer["access_token"],
                until=time.monotonic() + max(life, 0.0),
                stale_at=used + RENEWED,
                stamp=self._file.stamp(),
            )

    def _renewed(self, kept: Kept, claims: str | None) -> tuple[dict[str, Any], datetime]:
        """Return msal's answer with a token, and when the sign-in was last used."""
        now = self._clock.now()
        with translated(self._settings):
            cache = msal.SerializableTokenCache()
            cache.deserialize(kept.tokens)
            app = public_app(self._settings, self._http, cache)
            answer = app.acquire_token_silent_with_error(
                self._settings.scopes,
                next(iter(app.get_accounts()), None),
                force_refresh=self._renew or now - kept.login.used >= RENEWED,
                claims_challenge=claims,
            )
        if answer is None or "access_token" not in answer:
            error = refusal(f"sign-in of {kept.login.account}", answer or {})
            if isinstance(error, SignInRefused):
                login = replace(kept.login, refused=error.reason)
                self._file.write(replace(kept, login=login))
            raise error
        self._renew = False
        if answer["token_source"] != _FROM_ENTRA:
            return answer, kept.login.used
        login = replace(kept.login, used=now, refused="")
        self._file.write(Kept(login=login, tokens=cache.serialize()))
        structlog.get_logger("natverket.graph").info(
            "login_renewed", lapses=login.lapses_at.date().isoformat()
        )
        return answer, now


def public_app(
    settings: LoginSettings, http: MsalHttp, cache: "msal.SerializableTokenCache"
) -> Any:
    """Build what signs people in; it asks the network at once."""
    host = urlsplit(settings.authority_url).hostname or ""
    return msal.PublicClientApplication(
        settings.client_id,
        authority=settings.authority,
        # Elsewhere msal would first ask the public cloud whether it knows the host.
        instance_discovery=None if host in PUBLIC_AUTHORITIES else False,
        token_cache=cache,
        http_client=http,
    )


@contextmanager
def translated(settings: LoginSettings) -> Iterator[None]:
    """Turn what msal raises into errors that say what to do."""
    try:
        yield
    except httpx.TransportError as error:
        raise unreachable(settings.authority, error) from error
    except (MsalServiceError, httpx.HTTPStatusError) as error:
        raise TenantFailed("sign-in", f"Entra ID failed: {error}") from error
    except ValueError as error:
        raise SignInRefused(
            "sign-in of an account",
            str(error).partition("\n")[0],
            remedy="Check NATVERKET_TENANT_ID and NATVERKET_AUTHORITY_URL.",
        ) from error


def refusal(subject: str, answer: Mapping[str, Any]) -> TenantError:
    """Turn what Entra ID answered into an error that says what to do."""
    told = answer or {"error": "It is not kept here."}
    return aadsts.refusal(subject, told, aadsts.OF_APPS | aadsts.OF_PEOPLE, AGAIN)
