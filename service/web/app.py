"""
What is served over the web, put together from the routes that there are.

What none of them has is refused without a word.
"""

from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute

from service.errors import NatverketError

AGAIN_AFTER = "300"
"""Seconds."""


def application(routes: Sequence[BaseRoute]) -> Starlette:
    """Serve the routes; the first that fits answers."""
    return Starlette(
        routes=list(routes),
        exception_handlers={404: _nothing, 405: _nothing, NatverketError: _later},
    )


def _nothing(_: Request, error: Exception) -> Response:
    status = getattr(error, "status_code", 404)
    return PlainTextResponse("", status_code=status, headers=getattr(error, "headers", None))


def _later(_: Request, __: Exception) -> Response:
    """The state cannot be read now; why is told in the log of the jobs."""
    return PlainTextResponse("", status_code=503, headers={"Retry-After": AGAIN_AFTER})
