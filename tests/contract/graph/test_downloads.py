"""A download arrives whole, or says why not."""

import re

import httpx
import pytest

from service.errors import SourceVanished, TenantFailed, Unreachable
from tests.contract.graph.fakes import FakeClock, Wire, gateway, pattern

DATA = pattern(700_001)


class Cut(httpx.AsyncByteStream):
    def __init__(self, data, at):
        self.data, self.at = data, at

    async def __aiter__(self):
        yield self.data[: self.at]
        raise httpx.ReadError("cut")


class Source(httpx.AsyncBaseTransport):
    """Serves DATA in parts, cutting the first `cuts` answers after `at` bytes."""

    def __init__(self, *, cuts=0, at=100_000, ranges=True, etags=("a",), redirect=True):
        self.cuts, self.at, self.ranges, self.redirect = cuts, at, ranges, redirect
        self.etags = list(etags)
        self.asked = []

    async def handle_async_request(self, request):
        if request.url.host == "graph.microsoft.com" and self.redirect:
            return httpx.Response(302, headers={"Location": "https://b.example/bytes?k=1"})
        self.asked.append(request.headers.get("Range"))
        begin = int(re.findall(r"\d+", request.headers.get("Range", "0"))[0]) if self.ranges else 0
        etag = self.etags.pop(0) if len(self.etags) > 1 else self.etags[0]
        headers = {"ETag": etag, "Content-Length": str(len(DATA) - begin)}
        status = 206 if begin else 200
        if self.cuts:
            self.cuts -= 1
            return httpx.Response(status, headers=headers, stream=Cut(DATA[begin:], self.at))
        return httpx.Response(status, headers=headers, content=DATA[begin:])


async def read(source, offset=0):
    async with gateway(source, FakeClock()) as tenant:
        content = tenant.drives().content("d", "i")
        return b"".join([piece async for piece in content.read(offset)])


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


async def test_the_size_is_asked_of_large_ones_only():
    """A recording's size is learned by a request, without its bytes."""
    source = Source()
    async with gateway(source, FakeClock()) as tenant:
        content = tenant.drives().content("d", "i")
        assert content.size is None
        assert await content.measure() == len(DATA)
    assert source.asked == [None]
