"""How requests come in over ASGI and how answers go out: whole, in pieces or broken off."""

import asyncio
import base64
import binascii
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qsl, unquote

import msgspec

from service.sandbox.refusals import JSON_TYPE
from service.sandbox.trouble.faults import Cut, Fault
from service.sandbox.wire import Answer

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

MOST_BODY = 250 * 1024 * 1024
"""Bytes of a simple upload (graph-facts 5.1)."""
_PIECE = 2**20
_PAUSE = 0.001
"""Seconds between the pieces of a slow answer: enough to be sent one by one."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """What came in, before anything is believed of it."""

    method: str
    path: str
    query: Mapping[str, str]
    full_path: str
    headers: Mapping[str, str]
    body: bytes
    base: str


class GoneError(Exception):
    """Whoever asked has closed the connection before the request was whole."""


def head(scope: Scope) -> Request:
    """The request without its body, which has not been read."""
    headers = {name.decode(): value.decode("latin-1") for name, value in scope["headers"]}
    query_string = scope["query_string"].decode("latin-1")
    host = headers.get("host", "localhost")
    return Request(
        method=scope["method"],
        path=scope["path"],
        query=options(query_string),
        full_path=scope["path"] + (f"?{query_string}" if query_string else ""),
        headers=headers,
        body=b"",
        base=f"{scope['scheme']}://{host}",
    )


def options(query_string: str) -> dict[str, str]:
    """Decoded; names of OData options in lower case."""
    pairs = parse_qsl(query_string, keep_blank_values=True)
    return {k.lower() if k.startswith("$") else k: v for k, v in pairs}


def claimed_app(request: Request) -> str | None:
    """The app that a request says it is, believed or not: by its token, else as it signs in."""
    scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
    if scheme.casefold() == "bearer" and credentials.count(".") == 2:
        return _claim(credentials.split(".")[1])
    if scheme.casefold() == "basic":
        return unquote(_unsealed(credentials).decode("utf-8", "replace").partition(":")[0]) or None
    if "form" in request.headers.get("content-type", ""):
        return options(request.body.decode("latin-1")).get("client_id")
    return None


def _claim(payload: str) -> str | None:
    try:
        claims = msgspec.json.decode(_unsealed(payload))
    except msgspec.DecodeError:
        return None
    return str(claims.get("appid") or claims.get("azp")) if isinstance(claims, dict) else None


def _unsealed(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error:
        return b""


async def whole(request: Request, receive: Receive, *, most: int = MOST_BODY) -> Request | None:
    """With its body; None if that is larger than any call takes. Raises GoneError."""
    pieces: list[bytes] = []
    size = 0
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > most:
        return None
    async for piece in _body(receive):
        size += len(piece)
        if size > most:
            return None
        pieces.append(piece)
    body = b"".join(pieces)
    return replace(request, body=body) if body else request


async def read_half(request: Request, receive: Receive) -> None:
    """Half of the body that was announced, and no more."""
    size, wanted = 0, int(request.headers.get("content-length") or 0) // 2
    async for piece in _body(receive):
        size += len(piece)
        if size >= wanted:
            return


async def _body(receive: Receive) -> Any:
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise GoneError
        yield message.get("body", b"")
        if not message.get("more_body"):
            return


async def send(
    scope: Scope, out: Send, answer: Answer, *, now: datetime, fault: Fault | None = None
) -> None:
    """Sends the answer with its length and the sandbox's date, or the part that a fault lets by."""
    headers = {name.lower(): value for name, value in answer.headers.items()}
    data = answer.raw or b""
    if answer.body is not None:
        data = msgspec.json.encode(answer.body)
        headers.update({name.lower(): value for name, value in JSON_TYPE.items()})
    length = len(data) if answer.file is None else answer.file.stat().st_size
    if answer.status not in (204, 304):
        headers["content-length"] = str(length)
    # A fault may have another: of a clock that is off.
    headers.setdefault("date", format_datetime(now, usegmt=True))
    await out(
        {
            "type": "http.response.start",
            "status": answer.status,
            "headers": [(k.encode(), v.encode("latin-1")) for k, v in headers.items()],
        }
    )
    if fault is not None and (fault.truncate or fault.cut is Cut.ANSWER or fault.pieces > 1):
        await _spoiled(scope, out, answer.file.read_bytes() if answer.file else data, fault)
        return
    if answer.file is not None:
        with answer.file.open("rb") as file:
            while piece := file.read(_PIECE):
                await out({"type": "http.response.body", "body": piece, "more_body": True})
    await out({"type": "http.response.body", "body": data})


async def _spoiled(scope: Scope, out: Send, data: bytes, fault: Fault) -> None:
    broken = fault.truncate or fault.cut is Cut.ANSWER
    if broken:
        data = data[: len(data) // 2]
    step = max(1, -(-len(data) // fault.pieces))
    for start in range(0, len(data), step):
        piece = data[start : start + step]
        await out({"type": "http.response.body", "body": piece, "more_body": True})
        await asyncio.sleep(_PAUSE)
    if fault.cut is Cut.ANSWER:
        await drop(scope)
    elif broken:
        scope["sandbox.transport"].close()
        await asyncio.sleep(_PAUSE)
    else:
        await out({"type": "http.response.body", "body": b""})


async def drop(scope: Scope) -> None:
    """Ends the connection at once; see `serve` for the transport."""
    scope["sandbox.transport"].abort()
    await asyncio.sleep(_PAUSE)
