"""
How an app proves itself to Entra ID: each way turned into what msal wants of it.

A way asks the network in whatever thread calls it, and reads its file anew when that has changed.
"""

import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol, assert_never
from urllib.parse import urlsplit

import httpx
import msal
from msal.exceptions import MsalError, MsalServiceError

from service.domain.credential import (
    ClientCertificate,
    ClientSecret,
    FederatedToken,
    ManagedIdentity,
    Proof,
)
from service.errors import SignInRefused, TenantError, TenantFailed, Unreachable, UnreadableFile
from service.graph import aadsts
from service.graph.certificate import key_pair
from service.graph.clouds import PUBLIC_AUTHORITIES
from service.graph.msal_http import MsalHttp, unreachable

CAPABLE = ["CP1"]
"""Tells Entra ID that we understand claims challenges: tokens may be revoked before their time.

https://learn.microsoft.com/entra/identity-platform/claims-challenge
"""

_OTHERWISE = (
    "Check NATVERKET_TENANT_ID, NATVERKET_CLIENT_ID and the secret, certificate or token; the code "
    "is explained at https://login.microsoftonline.com/error."
)
_IDENTITY = (
    "Is this machine in Azure, and has it the identity? Azure portal > the machine > Identity: "
    "turn it on, or add the one whose client id NATVERKET_MANAGED_IDENTITY names."
)


class Way(Protocol):
    """One way to sign in. `ask` blocks."""

    def ask(self, claims: str | None) -> Mapping[str, Any]:
        """
        Return msal's answer with a token; `claims`: what the refused one lacked, JSON.

        Raises SignInRefused, Unreachable, TenantFailed.
        """

    def forget(self) -> None:
        """Keep no token and no refusal from before."""

    def pause(self, number: int) -> float | None:
        """Seconds to wait before ask number + 1, after one that failed; None: not to be asked."""

    def close(self) -> None: ...


def way_of(
    proof: Proof, *, client_id: str, authority: str, scope: str, trust: ssl.SSLContext
) -> Way:
    """Choose the way that a proof needs. `authority` is Entra ID's address with the tenant."""
    if isinstance(proof, ManagedIdentity):
        return ByHost(proof, scope=scope, trust=trust)
    return ByApp(proof, client_id=client_id, authority=authority, scope=scope, trust=trust)


class ByApp:
    """An app registration that proves itself by secret, certificate or another issuer's token."""

    def __init__(
        self,
        proof: ClientSecret | ClientCertificate | FederatedToken,
        *,
        client_id: str,
        authority: str,
        scope: str,
        trust: ssl.SSLContext,
    ) -> None:
        self._proof = proof
        self._client_id = client_id
        self._authority = authority
        self._scope = scope
        self._http = MsalHttp(trust)
        self._app: Any = None
        self._stamp: object = None

    def ask(self, claims: str | None) -> Mapping[str, Any]:
        try:
            answer = self._fresh().acquire_token_for_client([self._scope], claims_challenge=claims)
        except httpx.TransportError as error:
            raise unreachable(self._authority, error) from error
        except (MsalServiceError, httpx.HTTPStatusError) as error:
            raise TenantFailed("sign-in", f"Entra ID failed: {error}") from error
        except ValueError as error:
            # msal's way to say that the tenant or the authority is no good.
            raise self._unusable(error) from error
        if "access_token" not in answer:
            raise self._refusal(answer)
        found: Mapping[str, Any] = answer
        return found

    def forget(self) -> None:
        self._app = None

    def pause(self, number: int) -> float | None:
        """Not here: the next run asks again."""
        del number
        return None

    def close(self) -> None:
        self._http.close()

    @property
    def _subject(self) -> str:
        return f"sign-in of app {self._client_id}"

    def _refusal(self, answer: Mapping[str, Any]) -> TenantError:
        if self._http.status == httpx.codes.TOO_MANY_REQUESTS:
            # msal answers by itself until the time that Entra ID named is over: it must go on to.
            return TenantFailed(self._subject, "Entra ID asks to wait.")
        # It keeps a refusal for a minute, too: what was mended meanwhile would not be seen.
        self.forget()
        return aadsts.refusal(self._subject, answer, aadsts.OF_APPS, _OTHERWISE)

    def _fresh(self) -> Any:
        """Return msal's app, a new one when the file that proves it has changed."""
        file = self._proof.file
        stamp = None if file is None else _stamp(file)
        if self._app is None or stamp != self._stamp:
            host = urlsplit(self._authority).hostname or ""
            self._app = msal.ConfidentialClientApplication(
                self._client_id,
                client_credential=self._credential(),
                authority=self._authority,
                # Elsewhere msal would first ask the public cloud whether it knows the host.
                instance_discovery=None if host in PUBLIC_AUTHORITIES else False,
                client_capabilities=CAPABLE,
                http_client=self._http,
            )
            self._stamp = stamp
        return self._app

    def _credential(self) -> Any:
        proof = self._proof
        match proof:
            case ClientSecret():
                return self._text(proof.file, "_CLIENT_SECRET_FILE") if proof.file else proof.value
            case FederatedToken():
                file = proof.file
                return {"client_assertion": lambda: self._text(file, "_FEDERATED_TOKEN_FILE")}
            case ClientCertificate():
                try:
                    pair = key_pair(proof.file, proof.password)
                except UnreadableFile as error:
                    raise SignInRefused(self._subject, str(error), remedy=error.remedy) from error
                # Given as certificate, not as thumbprint, msal signs by SHA-256.
                return {"private_key": pair.key, "public_certificate": pair.certificate}
            case _:
                assert_never(proof)

    def _text(self, file: Path, name: str) -> str:
        try:
            text = file.read_text(encoding="utf-8-sig").strip()
        except (OSError, UnicodeDecodeError) as error:
            why = error.strerror if isinstance(error, OSError) else "it is no text"
            raise self._unread(file, f"cannot be read ({why})", name) from error
        if not text:
            raise self._unread(file, "is empty", name)
        return text

    def _unread(self, file: Path, why: str, name: str) -> SignInRefused:
        remedy = f"See what writes the file, and whether the service may read it (NATVERKET{name})."
        return SignInRefused(self._subject, f"{file} {why}", remedy=remedy)

    def _unusable(self, error: ValueError) -> SignInRefused:
        return SignInRefused(
            self._subject,
            str(error).splitlines()[0] if str(error) else type(error).__name__,
            remedy="Check NATVERKET_TENANT_ID and NATVERKET_AUTHORITY_URL.",
        )


