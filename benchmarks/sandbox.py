"""
How fast the tenant in a box is: `python -m benchmarks.sandbox`.

Client and server share the machine's cores, over plain http. The client does as little as it
can: raw sockets, one answer's bytes looked at and no more, so that what is measured is the
sandbox. Beside the figure by the clock stands the one by the sandbox's own processor time,
which does not move with what else the machine has to do.
"""

import json
import os
import re
import resource
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from benchmarks import worlds
from service.sandbox.process import Sandbox

MIB = 2**20
GIB = 2**30
_HEAD = re.compile(rb"^HTTP/1.1 (\d+)", re.ASCII)
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_NEXT = re.compile(rb'"@odata\.(nextLink|deltaLink)":"([^"]+)"')


class Wire:
    """One connection that is kept; answers come back as status and bytes."""

    def __init__(self, url: str, token: str = "") -> None:
        address = urlsplit(url)
        self.host = f"{address.hostname}:{address.port}"
        self.headers = f"Host: {self.host}\r\n"
        if token:
            self.headers += f"Authorization: Bearer {token}\r\n"
        self.socket = socket.create_connection((address.hostname or "", address.port or 80))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._buffer = memoryview(bytearray(4 * MIB))

    def ask(self, method: str, path: str, headers: str = "", body: bytes = b"") -> bytes:
        """The body of an answer that must be good."""
        self.begin(method, path, headers, len(body))
        if body:
            self.socket.sendall(body)
        return self.answer()

    def begin(self, method: str, path: str, headers: str, length: int) -> None:
        head = (
            f"{method} {path} HTTP/1.1\r\n{self.headers}{headers}Content-Length: {length}\r\n\r\n"
        )
        self.socket.sendall(head.encode())

    def answer(self) -> bytes:
        """Read into one buffer; only what stands there is copied out."""
        status, end, length = self._head()
        have = self._have
        while have < end + length:
            have += self._more(have)
        body = bytes(self._buffer[end : end + length])
        if status >= 400:
            raise SystemExit(f"{status}: {body[:300]!r}")
        return body

    def skip(self) -> int:
        """Bytes of a body that is thrown away as it comes."""
        _, end, length = self._head()
        left = length - (self._have - end)
        while left:
            left -= self.socket.recv_into(self._buffer, min(left, len(self._buffer)))
        return length

    def _head(self) -> tuple[int, int, int]:
        self._have, end = 0, -1
        while end < 0:
            self._have += self._more(self._have)
            end = bytes(self._buffer[: min(self._have, 8192)]).find(b"\r\n\r\n")
        head = bytes(self._buffer[: end + 2])
        status, length = _HEAD.search(head), _LENGTH.search(head)
        assert status is not None
        return int(status[1]), end + 4, int(length[1]) if length else 0

    def _more(self, have: int) -> int:
        got = self.socket.recv_into(self._buffer[have:])
        if not got:
            raise SystemExit("the sandbox closed the connection")
        return got


def token(url: str) -> str:
    form = urlencode(
        {
            "client_id": worlds.APP.client_id,
            "client_secret": worlds.APP.secret,
            "grant_type": "client_credentials",
            "scope": "https://graph.microsoft.com/.default",
        }
    )
    kind = "Content-Type: application/x-www-form-urlencoded\r\n"
    path = f"/{worlds.TENANT}/oauth2/v2.0/token"
    return str(json.loads(Wire(url).ask("POST", path, kind, form.encode()))["access_token"])


