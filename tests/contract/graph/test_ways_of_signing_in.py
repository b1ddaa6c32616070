"""Every way in which the app signs in, against Entra ID as the sandbox has it."""

import dataclasses
from pathlib import Path

import httpx
import pytest

from service.domain.credential import (
    ClientCertificate,
    ClientSecret,
    FederatedToken,
    ManagedIdentity,
)
from service.errors import SignInRefused, TenantFailed, Unreachable
from service.graph.auth import GraphTokens, SignIn
from service.graph.client import claims_in
from service.graph.clouds import scope
from service.graph.gateway import Gateway, TenantSettings
from service.graph.proofs import FEW, pause_of, way_of
from service.graph.transport import trust
from service.sandbox.process import Sandbox
from tests.contract.graph.fakes import FakeClock
from tests.sandbox import entra_worlds, worlds
from tests.sandbox.conftest import Client
from tests.sandbox.entra_clients import certificate, claims
from tests.sandbox.entra_worlds import CLOSED, DESK, HOST, SHARED

AZURE = ("AZURE_POD_IDENTITY_AUTHORITY_HOST", "IDENTITY_ENDPOINT", "IDENTITY_HEADER")


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    """On the day on which everything has happened to some sign-in."""
    seed = f"{Path(entra_worlds.__file__)}:troubled"
    directory = tmp_path_factory.mktemp("ways")
    with Sandbox(seed=seed, directory=directory, http_port=0) as running:
        control = Client(running, None)
        control.control("POST", "clock", json={"now": "2023-01-02T12:00:00Z"})
        control.close()
        yield running


@pytest.fixture(scope="module")
def control(sandbox):
    client = Client(sandbox, None)
    yield client
    client.close()


@pytest.fixture(autouse=True)
def _no_host(monkeypatch):
    """msal finds Azure's host by these."""
    for name in AZURE:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def host(sandbox):
    """What the environment file has in its comments, as a host would set it."""
    lines = sandbox.env_file.read_text(encoding="utf-8").splitlines()
    return dict(line[2:].split("=", 1) for line in lines if line.startswith("# "))


@pytest.fixture
def enter(sandbox):
    """Makes sign-ins by a proof, and closes them."""
    made = []

    def make(proof, app=DESK, **changes):
        given = {
            "client_id": app.client_id,
            "authority": f"{sandbox.url}/{worlds.TENANT}",
            "scope": scope(sandbox.url),
            "trust": trust(sandbox.ca_file),
            **changes,
        }
        made.append(SignIn(way_of(proof, **given), FakeClock()))
        return made[-1]

    yield make
    for one in made:
        one.close()


def workload(control, file, **wish):
    """Let the issuer outside lay a token into the file."""
    body = {"subject": "arbete:natverket", "file": str(file), **wish}
    answer = control.bare("POST", f"{control.sandbox.url}/outside/token", json=body)
    assert answer.status_code == 201, answer.text


async def who(sign_in):
    return claims(await sign_in.token())["appid"]


# ---------------------------------------------------------------- a file that changes


async def test_another_secret_in_the_file_needs_no_restart(enter, tmp_path):
    """Nor a minute's wait, though msal keeps a refusal for that long."""
    file = tmp_path / "secret"
    file.write_text("wrong\n")
    sign_in = enter(ClientSecret(value="wrong", file=file))
    with pytest.raises(SignInRefused, match="secret is wrong"):
        await sign_in.token()
    file.write_text(f"{DESK.secret}\n")
    assert await who(sign_in) == DESK.client_id


async def test_what_is_mended_in_entra_works_at_once(enter, control):
    """msal keeps a refusal of this kind (400) for a minute; nobody waits for that."""
    policy = {"act": "ConditionalAccess", "name": "kort", "app": DESK.client_id, "workload": True}
    assert control.control("POST", "act", json={**policy, "control": "block"}).is_success
    sign_in = enter(ClientSecret(value=DESK.secret))
    with pytest.raises(SignInRefused, match="AADSTS53003"):
        await sign_in.token()
    assert control.control("POST", "act", json={**policy, "control": ""}).is_success
    assert await who(sign_in) == DESK.client_id


async def test_when_entra_asks_to_wait_it_is_not_asked(enter):
    """Not before the time it named: the next tries are answered here."""
    sent = []

    def answer(request):
        sent.append(request.method)
        if request.method == "POST":
            return httpx.Response(429, json={"error": "x"}, headers={"Retry-After": "600"})
        base = str(request.url).partition("/v2.0")[0]
        ends = {"authorization_endpoint": "a", "token_endpoint": f"{base}/token"}
        return httpx.Response(200, json={"issuer": f"{base}/v2.0", **ends})

    sign_in = enter(ClientSecret(value="x"))
    sign_in._way._http._clients[None] = httpx.Client(transport=httpx.MockTransport(answer))
    for _ in range(3):
        with pytest.raises(TenantFailed, match="asks to wait"):
            await sign_in.token()
    assert sent.count("POST") == 1


