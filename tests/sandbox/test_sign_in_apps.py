"""Apps sign in by themselves: secrets, certificates, another issuer's word, their host's."""

import base64
import time
import uuid
from pathlib import Path

import jwt
import msal
import pytest
import requests

from service.domain.credential import FederatedToken
from service.errors import SignInRefused
from service.graph.clouds import scope
from service.graph.proofs import way_of
from service.graph.transport import trust
from service.sandbox.process import Sandbox
from tests.sandbox import entra_worlds, worlds
from tests.sandbox.entra_clients import (
    GRAPH,
    certificate,
    claims,
    confidential,
    refused,
    token,
)
from tests.sandbox.entra_worlds import DESK, HOST

SCOPES = [f"{GRAPH}/.default"]
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@pytest.fixture(autouse=True)
def _own_ca_only(monkeypatch):
    """requests lets these variables win over `verify`; msal looks for a host by the others."""
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "IDENTITY_ENDPOINT", "IDENTITY_HEADER"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    seed = f"{Path(entra_worlds.__file__)}:quiet"
    with Sandbox(seed=seed, directory=tmp_path_factory.mktemp("apps"), http_port=0) as running:
        yield running


@pytest.fixture(scope="module")
def desk_key(daemon):
    """A key whose certificate the desktop app has registered."""
    private, pem, thumbprint = certificate()
    body = {"client_id": DESK.client_id, "pem": pem}
    answer = daemon.control("POST", "certificates", json=body)
    assert answer.status_code == 201
    return private, pem, thumbprint, answer.json()["x5t#S256"]


def test_msal_signs_in_with_either_form_of_certificate(sandbox, desk_key):
    """PS256 with the SHA-256 thumbprint, RS256 with the SHA-1 one."""
    private, pem, thumbprint, _ = desk_key
    for credential in (
        {"private_key": private, "public_certificate": pem},
        {"private_key": private, "thumbprint": thumbprint},
    ):
        result = confidential(sandbox, credential).acquire_token_for_client(SCOPES)
        said = claims(result["access_token"])
        assert (said["appid"], said["idtyp"]) == (DESK.client_id, "app")


def asserted(daemon, key, *, algorithm="PS256", headers=None, **changed):
    """An assertion as msal makes it, but for what is changed, sent to the token endpoint."""
    private, _, _, thumbprint = key
    now = int(time.time())
    body = {
        "aud": f"{daemon.sandbox.url}/{worlds.TENANT}/oauth2/v2.0/token",
        "iss": DESK.client_id,
        "sub": DESK.client_id,
        "exp": now + 600,
        "nbf": now,
        "jti": str(uuid.uuid4()),
        **changed,
    }
    made = jwt.encode(
        {name: value for name, value in body.items() if value is not None},
        private,
        algorithm=algorithm,
        headers={"x5t#S256": thumbprint} if headers is None else headers,
    )
    return token(
        daemon,
        DESK,
        grant_type="client_credentials",
        scope=SCOPES[0],
        client_assertion_type=ASSERTION,
        client_assertion=made,
    )


@pytest.mark.parametrize(
    ("changed", "number"),
    [
        ({"aud": "https://elsewhere.example/token"}, 700023),
        ({"sub": worlds.DAEMON.client_id}, 700021),
        ({"exp": 1_600_000_000, "nbf": 1_500_000_000}, 700024),
        ({"exp": None}, 700024),
        ({"nbf": 4_000_000_000, "exp": 4_000_000_600}, 700024),
        ({"headers": {"x5t#S256": "A" * 43}}, 700027),
        ({"headers": {"kid": "x"}}, 50027),
        ({"algorithm": "RS256"}, 700027),
    ],
    ids=["audience", "subject", "expired", "endless", "early", "key", "thumbprint", "algorithm"],
)
def test_an_assertion_is_looked_at_from_every_side(daemon, desk_key, changed, number):
    """Audience, subject, life, key and algorithm each have a number of their own."""
    assert asserted(daemon, desk_key).status_code == 200
    refused(asserted(daemon, desk_key, **changed), number, "invalid_client")


