"""
Sign-in of the app: tokens from Entra ID, for Graph's own address and no other.

msal is synchronous and asks the network in its constructor, so that it is built when
first needed, in a thread, behind a lock. Its lifetimes go by the machine's clock, which
is the one that Entra ID shares.
"""

import asyncio
import ssl
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import httpx
import msal
import structlog
from kiota_abstractions.authentication import AccessTokenProvider, AllowedHostsValidator
from msal.exceptions import MsalServiceError

from service.errors import SettingsError, SignInRefused, TenantError, TenantFailed, Unreachable

SPARE_SECONDS = 300.0
TIMEOUT_SECONDS = 30.0

PUBLIC_AUTHORITIES = frozenset(
    {
        "login.microsoftonline.com",
        "login.microsoftonline.us",
        "login.partner.microsoftonline.cn",
    }
)
PUBLIC_GRAPHS = frozenset(
    {
        "graph.microsoft.com",
        "graph.microsoft.us",
        "dod-graph.microsoft.us",
        "microsoftgraph.chinacloudapi.cn",
    }
)

# https://learn.microsoft.com/entra/identity-platform/reference-error-codes
REFUSALS: dict[int, tuple[str, str]] = {
    7000215: (
        "The client secret is wrong.",
        "Copy the secret's value (not its id) again into NATVERKET_CLIENT_SECRET.",
    ),
    7000222: (
        "The client secret has expired.",
        "Make a new secret for the app in Entra ID and put it into NATVERKET_CLIENT_SECRET.",
    ),
    7000216: (
        "The app gave neither secret nor certificate.",
        "Set NATVERKET_CLIENT_SECRET or NATVERKET_CLIENT_CERTIFICATE_FILE.",
    ),
    7000112: (
        "The app is disabled in this tenant.",
        "Let an administrator enable the enterprise application.",
    ),
    700016: (
        "The app is not known in this tenant.",
        "Check NATVERKET_CLIENT_ID, and that the app is registered in this very tenant.",
    ),
    700027: (
        "The certificate is not one of the app's.",
        "Upload the certificate's public part to the app in Entra ID, or check "
        "NATVERKET_CLIENT_CERTIFICATE_FILE.",
    ),
    700024: (
        "The sign-in assertion is outside its time.",
        "Set the clock of this machine.",
    ),
    90002: (
        "The tenant is not known.",
        "Check NATVERKET_TENANT_ID.",
    ),
    900023: (
        "The tenant's id is neither an id nor a domain.",
        "Check NATVERKET_TENANT_ID.",
    ),
    53003: (
        "A conditional access policy blocks the app.",
        "Let an administrator allow the app from this machine's address "
        "(conditional access for workload identities).",
    ),
    50034: ("The account is not known.", "Check NATVERKET_CLIENT_ID."),
}


PASSING = frozenset({"temporarily_unavailable", "server_error", "too_many_requests"})
"""What Entra ID calls failures that pass."""


@dataclass(frozen=True, kw_only=True)
class Credential:
    """What the app proves itself by: exactly one of secret, certificate and assertion."""

    tenant_id: str
    client_id: str
    secret: str | None = None
    certificate_file: Path | None = None
    """PFX, or PEM with key and certificate."""
    certificate_passphrase: str | None = None
    federated_token_file: Path | None = None
    """Read anew for each sign-in: such files are replaced within the hour."""

    def __repr__(self) -> str:
        return f"Credential(tenant_id={self.tenant_id!r}, client_id={self.client_id!r})"


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
    """
    The app's token, kept in memory until five minutes before it expires.

    `scope` names what it is for, such as `https://graph.microsoft.com/.default`.
    """

    def __init__(
        self, credential: Credential, *, authority_url: str, scope: str, trust: ssl.SSLContext
    ) -> None:
        self._credential = credential
        self._authority = f"{authority_url.rstrip('/')}/{credential.tenant_id}"
        self._scope = scope
        self._trust = trust
        self._lock = asyncio.Lock()
        self._app: Any = None
        self._http: MsalHttp | None = None
        self._token: _Token | None = None

    async def token(self, claims: str | None = None) -> str:
        token = self._token
        if token is not None and claims is None and time.monotonic() < token.until:
            return token.value
        async with self._lock:
            if claims is None and self._token is not None and time.monotonic() < self._token.until:
                return self._token.value
            self._token = await asyncio.to_thread(self._acquire, claims)
            return self._token.value

    def forget(self, value: str) -> None:
        """Drop a token that the service refused, and msal's own copy with it."""
        if self._token is not None and self._token.value == value:
            self._token = None
            self._app = None

    def close(self) -> None:
        if self._http is not None:
            self._http.close()

    def _acquire(self, claims: str | None) -> _Token:
        try:
            if self._app is None:
                self._app = self._build()
            answer = self._app.acquire_token_for_client([self._scope], claims_challenge=claims)
        except httpx.TransportError as error:
            raise unreachable(self._authority, error) from error
        except (MsalServiceError, httpx.HTTPStatusError) as error:
            raise TenantFailed("sign-in", f"Entra ID failed: {error}") from error
        except (ValueError, OSError) as error:
            # msal's way to say that the tenant, the authority or the certificate is no good.
            raise _unusable(self._credential, error) from error
        if "access_token" not in answer:
            raise refusal(self._credential, answer)
        life = float(answer.get("expires_in", 0)) - SPARE_SECONDS
        structlog.get_logger("natverket.graph").debug("signed_in", seconds=round(life))
        return _Token(answer["access_token"], time.monotonic() + max(life, 0.0))

    def _build(self) -> Any:
        if self._http is None:
            self._http = MsalHttp(self._trust)
        host = urlsplit(self._authority).hostname or ""
        return msal.ConfidentialClientApplication(
            self._credential.client_id,
            client_credential=_proof(self._credential),
            authority=self._authority,
            # Elsewhere msal would first ask the public cloud whether it knows the host.
            instance_discovery=None if host in PUBLIC_AUTHORITIES else False,
            http_client=self._http,
        )


