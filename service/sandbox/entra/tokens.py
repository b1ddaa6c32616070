"""Tokens and the keys behind them. Lifetimes go by real time: msal reads the machine's clock."""

import base64
import hashlib
import time
import uuid
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from service.sandbox.timeline import App, Person
from service.sandbox.wire import GraphError, Json

LIFETIME = 3599
"""Seconds, as Entra gives."""
GRAPH = "https://graph.microsoft.com"
BOTS = "https://api.botframework.com"
AUDIENCES = (GRAPH, BOTS)
"""The resources for which the tenant gives tokens."""


class Signer:
    """Issues and reads the tenant's tokens (RS256)."""

    def __init__(self, tenant_id: str, key_file: Path | None) -> None:
        self.tenant_id = tenant_id
        self._key = _kept_key(key_file)
        self.key_id = key_id(self._key.public_key())
        self._read: dict[str, Json] = {}

    def for_app(
        self, app: App, roles: tuple[str, ...], *, audience: str = GRAPH, lifetime: int = LIFETIME
    ) -> str:
        """An access token with which the app acts by itself."""
        granted: Json = {"roles": list(roles)} if roles else {}
        said = {"idtyp": "app", "oid": app.client_id, "sub": app.client_id, **granted}
        return self._access(app, said, audience, lifetime)

    def for_person(  # noqa: PLR0913 - what such a token says
        self,
        app: App,
        person: Person,
        scopes: tuple[str, ...],
        *,
        audience: str = GRAPH,
        lifetime: int = LIFETIME,
        mfa: bool = False,
    ) -> str:
        """An access token with which the app acts for somebody."""
        said = {
            "idtyp": "user",
            "scp": " ".join(scopes),
            "oid": person.id,
            "sub": person.id,
            "name": person.name,
            "upn": person.mail,
            "unique_name": person.mail,
            "amr": ["pwd", "mfa"] if mfa else ["pwd"],
            "acct": int(person.guest),
        }
        return self._access(app, said, audience, lifetime)

    def _access(self, app: App, said: Json, audience: str, lifetime: int) -> str:
        return self._sign(
            {
                "aud": audience,
                "iss": f"https://sts.windows.net/{self.tenant_id}/",
                "appid": app.client_id,
                "app_displayname": app.name,
                "azp": app.client_id,
                "ver": "1.0",
                **said,
            },
            lifetime,
        )

    def id_token(self, app: App, person: Person, *, base: str, nonce: str | None) -> str:
        said: Json = {
            "aud": app.client_id,
            "iss": f"{base}/{self.tenant_id}/v2.0",
            "name": person.name,
            "oid": person.id,
            "preferred_username": person.mail,
            "sub": person.id,
            "ver": "2.0",
        }
        return self._sign({**said, "nonce": nonce} if nonce else said, LIFETIME)

    def _sign(self, claims: Json, lifetime: int) -> str:
        now = int(time.time())
        times = {"iat": now, "nbf": now, "exp": now + lifetime}
        full = {**claims, **times, "tid": self.tenant_id, "uti": uuid.uuid4().hex}
        return jwt.encode(full, self._key, algorithm="RS256", headers={"kid": self.key_id})

    def claims(self, authorization: str | None, audience: str = GRAPH) -> Json:
        """What the bearer token says; GraphError 401 unless it is ours, meant and still good."""
        if not authorization:
            raise unauthenticated("Access token is empty.")
        scheme, _, token = authorization.partition(" ")
        if scheme.casefold() != "bearer" or not token:
            raise unauthenticated("Access token is empty.")
        claims = self._read.get(token) or self._verified(token)
        if claims["aud"] != audience:
            raise unauthenticated("Access token validation failure. Invalid audience.")
        if claims["exp"] <= time.time():
            raise unauthenticated("Lifetime validation failed, the token is expired.")
        return claims

    def _verified(self, token: str) -> Json:
        try:
            claims: Json = jwt.decode(
                token,
                self._key.public_key(),
                algorithms=["RS256"],
                options={"verify_exp": False, "verify_aud": False},
            )
        except jwt.InvalidTokenError as error:
            raise unauthenticated("IDX14100: JWT is not well formed.") from error
        self._read[token] = claims
        return claims

    def public_jwk(self) -> dict[str, Any]:
        return public_jwk(self._key.public_key())


def unauthenticated(message: str) -> GraphError:
    challenge = 'Bearer realm="", authorization_uri="/common/oauth2/authorize"'
    return GraphError(401, "InvalidAuthenticationToken", message, {"WWW-Authenticate": challenge})


def key_id(key: rsa.RSAPublicKey) -> str:
    der = key.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return base64.urlsafe_b64encode(hashlib.sha256(der).digest()[:20]).decode()


def public_jwk(key: rsa.RSAPublicKey) -> dict[str, Any]:
    """The key as a document of keys shows it."""
    numbers = key.public_numbers()
    name = key_id(key)
    return {
        "kty": "RSA",
        "use": "sig",
        "kid": name,
        "x5t": name,
        "n": _number(numbers.n),
        "e": _number(numbers.e),
    }


def _number(value: int) -> str:
    data = value.to_bytes((value.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _kept_key(file: Path | None) -> rsa.RSAPrivateKey:
    if file and file.exists():
        key = serialization.load_pem_private_key(file.read_bytes(), None)
        if isinstance(key, rsa.RSAPrivateKey):
            return key
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    if file:
        pem = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        file.touch(mode=0o600)
        file.write_bytes(pem)
    return key
