"""
The one way in: clock, sign-in, authorisation, limits, faults, transaction and log.

An ASGI application; handlers run to their end inside one transaction, so a request either
happened or did not.
"""

import sys
import traceback
from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus

from service.sandbox import asgi, asking
from service.sandbox.asgi import Receive, Request, Scope, Send
from service.sandbox.control import Control
from service.sandbox.doors import through_doors
from service.sandbox.entra.identity import Caller, Identity
from service.sandbox.entra.users import through_person
from service.sandbox.journal import Journal, anonymous
from service.sandbox.knock import Knock
from service.sandbox.look import Look
from service.sandbox.refusals import NotBuiltError, refusal
from service.sandbox.routes import Found, Routes, Row
from service.sandbox.shape import narrowed
from service.sandbox.sharepoint.whereabouts import through_site
from service.sandbox.story import Story
from service.sandbox.teams.calls import IN_BETA
from service.sandbox.tenant import Tenant
from service.sandbox.trouble import batch, words
from service.sandbox.trouble.faults import Fault, Faults, Listener, Occasion
from service.sandbox.trouble.limits import Limits
from service.sandbox.trouble.rates import is_outlook
from service.sandbox.trouble.stale import Past
from service.sandbox.wire import Answer, Call, GraphError, Json


class _Trail:
    """What the log shall say of a request, gathered on the way in."""

    def __init__(self) -> None:
        self.app: str | None = None
        self.wrote = False
        self.units = 0
        self.unbuilt: tuple[str, str] | None = None
        """Template and why, where something was asked for that is not built."""


