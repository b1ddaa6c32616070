"""Ways of signing in that several test modules use."""

import base64
import hashlib
import json
import re
from datetime import UTC, datetime, timedelta
from html import unescape

import msal
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from tests.sandbox import entra_worlds, worlds

GRAPH = "https://graph.microsoft.com"
VERIFIER = "en-hemlighet-som-ar-lang-nog-for-att-vara-en-verifierare"
CHALLENGE = (
    base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
)


def claims(token):
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def confidential(sandbox, credential, client_id=entra_worlds.DESK.client_id, **given):
    return msal.ConfidentialClientApplication(
        client_id,
        client_credential=credential,
        authority=f"{sandbox.url}/{given.pop('tenant', worlds.TENANT)}",
        instance_discovery=False,
        verify=str(sandbox.ca_file),
        **given,
    )


def public(sandbox, client_id=entra_worlds.DESK.client_id, tenant=worlds.TENANT, **given):
    return msal.PublicClientApplication(
        client_id,
        authority=f"{sandbox.url}/{tenant}",
        instance_discovery=False,
        verify=str(sandbox.ca_file),
        **given,
    )


def certificate():
    """Private key and certificate as PEM, and its SHA-1 thumbprint."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "daemon")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    pem = made.public_bytes(serialization.Encoding.PEM).decode()
    return private.decode(), pem, made.fingerprint(hashes.SHA1()).hex()


def token(client, app, *, tenant=worlds.TENANT, headers=None, **form):
    """What the token endpoint answers to this form; fields that are None are left out."""
    data = {"client_id": app.client_id, **form} if app else form
    return client.bare(
        "POST",
        f"{client.sandbox.url}/{tenant}/oauth2/v2.0/token",
        data={name: value for name, value in data.items() if value is not None},
        headers=headers or {},
    )


def refused(response, number, error):
    """The description of an answer that must be this refusal, in Entra's form."""
    body = response.json()
    assert (body["error_codes"], body["error"]) == ([number], error), body
    assert body["error_description"].startswith(f"AADSTS{number}: ")
    assert {"timestamp", "trace_id", "correlation_id", "error_uri"} <= body.keys()
    assert response.headers["cache-control"].startswith("no-store")
    return body


def authorize(client, app, person, *, decision="approve", tenant=worlds.TENANT, **query):
    """Posts what the page of consent would: the answer, which goes back to the app."""
    asked = {
        "client_id": app.client_id,
        "response_type": "code",
        "redirect_uri": "http://localhost:4711",
        "scope": "User.Read openid offline_access",
        "state": "s",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        **query,
    }
    return client.bare(
        "POST",
        f"{client.sandbox.url}/{tenant}/oauth2/v2.0/authorize",
        data={**{k: v for k, v in asked.items() if v}, "person": person, "decision": decision},
    )


def returned(response):
    """The parameters with which the browser comes back to the app."""
    if response.status_code == 200:
        fields = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', response.text)
        return {name: unescape(value) for name, value in fields}
    assert response.status_code == 302, response.text
    query = response.headers["location"].partition("?")[2]
    return dict(re.findall(r"([^=&]+)=([^&]*)", query))


def code_of(response):
    return returned(response)["code"]


def signed_in(client, person, scope="User.Read openid offline_access", **more):
    """The answer of the token endpoint for a person who has approved the desktop app."""
    code = code_of(authorize(client, entra_worlds.DESK, person.id, scope=scope, **more))
    answer = token(
        client,
        entra_worlds.DESK,
        grant_type="authorization_code",
        code=code,
        redirect_uri="http://localhost:4711",
        code_verifier=VERIFIER,
        client_info="1",
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


def approve_device(client, user_code, person, decision="approve", **more):
    """What the page for devices posts."""
    return client.bare(
        "POST",
        f"{client.sandbox.url}/devicelogin",
        data={"user_code": user_code, "person": person, "decision": decision, **more},
    )
