"""One way out: what is repeated, what is told, and where the token goes."""

import asyncio

import httpx
import pytest
import structlog

from service.errors import (
    BadRequest,
    Forbidden,
    NotFound,
    SignInRefused,
    TenantFailed,
    Throttled,
    Unreachable,
)
from service.graph.transport import loggable, proxy_for, user_agent
from service.ports import Delivery
from tests.contract.graph.fakes import GRAPH, TOKEN, FakeClock, FakeSignIn, Wire, gateway
from tests.messages import message

ITEM = {"id": "i", "name": "a", "root": {}}


def answers(*outcomes):
    """Give these one after the other, the last one for ever."""
    left = list(outcomes)

    async def handle(request):
        outcome = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(outcome, Exception):
            raise outcome
        return httpx.Response(outcome.status_code, headers=outcome.headers, content=outcome.content)

    return Wire(handle)


def ok(body=ITEM, **parts):
    return httpx.Response(200, json=body, **parts)


def refused(status, code="x", **parts):
    return httpx.Response(status, json={"error": {"code": code, "message": "m"}}, **parts)


async def test_requests_say_who_we_are():
    """User-Agent as Microsoft asks, and an id of its own for every try."""
    wire = answers(refused(503), ok())
    async with gateway(wire, FakeClock()) as tenant:
        await tenant.drives().item("d", "i")
    agents = {request.headers["User-Agent"] for request in wire.sent}
    assert agents == {"NONISV|Kommunerna|Natverket/1.2"}
    assert len({request.headers["client-request-id"] for request in wire.sent}) == 2
    assert user_agent("Å|B\r\n", "1") == "NONISV|B|Natverket/1"


async def test_waits_go_through_the_clock():
    """The server's seconds are slept by our clock, and then it is asked again."""
    clock = FakeClock()
    wire = answers(refused(429, headers={"Retry-After": "17"}), ok())
    async with gateway(wire, clock) as tenant:
        assert await tenant.drives().item("d", "i")
    assert clock.slept == [17.0]


async def test_a_pause_holds_for_the_whole_service():
    """Too long to wait for: Throttled with its time, and the next call is not even sent."""
    clock = FakeClock()
    wire = answers(refused(429, headers={"Retry-After": "4000"}))
    async with gateway(wire, clock) as tenant:
        with pytest.raises(Throttled) as first:
            await tenant.drives().item("d", "i")
        with pytest.raises(Throttled) as second:
            await tenant.drives().item("d", "j")
        assert first.value.until == second.value.until
        assert len(wire.sent) == 1
        wire.handler = answers(ok({"value": []})).handler
        assert [page async for page in tenant.messages("t", "c").changes(None)]
        await clock.sleep(4001)
        wire.handler = answers(ok()).handler
        assert await tenant.drives().item("d", "i")


async def test_a_row_is_not_added_twice():
    """A POST whose answer is lost or that failed is sent once; one throttled, again."""
    for outcome, kind in ((httpx.ReadTimeout("x"), Unreachable), (refused(504), TenantFailed)):
        wire = answers(outcome)
        async with gateway(wire, FakeClock()) as tenant:
            with pytest.raises(kind):
                await tenant.rows("s", "l").add({"Title": "x"})
        assert len(wire.sent) == 1
    wire = answers(refused(429), httpx.ConnectError("x"), ok({"id": "1", "fields": {}}))
    async with gateway(wire, FakeClock()) as tenant:
        await tenant.rows("s", "l").add({"Title": "x"})
    assert len(wire.sent) == 4  # and the reading of what came without fields


async def test_an_answer_cut_short_is_read_again():
    """A body that breaks off is the transport's business, as long as it is read whole."""

    class Broken(httpx.AsyncByteStream):
        async def __aiter__(self):
            yield b'{"id"'
            raise httpx.ReadError("cut")

    async def handle(request):
        if len(wire.sent) == 1:
            return httpx.Response(200, stream=Broken())
        return ok()

    wire = Wire(handle)
    async with gateway(wire, FakeClock()) as tenant:
        assert (await tenant.drives().item("d", "i")).id == "i"


async def test_a_refused_token_is_replaced_once():
    """401 makes one new token, with the claims that were asked for; a second one stands."""
    sign_in = FakeSignIn()
    challenge = {"WWW-Authenticate": 'Bearer realm="", claims="eyJhIjp7fX0"'}
    wire = answers(refused(401, "InvalidAuthenticationToken", headers=challenge), ok())
    async with gateway(wire, FakeClock(), sign_in=sign_in) as tenant:
        await tenant.drives().item("d", "i")
    assert sign_in.forgotten == [f"{TOKEN}-0"]
    assert sign_in.claims[-1] == '{"a":{}}'
    assert wire.sent[1].headers["Authorization"] == f"Bearer {TOKEN}-1"
    wire = answers(refused(401, "InvalidAuthenticationToken"))
    async with gateway(wire, FakeClock()) as tenant:
        with pytest.raises(SignInRefused):
            await tenant.drives().item("d", "i")
    assert len(wire.sent) == 2