def test_an_assertion_by_another_key_is_refused(daemon, desk_key):
    """The thumbprint of a registered key does not help one who lacks the key."""
    other, _, _ = certificate()
    _, pem, thumbprint, sha256 = desk_key
    response = asserted(daemon, (other, pem, thumbprint, sha256))
    assert "invalid signature" in refused(response, 700027, "invalid_client")["error_description"]
    bad = token(
        daemon,
        DESK,
        grant_type="client_credentials",
        client_assertion_type=ASSERTION,
        client_assertion="a.b.c",
    )
    refused(bad, 50027, "invalid_client")


def test_an_assertion_may_be_used_twice_unless_the_switch_says_no(daemon, desk_key):
    """msal sends one assertion for several tokens, so it is taken; the other answer is there."""
    jti = str(uuid.uuid4())
    for _ in range(2):
        assert asserted(daemon, desk_key, jti=jti).status_code == 200
    daemon.control("POST", "settings", json={"assertion_reuse": "refused"})
    refused(asserted(daemon, desk_key, jti=jti), 700027, "invalid_client")
    daemon.control("POST", "settings", json={"assertion_reuse": "accepted"})


def workload(daemon, **wish):
    response = daemon.bare("POST", f"{daemon.sandbox.url}/outside/token", json=wish)
    assert response.status_code == 201, response.text
    return response.json()["token"]


def test_msal_signs_in_with_a_federated_token_file(sandbox, daemon, tmp_path):
    """The sandbox's own outside issuer writes the file; msal brings what is in it."""
    file = tmp_path / "token"
    workload(daemon, subject="arbete:natverket", file=str(file))
    app = confidential(sandbox, {"client_assertion": file.read_text})
    result = app.acquire_token_for_client(SCOPES)
    assert claims(result["access_token"])["appid"] == DESK.client_id
    issuer = daemon.bare("GET", f"{sandbox.url}/outside/.well-known/openid-configuration").json()
    key = daemon.bare("GET", issuer["jwks_uri"]).json()["keys"][0]
    assert jwt.get_unverified_header(file.read_text())["kid"] == key["kid"]
    nobody = daemon.bare("POST", f"{sandbox.url}/outside/token", json={"audience": "x"})
    assert nobody.status_code == 400


def test_the_daemon_signs_in_with_a_federated_token_file(sandbox, daemon, tmp_path):
    """Its own sign-in reads the file anew, and says who is to be asked where it is refused."""
    file = tmp_path / "token"
    way = way_of(
        FederatedToken(file=file),
        client_id=DESK.client_id,
        authority=f"{sandbox.url}/{worlds.TENANT}",
        scope=scope(sandbox.url),
        trust=trust(sandbox.ca_file),
    )
    workload(daemon, subject="arbete:natverket", file=str(file))
    assert claims(way.ask(None)["access_token"])["appid"] == DESK.client_id
    way.forget()
    workload(daemon, subject="arbete:fel", file=str(file))
    with pytest.raises(SignInRefused):
        way.ask(None)
    way.close()


@pytest.mark.parametrize(
    ("app", "wish", "number"),
    [
        (DESK, {"subject": "arbete:NATVERKET"}, 700213),
        (DESK, {"subject": "arbete:natverket", "issuer": "https://x.example"}, 700211),
        (DESK, {"subject": "arbete:natverket", "audience": "api://x"}, 700212),
        (worlds.DAEMON, {"subject": "arbete:natverket"}, 70021),
        (DESK, {"subject": "arbete:annat", "issuer": "https://issuer.example"}, 50013),
        (DESK, {"subject": "arbete:natverket", "lifetime": -900}, 700024),
        (DESK, {"subject": "arbete:natverket", "starts_in": 900}, 700024),
    ],
    ids=["subject", "issuer", "audience", "none", "foreign key", "expired", "early"],
)
def test_a_federated_token_that_nobody_trusts_is_refused(daemon, app, wish, number):
    """The number says which part it is that no credential of the app matches."""
    response = token(
        daemon,
        app,
        grant_type="client_credentials",
        scope=SCOPES[0],
        client_assertion_type=ASSERTION,
        client_assertion=workload(daemon, **wish),
    )
    refused(response, number, "invalid_client")


