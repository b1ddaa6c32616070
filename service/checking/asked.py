"""What a check may ask, and what checks have in common, asked once."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar, cast

from service.domain.network import Network
from service.graph.clock import SandboxClock
from service.graph.gateway import Gateway
from service.graph.probes import Probes
from service.graph.sites import Library, Site, SiteList
from service.graph.token import Claims
from service.settings import NetworkSettings, Settings, describe
from service.signing import gateway_of
from service.wiring import AnyClock, clock_of

T = TypeVar("T")


@dataclass(frozen=True)
class Once:
    """What was asked already, by name: the answer, or the error that it was."""

    _asked: dict[str, "asyncio.Future[Any]"] = field(default_factory=dict)

    async def ask(self, name: str, asking: Callable[[], Awaitable[T]]) -> T:
        if name not in self._asked:
            self._asked[name] = asyncio.ensure_future(asking())
        # One check's patience may end before another's.
        return cast(T, await asyncio.shield(self._asked[name]))

    async def close(self) -> None:
        for future in self._asked.values():
            future.cancel()
        await asyncio.gather(*self._asked.values(), return_exceptions=True)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What concerns the whole installation."""

    settings: Settings
    clock: AnyClock
    gateway: Gateway
    once: Once = field(default_factory=Once)

    @property
    def probes(self) -> Probes:
        return self.gateway.probes()

    @property
    def now(self) -> datetime:
        return self.clock.now()

    async def claims(self) -> Claims:
        """What the app's token says. Raises SignInRefused, Unreachable, TenantFailed."""
        return await self.once.ask("claims", self.probes.entrance.claims)

    async def roles(self) -> frozenset[str]:
        return frozenset((await self.claims()).roles)

    def of(self, chosen: NetworkSettings) -> "AskedOfNetwork":
        return AskedOfNetwork(
            settings=self.settings,
            clock=self.clock,
            gateway=self.gateway,
            once=self.once,
            chosen=chosen,
            network=describe(chosen),
        )


@dataclass(frozen=True, kw_only=True)
class AskedOfNetwork(Asked):
    """What concerns one network."""

    chosen: NetworkSettings
    network: Network

    async def site(self) -> Site:
        return await self._own("site", lambda: self.gateway.sites().site(self.chosen.site))

    async def libraries(self) -> tuple[Library, ...]:
        site = await self.site()
        return await self._own("libraries", lambda: self.gateway.sites().libraries(site.id))

    async def library(self, named: str) -> Library:
        """Raises NotFound with the names there are."""
        site = await self.site()
        ask = self.gateway.sites().library
        return await self._own(f"library {named}", lambda: ask(site.id, named))

    async def list(self, named: str) -> SiteList:
        site = await self.site()
        ask = self.gateway.sites().find_list
        return await self._own(f"list {named}", lambda: ask(site.id, named))

    async def _own(self, name: str, asking: Callable[[], Awaitable[T]]) -> T:
        return await self.once.ask(f"{self.network.id}/{name}", asking)


@asynccontextmanager
async def asking(settings: Settings) -> AsyncIterator[Asked]:
    """Open what a check asks; nothing is sent yet. Raises Unreachable for a sandbox's clock."""
    async with AsyncExitStack() as stack:
        clock = clock_of(settings)
        if isinstance(clock, SandboxClock):
            stack.push_async_callback(clock.close)
            await clock.refresh()
        gateway = await stack.enter_async_context(gateway_of(settings, clock))
        asked = Asked(settings=settings, clock=clock, gateway=gateway)
        stack.push_async_callback(asked.once.close)
        yield asked
