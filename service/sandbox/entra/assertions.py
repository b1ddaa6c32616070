"""
What an app signs, or brings from another issuer, instead of a secret.

Form of an assertion: "Microsoft identity platform application authentication certificate
credentials" and "Workload identity federation". Lifetimes go by the machine's clock.
"""

import base64
import hashlib
import re
import time
from typing import Any

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from service.sandbox.entra import outside
from service.sandbox.entra.refusals import TokenError, invalid_client
from service.sandbox.switches import Switch
from service.sandbox.tenant import Tenant
from service.sandbox.timeline import App

REUSE = Switch(
    name="assertion_reuse",
    values=("accepted", "refused"),
    about="Whether one certificate assertion (jti) may be used twice while it lives. msal keeps "
    "one for nine minutes over several requests, so it must be.",
)
_SKEW = 300
"""Seconds by which clocks may differ."""
_KINDS = {"x5t#S256": "PS256", "x5t": "RS256"}


def register_certificate(tenant: Tenant, client_id: str, pem: str) -> str:
    """Lets an app sign in with this certificate; returns its thumbprint (x5t#S256)."""
    certificate = x509.load_pem_x509_certificate(pem.encode())
    public = certificate.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    der = certificate.public_bytes(serialization.Encoding.DER)
    thumbprint = _unpadded(hashlib.sha256(der).digest())
    for name in (thumbprint, _unpadded(certificate.fingerprint(hashes.SHA1()))):  # noqa: S303
        tenant.store.do(
            "INSERT OR REPLACE INTO app_keys VALUES (?, ?, ?)", name, client_id, public.decode()
        )
    return thumbprint


def _unpadded(digest: bytes) -> str:
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def check_assertion(tenant: Tenant, app: App, assertion: str, url: str) -> None:
    """Raises TokenError unless the assertion proves the app; `url` is the token endpoint."""
    try:
        header = jwt.get_unverified_header(assertion)
        claims = jwt.decode(assertion, options={"verify_signature": False})
    except jwt.InvalidTokenError as error:
        raise invalid_client(50027, "JWT token is invalid or malformed.") from error
    issuer = claims.get("iss")
    if issuer in (app.client_id, None) or "x5t" in header or "x5t#S256" in header:
        _check_certificate(tenant, app, assertion, header, url)
    else:
        _check_federated(tenant, app, assertion, claims, url)


def _check_certificate(
    tenant: Tenant, app: App, assertion: str, header: dict[str, Any], url: str
) -> None:
    kind = next((name for name in _KINDS if header.get(name)), None)
    if kind is None:
        raise invalid_client(
            50027, "Invalid JWT token. No certificate thumbprint specified in token header."
        )
    thumbprint = str(header[kind]).rstrip("=")
    pem = tenant.store.value(
        "SELECT pem FROM app_keys WHERE thumbprint = ? AND app = ?", thumbprint, app.client_id
    )
    if pem is None:
        raise _not_registered(app, thumbprint)
    claims = _verified(assertion, pem, _KINDS[kind], app, thumbprint)
    if claims.get("aud") not in _audiences(tenant, url):
        raise invalid_client(
            700023,
            "Client assertion audience claim does not match Realm issuer. Review the "
            "documentation at https://docs.microsoft.com/azure/active-directory/develop/"
            "active-directory-certificate-credentials .",
        )
    if not claims.get("iss") == claims.get("sub") == app.client_id:
        raise invalid_client(
            700021,
            "Client assertion application identifier doesn't match 'client_id' parameter. Review "
            "the documentation at https://docs.microsoft.com/azure/active-directory/develop/"
            "active-directory-certificate-credentials .",
        )
    _check_reuse(tenant, claims)


def _audiences(tenant: Tenant, url: str) -> set[str]:
    """The endpoint under either of the tenant's names, and the tenant's issuer."""
    base = re.match(r"^[a-z]+://[^/]+", url)
    root = base[0] if base else ""
    names = (tenant.world.tenant_id, tenant.world.domain)
    return {url, *(f"{root}/{n}/oauth2/v2.0/token" for n in names), f"{root}/{names[0]}/v2.0"}


