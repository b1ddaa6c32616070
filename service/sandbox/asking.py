"""What can be said of a request before anybody handles it."""

import re
import uuid

from service.sandbox.asgi import Request
from service.sandbox.routes import Found, Row
from service.sandbox.trouble.rates import Asked
from service.sandbox.wire import Answer, Call, GraphError

_SIGN_IN = re.compile(
    r"/(devicelogin|msi/|outside/)"
    r"|/(?!(v1\.0|v2\.0|beta|workflows)/).*/(oauth2|\.well-known|discovery)/",
    re.IGNORECASE,
)
_TOKENS = frozenset({"token", "$deltatoken", "$skiptoken"})


def is_sign_in(path: str) -> bool:
    return _SIGN_IN.match(path) is not None


def is_batch(request: Request) -> bool:
    return request.method == "POST" and request.path.rstrip("/").lower() == "/v1.0/$batch"


def ids(request: Request) -> dict[str, str]:
    """The request's ids, the client's own sent back where it gave one."""
    ids = {"request-id": str(uuid.uuid4())}
    client = request.headers.get("client-request-id")
    return {**ids, "client-request-id": client} if client else ids


def asked(call: Call, row: Row) -> Asked:
    return Asked(
        app=call.app.client_id,
        method=call.method,
        path=call.path,
        template=row.template,
        cost=_cost(call, row),
        user_agent=call.headers.get("user-agent", ""),
    )


def _cost(call: Call, row: Row) -> int:
    """A delta without token lists everything, and costs what a list costs (graph-facts 8.2)."""
    is_delta = row.template.endswith("/delta")
    begun = "token" in call.names or not _TOKENS.isdisjoint(call.query)
    return 2 if is_delta and not begun else row.cost


def template(request: Request, found: Found) -> str:
    """The template of any method that the path takes."""
    return "/v1.0" + next((row.template for row in found.rows.values()), request.path)


def preflight(request: Request) -> Answer:
    """What a browser asks before it asks: Graph lets pages of any origin call it."""
    if "access-control-request-method" not in request.headers:
        raise GraphError(405, "UnknownError", "Method not allowed on this resource.")
    allowed = request.headers.get("access-control-request-headers", "")
    return Answer(
        headers={
            **ids(request),
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Allow-Methods": "GET, POST, PATCH, PUT, DELETE",
            "Access-Control-Max-Age": "3600",
            **({"Access-Control-Allow-Headers": allowed} if allowed else {}),
        }
    )