async def test_no_token_reaches_a_foreign_host():
    """Not by a redirect, a next link, an upload, a flow, nor another port of the same host."""
    foreign = f"{GRAPH}:8443/v1.0/steal?sig=canary-address"
    wire = answers(httpx.Response(302, headers={"Location": foreign}), httpx.Response(200))
    async with gateway(wire, FakeClock()) as tenant:
        async for _ in tenant.drives().content("d", "i").read():
            pass
        elsewhere = "https://flows.example/invoke?sig=canary-address"
        assert (await tenant.workflow(elsewhere).post(message())).delivery is Delivery.QUEUED
        wire.handler = answers(
            ok({"value": [], "@odata.nextLink": "https://evil.example/x"})
        ).handler
        with pytest.raises(BadRequest):
            async for _ in tenant.drives().changes("d", None):
                pass
        with pytest.raises(BadRequest):
            async for _ in tenant.drives().changes("d", foreign):
                pass
    hosts = {request.url.netloc for request in wire.sent if "Authorization" in request.headers}
    assert hosts == {b"graph.microsoft.com"}
    assert {request.url.netloc for request in wire.sent} == {
        b"graph.microsoft.com",
        b"graph.microsoft.com:8443",
        b"flows.example",
    }


async def test_nothing_secret_is_told():
    """Events have no token, no query, no secret path, no person's address and no file's name."""
    wire = answers(
        httpx.Response(302, headers={"Location": "https://b.example/canary-path?canary-query"}),
        httpx.Response(200),
        refused(404, "itemNotFound"),
    )
    with structlog.testing.capture_logs() as told:
        async with gateway(wire, FakeClock()) as tenant:
            async for _ in tenant.drives().content("d", "i").read():
                pass
            await tenant.workflow("https://f.example/canary-path?sig=canary").post(message())
            await tenant.drives().find("d", "canary-folder/canary-file.txt")
            await tenant.calendar("canary@nat.example").event("e")
    assert "canary" not in repr(told)
    assert {event["status"] for event in told} == {302, 200, 404}


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/v1.0/drives/b!x/items/1:/A b.docx:/content", "/v1.0/drives/b!x/items/1:/…:/content"),
        ("/v1.0/drives/b!x/root:/2023/Möte", "/v1.0/drives/b!x/root:/…"),
        ("/v1.0/users/a@b.se/events/1", "/v1.0/users/…/events/1"),
        (
            "/v1.0/teams/1/channels/19:x@thread.tacv2/m",
            "/v1.0/teams/1/channels/19:x@thread.tacv2/m",
        ),
        ("/v1.0/shares/u!aHR0cHM6Ly9h/driveItem", "/v1.0/shares/…/driveItem"),
    ],
)
def test_paths_as_told(path, told):
    """Ids stay; names go."""
    assert loggable(path) == told


async def test_a_mailbox_is_asked_four_at_a_time():
    """Exchange answers a fifth with 429, so it waits here."""
    running, most = 0, 0

    async def handle(request):
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1
        return refused(404, "ErrorItemNotFound")

    async with gateway(Wire(handle), FakeClock()) as tenant:
        calendar = tenant.calendar("n@x.se")
        assert await asyncio.gather(*(calendar.event(str(i)) for i in range(12))) == [None] * 12
    assert most <= 4


@pytest.mark.parametrize(
    ("outcome", "kind"),
    [
        (refused(403, "accessDenied"), Forbidden),
        (refused(404, "itemNotFound"), NotFound),
        (httpx.Response(502, content=b"<html>proxy</html>"), TenantFailed),
        (httpx.Response(403, content=b"<html>proxy</html>"), Forbidden),
        (httpx.ConnectError("no route"), Unreachable),
        (httpx.RemoteProtocolError("cut"), Unreachable),
        (httpx.Response(200, content=b"<html>captive portal</html>"), TenantFailed),
    ],
)
async def test_every_failure_is_one_of_ours(outcome, kind):
    """HTML of a proxy and a cut line are translated too, and name their subject."""
    async with gateway(answers(outcome), FakeClock()) as tenant:
        with pytest.raises(kind) as caught:
            await tenant.rows("s", "l").find("X", "y")
    assert caught.value.subject.startswith("list l")


@pytest.mark.parametrize("location", ["", "https://", "http://[x", None])
async def test_a_link_that_is_none(location):
    """A redirect to nowhere is the service's failure, told as one."""
    headers = {} if location is None else {"Location": location}
    async with gateway(answers(httpx.Response(302, headers=headers)), FakeClock()) as tenant:
        with pytest.raises(TenantFailed):
            async for _ in tenant.drives().content("d", "i").read():
                pass


async def test_a_compressed_body_that_is_broken():
    """It is read again like any other that broke off, and told as Unreachable in the end."""

    async def handle(_request):
        return httpx.Response(
            200, headers={"Content-Encoding": "gzip"}, stream=httpx.ByteStream(b"nonsense")
        )

    async with gateway(Wire(handle), FakeClock()) as tenant:
        with pytest.raises(Unreachable):
            await tenant.drives().item("d", "i")


async def test_what_is_missing_is_named():
    """Forbidden tells which right, and the answer's request id."""
    wire = answers(refused(403, "accessDenied", headers={"request-id": "abc-1"}))
    async with gateway(wire, FakeClock()) as tenant:
        with pytest.raises(Forbidden) as files:
            await tenant.drives().item("d", "i")
        with pytest.raises(Forbidden) as mailbox:
            await tenant.calendar("n@x.se").event("e")
    assert "Sites.Selected" in files.value.remedy
    assert "abc-1" in files.value.reason
    assert "Application Calendars.Read" in mailbox.value.remedy


def test_proxies_of_the_environment(monkeypatch):
    """HTTPS_PROXY and NO_PROXY hold for our own transport, and never for loopback."""
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("NO_PROXY", "intern.example")
    assert proxy_for("https://graph.microsoft.com") == "http://proxy.example:3128"
    assert proxy_for("https://intern.example") is None
    assert proxy_for("https://127.0.0.1") is None
    assert proxy_for("https://localhost") is None