def _verified(
    assertion: str, pem: str, algorithm: str, app: App, thumbprint: str
) -> dict[str, Any]:
    try:
        claims: dict[str, Any] = jwt.decode(
            assertion,
            pem,
            algorithms=[algorithm],
            leeway=_SKEW,
            options={"verify_aud": False, "verify_iat": False, "require": ["exp"]},
        )
    except (
        jwt.ExpiredSignatureError,
        jwt.ImmatureSignatureError,
        jwt.MissingRequiredClaimError,
    ) as error:
        raise _not_now(assertion) from error
    except jwt.InvalidTokenError as error:
        raise invalid_client(
            700027,
            "Client assertion contains an invalid signature. [Reason - The key used is not the "
            f"one that signed., Thumbprint of key used by client: '{_shown(thumbprint)}', Please "
            "visit the Azure Portal, Graph Explorer or directly use MS Graph to see configured "
            f"keys for app Id '{app.client_id}'.]",
        ) from error
    return claims


def _not_now(assertion: str) -> TokenError:
    claims = jwt.decode(assertion, options={"verify_signature": False})
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    return invalid_client(
        700024,
        f"Client assertion is not within its valid time range. Current time: {now}, assertion "
        f"valid from {claims.get('nbf')}, expiry time of assertion {claims.get('exp')}. Review "
        "the documentation at https://docs.microsoft.com/azure/active-directory/develop/"
        "active-directory-certificate-credentials .",
    )


def _not_registered(app: App, thumbprint: str) -> TokenError:
    return invalid_client(
        700027,
        "The certificate with identifier used to sign the client assertion is not registered on "
        "application. [Reason - The key was not found., Thumbprint of key used by client: "
        f"'{_shown(thumbprint)}', Please visit the Azure Portal, Graph Explorer or directly use "
        f"MS Graph to see configured keys for app Id '{app.client_id}'.]",
    )


def _shown(thumbprint: str) -> str:
    padded = thumbprint + "=" * (-len(thumbprint) % 4)
    return base64.urlsafe_b64decode(padded).hex().upper()


def _check_reuse(tenant: Tenant, claims: dict[str, Any]) -> None:
    store = tenant.store
    jti = str(claims.get("jti", ""))
    store.do("DELETE FROM used_assertions WHERE until < ?", time.time() - _SKEW)
    known = store.one("SELECT jti FROM used_assertions WHERE jti = ?", jti)
    if known is not None and REUSE.read(tenant) == "refused":
        raise invalid_client(700027, "Client assertion has been used already.")
    if jti and known is None:
        store.insert("used_assertions", jti=jti, until=float(claims["exp"]))


def _check_federated(
    tenant: Tenant, app: App, assertion: str, claims: dict[str, Any], url: str
) -> None:
    """The issuer's word is taken if the app trusts this issuer, subject and audience."""
    own = outside.issuer(url)
    trusted = [
        (credential.issuer or own, credential.subject, credential.audience)
        for credential in app.federated
    ]
    issuer, subject = str(claims.get("iss")), str(claims.get("sub"))
    audience = claims.get("aud")
    said = audience[0] if isinstance(audience, list) and len(audience) == 1 else audience
    _check_match(trusted, issuer, subject, str(said))
    if issuer != own:
        # The keys of an issuer elsewhere are out of the sandbox's reach.
        raise _unsigned()
    key = outside.key(tenant).public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    try:
        jwt.decode(
            assertion,
            key,
            algorithms=["RS256"],
            leeway=_SKEW,
            options={"verify_aud": False, "verify_iat": False, "require": ["exp"]},
        )
    except (
        jwt.ExpiredSignatureError,
        jwt.ImmatureSignatureError,
        jwt.MissingRequiredClaimError,
    ) as error:
        raise _not_now(assertion) from error
    except jwt.InvalidTokenError as error:
        raise _unsigned() from error


def _unsigned() -> TokenError:
    return invalid_client(
        50013, "Assertion failed signature validation. [Reason - The key was not found.]"
    )


def _check_match(
    trusted: list[tuple[str, str, str]], issuer: str, subject: str, audience: str
) -> None:
    """Which part it is that nothing matches is said by the number; letters' case counts."""
    if (issuer, subject, audience) in trusted:
        return
    more = (
        "Please check your federated identity credential Subject, Audience and Issuer against the "
        "presented assertion. https://learn.microsoft.com/entra/workload-id/"
        "workload-identity-federation"
    )
    start = "No matching federated identity record found for presented assertion"
    if not trusted:
        raise invalid_client(
            70021,
            f"{start}. Assertion Issuer: '{issuer}'. Assertion Subject: '{subject}'. Assertion "
            f"Audience: '{audience}'. {more}",
        )
    if issuer not in {one[0] for one in trusted}:
        raise invalid_client(700211, f"{start} issuer '{issuer}'. {more}")
    if subject in {one[1] for one in trusted if one[0] == issuer}:
        raise invalid_client(700212, f"{start} audience '{audience}'. {more}")
    raise invalid_client(700213, f"{start} subject '{subject}'. {more}")