class _Dropped(Exception):
    """The connection is to be dropped without a word."""


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
        self.past = Past(tenant, self.faults)
        self.limits = Limits(tenant)
        self.control = Control(tenant, story, self.journal, self.faults, self.limits, self.past)
        self.look = Look(tenant, story, self._scripted, self.past.handling)
        self.bytes_bases: dict[str, str] = {}
        """Scheme of the asking listener to the base of the listener for bytes."""

    def _scripted(self) -> Json:
        return self.control.answer("GET", "/_sandbox/faults", {}, b"").body or {}

    def arm(self, *faults: Fault) -> None:
        self.faults.add(*faults)
        self.past.arm()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        head = asgi.head(scope)
        try:
            if is_outlook(head.path):
                with self.limits.present(head.path, asgi.claimed_app(head)):
                    await self._answered(head, scope, receive, send)
            else:
                await self._answered(head, scope, receive, send)
        except (_Dropped, asgi.GoneError):
            await asgi.drop(scope)

    async def _answered(self, head: Request, scope: Scope, receive: Receive, send: Send) -> None:
        if self._is_cut(head):
            await asgi.read_half(head, receive)
            raise _Dropped
        request = await asgi.whole(head, receive)
        if request is None:
            error = GraphError(413, "requestEntityTooLarge", "The content is too large.")
            answer = refusal(error, {}, self.tenant)
            await asgi.send(scope, send, answer, now=self.tenant.clock.now)
            return
        try:
            answer, fault = self.answer(request)
        except _Dropped:
            raise
        except Exception as error:  # noqa: BLE001 - as in `_handled`, for what has no transaction
            answer, fault = self._broken(request, error), None
        await asgi.send(scope, send, answer, now=self.tenant.clock.now, fault=fault)

    def _is_cut(self, head: Request) -> bool:
        """Whether a fault cuts the connection while the request's body is being read."""
        if not self.faults.cuts_requests() or head.path.startswith("/_sandbox"):
            return False
        if asking.is_sign_in(head.path):
            return self.faults.take(self._occasion(head, None), half_read=True) is not None
        number = self.journal.begin()
        if self.faults.take(self._occasion(head, number), half_read=True) is None:
            self.journal.withdraw(number)
            return False
        with self.tenant.store.transaction():
            app = asgi.claimed_app(head)
            self.journal.record(number, head.method, head.full_path, 0, app, write=False)
        return True

    def answer(self, request: Request) -> tuple[Answer, Fault | None]:
        """The answer, and a fault that spoils it on its way. Raises _Dropped."""
        page = self.look.answer(request.method, request.full_path, request.headers, request.body)
        if page is not None:
            return page, None
        if request.path.startswith("/_sandbox/"):
            asked = (request.method, request.path, request.query, request.body)
            return self.control.answer(*asked), None
        return self._signed_in(request) or self._tenant_request(request)

    def _signed_in(self, request: Request) -> tuple[Answer, Fault | None] | None:
        if not asking.is_sign_in(request.path):
            answer = self._identified(request)
            return None if answer is None else (answer, None)
        fault = self._met(request, None)
        answer = self._identified(request) if fault is None or fault.has_effect else Answer()
        if answer is None:
            return None
        if fault is None:
            return answer, None
        fault.strike()
        if fault.silent:
            raise _Dropped
        if fault.refuses:
            return words.refused_sign_in(fault, self.tenant), fault
        return words.struck(fault, answer, "", request.headers, self.tenant), fault

    def _identified(self, request: Request) -> Answer | None:
        return self.identity.answer(
            request.method,
            request.path,
            {**request.headers, "base": request.base},
            dict(request.query),
            request.body,
        )

    def _met(self, request: Request, number: int | None) -> Fault | None:
        return self.faults.take(self._occasion(request, number)) if self.faults.armed else None

    def _occasion(self, request: Request, number: int | None) -> Occasion:
        return Occasion(
            number=number,
            listener=Listener.SIGN_IN if asking.is_sign_in(request.path) else Listener.GRAPH,
            method=request.method,
            path=request.full_path,
            headers=request.headers,
            now=self.tenant.clock.now,
            body=request.body,
            app=asgi.claimed_app(request),
        )

    def _tenant_request(self, request: Request) -> tuple[Answer, Fault | None]:
        number = self.journal.begin()
        fault = self._met(request, number)
        trail = _Trail()
        if asking.is_batch(request) and (fault is None or fault.has_effect):
            # Each of its requests has a transaction of its own: a batch is no unit.
            answer = self._batched(request, trail)
            with self.tenant.store.transaction():
                answer = self._recorded(number, request, trail, answer, fault)
        else:
            answer = self._in_transaction(number, request, trail, fault)
        if fault is not None:
            fault.strike()
            if fault.silent:
                raise _Dropped
        return answer, fault

    def _in_transaction(
        self, number: int, request: Request, trail: _Trail, fault: Fault | None
    ) -> Answer:
        with self.past.handling() as written, self.tenant.store.transaction():
            answer = Answer()
            if fault is None or fault.has_effect:
                stale = fault is not None and fault.stale
                answer = self._handled(request, trail, self.past.tenant if stale else self.tenant)
            if trail.wrote:
                written()
            return self._recorded(number, request, trail, answer, fault)

    def _recorded(
        self, number: int, request: Request, trail: _Trail, answer: Answer, fault: Fault | None
    ) -> Answer:
        """What will be said of it, by the fault too; written into the log."""
        if fault is not None:
            url = request.base + request.path
            answer = words.struck(fault, answer, url, request.headers, self.tenant)
        lost = fault is not None and fault.silent and not fault.has_effect
        status = 0 if lost else answer.status
        self.journal.record(
            number,
            request.method,
            request.full_path,
            status,
            trail.app,
            write=trail.wrote,
            units=trail.units,
        )
        if trail.unbuilt is not None:
            self.journal.unbuilt(number, *trail.unbuilt)
        return answer

    def _handled(self, request: Request, trail: _Trail, tenant: Tenant) -> Answer:
        try:
            with self.tenant.store.transaction():
                return self._inside(request, trail, tenant)
        except NotBuiltError as error:
            trail.unbuilt = (error.template, error.why)
            return refusal(error, request.headers, self.tenant)
        except GraphError as error:
            if error.status == HTTPStatus.NOT_IMPLEMENTED:
                trail.unbuilt = (anonymous(request.path), error.code)
            return refusal(error, request.headers, self.tenant)
        except Exception as error:  # noqa: BLE001 - a fault of ours must be seen, and end nothing
            trail.unbuilt = (anonymous(request.path), f"error: {type(error).__name__}")
            return self._broken(request, error)

    def _broken(self, request: Request, error: Exception) -> Answer:
        sys.stderr.write(f"{request.method} {request.path} failed in the sandbox itself:\n")
        traceback.print_exception(error, file=sys.stderr)
        own = GraphError(500, "generalException", "General exception while processing")
        return refusal(own, request.headers, self.tenant)

    def _batched(self, request: Request, trail: _Trail) -> Answer:
        def one(inner: Request) -> Answer:
            try:
                batch.check_inner(inner)
            except GraphError as error:
                return refusal(error, request.headers, self.tenant)
            # What spoils the sending has nothing to spoil inside a batch's own answer.
            return self._tenant_request(inner)[0]

        try:
            caller = self.identity.caller(request.headers.get("authorization"))
            trail.app = caller.app.client_id
            answer = batch.answer(request, one)
        except GraphError as error:
            return refusal(error, request.headers, self.tenant)
        return replace(answer, headers=asking.ids(request))

    def _inside(self, request: Request, trail: _Trail, tenant: Tenant) -> Answer:
        if request.method == "OPTIONS":
            return asking.preflight(request)
        entry = through_doors(tenant, self.identity.signer, _knock(request))
        if entry is not None:
            trail.app, trail.wrote = entry.app, entry.wrote
            return entry.answer
        call, row = self._call(request, trail)
        asked = asking.asked(call, row)
        trail.units = asked.units
        rates = self.limits.spend(asked)
        row.rule(call)
        _check_options(call, row)
        answer = row.handler(call if tenant is self.tenant else replace(call, tenant=tenant))
        trail.wrote = row.write
        body = answer.body
        if body is not None:
            body = {"@odata.context": context(call, row), **narrowed(body, call)}
        headers = {**asking.ids(request), **rates, **answer.headers}
        return replace(answer, body=body, headers=headers)

    def _call(self, request: Request, trail: _Trail) -> tuple[Call, Row]:
        caller = self.identity.caller(request.headers.get("authorization"))
        trail.app = caller.app.client_id
        found = self._found(request, caller)
        row = found.rows.get(request.method)
        if row is None:
            raise NotBuiltError(
                405,
                "UnknownError",
                "Method not allowed on this resource.",
                template=asking.template(request, found),
                why="method",
            )
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
        if version == "beta" and not IN_BETA.match(rest):
            # The real one would answer. This one says what it is rather than that it is empty.
            raise NotBuiltError(
                501,
                "notSupported",
                "The beta endpoint is not part of this tenant: only v1.0 is.",
                template=anonymous(request.path),
                why="beta",
            )
        if version not in ("v1.0", "beta") and not _is_sharepoint(version, rest):
            raise NotBuiltError(
                400,
                "BadRequest",
                f"Invalid version: {version}",
                template=anonymous(request.path),
                why="version",
            )
        rest = through_person(rest, caller.person)
        place = through_site(self.tenant, rest)
        found = self.routes.find(place)
        if found is None:
            raise NotBuiltError(
                400,
                "BadRequest",
                f"Resource not found for the segment '{self.routes.stranger(place)}'.",
                template=anonymous(request.path),
                why="path",
            )
        return found


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
            raise NotBuiltError(
                400,
                "invalidRequest",
                f"The query option '{name}' is not supported here.",
                template=f"/v1.0{row.template}",
                why=f"option {name}",
            )
