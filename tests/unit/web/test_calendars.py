"""Calendars to subscribe to, as a program that asks for them sees it."""

import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest

from service.errors import PortTaken, StateError
from service.web.app import application
from service.web.calendars import Feed, Read, calendar_route
from service.web.serving import listening

TOKEN, OTHER, EMPTY, BROKEN = ("t" * 20, "o" * 20, "e" * 20, "b" * 20)
CHANGED = datetime(2023, 12, 12, 9, 0, 0, 5, tzinfo=UTC)
CONTENT = "BEGIN:VCALENDAR\r\nå\r\nEND:VCALENDAR\r\n".encode()


def reader(feed: Feed | None) -> Read:
    async def read() -> Feed | None:
        return feed

    return read


async def broken() -> Feed | None:
    raise StateError("state", "it is locked")


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    calendars = {
        TOKEN: reader(Feed(content=CONTENT, changed=CHANGED)),
        OTHER: reader(Feed(content=b"other", changed=CHANGED)),
        EMPTY: reader(None),
        BROKEN: broken,
    }
    through = httpx.ASGITransport(
        application([calendar_route(calendars)]), raise_app_exceptions=False
    )
    async with httpx.AsyncClient(transport=through, base_url="http://natverket") as http:
        yield http


def address(token: str) -> str:
    return f"/calendar/{token}.ics"


async def test_a_calendar(client: httpx.AsyncClient) -> None:
    """The bytes, what they are, since when, and for how long they hold."""
    answer = await client.get(address(TOKEN))

    assert (answer.status_code, answer.content) == (200, CONTENT)
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["last-modified"] == "Tue, 12 Dec 2023 09:00:00 GMT"
    assert answer.headers["cache-control"].startswith("private, max-age=")
    assert (await client.get(address(OTHER))).content == b"other"


async def test_asked_for_its_head(client: httpx.AsyncClient) -> None:
    """The same headers, and no body."""
    head, whole = await client.head(address(TOKEN)), await client.get(address(TOKEN))

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers == whole.headers


async def test_what_has_not_changed_is_not_sent(client: httpx.AsyncClient) -> None:
    """By its tag, and by its date where no tag is sent; a tag of before is believed first."""
    tag = (await client.get(address(TOKEN))).headers["etag"]
    since = "Tue, 12 Dec 2023 09:00:00 GMT"

    for headers in (
        {"If-None-Match": tag},
        {"If-None-Match": f'"x", W/{tag}'},
        {"If-None-Match": "*"},
        {"If-Modified-Since": since},
    ):
        answer = await client.get(address(TOKEN), headers=headers)
        assert (answer.status_code, answer.content) == (304, b""), headers
        assert answer.headers["etag"] == tag
    for headers in (
        {"If-None-Match": '"x"'},
        {"If-None-Match": '"x"', "If-Modified-Since": since},
        {"If-Modified-Since": "Tue, 12 Dec 2023 08:59:59 GMT"},
        {"If-Modified-Since": "yesterday"},
    ):
        assert (await client.get(address(TOKEN), headers=headers)).status_code == 200, headers


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/calendar",
        "/calendar/",
        f"/calendar/{TOKEN}",
        f"/calendar/{TOKEN}.ICS",
        address("x" * 20),
        address(""),
        address("é"),
        address(EMPTY),
        f"/calendar/../{TOKEN}.ics",
    ],
)
async def test_there_is_nothing_else(client: httpx.AsyncClient, path: str) -> None:
    """No listing, no hint whether a token exists: not found, without a word."""
    answer = await client.get(path, follow_redirects=False)
    assert (answer.status_code, answer.content) == (404, b"")


async def test_it_is_read_only(client: httpx.AsyncClient) -> None:
    """Nothing can be sent to it."""
    for method in ("POST", "PUT", "DELETE", "PROPFIND"):
        assert (await client.request(method, address(TOKEN))).status_code == 405


async def test_a_state_that_cannot_be_read(client: httpx.AsyncClient) -> None:
    """The program asks again later; nothing of the reason is told to it."""
    answer = await client.get(address(BROKEN))

    assert (answer.status_code, answer.content) == (503, b"")
    assert answer.headers["retry-after"] == "300"


async def test_it_listens_and_ends() -> None:
    """On any port where 0 is asked; after the block nobody answers."""
    app = application([calendar_route({TOKEN: reader(Feed(content=CONTENT, changed=CHANGED))})])
    async with listening(app, "127.0.0.1", 0) as base, httpx.AsyncClient() as http:
        assert (await http.get(base + address(TOKEN))).content == CONTENT
    async with httpx.AsyncClient() as http:
        with pytest.raises(httpx.ConnectError):
            await http.get(base + address(TOKEN))


async def test_a_port_that_is_taken() -> None:
    """Which, why, and what to set."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortTaken, match=f"127.0.0.1:{port}: Address already in use") as told:
            async with listening(application([]), "127.0.0.1", port):
                pass
    assert "NATVERKET_WEB_PORT" in told.value.remedy
    with pytest.raises(PortTaken, match=r"no\.such\.host\.invalid"):
        async with listening(application([]), "no.such.host.invalid", 0):
            pass
