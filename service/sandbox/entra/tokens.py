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

from service.sandbox.timeline import App
from service.sandbox.wire import GraphError, Json

LIFETIME = 3599
"""Seconds, as Entra gives."""
AUDIENCE = "https://graph.microsoft.com"


class Signer:
    """Issues and reads the tenant's access tokens (RS256)."""

    def __init__(self, tenant_id: str, key_file: Path | None) -> None:
        self.tenant_id = tenant_id
        self._key = _kept_key(key_file)
        public = self._key.public_key()
        der = public.public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        self.key_id = base64.urlsafe_b64encode(hashlib.sha256(der).digest()[:20]).decode()
        self._read: dict[str, Json] = {}

    def issue(self, app: App, *, issuer: str, lifetime: int = LIFETIME) -> str:
        now = int(time.time())
        claims = {
            "aud": AUDIENCE,
            "iss": issuer,
            "iat": now,
            "nbf": now,
            "exp": now + lifetime,
            "appid": app.client_id,
            "app_displayname": app.name,
            "azp": app.client_id,
            "idtyp": "app",
            "roles": list(app.roles),
            "tid": self.tenant_id,
            "ver": "1.0",
            "uti": uuid.uuid4().hex,
        }
        return jwt.encode(claims, self._key, algorithm="RS256", headers={"kid": self.key_id})

    def claims(self, authorization: str | None) -> Json:
        """What the bearer token says; GraphError 401 unless it is ours and still good."""
        if not authorization:
            raise unauthenticated("Access token is empty.")
        scheme, _, token = authorization.partition(" ")
        if scheme.casefold() != "bearer" or not token:
            raise unauthenticated("Access token is empty.")
        claims = self._read.get(token) or self._verified(token)
        if claims["exp"] <= time.time():
            raise unauthenticated("Lifetime validation failed, the token is expired.")
        return claims

    def _verified(self, token: str) -> Json:
        try:
            claims: Json = jwt.decode(
                token,
                self._key.public_key(),
                algorithms=["RS256"],
                audience=AUDIENCE,
                options={"verify_exp": False},
            )
        except jwt.InvalidTokenError as error:
            raise unauthenticated("IDX14100: JWT is not well formed.") from error
        self._read[token] = claims
        return claims

    def public_jwk(self) -> dict[str, Any]:
        numbers = self._key.public_key().public_numbers()
        return {
            "kty": "RSA",
            "use": "sig",
            "kid": self.key_id,
            "x5t": self.key_id,
            "n": _number(numbers.n),
            "e": _number(numbers.e),
        }


def unauthenticated(message: str) -> GraphError:
    challenge = 'Bearer realm="", authorization_uri="/common/oauth2/authorize"'
    return GraphError(401, "InvalidAuthenticationToken", message, {"WWW-Authenticate": challenge})


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
