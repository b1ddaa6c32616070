"""Everything that leaves for Microsoft 365 takes the proxy, and trusts a private authority."""

import asyncio
import json
import ssl
from contextlib import asynccontextmanager

import pytest
import trustme

from service.domain.credential import ClientSecret
from service.errors import Unreachable
from service.graph.gateway import Gateway, TenantSettings
from service.graph.ping import Ping
from service.graph.transport import Call
from service.ports import Delivery
from tests.contract.graph.fakes import FakeClock
from tests.messages import message

LOGIN, GRAPH, UPLOAD, FLOW = (
    f"{name}.natverket.example" for name in ("login", "graph", "upload", "flow")
)
TOKEN = "canary-token"
VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR")


@pytest.fixture(autouse=True)
def _bare(monkeypatch):
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture
def ca_file(authority, tmp_path):
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    return tmp_path / "ca.pem"


class Internet:
    """A proxy on this machine, behind which every host is one server with their certificates."""

    def __init__(self, authority):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(LOGIN, GRAPH, UPLOAD, FLOW).configure_cert(self.context)
        self.asked: list[str] = []
        self.seen: list[tuple[str, str, str]] = []
        """Host, method and token of each request."""

    @asynccontextmanager
    async def open(self):
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self.context)
        proxy = await asyncio.start_server(self._connect, "127.0.0.1", 0)
        self.behind = server.sockets[0].getsockname()[1]
        try:
            yield f"http://127.0.0.1:{proxy.sockets[0].getsockname()[1]}"
        finally:
            for one in (proxy, server):
                one.close()
            await asyncio.sleep(0)

    async def _connect(self, reader, writer):
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        self.asked.append(head.split()[1].partition(":")[0])
        inward, outward = await asyncio.open_connection("127.0.0.1", self.behind)
        writer.write(b"HTTP/1.1 200 Connected\r\n\r\n")
        await asyncio.gather(_pipe(reader, outward), _pipe(inward, writer))

    async def _serve(self, reader, writer):
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        fields = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
        await reader.readexactly(int(fields.get("content-length", 0)))
        self.seen.append((fields["host"], head.split()[0], fields.get("authorization", "")))
        body = json.dumps(_answer(head.split()[1])).encode()
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n")
        writer.write(f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
        await writer.drain()
        writer.close()


async def _pipe(reader, writer):
    try:
        while piece := await reader.read(65536):
            writer.write(piece)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()


def _answer(path):
    if path.endswith("openid-configuration"):
        base = f"https://{LOGIN}/t"
        return {
            "issuer": f"{base}/v2.0",
            "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
            "token_endpoint": f"{base}/oauth2/v2.0/token",
        }
    if path.endswith("/token"):
        return {"access_token": TOKEN, "token_type": "Bearer", "expires_in": 3600}
    site = {"id": "site", "webUrl": f"https://{GRAPH}/s", "displayName": "site"}
    return {**site, "value": [site]}


def settings(ca_file):
    return TenantSettings(
        tenant_id="t",
        client_id="c",
        proof=ClientSecret(value="s"),
        graph_url=f"https://{GRAPH}",
        authority_url=f"https://{LOGIN}",
        ca_file=ca_file,
    )


@pytest.mark.parametrize("by", ["NATVERKET_CA_FILE", "SSL_CERT_FILE"])
async def test_sign_in_graph_uploads_and_flows_take_the_proxy(authority, ca_file, monkeypatch, by):
    """Nothing is resolved here; the token reaches Graph and no other host."""
    internet = Internet(authority)
    if by == "SSL_CERT_FILE":
        monkeypatch.setenv(by, str(ca_file))
    async with internet.open() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy)
        own = settings(ca_file if by == "NATVERKET_CA_FILE" else None)
        async with Gateway(own, FakeClock()) as tenant:
            await tenant.sites().site("site")
            graph = tenant._graph
            request = graph.bare("PUT", f"https://{UPLOAD}/session", content=b"bytes")
            assert (await graph.exchange_bare(request, Call(secret=True))).is_success
            receipt = await tenant.workflow(f"https://{FLOW}/run").post(message())
            assert receipt.delivery is Delivery.QUEUED
    assert set(internet.asked) == {LOGIN, GRAPH, UPLOAD, FLOW}
    assert {host for host, _, token in internet.seen if token} == {GRAPH}


async def test_hosts_that_are_to_be_asked_straight(authority, ca_file, monkeypatch):
    """NO_PROXY holds for the sign-in as for the rest."""
    internet = Internet(authority)
    async with internet.open() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy)
        monkeypatch.setenv("NO_PROXY", LOGIN)
        async with Gateway(settings(ca_file), FakeClock()) as tenant:
            with pytest.raises(Unreachable) as caught:
                await tenant.sign_in()
    assert internet.asked == []
    assert "HTTPS_PROXY" in caught.value.remedy


async def test_a_proxy_that_opens_tls_must_be_trusted(authority, monkeypatch):
    """Without its authority nothing is sent, and the setting that mends it is named."""
    internet = Internet(authority)
    async with internet.open() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy)
        async with Gateway(settings(None), FakeClock()) as tenant:
            with pytest.raises(Unreachable) as caught:
                await tenant.sign_in()
    assert internet.asked == [LOGIN]
    assert internet.seen == []
    assert "NATVERKET_CA_FILE" in caught.value.remedy


async def test_the_dead_mans_switch_takes_the_proxy(authority, ca_file, monkeypatch):
    """Its host is resolved there, it is trusted by the same authority, and gets no token."""
    internet = Internet(authority)
    async with internet.open() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy)
        await Ping(FakeClock()).call(f"https://{FLOW}/ping", ca_file)
    assert internet.asked == [FLOW]
    assert internet.seen == [(FLOW, "get", "")]
