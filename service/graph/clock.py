"""The machine's clock, and the sandbox's."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import msgspec

from service.errors import SettingsError, TenantFailed, Unreachable
from service.graph.transport import is_loopback, trust


class SystemClock:
    """Implements `Clock` by the machine's."""

    def now(self) -> datetime:
        return datetime.fromtimestamp(time.time(), tz=UTC)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class _Time(msgspec.Struct):
    now: datetime


_time = msgspec.json.Decoder(_Time)


class SandboxClock:
    """
    Implements `Clock` by a sandbox's, which stands still until somebody moves it.

    Sleeping moves it. `now` is what it said last: whoever else moves it calls `refresh`.
    """

    def __init__(self, url: str, *, ca_file: Path | None = None) -> None:
        host = urlsplit(url).hostname or ""
        if not is_loopback(host):
            raise SettingsError((f"NATVERKET_CLOCK_URL: {host or url} is not this machine",))
        self._url = url
        self._ca_file = ca_file
        self._now: datetime | None = None
        self._client: httpx.AsyncClient | None = None
        self._lock = asyncio.Lock()

    def now(self) -> datetime:
        if self._now is None:
            raise RuntimeError("call refresh() before the first now()")
        return self._now

    async def sleep(self, seconds: float) -> None:
        if seconds > 0:
            await self.move_to(self.now() + timedelta(seconds=seconds))

    async def refresh(self) -> datetime:
        return await self._ask("GET")

    async def move_to(self, moment: datetime) -> None:
        """Move it on; a moment that has passed moves nothing."""
        async with self._lock:
            # Those who sleep at the same time wake at the same time.
            if moment <= self.now():
                return
            await self._ask("POST", {"now": moment.astimezone(UTC).isoformat()})

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def _ask(self, method: str, body: dict[str, str] | None = None) -> datetime:
        if self._client is None:
            # Moving it may perform a year's acts.
            self._client = httpx.AsyncClient(
                verify=trust(self._ca_file), timeout=600.0, trust_env=False
            )
        try:
            response = await self._client.request(method, self._url, json=body)
        except httpx.TransportError as error:
            raise Unreachable("sandbox clock", str(error) or type(error).__name__) from error
        if response.status_code == 409:
            # It is later there already.
            return await self._ask("GET")
        if response.status_code >= 400:
            raise TenantFailed("sandbox clock", f"{response.status_code} {response.text[:200]}")
        self._now = _time.decode(response.content).now.astimezone(UTC)
        return self._now
