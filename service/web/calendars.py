"""
Calendars to subscribe to: `/calendar/<token>.ics`.

Programs that subscribe cannot sign in: whoever has the address reads the plan, so that the
token is compared without telling by time how much of it was right, and is never logged.
Conditional requests as in RFC 9110, 13.
"""

import hashlib
import hmac
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

ENDING = ".ics"
_FRESH = "private, max-age=900, must-revalidate"
"""A quarter of an hour, as often as the calendar is read; no cache on the way keeps it."""


@dataclass(frozen=True, kw_only=True)
class Feed:
    content: bytes
    changed: datetime


Read = Callable[[], Awaitable[Feed | None]]
"""Reads a calendar; None: there is nothing published (yet)."""


def calendar_route(calendars: Mapping[str, Read]) -> Route:
    """Make the route; `calendars` go by their tokens."""

    async def answer(request: Request) -> Response:
        read = _chosen(request.path_params["name"], calendars)
        feed = await read() if read is not None else None
        if feed is None:
            raise HTTPException(404)
        return _answer(feed, request)

    return Route("/calendar/{name}", answer, methods=["GET"])


def _chosen(name: str, calendars: Mapping[str, Read]) -> Read | None:
    """Every token is compared, whichever is right."""
    asked, found = name.removesuffix(ENDING).encode(), None
    for token, read in calendars.items():
        if hmac.compare_digest(token.encode(), asked):
            found = read
    return found if name.endswith(ENDING) else None


def _answer(feed: Feed, request: Request) -> Response:
    changed = feed.changed.astimezone(UTC).replace(microsecond=0)
    tag = f'"{hashlib.sha256(feed.content).hexdigest()[:32]}"'
    headers = {
        "ETag": tag,
        "Last-Modified": format_datetime(changed, usegmt=True),
        "Cache-Control": _FRESH,
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex",
        "Referrer-Policy": "no-referrer",
    }
    if _has_it(request, tag, changed):
        return Response(status_code=304, headers=headers)
    headers["Content-Disposition"] = 'inline; filename="natverket.ics"'
    return Response(feed.content, headers=headers, media_type="text/calendar; charset=utf-8")


def _has_it(request: Request, tag: str, changed: datetime) -> bool:
    """A tag, where one is sent, is believed before a date."""
    told = request.headers.get("if-none-match")
    if told is not None:
        return any(one.strip().removeprefix("W/") in (tag, "*") for one in told.split(","))
    since = request.headers.get("if-modified-since")
    try:
        return since is not None and changed <= parsedate_to_datetime(since)
    except (ValueError, TypeError):
        return False
