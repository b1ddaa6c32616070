"""A seed with a call whose handler has a fault, and one that says it is not built."""

from service.sandbox import serve
from service.sandbox.routes import row
from service.sandbox.timeline import Seed
from service.sandbox.wire import Answer, Call, GraphError
from tests.sandbox import worlds


def _divide(_: Call) -> Answer:
    return Answer(status=1 // 0)


def _decline(_: Call) -> Answer:
    raise GraphError(501, "notSupported", "The operation is not supported.")


def seed() -> Seed:
    serve.TABLE = (
        *serve.TABLE,
        *row("GET", "/broken", lambda _: None, None, 1, _divide),
        *row("GET", "/broken/{id}/declined", lambda _: None, None, 1, _decline),
    )
    return worlds.empty()