def test_a_federated_token_must_be_signed_by_its_issuer(daemon):
    """The right words under another key are 50013."""
    other, _, _ = certificate()
    body = claims(workload(daemon, subject="arbete:natverket"))
    made = jwt.encode(body, other, algorithm="RS256")
    response = token(
        daemon,
        DESK,
        grant_type="client_credentials",
        client_assertion_type=ASSERTION,
        client_assertion=made,
    )
    refused(response, 50013, "invalid_client")


@pytest.mark.parametrize(
    ("form", "number", "error"),
    [
        ({}, 900144, "invalid_request"),
        ({"grant_type": "password"}, 70003, "unsupported_grant_type"),
        ({"grant_type": "client_credentials"}, 7000216, "invalid_client"),
        ({"grant_type": "client_credentials", "client_secret": "x"}, 7000215, "invalid_client"),
        (
            {"grant_type": "client_credentials", "client_secret": DESK.secret, "scope": "a.b"},
            1002012,
            "invalid_scope",
        ),
        (
            {
                "grant_type": "client_credentials",
                "client_secret": DESK.secret,
                "scope": "https://vault.example/.default",
            },
            500011,
            "invalid_resource",
        ),
        (
            {"grant_type": "client_credentials", "client_assertion": "x"},
            900144,
            "invalid_request",
        ),
    ],
)
def test_the_token_endpoint_says_what_is_wrong(daemon, form, number, error):
    refused(token(daemon, DESK, **form), number, error)


def test_apps_and_tenants_that_are_not_there(daemon):
    """An unknown app, no app, an unknown tenant, and `common` for an app of one tenant."""
    secret = {"grant_type": "client_credentials", "client_secret": DESK.secret}
    nobody = token(daemon, None, client_id="00000000-0000-0000-0000-000000000000", **secret)
    refused(nobody, 700016, "unauthorized_client")
    refused(token(daemon, None, **secret), 900144, "invalid_request")
    refused(token(daemon, DESK, tenant="else.example", **secret), 90002, "invalid_request")
    refused(token(daemon, DESK, tenant="elsewhere", **secret), 900023, "invalid_request")
    refused(token(daemon, DESK, tenant="common", **secret), 50194, "invalid_request")
    assert token(daemon, DESK, tenant=worlds.WORLD.domain, **secret).status_code == 200
    got = daemon.bare("GET", f"{daemon.sandbox.url}/{worlds.TENANT}/oauth2/v2.0/token")
    refused(got, 900561, "invalid_request")


def test_basic_authentication_is_taken_and_looked_at(daemon):
    """rclone sends it so; what is no text is malformed."""

    def basic(text):
        return {"Authorization": "Basic " + text}

    right = base64.b64encode(f"{DESK.client_id}:{DESK.secret}".encode()).decode()
    wrong = base64.b64encode(f"{DESK.client_id}:fel".encode()).decode()
    form = {"grant_type": "client_credentials"}
    assert token(daemon, None, headers=basic(right), **form).status_code == 200
    refused(token(daemon, None, headers=basic(wrong), **form), 7000215, "invalid_client")
    refused(token(daemon, None, headers=basic("gA=="), **form), 9002313, "invalid_request")


def test_a_token_for_bots_is_none_for_graph(daemon):
    """The audience is the resource that was asked for, and Graph looks at it."""
    answer = token(
        daemon,
        DESK,
        grant_type="client_credentials",
        client_secret=DESK.secret,
        scope="https://api.botframework.com/.default",
    ).json()
    assert claims(answer["access_token"])["aud"] == "https://api.botframework.com"
    assert "roles" not in claims(answer["access_token"])
    response = daemon.bare(
        "GET",
        f"{daemon.base}/users/{worlds.ANNA.id}",
        headers={"Authorization": f"Bearer {answer['access_token']}"},
    )
    assert response.status_code == 401
    assert "Invalid audience" in response.json()["error"]["message"]


