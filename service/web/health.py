"""
`/livez`, `/readyz` and `/metrics`, for whatever keeps the service running.

The first two are open to everybody, since probes cannot sign in, and tell a word; with
`?verbose` they tell which of their checks failed, and nothing of the networks. Names as in
https://kubernetes.io/docs/reference/using-api/health-checks/
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from service.errors import StateError
from service.web.metrics import CONTENT_TYPE

_UNKEPT = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
_NOT_NOW = 503


class Rounds(Protocol):
    """Whether the daemon's rounds go on: `service.schedule.Pulse`."""

    @property
    def began(self) -> bool: ...

    def overdue(self) -> float:
        """Return the seconds by which the next round is overdue; 0: it is not."""


@dataclass(frozen=True, kw_only=True)
class Health:
    """What is asked of the daemon."""

    rounds: Rounds
    is_stopping: Callable[[], bool]
    read_state: Callable[[], Awaitable[object]]
    """Reads something of the state. Raises StateError."""
    metrics: Callable[[], Awaitable[bytes]]
    may_read: Callable[[Request], bool]
    """The page's rule of access, which holds for the metrics, too."""


def health_routes(health: Health) -> list[Route]:
    """Make the routes; HEAD is answered like GET."""

    async def livez(request: Request) -> Response:
        # That this is answered at all tells that the event loop turns.
        return _answer(request, {"rounds": health.rounds.overdue() == 0})

    async def readyz(request: Request) -> Response:
        checks = {
            "state": await _is_readable(health),
            "timetable": health.rounds.began and health.rounds.overdue() == 0,
            "running": not health.is_stopping(),
        }
        return _answer(request, checks)

    async def metrics(request: Request) -> Response:
        if not health.may_read(request):
            raise HTTPException(404)
        content = await health.metrics()
        return Response(content, headers={**_UNKEPT, "Content-Type": CONTENT_TYPE})

    return [Route("/livez", livez), Route("/readyz", readyz), Route("/metrics", metrics)]


async def _is_readable(health: Health) -> bool:
    try:
        await health.read_state()
    except StateError:
        return False
    return True


def _answer(request: Request, checks: Mapping[str, bool]) -> Response:
    well = all(checks.values())
    body: dict[str, object] = {"status": "ok" if well else "failed"}
    if "verbose" in request.query_params:
        body["checks"] = {name: "ok" if passed else "failed" for name, passed in checks.items()}
    return JSONResponse(body, status_code=200 if well else _NOT_NOW, headers=_UNKEPT)
