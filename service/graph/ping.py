"""
A dead-man's switch: somebody outside who raises the alarm when no call comes.

healthchecks.io and Uptime Kuma both take a GET (https://healthchecks.io/docs/http_api/;
Uptime Kuma's push monitors). The address is a secret: whoever has it can feign our health.
"""

from datetime import datetime, timedelta
from pathlib import Path

import httpx
import structlog

from service.graph.transport import Roads, trust
from service.ports import Clock

log = structlog.get_logger()

AT_MOST_EVERY = timedelta(minutes=1)
TIMEOUT = 10.0


class Ping:
    """Calls at most once a minute; that it fails is told once, until it works again."""

    def __init__(self, clock: Clock, inner: httpx.AsyncBaseTransport | None = None) -> None:
        self._clock = clock
        self._inner = inner
        self._last: datetime | None = None
        self._failed = False

    async def call(self, url: str, ca_file: Path | None = None) -> None:
        """Call, unless that was done a moment ago. Raises nothing that the network may do."""
        now = self._clock.now()
        if self._last is not None and timedelta() <= now - self._last < AT_MOST_EVERY:
            return
        self._last = now
        why = await self._ask(url, ca_file)
        if why and not self._failed:
            log.warning("ping_failed", why=why)
        elif self._failed and not why:
            log.info("ping_works_again")
        self._failed = bool(why)

    async def _ask(self, url: str, ca_file: Path | None) -> str:
        """Return why it failed, without the address; nothing where it did not."""
        # Opened for each call: one connection an hour is not worth being kept.
        roads = self._inner or Roads(trust(ca_file))
        try:
            async with httpx.AsyncClient(transport=roads, timeout=TIMEOUT) as client:
                answer = await client.get(url)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return type(error).__name__
        return "" if answer.is_success else f"answered {answer.status_code}"