def _stamp(file: Path) -> object:
    """Tell one state of a file from another; a link that is laid anew counts."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


# ---------------------------------------------------------------- by the machine's own identity

FEW = 5
"""Asks in a row, the first among them."""
UPDATING = 35.0
"""Seconds; the endpoint is away for up to 70 s while it is updated, and says 410."""


# https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/
# how-to-use-vm-token#retry-guidance (and App Service's, whose 5xx pass too)
def pause_of(number: int, status: int | None) -> float | None:
    """
    Return how many seconds to wait after ask `number` (from 1) was answered by `status`.

    None: a further one is of no use. No status at all is a line that broke.
    """
    passes = status is None or status in (404, 410, 429) or status >= 500
    if number >= FEW or not passes:
        return None
    return UPDATING if status == 410 else 2.0**number


class ByHost:
    """The identity of a machine in Azure, whose host gives out tokens without any secret."""

    def __init__(self, proof: ManagedIdentity, *, scope: str, trust: ssl.SSLContext) -> None:
        self._proof = proof
        self._resource = scope.removesuffix("/.default")
        # The host's address is of the link alone: no proxy reaches it.
        self._http = MsalHttp(trust, proxies=False)
        self._client: Any = None

    def ask(self, claims: str | None) -> Mapping[str, Any]:
        self._http.status = None
        try:
            answer = self._fresh().acquire_token_for_client(
                resource=self._resource, claims_challenge=claims
            )
        except httpx.TransportError as error:
            self.forget()
            raise Unreachable(_SUBJECT, str(error) or "no answer", remedy=_IDENTITY) from error
        except MsalError as error:
            self.forget()
            raise SignInRefused(_SUBJECT, str(error), remedy=_IDENTITY) from error
        except ValueError as error:
            self.forget()
            raise TenantFailed(_SUBJECT, f"the host answered {self._http.status}") from error
        if "access_token" not in answer:
            # It keeps what was answered for some seconds, and would not ask again.
            self.forget()
            raise self._refusal(answer)
        found: Mapping[str, Any] = answer
        return found

    def forget(self) -> None:
        self._client = None

    def pause(self, number: int) -> float | None:
        return pause_of(number, self._http.status)

    def close(self) -> None:
        self._http.close()

    def _fresh(self) -> Any:
        if self._client is None:
            named = self._proof.client_id
            self._client = msal.ManagedIdentityClient(
                msal.UserAssignedManagedIdentity(client_id=named)
                if named
                else msal.SystemAssignedManagedIdentity(),
                http_client=self._http,
                client_capabilities=CAPABLE,
            )
        return self._client

    def _refusal(self, answer: Mapping[str, Any]) -> TenantError:
        if (self._http.status or 0) >= 500 and "AADSTS" not in str(answer):
            return TenantFailed(_SUBJECT, str(answer.get("error_description") or answer))
        return aadsts.refusal(_SUBJECT, answer, aadsts.OF_APPS, _IDENTITY)


_SUBJECT = "sign-in by the machine's identity"
