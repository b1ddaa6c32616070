"""
What is served over the web, put together: so far the calendars to subscribe to.

Nothing is listed, and what there is not is refused without a word.
"""

from collections.abc import Mapping

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from service.errors import NatverketError
from service.web.calendars import Read, calendar_route

AGAIN_AFTER = "300"
"""Seconds."""


def application(calendars: Mapping[str, Read]) -> Starlette:
    """Serve the calendars, by their tokens; each is read anew for every request."""
    routes: list[Route] = [calendar_route(calendars)] if calendars else []
    return Starlette(
        routes=routes, exception_handlers={404: _nothing, 405: _nothing, NatverketError: _later}
    )


def _nothing(_: Request, error: Exception) -> Response:
    status = getattr(error, "status_code", 404)
    return PlainTextResponse("", status_code=status, headers=getattr(error, "headers", None))


def _later(_: Request, __: Exception) -> Response:
    """The state cannot be read now; why is told in the log of the jobs."""
    return PlainTextResponse("", status_code=503, headers={"Retry-After": AGAIN_AFTER})
