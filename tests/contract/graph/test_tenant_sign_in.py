"""Sign-in: what Entra ID refuses is told with its remedy; tokens last."""

import dataclasses
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from service.domain.credential import ClientCertificate
from service.errors import SettingsError, SignInRefused, Unreachable
from service.graph.clouds import scope
from service.graph.gateway import Gateway
from service.graph.transport import trust
from tests.contract.graph import worlds
from tests.contract.graph.conftest import settings


async def test_one_token_serves_many_requests(sandbox, clock, site_id):
    """It is kept in memory: no thread, no network, a request."""
    async with Gateway(settings(sandbox, worlds.DAEMON), clock) as tenant:
        await tenant.sign_in()
        tenant._graph._sign_in._way.ask = None
        for _ in range(3):
            await tenant.sites().site(site_id)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"secret": "wrong"}, "secret"),
        ({"client_id": "99999999-0000-4000-8000-000000000009"}, "not known"),
        ({"tenant_id": "99999999-0000-4000-8000-000000000009"}, "TENANT"),
    ],
)
async def test_refusals_of_the_tenant(sandbox, clock, changes, said):
    """A wrong secret, app or tenant stops everything and says which it is."""
    async with Gateway(settings(sandbox, worlds.DAEMON, **changes), clock) as tenant:
        with pytest.raises(SignInRefused) as caught:
            await tenant.sign_in()
    assert said in caught.value.reason + caught.value.remedy
    assert str(caught.value) != "wrong"


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
async def test_a_foreign_bundle_in_the_environment(sandbox, clock, monkeypatch, variable):
    """These variables, meant for requests, do not override the authority that was set."""
    monkeypatch.setenv(variable, "/nonexistent.pem")
    async with Gateway(settings(sandbox, worlds.DAEMON), clock) as tenant:
        await tenant.sign_in()


async def test_an_authority_that_is_not_trusted(sandbox, clock):
    """Without the sandbox's own authority the way in is barred, and that is told."""
    untrusting = dataclasses.replace(settings(sandbox, worlds.DAEMON), ca_file=None)
    async with Gateway(untrusting, clock) as tenant:
        with pytest.raises(Unreachable) as caught:
            await tenant.sign_in()
    assert "NATVERKET_CA_FILE" in caught.value.remedy


async def test_nobody_there(sandbox, clock):
    """No connection: Unreachable, for this run."""
    nowhere = settings(sandbox, worlds.DAEMON, authority_url="https://localhost:9")
    async with Gateway(nowhere, clock) as tenant:
        with pytest.raises(Unreachable):
            await tenant.sign_in()


@pytest.mark.parametrize("form", ["pem", "pfx"])
async def test_a_certificate_instead_of_a_secret(sandbox, clock, tmp_path, form):
    """PEM or PFX, each with its passphrase."""
    pem, file = _certificate(tmp_path, form)
    async with httpx.AsyncClient(verify=trust(sandbox.ca_file)) as client:
        answer = await client.post(
            f"{sandbox.url}/_sandbox/certificates",
            json={"client_id": worlds.DAEMON.client_id, "pem": pem},
        )
        assert answer.status_code == 201
    certified = dataclasses.replace(
        settings(sandbox, worlds.DAEMON),
        proof=ClientCertificate(file=file, password="lösen"),
    )
    async with Gateway(certified, clock) as tenant:
        await tenant.sign_in()
    mistaken = dataclasses.replace(certified, proof=ClientCertificate(file=file, password="fel"))
    async with Gateway(mistaken, clock) as tenant:
        with pytest.raises(SignInRefused) as caught:
            await tenant.sign_in()
    assert "NATVERKET_CLIENT_CERTIFICATE_PASSWORD" in caught.value.remedy


async def test_no_credential_at_all(sandbox, clock):
    """The settings are at fault, and said to be."""
    bare = dataclasses.replace(settings(sandbox, worlds.DAEMON), proof=None)
    async with Gateway(bare, clock) as tenant:
        with pytest.raises(SettingsError):
            await tenant.sign_in()


def test_what_a_token_is_for():
    """Graph's own name in every cloud, the public one's for a sandbox."""
    assert scope("https://graph.microsoft.us") == "https://graph.microsoft.us/.default"
    assert scope("https://localhost:4443") == "https://graph.microsoft.com/.default"


def _certificate(directory, form):
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "natverket")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    encryption = serialization.BestAvailableEncryption("lösen".encode())
    file = directory / f"app.{form}"
    if form == "pfx":
        file.write_bytes(
            pkcs12.serialize_key_and_certificates(b"app", key, certificate, None, encryption)
        )
    else:
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption
        )
        file.write_bytes(private + pem)
    return pem.decode(), file
