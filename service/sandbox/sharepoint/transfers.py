"""
The listener for bytes: upload sessions, downloads and copy monitors, on a port of its own.

One thread a connection and one fixed buffer a request; what arrives goes straight to disk.
"""

import ssl
import threading
import uuid
from collections.abc import Callable
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from service.sandbox.entra.identity import JSON_TYPE
from service.sandbox.entra.tokens import unauthenticated
from service.sandbox.gate import Gate, refusal
from service.sandbox.sharepoint import copies, uploads
from service.sandbox.sharepoint.blobs import Digest
from service.sandbox.sharepoint.uploads import Range
from service.sandbox.trouble.faults import Fault
from service.sandbox.wire import Answer, GraphError, unseal

_BUFFER = 4 * uploads.UNIT


class BytesServer(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, gate: Gate, port: int, tls: ssl.SSLContext | None) -> None:
        self.gate = gate
        self.tls = tls
        self.digests: dict[str, Digest] = {}
        """Hashes of half-filled sessions, so that nothing is read twice."""
        self.busy: dict[str, threading.Lock] = {}
        super().__init__(("127.0.0.1", port), _Handler)

    @property
    def base(self) -> str:
        return f"{'https' if self.tls else 'http'}://localhost:{self.server_address[1]}"

    def get_request(self) -> tuple[Any, Any]:
        connection, address = super().get_request()
        if self.tls is not None:
            # The handshake is left to the connection's thread: here it would hold up others.
            connection = self.tls.wrap_socket(
                connection, server_side=True, do_handshake_on_connect=False
            )
        return connection, address

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away in the middle is nothing to tell of."""

    def start(self) -> None:
        threading.Thread(target=self.serve_forever, name="bytes", daemon=True).start()

    def stop(self) -> None:
        self.shutdown()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: BytesServer

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """The journal logs."""

    def do_GET(self) -> None:
        self._respond({"upload": self._status, "download": self._download, "monitor": self._watch})

    do_HEAD = do_GET  # noqa: N815 - the library's name

    def do_PUT(self) -> None:
        self._respond({"upload": self._fill})

    def do_DELETE(self) -> None:
        self._respond({"upload": self._give_up})

    def _respond(self, handlers: dict[str, Callable[[str], Answer]]) -> None:
        gate = self.server.gate
        number = gate.journal.begin()
        self._app: str | None = None
        self._wrote = False
        self._unread = int(self.headers.get("Content-Length") or 0)
        self._file: tuple[Path, int, int] | None = None
        fault = gate.faults.take(number, self.command, self.path)
        answer = self._outcome(handlers, fault)
        silent = fault is not None and fault.silent
        status = 0 if fault and silent and not fault.after else answer.status
        with gate.tenant.store.transaction():
            gate.journal.record(
                number, self.command, self.path, status, self._app, write=self._wrote
            )
        if fault and silent:
            fault.strike()
            self.close_connection = True
            return
        self._drain()
        self._send(answer)

    def _outcome(self, handlers: dict[str, Callable[[str], Answer]], fault: Fault | None) -> Answer:
        tenant = self.server.gate.tenant
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = Answer(status=404)
        if fault is None or fault.after:
            try:
                answer = self._handled(handlers)
            except GraphError as error:
                answer = refusal(error, headers, tenant)
        if fault is None:
            return answer
        status, code, message = fault.words()
        self._file = None
        return refusal(GraphError(status, code, message, fault.headers), headers, tenant)

    def _handled(self, handlers: dict[str, Callable[[str], Answer]]) -> Answer:
        path, _, query_string = self.path.partition("?")
        kind, _, key = path.strip("/").partition("/")
        handler = handlers.get(kind)
        if handler is None:
            raise GraphError(404, "itemNotFound", "The resource could not be found.")
        query = dict(parse_qsl(query_string))
        if query.get("tempauth") != self.server.gate.tenant.signature(key):
            raise unauthenticated("The link's authorisation is missing or wrong.")
        return handler(key)

    def _status(self, session: str) -> Answer:
        row = uploads.session_of(self.server.gate.tenant, session)
        return Answer(body=uploads.status_body(row))

    def _give_up(self, session: str) -> Answer:
        tenant = self.server.gate.tenant
        with tenant.store.transaction():
            uploads.give_up(tenant, uploads.session_of(tenant, session))
        return Answer(status=204)

    def _watch(self, copy: str) -> Answer:
        tenant = self.server.gate.tenant
        with tenant.store.transaction():
            body = copies.monitor(tenant, copy)
        done = body["status"] == "inProgress"
        return Answer(status=202 if done else 200, body=body)

    def _download(self, token: str) -> Answer:
        tenant = self.server.gate.tenant
        held = unseal(token) or {}
        if datetime.fromisoformat(held["until"]) <= tenant.clock.now:
            raise unauthenticated("The link has expired.")
        path = tenant.blobs.path(held["blob"])
        size = path.stat().st_size
        headers = {"Content-Type": held["mime"], "Accept-Ranges": "bytes"}
        asked = self.headers.get("Range")
        if asked is None:
            self._file = (path, 0, size)
            return Answer(headers=headers)
        first, last = _byte_range(asked, size)
        self._file = (path, first, last - first + 1)
        headers["Content-Range"] = f"bytes {first}-{last}/{size}"
        return Answer(status=206, headers=headers)

    def _fill(self, session: str) -> Answer:
        if self.headers.get("Authorization"):
            raise unauthenticated("The upload link takes no Authorization header.")
        tenant = self.server.gate.tenant
        row = uploads.session_of(tenant, session)
        self._app = row["app"].partition(":")[2]
        piece = uploads.range_of(self.headers.get("Content-Range"), self._unread)
        uploads.check_range(row, piece)
        lock = self.server.busy.setdefault(session, threading.Lock())
        if not lock.acquire(blocking=False):
            raise GraphError(409, "conflict", "Another fragment of the session is on its way.")
        try:
            digest = self._receive(session, piece)
            answer = self._counted(session, piece, digest)
        finally:
            lock.release()
        self._wrote = True
        return answer

    def _counted(self, session: str, piece: Range, digest: Digest) -> Answer:
        tenant = self.server.gate.tenant
        with tenant.store.transaction():
            row = uploads.session_of(tenant, session)
            uploads.check_range(row, piece)
            if piece.end == piece.total:
                answer = uploads.finished(tenant, row, digest, self.server.base)
                self.server.busy.pop(session, None)
                return answer
            body = uploads.received(tenant, row, piece)
        self.server.digests[session] = digest
        return Answer(status=202, body=body)

    def _receive(self, session: str, piece: Range) -> Digest:
        """Writes the fragment at its place and returns the hashes of all that has come."""
        part = self.server.gate.tenant.blobs.part(session)
        part.touch()
        digest = self.server.digests.pop(session, None)
        buffer = bytearray(_BUFFER)
        view = memoryview(buffer)
        with part.open("r+b", buffering=0) as file:
            file.truncate(piece.start)
            if digest is None or digest.size != piece.start:
                digest = Digest()
                while length := file.readinto(buffer):
                    digest.update(view[:length])
            file.seek(piece.start)
            while self._unread:
                length = self._read_into(view)
                digest.update(view[:length])
                file.write(view[:length])
        return digest

    def _read_into(self, view: memoryview) -> int:
        length = self.rfile.readinto(view[: min(len(view), self._unread)])
        if not length:
            raise ConnectionError("the client went away")
        self._unread -= length
        return int(length)

    def _drain(self) -> None:
        """What was refused is read all the same, so that the answer is heard."""
        view = memoryview(bytearray(min(_BUFFER, self._unread)))
        while self._unread:
            self._read_into(view)

    def _send(self, answer: Answer) -> None:
        data = answer.raw or b""
        headers = dict(answer.headers)
        if answer.body is not None:
            data = msgspec.json.encode(answer.body)
            headers |= JSON_TYPE
        self.send_response(answer.status)
        for name, value in headers.items():
            self.send_header(name, value)
        length = self._file[2] if self._file else len(data)
        if answer.status != 204:
            self.send_header("Content-Length", str(length))
        if "request-id" not in headers:
            self.send_header("request-id", str(uuid.uuid4()))
        self.end_headers()
        if self.command == "HEAD":
            return
        if self._file is None:
            self.wfile.write(data)
            return
        path, first, count = self._file
        with path.open("rb") as file:
            if count:
                self.connection.sendfile(file, first, count)


def _byte_range(text: str, size: int) -> tuple[int, int]:
    """First and last byte of a Range header. Raises 416."""
    unit, _, span = text.partition("=")
    first, _, last = span.partition("-")
    refused = GraphError(
        416, "invalidRange", "The range is not satisfiable.", {"Content-Range": f"bytes */{size}"}
    )
    if unit.strip() != "bytes" or not (first or last) or not (first + last).isdigit():
        raise refused
    if not first:
        start, end = max(0, size - int(last)), size - 1
    else:
        start, end = int(first), min(int(last) if last else size - 1, size - 1)
    if start > end:
        raise refused
    return start, end
