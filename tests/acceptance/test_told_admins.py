"""Administrators are told once of what was taken away, and once that it is back."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from service.cli.logs import log_to_stderr
from service.cli.run import News
from service.daemon import Daemon, Source
from service.graph.clock import SandboxClock
from service.house import House, open_house
from service.sandbox.process import Sandbox
from service.systemd import Systemd
from tests.acceptance import checked
from tests.acceptance.checked import BOX, DAEMON, Tenant, self_signed

pytestmark = pytest.mark.proof


@pytest.fixture(autouse=True)
def _quiet() -> None:
    log_to_stderr("error", "text")


APP = DAEMON.client_id
ENDS = (1, 1, 20, 11, 10, 13, 3, 2, 1)
"""Days between looks at what ends after 62: 61, 60, 40, 29, 19, 6, 3, 1 and 0 are left."""
RIGHTS = {
    "site": ("GrantSite", {"app": APP, "role": ""}, {"role": "write"}),
    "Exchange": (
        "GrantMailbox",
        {"app": APP, "mailbox": BOX.mail, "role": "Calendars.Read", "withdrawn": True},
        {"withdrawn": False},
    ),
}


@pytest.fixture(scope="module")
def tenant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tenant]:
    folder = tmp_path_factory.mktemp("told")
    with Sandbox(seed=checked.SEED, directory=folder / "tenant") as sandbox:
        tenant = Tenant(sandbox, folder)
        asyncio.run(checked.provisioned(tenant))
        yield tenant


@dataclass(frozen=True)
class Kept:
    """A daemon whose rounds a test makes, with the flow and the mailbox that tell."""

    tenant: Tenant
    house: House
    daemon: Daemon

    async def on(self, **span: float) -> None:
        """Let time pass, and make every round of it at its time."""
        clock = self.house.clock
        assert isinstance(clock, SandboxClock)
        until = clock.now() + timedelta(**span)
        while (following := self.house.next_wake()) <= until:
            await clock.move_to(following)
            await self.daemon.round()
        await clock.move_to(until)
        await self.daemon.round()

    async def after(self, **span: float) -> None:
        """Let time pass at once, and make the rounds of the two hours that follow."""
        clock = self.house.clock
        assert isinstance(clock, SandboxClock)
        await clock.move_to(clock.now() + timedelta(**span))
        await self.daemon.round()
        await self.on(hours=2)

    def told(self) -> tuple[int, int]:
        """How many cards and mails have been sent so far."""
        asked = self.tenant.since(0)
        good = [one["path"] for one in asked if one["method"] == "POST" and one["status"] < 300]
        cards = sum("triggers" in path for path in good)
        return cards, sum(path.endswith("/sendMail") for path in good)


@asynccontextmanager
async def kept(tenant: Tenant, folder: Path, **changes: str) -> AsyncIterator[Kept]:
    """Nothing is posted but what administrators are told."""
    own = {
        "NATVERKET_STATE_URL": f"sqlite:///{folder / 'state.db'}",
        "NATVERKET_ADMIN_URL": tenant.sandbox.env["NATVERKET_NETWORK_WORKFLOW_URL"],
        "NATVERKET_ADMIN_MAIL": "it@nat.example",
        "NATVERKET_NETWORK_POST_VIA": "dry",
        "NATVERKET_NETWORK_POST_KINDS": "",
        "NATVERKET_NETWORK_POSTS_FOLDER": str(folder / "posts"),
        "NATVERKET_NETWORK_MAIL_LISTS": "",
        "NATVERKET_NETWORK_WORKFLOW_URL": "",
        "NATVERKET_NETWORK_COORDINATOR_URL": "",
        "NATVERKET_NETWORK_COORDINATOR_CHANNEL": "",
        "NATVERKET_PING_URL": "",
        **changes,
    }
    read = partial(tenant.settings, **own)
    source = Source(read=read, files=lambda _: ())
    async with open_house(read()) as house:
        daemon = Daemon(house, source, systemd=Systemd({}), after=News(house).tell)
        yield Kept(tenant, house, daemon)


@pytest.mark.parametrize("right", RIGHTS)
async def test_a_right_that_is_withdrawn(tenant: Tenant, tmp_path: Path, right: str) -> None:
    """After its hour one card and one mail; after a restart none; given back, one of each again."""
    act, withdrawn, back = RIGHTS[right]
    async with kept(tenant, tmp_path) as one:
        await one.on(minutes=1)
        before = one.told()
        tenant.act(act, **withdrawn)
        await one.on(minutes=50)
        assert one.told() == before
        await one.on(hours=3)
        (need,) = await _needs(one)
        assert one.told() == _more(before)
    async with kept(tenant, tmp_path) as again:
        await again.on(hours=6)
        assert await _needs(again) == [need]
        assert again.told() == _more(before)
        tenant.act(act, **{**withdrawn, **back})
        await again.on(hours=7)
        assert await _needs(again) == []
        assert again.told() == _more(_more(before))
        await again.on(hours=12)
        assert again.told() == _more(_more(before))


def _more(told: tuple[int, int]) -> tuple[int, int]:
    return told[0] + 1, told[1] + 1


async def _needs(one: Kept) -> list[str]:
    return [need.id for need in (await one.house.standing()).needs if need.who == "admin"]


async def test_an_observing_daemon_tells_nobody(tenant: Tenant, tmp_path: Path) -> None:
    """What is needed stands in its log; nothing is sent."""
    act, withdrawn, back = RIGHTS["Exchange"]
    async with kept(tenant, tmp_path, NATVERKET_MODE="observe") as one:
        tenant.act(act, **withdrawn)
        try:
            before = one.told()
            await one.on(hours=8)
        finally:
            tenant.act(act, **{**withdrawn, **back})
        assert await _needs(one) != []
        assert one.told() == before


async def test_a_certificate_that_ends(tenant: Tenant, tmp_path: Path) -> None:
    """At 60, 30, 7 and 1 days and when it has ended: once each, and once that it is renewed."""
    file = tmp_path / "app.pem"
    now = await _next_night(tenant)
    file.write_bytes(self_signed(now, now + timedelta(days=62, hours=9)))
    tenant.let_in(file)
    by_it = {"NATVERKET_CLIENT_SECRET": "", "NATVERKET_CLIENT_CERTIFICATE_FILE": str(file)}
    async with kept(tenant, tmp_path, **by_it) as one:
        before, told = one.told(), []
        for days in ENDS:
            await one.after(days=days)
            cards, mails = one.told()
            assert cards - before[0] == mails - before[1]
            told.append(cards - before[0])
        assert told == [0, 1, 1, 2, 2, 3, 3, 4, 5]
        assert [need.split("@")[1] for need in await _needs(one)] == ["0"]

        file.write_bytes(self_signed(now, now + timedelta(days=700)))
        tenant.let_in(file)
        await one.after(hours=1)
        assert one.told()[0] - before[0] == 6
        assert await _needs(one) == []


async def _next_night(tenant: Tenant) -> datetime:
    """Move on to three in the morning, so that all looks of a day are on that day."""
    env = tenant.sandbox.env
    clock = SandboxClock(env["NATVERKET_CLOCK_URL"], ca_file=tenant.sandbox.ca_file)
    await clock.refresh()
    night = (clock.now() + timedelta(days=1)).replace(hour=3, minute=0)
    await clock.move_to(night)
    await clock.close()
    return night
