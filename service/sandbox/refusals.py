"""Graph's error body: code, message and where to look it up."""

import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING

from service.sandbox.wire import Answer, GraphError, Json

if TYPE_CHECKING:
    from service.sandbox.tenant import Tenant

JSON_TYPE = {"Content-Type": "application/json; charset=utf-8"}


def refusal(error: GraphError, headers: Mapping[str, str], tenant: "Tenant") -> Answer:
    """The refusal as an answer; `headers` are the request's, for its own id."""
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


class NotBuiltError(GraphError):
    """Asked for, not built: the real service's refusal, and what the log shall say of it."""

    def __init__(self, status: int, code: str, message: str, *, template: str, why: str) -> None:
        super().__init__(status, code, message)
        self.template = template
        self.why = why