class MsalHttp:
    """
    What msal sends its requests by.

    Its own way, requests, lets REQUESTS_CA_BUNDLE and CURL_CA_BUNDLE override the
    authority that was passed, and has no timeout.
    """

    def __init__(self, trust: ssl.SSLContext) -> None:
        self._client = httpx.Client(verify=trust, timeout=TIMEOUT_SECONDS)

    def post(self, url: str, *, data: Any = None, **kwargs: Any) -> httpx.Response:
        if isinstance(data, dict):
            # An assertion may come as bytes, which httpx would write as Python does: b'…'.
            data = {
                name: value.decode("ascii") if isinstance(value, bytes) else value
                for name, value in data.items()
            }
        return self._client.post(url, data=data, **kwargs)

    def get(self, url: str, **kwargs: Any) -> httpx.Response:
        return self._client.get(url, **kwargs)

    def close(self) -> None:
        self._client.close()


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


def scope(graph_url: str) -> str:
    """Name what the token is for."""
    return f"{resource(graph_url)}/.default"


def resource(graph_url: str) -> str:
    """Name Graph as Entra ID knows it; a sandbox or proxy stands for the public cloud."""
    host = urlsplit(graph_url).hostname or ""
    return f"https://{host if host in PUBLIC_GRAPHS else 'graph.microsoft.com'}"


def refusal(credential: Credential, answer: dict[str, Any]) -> TenantError:
    """Turn what Entra ID answered into an error that says what to do."""
    codes = [int(code) for code in answer.get("error_codes") or ()]
    subject = f"sign-in of app {credential.client_id}"
    trace = answer.get("correlation_id") or "none"
    for code in codes:
        if code in REFUSALS:
            reason, remedy = REFUSALS[code]
            return SignInRefused(
                subject, f"{reason} (AADSTS{code}, correlation id {trace})", remedy=remedy
            )
    said = str(answer.get("error_description") or answer.get("error") or "no reason given")
    first = said.splitlines()[0]
    if answer.get("error") in PASSING:
        return TenantFailed(subject, f"{first} (correlation id {trace})")
    return SignInRefused(subject, f"{first} (correlation id {trace})")


def _proof(credential: Credential) -> Any:
    if credential.secret:
        return credential.secret
    if credential.federated_token_file:
        file = credential.federated_token_file
        return {"client_assertion": lambda: file.read_text(encoding="utf-8").strip()}
    if credential.certificate_file:
        return _certificate(credential.certificate_file, credential.certificate_passphrase)
    raise SettingsError(("a client secret or certificate is missing",))


def _certificate(file: Path, passphrase: str | None) -> dict[str, Any]:
    if file.suffix.lower() in {".pfx", ".p12"}:
        return {"private_key_pfx_path": str(file), "passphrase": passphrase}
    pem = file.read_text(encoding="ascii")
    # Given as certificate, not as thumbprint, msal signs by SHA-256.
    return {"private_key": pem, "public_certificate": pem, "passphrase": passphrase}


def unreachable(authority: str, error: Exception) -> Unreachable:
    host = urlsplit(authority).hostname
    return Unreachable(
        f"sign-in at {host}",
        str(error) or type(error).__name__,
        remedy="Check name resolution, proxy and firewall from this machine, "
        "NATVERKET_AUTHORITY_URL and NATVERKET_CA_FILE.",
    )


def _unusable(credential: Credential, error: Exception) -> SignInRefused:
    return SignInRefused(
        f"sign-in of app {credential.client_id}",
        str(error).splitlines()[0] if str(error) else type(error).__name__,
        remedy="Check NATVERKET_TENANT_ID, NATVERKET_AUTHORITY_URL and the certificate's file "
        "and passphrase.",
    )
