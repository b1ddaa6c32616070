"""A download arrives whole, or says why not."""

import httpx
import pytest

from service.errors import SourceVanished, TenantFailed, Unreachable
from service.graph.download import MOST_BREAKS
from service.observe import SeenRecording
from tests.contract.graph.fakes import START, FakeClock, Wire, gateway, pattern

DATA = pattern(700_001)


class Cut(httpx.AsyncByteStream):
    def __init__(self, data, at):
        self.data, self.at = data, at

    async def __aiter__(self):
        yield self.data[: self.at]
        raise httpx.ReadError("cut")


class Source(httpx.AsyncBaseTransport):
    """Serves DATA in parts, cutting the first `cuts` answers after `at` bytes."""

    def __init__(
        self, *, cuts=0, at=100_000, ranges=True, etags=("a",), redirect=True, headers=None
    ):
        self.headers = headers or {}
        self.cuts, self.at, self.ranges, self.redirect = cuts, at, ranges, redirect
        self.etags = list(etags)
        self.asked = []

    async def handle_async_request(self, request):
        if request.url.host == "graph.microsoft.com" and self.redirect:
            return httpx.Response(302, headers={"Location": "https://b.example/bytes?k=1"})
        self.asked.append(request.headers.get("Range"))
        asked = self.ranges and request.headers.get("Range")
        begin, end = (int(n or len(DATA)) for n in (asked or "bytes=0-")[6:].split("-"))
        etag = self.etags.pop(0) if len(self.etags) > 1 else self.etags[0]
        headers = {"ETag": etag, **self.headers}
        status = 206 if asked else 200
        if asked:
            headers["Content-Range"] = f"bytes {begin}-{end}/{len(DATA)}"
            if end == 0:
                return httpx.Response(status, headers=headers, content=DATA[:1])
        else:
            headers["Content-Length"] = str(len(DATA))
        if self.cuts:
            self.cuts -= 1
            return httpx.Response(status, headers=headers, stream=Cut(DATA[begin:], self.at))
        return httpx.Response(status, headers=headers, content=DATA[begin:])


async def read(source, offset=0):
    async with gateway(source, FakeClock()) as tenant:
        return await whole(tenant.drives().content("d", "i"), offset)


async def whole(content, offset=0):
    return b"".join([piece async for piece in content.read(offset)])


async def film(headers):
    """Read a recording whose answer has these headers."""

    async def handle(request):
        if request.url.path.endswith("/content"):
            body = b"" if headers.get("Content-Length") == "0" else b"film"
            return httpx.Response(200, headers=headers, content=body)
        return httpx.Response(200, json={"id": "vard"})

    recording = SeenRecording(
        meeting_id="m", id="r", created=START, ended=START, correlation_id=None
    )
    async with gateway(Wire(handle), FakeClock()) as tenant:
        return await whole(tenant.online_meetings().recording("vard@nat.example", recording))


@pytest.mark.parametrize("redirect", [True, False])
@pytest.mark.parametrize("ranges", [True, False])
@pytest.mark.parametrize("cuts", [0, 1, 4])
@pytest.mark.parametrize("offset", [0, 300_007])
async def test_it_is_gone_on_with(redirect, ranges, cuts, offset):
    """By a link or directly, with parts or without, after any number of breaks."""
    source = Source(cuts=cuts, ranges=ranges, redirect=redirect)
    assert await read(source, offset) == DATA[offset:]


async def test_breaks_without_headway_end_it():
    """A line that never brings a byte is given up."""
    with pytest.raises(Unreachable):
        await read(Source(cuts=99, at=0))


async def test_no_read_waits_for_ever():
    """To Graph and to the link alike, every wait has its end."""
    waits = []

    class Timed(Source):
        async def handle_async_request(self, request):
            waits.append(request.extensions["timeout"])
            return await super().handle_async_request(request)

    await read(Timed(cuts=1))
    assert len(waits) == 4
    assert all(0 < seconds < 600 for one in waits for seconds in one.values())


async def test_two_versions_do_not_mix():
    """Replaced between two parts: SourceVanished."""
    with pytest.raises(SourceVanished):
        await read(Source(cuts=1, etags=("a", "b")))


async def test_what_is_gone():
    """404 is SourceVanished; another failure is what it is."""
    for status, kind in ((404, SourceVanished), (500, TenantFailed)):

        async def handle(_request, status=status):
            return httpx.Response(status, json={"error": {"code": "x", "message": "m"}})

        with pytest.raises(kind):
            await read(Wire(handle))


@pytest.mark.parametrize("ranges", [True, False])
async def test_the_size_is_asked_by_one_byte(ranges):
    """The size of a large content is learned without its bytes, whether parts are served or not."""
    source = Source(ranges=ranges)
    async with gateway(source, FakeClock()) as tenant:
        content = tenant.drives().content("d", "i")
        assert content.size is None
        assert await content.measure() == len(DATA)
    assert source.asked == ["bytes=0-0"]


async def test_what_was_measured_is_what_is_read():
    """Replaced between the two: SourceVanished, since its size may be another."""
    async with gateway(Source(etags=("a", "b")), FakeClock()) as tenant:
        content = tenant.drives().content("d", "i")
        await content.measure()
        with pytest.raises(SourceVanished):
            await whole(content)


async def test_a_line_that_drips_is_given_up():
    """Some bytes and a break, again and again: no endless download."""
    source = Source(cuts=99, at=10)
    with pytest.raises(Unreachable):
        await read(source)
    assert len(source.asked) == MOST_BREAKS + 1


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ({"Content-Type": "application/json; charset=utf-8"}, "application/json"),
        ({"Content-Type": "text/html"}, "text/html"),
        ({"Content-Disposition": "attachment; filename=film_Error.txt"}, "an error page"),
        ({"Content-Length": "0"}, "empty"),
    ],
)
async def test_a_message_in_the_place_of_a_recording(headers, said):
    """An error page that comes with 200 is no recording: SourceVanished says what it was."""
    with pytest.raises(SourceVanished, match=said):
        await film(headers)


async def test_a_recording_of_bytes_that_say_nothing():
    """`video/mp4`, and bytes of no declared kind, are taken."""
    for headers in ({"Content-Type": "video/mp4"}, {"Content-Type": "application/octet-stream"}):
        assert await film(headers) == b"film"
