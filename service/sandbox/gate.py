"""
The one way in: clock, sign-in, authorisation, limits, faults, transaction and log.

An ASGI application; handlers run to their end inside one transaction, so a request either
happened or did not.
"""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from service.sandbox.control import Control
from service.sandbox.doors import through_doors
from service.sandbox.entra.identity import JSON_TYPE, Caller, Identity
from service.sandbox.entra.users import through_person
from service.sandbox.journal import Journal
from service.sandbox.knock import Knock
from service.sandbox.look import Look
from service.sandbox.routes import Found, Routes, Row
from service.sandbox.shape import narrowed
from service.sandbox.sharepoint.whereabouts import through_site
from service.sandbox.story import Story
from service.sandbox.tenant import Tenant
from service.sandbox.trouble.faults import Fault, Faults
from service.sandbox.trouble.limits import Limits
from service.sandbox.wire import Answer, Call, GraphError, Json

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

MOST_BODY = 250 * 1024 * 1024
"""Bytes of a simple upload (graph-facts 5.1)."""
_PIECE = 2**20


@dataclass(frozen=True, kw_only=True)
class Request:
    """What came in, before anything is believed of it."""

    method: str
    path: str
    query: Mapping[str, str]
    full_path: str
    headers: dict[str, str]
    body: bytes
    base: str


class Gate:
    def __init__(
        self,
        tenant: Tenant,
        routes: Routes,
        identity: Identity,
        story: Story,
    ) -> None:
        self.tenant = tenant
        self.routes = routes
        self.identity = identity
        self.journal = Journal(tenant.store, tenant.clock)
        self.faults = Faults()
        self.limits = Limits()
        self.control = Control(tenant, story, self.journal, self.faults, self.limits)
        self.look = Look(tenant, story, self._faults)
        self.bytes_bases: dict[str, str] = {}
        """Scheme of the asking listener to the base of the listener for bytes."""

    def _faults(self) -> Json:
        return self.control.answer("GET", "/_sandbox/faults", {}, b"").body or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = await _read(scope, receive)
        if request is None:
            error = GraphError(413, "requestEntityTooLarge", "The content is too large.")
            await _send(send, refusal(error, {}, self.tenant))
            return
        answer = self.answer(request)
        if answer is None:
            await _drop(scope)
            return
        await _send(send, answer)

    def answer(self, request: Request) -> Answer | None:
        """None: the connection is to be dropped without a word."""
        page = self.look.answer(request.method, request.full_path, request.headers, request.body)
        if page is not None:
            return page
        if request.path.startswith("/_sandbox/"):
            return self.control.answer(request.method, request.path, request.query, request.body)
        signed_in = self.identity.answer(
            request.method,
            request.path,
            {**request.headers, "base": request.base},
            dict(request.query),
            request.body,
        )
        return signed_in or self._tenant_request(request)

    def _tenant_request(self, request: Request) -> Answer | None:
        number = self.journal.begin()
        fault = self.faults.take(number, request.method, request.full_path)
        trail = _Trail()
        with self.tenant.store.transaction():
            if fault and not fault.after:
                answer = self._faulty(fault, request)
            else:
                answer = self._handled(request, trail)
            if fault and fault.after:
                answer = self._faulty(fault, request)
            self.journal.record(
                number,
                request.method,
                request.full_path,
                0 if fault and fault.silent and not fault.after else answer.status,
                trail.app,
                write=trail.wrote,
            )
        if fault and fault.silent:
            fault.strike()
            return None
        return answer

    def _handled(self, request: Request, trail: "_Trail") -> Answer:
        try:
            with self.tenant.store.transaction():
                return self._inside(request, trail)
        except GraphError as error:
            return refusal(error, request.headers, self.tenant)

    def _inside(self, request: Request, trail: "_Trail") -> Answer:
        entry = through_doors(self.tenant, self.identity.signer, _knock(request))
        if entry is not None:
            trail.app, trail.wrote = entry.app, entry.wrote
            return entry.answer
        call, row = self._call(request, trail)
        rates = self.limits.spend(call.app.client_id, row.cost)
        row.rule(call)
        _check_options(call, row)
        answer = row.handler(call)
        trail.wrote = row.write
        body = answer.body
        if body is not None:
            body = {"@odata.context": context(call, row), **narrowed(body, call)}
        headers = {"request-id": str(uuid.uuid4()), **rates, **answer.headers}
        client = request.headers.get("client-request-id")
        if client:
            headers["client-request-id"] = client
        return replace(answer, body=body, headers=headers)

    def _call(self, request: Request, trail: "_Trail") -> tuple[Call, Row]:
        caller = self.identity.caller(request.headers.get("authorization"))
        trail.app = caller.app.client_id
        found = self._found(request, caller)
        row = found.rows.get(request.method)
        if row is None:
            raise GraphError(405, "UnknownError", "Method not allowed on this resource.")
        call = Call(
            tenant=self.tenant,
            method=request.method,
            path=request.path,
            names=_named(found.names, request.query),
            query=request.query,
            headers=request.headers,
            body=request.body,
            base=request.base,
            bytes_base=self.bytes_bases.get(request.base.partition(":")[0], ""),
            app=caller.app,
            roles=caller.roles,
            scopes=caller.scopes,
            person=caller.person,
        )
        return call, row

    def _found(self, request: Request, caller: Caller) -> Found:
        version, _, rest = request.path.lstrip("/").partition("/")
        if version != "v1.0" and not _is_sharepoint(version, rest):
            raise GraphError(400, "BadRequest", f"Invalid version: {version}")
        rest = through_person(rest, caller.person)
        found = self.routes.find(through_site(self.tenant, rest))
        if found is None:
            last = rest.rstrip("/").rpartition("/")[2]
            raise GraphError(400, "BadRequest", f"Resource not found for the segment '{last}'.")
        return found

    def _faulty(self, fault: Fault, request: Request) -> Answer:
        status, code, message = fault.words()
        headers = dict(fault.headers)
        if status == 410 and "Location" not in headers:
            headers["Location"] = request.base + request.path
        return refusal(GraphError(status, code, message, headers), request.headers, self.tenant)


