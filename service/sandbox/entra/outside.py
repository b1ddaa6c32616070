"""
An issuer outside the tenant, played by the sandbox: what a cluster or a pipeline is to Entra.

`GET /outside/.well-known/openid-configuration` and `GET /outside/keys` are what Entra would
read of it; `POST /outside/token` mints a workload's token, into a file if one is named, so
that a federated token file can be tried from end to end.
"""

import re
import time
import uuid
from pathlib import Path

import jwt
import msgspec
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from service.sandbox.entra.tokens import key_id, public_jwk
from service.sandbox.tenant import Tenant
from service.sandbox.wire import Answer, Json

EXCHANGE = "api://AzureADTokenExchange"
"""The audience that Entra recommends."""
_LIFETIME = 3600


def issuer(url: str) -> str:
    """The issuer's name, on the listener that was asked."""
    base = re.match(r"^[a-z]+://[^/]+", url)
    return f"{base[0] if base else ''}/outside"


def key(tenant: Tenant) -> rsa.RSAPrivateKey:
    """Made when it is first needed, and kept with the tenant."""
    kept = tenant.store.state("outside_key")
    if kept is None:
        made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        kept = made.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode()
        tenant.store.set_state("outside_key", kept)
    found = serialization.load_pem_private_key(kept.encode(), None)
    assert isinstance(found, rsa.RSAPrivateKey)
    return found


def answer(tenant: Tenant, method: str, path: str, base: str, body: bytes) -> Answer | None:
    """The answer to a path of the issuer; None if the path is not one."""
    if (method, path) == ("GET", "/outside/.well-known/openid-configuration"):
        return Answer(body={"issuer": issuer(base), "jwks_uri": f"{base}/outside/keys"})
    if (method, path) == ("GET", "/outside/keys"):
        return Answer(body={"keys": [public_jwk(key(tenant).public_key())]})
    if (method, path) == ("POST", "/outside/token"):
        return _mint(tenant, base, body)
    return None


def _mint(tenant: Tenant, base: str, body: bytes) -> Answer:
    """`subject`, and if need be `issuer`, `audience`, `lifetime`, `starts_in` and `file`."""
    try:
        wish: Json = msgspec.json.decode(body, type=dict)
        subject = str(wish["subject"])
        lifetime = int(wish.get("lifetime", _LIFETIME))
        starts = int(time.time()) + int(wish.get("starts_in", 0))
    except (msgspec.DecodeError, KeyError, ValueError) as error:
        return Answer(status=400, body={"error": f"A subject is needed: {error!r}."})
    signing = key(tenant)
    token = jwt.encode(
        {
            "iss": str(wish.get("issuer", issuer(base))),
            "sub": subject,
            "aud": str(wish.get("audience", EXCHANGE)),
            "jti": str(uuid.uuid4()),
            "iat": starts,
            "nbf": starts,
            "exp": starts + lifetime,
        },
        signing,
        algorithm="RS256",
        headers={"kid": key_id(signing.public_key())},
    )
    file = wish.get("file")
    if file:
        place = Path(str(file))
        place.touch(mode=0o600)
        place.write_text(token)
    return Answer(status=201, body={"token": token})