async def test_a_token_is_not_asked_for_by_what_the_file_said_before(enter, tmp_path):
    """Nor is one taken from memory that an earlier secret has brought."""
    file = tmp_path / "secret"
    file.write_text(DESK.secret)
    way = enter(ClientSecret(value=DESK.secret, file=file))._way
    assert way.ask(None)["token_source"] == "identity_provider"
    assert way.ask(None)["token_source"] == "cache"
    file.write_text("another")
    with pytest.raises(SignInRefused, match="secret is wrong"):
        way.ask(None)


async def test_another_certificate_in_the_file_needs_no_restart(enter, control, tmp_path):
    """What Entra ID does not know is refused; once it is replaced, the same sign-in works."""
    file = tmp_path / "app.pem"
    private, pem, _ = certificate()
    file.write_text(private + pem)
    sign_in = enter(ClientCertificate(file=file))
    with pytest.raises(SignInRefused, match="AADSTS700027"):
        await sign_in.token()
    private, pem, _ = certificate()
    body = {"client_id": DESK.client_id, "pem": pem}
    assert control.control("POST", "certificates", json=body).status_code == 201
    file.write_text(private + pem)
    assert await who(sign_in) == DESK.client_id


async def test_the_token_file_is_read_at_every_sign_in(enter, control, tmp_path):
    """Gone, empty, another's, and right again: each as it is at that moment."""
    file = tmp_path / "token"
    sign_in = enter(FederatedToken(file=file))
    with pytest.raises(SignInRefused, match="cannot be read") as caught:
        await sign_in.token()
    assert "NATVERKET_FEDERATED_TOKEN_FILE" in caught.value.remedy
    file.write_text("")
    with pytest.raises(SignInRefused, match="is empty"):
        await sign_in.token()
    workload(control, file)
    token = await sign_in.token()
    sign_in.forget(token)
    workload(control, file, subject="arbete:fel")
    with pytest.raises(SignInRefused, match="AADSTS700213"):
        await sign_in.token()


# ---------------------------------------------------------------- the machine's own identity


@pytest.mark.parametrize("form", [AZURE[:1], AZURE[1:]], ids=["machine", "service"])
@pytest.mark.parametrize("named", [None, HOST.client_id], ids=["own", "lent"])
async def test_by_the_machines_identity(enter, host, monkeypatch, form, named):
    """On a virtual machine and in App Service, without any secret."""
    for name in form:
        monkeypatch.setenv(name, host[name])
    assert await who(enter(ManagedIdentity(client_id=named))) == HOST.client_id