def memory(pid: int) -> int:
    """Resident MiB of a process; files that are only mapped are no part of it."""
    text = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return sum(int(found[1]) // 1024 for found in re.finditer(r"Rss(?:Anon|Shmem):\s+(\d+)", text))


def processor(pid: int) -> float:
    """Seconds of processor that a process has used, its threads included."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def running(*, discard: bool, seed: str = "large") -> Iterator[Sandbox]:
    with tempfile.TemporaryDirectory() as directory:
        name = f"{Path(worlds.__file__)}:{seed}"
        with Sandbox(seed=name, directory=Path(directory), http_port=0, discard=discard) as sandbox:
            yield sandbox


def drive_of(graph: Wire, sandbox: Sandbox) -> str:
    site = sandbox.env["NATVERKET_NETWORK_SITE"]
    return str(json.loads(graph.ask("GET", f"/v1.0/sites/{site}/drive"))["id"])


def upload(graph: Wire, drive: str, source: int, size: int, piece: int) -> float:
    """MB/s of one upload session, its making and its hash included."""
    name = f"prov-{size}-{piece}-{time.monotonic_ns()}.bin"
    begun = time.perf_counter()
    path = f"/v1.0/drives/{drive}/root:/{name}:/createUploadSession"
    address = urlsplit(json.loads(graph.ask("POST", path))["uploadUrl"])
    wire = Wire(f"http://{address.netloc}")
    where = f"{address.path}?{address.query}"
    for start in range(0, size, piece):
        length = min(piece, size - start)
        span = f"Content-Range: bytes {start}-{start + length - 1}/{size}\r\n"
        wire.begin("PUT", where, span, length)
        sent = 0
        while sent < length:
            sent += os.sendfile(wire.socket.fileno(), source, sent, length - sent)
        last = wire.answer()
    seconds = time.perf_counter() - begun
    assert json.loads(last)["file"]["hashes"]["quickXorHash"], "no hash"
    return size / seconds / 1e6


def rate(graph: Wire, path: str, sandbox: Sandbox, items: int = 200) -> tuple[float, float]:
    """How often a second the same is given: by the clock, and by the sandbox's processor."""
    count = graph.ask("GET", path).count(b'"id":"01')
    assert count >= items, count
    before, begun, done = processor(sandbox.pid), time.perf_counter(), 0
    while time.perf_counter() - begun < 2:
        graph.ask("GET", path)
        done += 1
    seconds = time.perf_counter() - begun
    return done / seconds, done / (processor(sandbox.pid) - before)


def walk(graph: Wire, path: str, sandbox: Sandbox) -> tuple[int, int, float, int]:
    """A whole delta: items, pages, seconds, and by how much the memory grew after the start."""
    items = asked = grown = 0
    start = 0
    begun = time.perf_counter()
    while True:
        body = graph.ask("GET", path)
        asked += 1
        items += body.count(b'"cTag"')
        link = _NEXT.search(body)
        assert link is not None
        address = urlsplit(link[2].decode())
        path = f"{address.path}?{address.query}"
        if asked == 50:
            start = memory(sandbox.pid)
        if link[1] == b"deltaLink":
            break
    seconds = time.perf_counter() - begun
    grown = memory(sandbox.pid) - start if start else 0
    return items, asked, seconds, grown


def measure_uploads() -> None:
    # A file in memory, sent by the kernel: the client costs next to nothing.
    source = os.memfd_create("source")
    for _ in range(10):
        os.write(source, os.urandom(MIB) * 6)
    for discard in (False, True):
        with running(discard=discard, seed="bare") as sandbox:
            graph = Wire(sandbox.http_url, token(sandbox.http_url))
            drive = drive_of(graph, sandbox)
            upload(graph, drive, source, 64 * MIB, 10 * MIB)
            before = processor(sandbox.pid)
            found = sorted(upload(graph, drive, source, GIB, 10 * MIB) for _ in range(3))
            alone = 3 * GIB / (processor(sandbox.pid) - before) / 1e6
            wide = upload(graph, drive, source, GIB, 50 * MIB)
            kept = "hashed, not kept" if discard else "hashed and kept"
            show(f"1 GiB by 10 MiB ranges, {kept}", f"{found[1]:,.0f} MB/s", "aim 1,000")
            show("  by its processor's time", f"{alone:,.0f} MB/s")
            show(f"1 GiB by 50 MiB ranges, {kept}", f"{wide:,.0f} MB/s")
            show("  memory of the sandbox after that", f"{memory(sandbox.pid)} MiB")
    os.close(source)


def measure_pages() -> None:
    begun = time.perf_counter()
    with running(discard=False) as sandbox:
        show(f"{worlds.ITEMS:,} items laid out in", f"{time.perf_counter() - begun:.1f} s")
        graph = Wire(sandbox.http_url, token(sandbox.http_url))
        drive = drive_of(graph, sandbox)
        root = f"/v1.0/drives/{drive}/root"
        for what, path, items, aim in (
            ("200 children, the same page", f"{root}:/Mapp%20001:/children", 200, "aim 500"),
            ("200 of delta, the same page", f"{root}/delta", 200, "aim 500"),
            (
                "200 children with $select",
                f"{root}:/Mapp%20001:/children?$select=id,name,size,cTag",
                200,
                "",
            ),
            ("one item", root, 1, ""),
        ):
            clocked, alone = rate(graph, path, sandbox, items)
            show(what, f"{clocked:,.0f} a second", aim)
            show("  by its processor's time", f"{alone:,.0f} a second")
        items, asked, seconds, grown = walk(graph, f"{root}/delta", sandbox)
        show(
            f"whole delta, {items:,} items in {asked:,} pages",
            f"{asked / seconds:,.0f} pages a second",
        )
        show("  memory grown after its 50th page", f"{grown} MiB")


def measure_recording() -> None:
    """5 GB that come by an act and go out again: what they cost in memory."""
    with tempfile.TemporaryDirectory() as folder:
        sparse = Path(folder) / "recording.mp4"
        with sparse.open("wb") as file:
            file.truncate(worlds.RECORDING)
        os.environ[worlds.MARKER] = str(sparse)
        with running(discard=False, seed="recorded") as sandbox:
            before = memory(sandbox.pid)
            body = b'{"now":"2023-01-03T00:00:00Z"}'
            begun = time.perf_counter()
            Wire(sandbox.http_url).ask("POST", "/_sandbox/clock", "", body)
            show("5 GB recording laid in (linked, hashed)", f"{time.perf_counter() - begun:.1f} s")
            graph = Wire(sandbox.http_url, token(sandbox.http_url))
            path = f"/v1.0/drives/{drive_of(graph, sandbox)}/root:/Recordings/Inspelning.mp4"
            item = json.loads(graph.ask("GET", path))
            assert item["size"] == worlds.RECORDING
            address = urlsplit(item["@microsoft.graph.downloadUrl"])
            wire = Wire(f"http://{address.netloc}")
            begun = time.perf_counter()
            wire.begin("GET", f"{address.path}?{address.query}", "", 0)
            assert wire.skip() == worlds.RECORDING
            speed = worlds.RECORDING / (time.perf_counter() - begun) / 1e6
            show("5 GB recording downloaded", f"{speed:,.0f} MB/s")
            show("  memory grown by both", f"{memory(sandbox.pid) - before} MiB")


def show(what: str, figure: str, aim: str = "") -> None:
    print(f"{what:<52}{figure:>24}   {aim}", flush=True)


def main() -> int:
    measure_uploads()
    measure_pages()
    measure_recording()
    show("memory of this client at most", f"{resource.getrusage(0).ru_maxrss // 1024} MiB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
