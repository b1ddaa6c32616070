"""
The listener for bytes: upload sessions, downloads and copy monitors, on a port of its own.

One thread a connection and one fixed buffer; what arrives goes straight to disk, and what is
sent goes from there by the kernel.
"""

import os
import socket
import ssl
import struct
import threading
import uuid
from collections.abc import Callable
from copy import deepcopy
from datetime import datetime
from email.utils import format_datetime
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, unquote

import msgspec

from service.sandbox.entra.identity import JSON_TYPE
from service.sandbox.entra.tokens import unauthenticated
from service.sandbox.gate import Gate
from service.sandbox.refusals import refusal
from service.sandbox.sharepoint import copies, uploads
from service.sandbox.sharepoint.blobs import QuickXor, quick_xor
from service.sandbox.sharepoint.ranges import byte_range, has_it, is_wanted
from service.sandbox.sharepoint.uploads import Range
from service.sandbox.trouble import words
from service.sandbox.trouble.faults import Cut, Fault, Listener, Occasion
from service.sandbox.wire import Answer, GraphError, unseal

_BUFFER = 4 * uploads.UNIT


class BytesServer(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, gate: Gate, port: int, tls: ssl.SSLContext | None) -> None:
        self.gate = gate
        self.tls = tls
        self.hashes: dict[str, QuickXor] = {}
        """Of half-filled sessions, so that nothing is read twice."""
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

    def do_POST(self) -> None:
        self._respond({"upload": self._close})

    def do_DELETE(self) -> None:
        self._respond({"upload": self._give_up})

    def _respond(self, handlers: dict[str, Callable[[str], Answer]]) -> None:
        gate = self.server.gate
        number = gate.journal.begin()
        self._app: str | None = None
        self._wrote = False
        self._unread = int(self.headers.get("Content-Length") or 0)
        self._file: tuple[Path, int, int] | None = None
        self._fault = fault = self._met(number)
        with gate.past.handling() as written:
            answer = self._outcome(handlers, fault)
            if self._wrote:
                written()
        status = 0 if fault and fault.silent and not fault.has_effect else answer.status
        with gate.tenant.store.transaction():
            gate.journal.record(
                number, self.command, self.path, status, self._app, write=self._wrote
            )
        if fault is not None:
            fault.strike()
            if fault.silent:
                self._break_off(fault)
                return
        self._drain()
        self._send(answer)

    def _met(self, number: int) -> Fault | None:
        gate = self.server.gate
        what = Occasion(
            number=number,
            listener=Listener.BYTES,
            method=self.command,
            path=unquote(self.path),
            headers={name.lower(): value for name, value in self.headers.items()},
            now=gate.tenant.clock.now,
        )
        return gate.faults.take(what, half_read=True) or gate.faults.take(what)

    def _break_off(self, fault: Fault) -> None:
        if fault.cut is Cut.REQUEST:
            rest = self._unread // 2
            while self._unread > rest:
                self.rfile.read(min(_BUFFER, self._unread - rest))
                self._unread -= min(_BUFFER, self._unread - rest)
        self.close_connection = True

    def _outcome(self, handlers: dict[str, Callable[[str], Answer]], fault: Fault | None) -> Answer:
        tenant = self.server.gate.tenant
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = Answer(status=404)
        if fault is None or fault.has_effect:
            try:
                answer = self._handled(handlers)
            except GraphError as error:
                answer = refusal(error, headers, tenant)
        if fault is None:
            return answer
        if fault.refuses or fault.body is not None:
            self._file = None
        return words.struck(fault, answer, self.server.base + self.path, headers, tenant)

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
        return Answer(body=uploads.status_body(self.server.gate.tenant, row))

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
        if not path.exists():
            raise GraphError(404, "itemNotFound", "The bytes of this file were not kept.")
        size, tag = path.stat().st_size, f'"{held["blob"]}"'
        headers = {"Content-Type": held["mime"], "Accept-Ranges": "bytes", "ETag": tag}
        headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(held['name'])}"
        if has_it(self.headers.get("If-None-Match"), tag):
            return Answer(status=304, headers=headers)
        asked = self.headers.get("Range")
        if asked is None or not is_wanted(self.headers.get("If-Range"), tag):
            self._file = (path, 0, size)
            return Answer(headers=headers)
        first, count = byte_range(asked, size)
        self._file = (path, first, count)
        headers["Content-Range"] = f"bytes {first}-{first + count - 1}/{size}"
        return Answer(status=206, headers=headers)

    def _fill(self, session: str) -> Answer:
        tenant = self.server.gate.tenant
        has_token = self.headers.get("Authorization") is not None
        if has_token and uploads.TOKENS_ON_RANGES.read(tenant) == "refused":
            raise unauthenticated("The upload link takes no Authorization header.")
        row = uploads.session_of(tenant, session)
        self._app = row["app"].partition(":")[2]
        piece = uploads.range_of(self.headers.get("Content-Range"), self._unread)
        uploads.check_range(row, piece)
        lock = self.server.busy.setdefault(session, threading.Lock())
        if not lock.acquire(blocking=False):
            raise GraphError(409, "conflict", "Another fragment of the session is on its way.")
        try:
            xor = self._receive(session, piece)
            answer = self._counted(session, piece, xor)
        finally:
            lock.release()
        self._wrote = True
        return answer

    def _counted(self, session: str, piece: Range, xor: QuickXor) -> Answer:
        """The bytes stay counted even where the file then cannot be put in its place."""
        tenant = self.server.gate.tenant
        with tenant.store.transaction():
            row = uploads.session_of(tenant, session)
            uploads.check_range(row, piece)
            body = uploads.received(tenant, row, piece, xor)
        if piece.end == piece.total and not row["defer"]:
            return self._finish(session)
        self.server.hashes[session] = xor
        return Answer(status=202, body=body)

    def _finish(self, session: str) -> Answer:
        tenant = self.server.gate.tenant
        with tenant.store.transaction():
            row = uploads.session_of(tenant, session)
            answer = uploads.finished(tenant, row, self.server.base)
        self.server.busy.pop(session, None)
        self.server.hashes.pop(session, None)
        return answer

    def _close(self, session: str) -> Answer:
        """The closing POST of a session with `deferCommit`."""
        if self._unread:
            raise GraphError(400, "invalidRequest", "The closing request has no content.")
        row = uploads.session_of(self.server.gate.tenant, session)
        self._app = row["app"].partition(":")[2]
        answer = self._finish(session)
        self._wrote = True
        return answer

    def _receive(self, session: str, piece: Range) -> QuickXor:
        """Writes the fragment at its place and returns the hash of all that has come."""
        blobs = self.server.gate.tenant.blobs
        if blobs.discard:
            # A copy: of a range that breaks off nothing counts, and nothing can be read again.
            held = self.server.hashes.get(session)
            xor = deepcopy(held) if held is not None and held.size == piece.start else QuickXor()
            while self._unread:
                xor.update(self._read_into(self._view))
            return xor
        held = self.server.hashes.pop(session, None)
        part = blobs.part(session)
        part.touch()
        with part.open("r+b", buffering=0) as file:
            if file.seek(0, os.SEEK_END) != piece.start:
                file.truncate(piece.start)
            xor = held if held is not None and held.size == piece.start else quick_xor(part)
            file.seek(piece.start)
            while self._unread:
                data = self._read_into(self._view)
                xor.update(data)
                file.write(data)
        return xor

    @cached_property
    def _view(self) -> memoryview:
        return memoryview(bytearray(_BUFFER))

    def _read_into(self, view: memoryview) -> memoryview:
        """The next bytes of the body: a whole buffer of them, or what is left."""
        view = view[: min(len(view), self._unread)]
        length = self.rfile.readinto(view)
        if not length:
            raise ConnectionError("the client went away")
        self._unread -= length
        return view[:length]

    def _drain(self) -> None:
        """What was refused is read all the same, so that the answer is heard."""
        while self._unread:
            self._read_into(self._view)

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
        if answer.status not in (204, 304):
            self.send_header("Content-Length", str(length))
        if "request-id" not in headers:
            self.send_header("request-id", str(uuid.uuid4()))
        self.end_headers()
        if self.command == "HEAD":
            return
        if self._fault is not None:
            self._send_spoiled(self._fault, data, length)
        else:
            self._send_part(data, 0, length)

    def _send_part(self, data: bytes, start: int, count: int) -> None:
        if self._file is None:
            self.wfile.write(data[start : start + count])
        elif count:
            path, first, _ = self._file
            with path.open("rb") as file:
                self.connection.sendfile(file, first + start, count)

    def _send_spoiled(self, fault: Fault, data: bytes, length: int) -> None:
        """In pieces, or only the first half of what was announced."""
        broken = fault.truncate or fault.cut is Cut.ANSWER
        end = length // 2 if broken else length
        step = max(1, -(-end // fault.pieces))
        for start in range(0, end, step):
            self._send_part(data, start, min(step, end - start))
        self.close_connection = self.close_connection or broken
        if fault.cut is Cut.ANSWER:
            # Closing resets the connection instead of ending it (socket(7), SO_LINGER).
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The Date header goes by the sandbox's clock, as everything does."""
        if timestamp is not None:
            return super().date_time_string(timestamp)
        return format_datetime(self.server.gate.tenant.clock.now, usegmt=True)