def test_the_discovery_documents_agree(sandbox, daemon):
    """The tenant by id and by domain, the shared ones, and the key that tokens are signed with."""
    for name in (worlds.TENANT, worlds.WORLD.domain, "common", "organizations"):
        document = daemon.bare(
            "GET", f"{sandbox.url}/{name}/v2.0/.well-known/openid-configuration"
        ).json()
        assert document["token_endpoint"] == f"{sandbox.url}/{name}/oauth2/v2.0/token"
        shared = name in ("common", "organizations")
        tenant = "{tenantid}" if shared else worlds.TENANT
        assert document["issuer"] == f"{sandbox.url}/{tenant}/v2.0"
        keys = daemon.bare("GET", document["jwks_uri"]).json()["keys"]
        assert jwt.get_unverified_header(daemon.token())["kid"] == keys[0]["kid"]
    instance = daemon.bare("GET", f"{sandbox.url}/common/discovery/instance").json()
    assert instance["tenant_discovery_endpoint"].endswith("/v2.0/.well-known/openid-configuration")


@pytest.fixture
def host(sandbox, monkeypatch):
    """What the environment file has in its comments, as a host would set it."""
    lines = sandbox.env_file.read_text(encoding="utf-8").splitlines()
    return dict(line[2:].split("=", 1) for line in lines if line.startswith("# "))


@pytest.mark.parametrize("form", ["machine", "service"])
def test_msal_signs_in_by_its_host(sandbox, host, monkeypatch, form):
    """ManagedIdentityClient, as on a virtual machine and as in App Service."""
    names = {
        "machine": ("AZURE_POD_IDENTITY_AUTHORITY_HOST",),
        "service": ("IDENTITY_ENDPOINT", "IDENTITY_HEADER"),
    }[form]
    for name in names:
        monkeypatch.setenv(name, host[name])
    for identity in (
        msal.SystemAssignedManagedIdentity(),
        msal.UserAssignedManagedIdentity(client_id=HOST.client_id),
    ):
        client = msal.ManagedIdentityClient(identity, http_client=requests.Session())
        result = client.acquire_token_for_client(resource=GRAPH)
        assert claims(result["access_token"])["appid"] == HOST.client_id, result
    other = msal.UserAssignedManagedIdentity(client_id=DESK.client_id)
    client = msal.ManagedIdentityClient(other, http_client=requests.Session())
    assert "error" in client.acquire_token_for_client(resource=GRAPH)


@pytest.mark.parametrize(
    ("headers", "params", "error"),
    [
        ({}, {"api-version": "2018-02-01", "resource": GRAPH}, "bad_request_102"),
        ({"Metadata": "true"}, {"resource": GRAPH}, "invalid_request"),
        ({"Metadata": "true"}, {"api-version": "2018-02-01"}, "invalid_request"),
        (
            {"Metadata": "true"},
            {"api-version": "2018-02-01", "resource": "https://x.example"},
            "invalid_resource",
        ),
        (
            {"Metadata": "true"},
            {"api-version": "2018-02-01", "resource": GRAPH, "client_id": DESK.client_id},
            "invalid_request",
        ),
    ],
)
def test_the_machines_endpoint_refuses(sandbox, daemon, headers, params, error):
    url = f"{sandbox.url}/metadata/identity/oauth2/token"
    response = daemon.bare("GET", url, headers=headers, params=params)
    assert (response.status_code, response.json()["error"]) == (400, error)


@pytest.mark.parametrize(
    ("header", "params", "status"),
    [
        ("wrong", {"api-version": "2019-08-01", "resource": GRAPH}, 401),
        (None, {"resource": GRAPH}, 400),
        (None, {"api-version": "2019-08-01", "resource": "https://x.example"}, 500),
        (None, {"api-version": "2019-08-01", "resource": GRAPH, "client_id": "x"}, 400),
    ],
)
def test_the_services_endpoint_refuses(daemon, host, header, params, status):
    headers = {"X-IDENTITY-HEADER": header or host["IDENTITY_HEADER"]}
    response = daemon.bare("GET", host["IDENTITY_ENDPOINT"], headers=headers, params=params)
    assert response.status_code == status
    assert response.json()["statusCode"] == status
