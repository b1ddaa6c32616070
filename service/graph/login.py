"""
The token of an account that has signed in by itself, where no app may act alone.

What the sign-in is asked for: https://learn.microsoft.com/graph/api/channel-post-messages,
chatmessage-update, chatmessage-softdelete and, for tags, teamworktag-list. That it can be
renewed (`offline_access`) is added by msal.
"""

import asyncio
import re
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import msal
import structlog
from msal.exceptions import MsalServiceError

from service.domain.login import Login
from service.errors import SignInRefused, TenantError, TenantFailed
from service.graph.auth import (
    PASSING,
    PUBLIC_AUTHORITIES,
    REFUSALS,
    SPARE_SECONDS,
    MsalHttp,
    resource,
    unreachable,
)
from service.graph.login_file import Kept, LoginFile
from service.ports import Clock

SEND = "ChannelMessage.Send"
CHANGE = "ChannelMessage.ReadWrite"
READ_TAGS = "TeamworkTag.Read"

_FROM_ENTRA = "identity_provider"
"""What msal calls the source of a token that it has not from its cache."""
_AADSTS = re.compile(r"\bAADSTS(\d+)")

RENEWED = timedelta(days=1)
"""A use so long after the last renews it, though its token be good for another hour."""
AGAIN = "Run `natverket login`."

_CONSENT = (
    "The app lacks a consent that only an administrator can give.",
    f"Let an administrator consent to the delegated permissions {SEND} and {CHANGE} (and "
    f"{READ_TAGS} where tags are mentioned) for the app in Entra ID; then run `natverket login`.",
)
_FACTOR = ("A second factor is asked for, or asked for again.", AGAIN)
_PUBLIC = (
    "The app may not sign people in from here.",
    "In the app's registration, under Authentication: add the platform 'Mobile and desktop "
    "applications' with http://localhost, and turn 'Allow public client flows' on.",
)
# https://learn.microsoft.com/entra/identity-platform/reference-error-codes
OF_PEOPLE: dict[int, tuple[str, str]] = {
    700082: ("The sign-in has lapsed: it was not used for 90 days.", AGAIN),
    70043: ("The sign-in has lapsed by the tenant's sign-in frequency.", AGAIN),
    50173: ("The account's password was changed, or its sign-ins were revoked.", AGAIN),
    50076: _FACTOR,
    50078: _FACTOR,
    50079: _FACTOR,
    65001: _CONSENT,
    90094: _CONSENT,
    65004: ("Consent was declined.", AGAIN),
    50034: ("The account is not there any more.", "Sign in another: `natverket login`."),
    50057: ("The account is disabled.", "Let an administrator enable it, or sign in another."),
    53003: (
        "A conditional access policy blocks this sign-in.",
        "Let an administrator allow the account from this machine's address; if device codes are "
        "what is blocked, run `natverket login` where there is a browser.",
    ),
    50011: _PUBLIC,
    7000218: _PUBLIC,
    70020: ("The code was not typed in time.", AGAIN),
}


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

    @property
    def permissions(self) -> tuple[str, ...]:
        return (SEND, CHANGE, READ_TAGS) if self.reads_tags else (SEND, CHANGE)

    @property
    def scopes(self) -> list[str]:
        return [f"{resource(self.graph_url)}/{name}" for name in self.permissions]

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
                token = self._token = await asyncio.to_thread(self._acquire, claims)
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
    said = str(answer.get("error_description") or answer.get("error") or "It is not kept here.")
    # What comes back from a browser has its code in the words alone.
    codes = answer.get("error_codes") or _AADSTS.findall(said)
    trace = answer.get("correlation_id") or "none"
    known = REFUSALS | OF_PEOPLE
    for code in map(int, codes):
        if code in known:
            reason, remedy = known[code]
            told = f"{reason} (AADSTS{code}, correlation id {trace})"
            return SignInRefused(subject, told, remedy=remedy)
    reason = f"{said.splitlines()[0]} (correlation id {trace})"
    if answer.get("error") in PASSING:
        return TenantFailed(subject, reason)
    return SignInRefused(subject, reason, remedy=AGAIN)
