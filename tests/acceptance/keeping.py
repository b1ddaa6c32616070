"""A daemon in this process, whose rounds a test makes one by one and whose time it moves."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from service.cli.logs import log_to_stderr
from service.daemon import Daemon, Source
from service.demo.tenant import ask
from service.demo.year import prepare, tenant
from service.domain.standing import Standing
from service.graph.clock import SandboxClock
from service.house import House, open_house
from service.sandbox.process import Sandbox
from service.settings import files_of, read_settings
from service.systemd import Systemd


@dataclass(frozen=True)
class Ground:
    """A provisioned tenant, and the settings to reach it, as lines."""

    sandbox: Sandbox
    lines: tuple[str, ...]

    def settings(self, folder: Path, **others: str) -> Path:
        """Write settings of a state of its own; others are added or stand instead."""
        own = {"NATVERKET_STATE_URL": f"sqlite:///{folder / 'own.db'}", "NATVERKET_WEB_PORT": "0"}
        given = dict(line.split("=", 1) for line in self.lines) | own | others
        path = folder / "own.env"
        path.write_text("".join(f"{k}={v}\n" for k, v in given.items() if v), encoding="utf-8")
        return path


@contextmanager
def ground(folder: Path) -> Iterator[Ground]:
    with tenant(folder / "demo") as (sandbox, settings):
        log_to_stderr("error", "text")
        asyncio.run(prepare(settings))
        text = (folder / "demo" / "natverket.env").read_text(encoding="utf-8")
        lines = tuple(
            line
            for line in text.splitlines()
            if "=" in line and not line.startswith(("#", "NATVERKET_POLL_"))
        )
        yield Ground(sandbox, lines)


@dataclass(frozen=True)
class Kept:
    house: House
    daemon: Daemon
    sandbox: Sandbox
    after: list[Standing] = field(default_factory=list)
    """How it stood after each round in which something ran."""

    @property
    def clock(self) -> SandboxClock:
        assert isinstance(self.house.clock, SandboxClock)
        return self.house.clock

    async def on(self, **span: float) -> None:
        """Let so much time pass at once, and make the round that is due by then."""
        await self.clock.move_to(self.clock.now() + timedelta(**span))
        await self.daemon.round()

    async def until(self, moment: datetime) -> int:
        """Make every round at its time; return how many."""
        rounds = 0
        while (following := self.house.next_wake()) <= moment:
            await self.clock.move_to(following)
            await self.daemon.round()
            rounds += 1
        await self.clock.move_to(moment)
        return rounds

    async def kinds(self) -> set[str]:
        return {need.kind for need in (await self.house.standing()).needs}

    def asked(self) -> int:
        """How many requests the tenant has had."""
        return int(ask(self.sandbox, "requests?summary=1")["last"])


@asynccontextmanager
async def kept(
    there: Ground, env_file: Path, systemd: Systemd | None = None
) -> AsyncIterator[Kept]:
    """Open a house and its daemon; no round is made yet."""
    source = Source(
        read=partial(read_settings, env_file, {}), files=lambda s: files_of(s, env_file, {})
    )
    after: list[Standing] = []

    async def told(house: House) -> None:
        after.append(await house.standing())

    async with open_house(source.read()) as house:
        daemon = Daemon(house, source, systemd=systemd or Systemd({}), after=told)
        yield Kept(house, daemon, there.sandbox, after)