def _knock(request: Request) -> Knock:
    return Knock(
        method=request.method,
        path=request.path,
        query=request.query,
        headers=request.headers,
        body=request.body,
    )


def _is_sharepoint(version: str, rest: str) -> bool:
    """
    SharePoint's own address of the same drives (`/_api/v2.0/drives`), which rclone takes for
    a tenant whose address is given.
    """
    return version == "v2.0" and rest.lstrip("/").lower().startswith("drives/")


class _Trail:
    """What the log shall say of a request, gathered on the way in."""

    app: str | None = None
    wrote = False


def refusal(error: GraphError, headers: Mapping[str, str], tenant: Tenant) -> Answer:
    """Graph's error body: code, message and where to look it up."""
    request_id = str(uuid.uuid4())
    client_id = headers.get("client-request-id", request_id)
    inner = {
        "date": tenant.clock.now.strftime("%Y-%m-%dT%H:%M:%S"),
        "request-id": request_id,
        "client-request-id": client_id,
    }
    body: Json = {"error": {"code": error.code, "message": error.message, "innerError": inner}}
    ids = {"request-id": request_id, "client-request-id": client_id}
    return Answer(status=error.status, body=body, headers={**ids, **error.headers})


def context(call: Call, row: Row) -> str:
    return f"{call.base}/v1.0/$metadata#{(row.type or '').removeprefix('Collection(').rstrip(')')}"


def _named(names: Mapping[str, str], query: Mapping[str, str]) -> Mapping[str, str]:
    """Arguments given as an alias, such as `startDateTime=@startDateTime`, are in the query."""
    if not any(value.startswith("@") for value in names.values()):
        return names
    return {
        name: query.get(value, query.get(value[1:], value)).strip("'")
        if value.startswith("@")
        else value
        for name, value in names.items()
    }


def _check_options(call: Call, row: Row) -> None:
    for name in call.query:
        if name.startswith("$") and name not in row.options:
            raise GraphError(
                400, "invalidRequest", f"The query option '{name}' is not supported here."
            )


async def _read(scope: Scope, receive: Receive) -> Request | None:
    """None if the body is larger than any call takes."""
    pieces: list[bytes] = []
    size = 0
    announced = dict(scope["headers"]).get(b"content-length", b"0")
    if announced.isdigit() and int(announced) > MOST_BODY:
        return None
    while True:
        message = await receive()
        piece = message.get("body", b"")
        size += len(piece)
        if size > MOST_BODY:
            return None
        pieces.append(piece)
        if not message.get("more_body"):
            break
    headers = {name.decode(): value.decode("latin-1") for name, value in scope["headers"]}
    query_string = scope["query_string"].decode()
    pairs = parse_qsl(query_string, keep_blank_values=True)
    host = headers.get("host", "localhost")
    return Request(
        method=scope["method"],
        path=scope["path"],
        query={k.lower() if k.startswith("$") else k: v for k, v in pairs},
        full_path=scope["path"] + (f"?{query_string}" if query_string else ""),
        headers=headers,
        body=b"".join(pieces),
        base=f"{scope['scheme']}://{host}",
    )


async def _send(send: Send, answer: Answer) -> None:
    headers = dict(answer.headers)
    data = answer.raw or b""
    if answer.body is not None:
        data = msgspec.json.encode(answer.body)
        headers.update(JSON_TYPE)
    length = len(data) if answer.file is None else answer.file.stat().st_size
    headers["Content-Length"] = str(length)
    await send(
        {
            "type": "http.response.start",
            "status": answer.status,
            "headers": [(k.lower().encode(), v.encode("latin-1")) for k, v in headers.items()],
        }
    )
    if answer.file is not None:
        with answer.file.open("rb") as file:
            while piece := file.read(_PIECE):
                await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": data})


async def _drop(scope: Scope) -> None:
    """Ends the connection without an answer; see `serve` for the transport."""
    scope["sandbox.transport"].abort()
    await asyncio.sleep(0.01)