def test_azures_host_is_asked_past_every_proxy(enter, monkeypatch):
    """Its address is the link's own; what is sent to Entra ID takes the proxy."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    address = "http://169.254.169.254/metadata/identity"
    for proof, proxy in (
        (ManagedIdentity(), None),
        (ClientSecret(value="x"), "http://127.0.0.1:9"),
    ):
        http = enter(proof)._way._http
        http._client(address)
        assert list(http._clients) == [proxy]


async def test_an_identity_that_the_machine_has_not(enter, host, monkeypatch):
    """It is refused once, and said where to turn it on."""
    monkeypatch.setenv(AZURE[0], host[AZURE[0]])
    sign_in = enter(ManagedIdentity(client_id=DESK.client_id))
    with pytest.raises(SignInRefused, match="Identity not found") as caught:
        await sign_in.token()
    assert "NATVERKET_MANAGED_IDENTITY" in caught.value.remedy
    assert sign_in._clock.slept == []


async def test_a_host_that_does_not_answer_is_asked_again(enter, monkeypatch):
    """msal repeats nothing there."""
    monkeypatch.setenv(AZURE[0], "http://127.0.0.1:9")
    sign_in = enter(ManagedIdentity())
    with pytest.raises(Unreachable):
        await sign_in.token()
    assert sign_in._clock.slept == [2, 4, 8, 16]


async def test_a_host_that_fails_and_recovers(enter, monkeypatch):
    """Half an answer is a failure that passes; the next ask is not answered from memory."""
    sign_in = enter(ManagedIdentity())
    answers = [
        httpx.Response(500, text="<html>"),
        httpx.Response(429, json={"error": "too_many_requests"}),
        httpx.Response(200, json={"access_token": "t", "expires_in": "3600"}),
    ]
    inner = httpx.Client(transport=httpx.MockTransport(lambda _: answers.pop(0)))
    sign_in._way._http._clients[None] = inner
    assert await sign_in.token() == "t"
    assert sign_in._clock.slept == [2, 4]


@pytest.mark.parametrize(
    ("number", "status", "pause"),
    [
        (1, None, 2),
        (2, 404, 4),
        (3, 429, 8),
        (4, 503, 16),
        (FEW, 503, None),
        (1, 410, 35),
        (1, 400, None),
        (1, 401, None),
        (1, 403, None),
    ],
)
def test_what_is_asked_again(number, status, pause):
    """As the page says: 404, 429 and 5xx ever more seldom; 410 after the update; else never."""
    assert pause_of(number, status) == pause


# ---------------------------------------------------------------- a token refused before its time


async def test_claims_are_honoured_whichever_way(sandbox, control, host, tmp_path, monkeypatch):
    """Graph refuses a token and names what the next must have: the request succeeds with that."""
    monkeypatch.setenv(AZURE[0], host[AZURE[0]])
    workload(control, tmp_path / "token")
    site = sandbox.env["NATVERKET_NETWORK_SITE"]
    for proof in (
        ClientSecret(value=DESK.secret),
        FederatedToken(file=tmp_path / "token"),
        ManagedIdentity(),
    ):
        settings = TenantSettings(
            tenant_id=worlds.TENANT,
            client_id=DESK.client_id,
            proof=proof,
            graph_url=sandbox.url,
            authority_url=sandbox.url,
            ca_file=sandbox.ca_file,
        )
        body = {"match": {"method": "GET", "path": "/sites"}, "claims": True}
        assert control.control("POST", "faults", json=body).is_success
        async with Gateway(settings, FakeClock()) as tenant:
            asked = _overheard(tenant)
            await tenant.sites().site(site)
        assert asked[0] is None
        assert '"nbf"' in asked[-1]


def _overheard(tenant):
    """With which claims tokens are asked for."""
    way, asked = tenant._graph._sign_in._way, []
    ask = way.ask

    def listening(claims):
        asked.append(claims)
        return ask(claims)

    way.ask = listening
    return asked


def test_claims_that_are_none():
    """What cannot be read is left: a new token without it may do."""
    assert claims_in('Bearer realm="", claims="eyJhIjp7fX0="') == '{"a":{}}'
    assert claims_in('Bearer claims="&&&"') == ""
    assert claims_in('Bearer claims="YWJj"') == ""
    assert claims_in("Bearer") == ""


# ---------------------------------------------------------------- no other host


@pytest.mark.parametrize(
    "proof",
    [
        ClientSecret(value="canary"),
        ClientCertificate(file=Path("app.pem")),
        FederatedToken(file=Path("token")),
        ManagedIdentity(),
    ],
    ids=lambda proof: type(proof).__name__,
)
async def test_no_token_for_another_host_whichever_way(enter, proof):
    """None is even asked for: not for a name alike, another port, or plain http."""
    tokens = GraphTokens(enter(proof), "https://graph.microsoft.com")
    for url in (
        "https://evil.example/v1.0/me",
        "https://graph.microsoft.com.evil.example/v1.0",
        "https://graph.microsoft.com:8443/v1.0",
        "http://graph.microsoft.com/v1.0",
        "https://graph.microsoft.us/v1.0",
    ):
        assert await tokens.get_authorization_token(url) == ""


# ---------------------------------------------------------------- refusals in words


@pytest.mark.parametrize(
    ("app", "wish", "number"),
    [
        (DESK, {"subject": "arbete:NATVERKET"}, 700213),
        (DESK, {"issuer": "https://x.example"}, 700211),
        (DESK, {"audience": "api://x"}, 700212),
        (worlds.DAEMON, {}, 70021),
        (DESK, {"subject": "arbete:annat", "issuer": "https://issuer.example"}, 50013),
        (DESK, {"lifetime": -900}, 700024),
    ],
)
async def test_a_token_that_is_not_trusted(enter, control, tmp_path, app, wish, number):
    """Which part it is that the app's registration does not have is said."""
    workload(control, tmp_path / "token", **wish)
    with pytest.raises(SignInRefused, match=f"AADSTS{number}"):
        await enter(FederatedToken(file=tmp_path / "token"), app).token()


@pytest.mark.parametrize(
    ("app", "number"),
    [
        (worlds.READER, 7000222),
        (worlds.STRANGER, 7000215),
        (CLOSED, 53003),
        (SHARED, 7000112),
        (dataclasses.replace(DESK, client_id=DESK.client_id[::-1]), 700016),
    ],
)
async def test_an_app_that_is_not_let_in(enter, app, number):
    """An expired, a wrong secret, a policy, a switched-off app, an unknown one."""
    with pytest.raises(SignInRefused, match=f"AADSTS{number}") as caught:
        await enter(ClientSecret(value=app.secret), app).token()
    assert app.secret not in str(caught.value) + caught.value.remedy
