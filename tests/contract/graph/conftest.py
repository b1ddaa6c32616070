"""One sandbox a worker, its year at rest after the meeting, and gateways to it."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from service.domain.credential import ClientSecret
from service.domain.provision import Column, ColumnType
from service.graph.clock import SandboxClock
from service.graph.gateway import Gateway, TenantSettings
from service.graph.login import LoginSettings, PersonSignIn
from service.graph.transport import trust
from service.sandbox.process import Sandbox
from service.sandbox.timeline import App
from tests.contract.graph import accounts, neighbours, post_office, worlds
from tests.contract.graph.places import Provisioned, library_of, list_of
from tests.sandbox.conftest import Client

SEED = f"{worlds.__file__}:tenant"
LIBRARY_COLUMNS = (
    Column(name="NvMeeting", display_name="Möte"),
    Column(
        name="NvGroups",
        display_name="Fokusgrupp",
        type=ColumnType.CHOICE,
        choices=("Miljö", "Natur"),
        allow_text=True,
    ),
    Column(name="NvMeetingDate", display_name="Mötesdatum", type=ColumnType.DATE),
    Column(name="NvSource", display_name="Källa", indexed=True, hidden=True),
)
REGISTER_COLUMNS = (
    Column(name="NvMeetingId", display_name="Mötes-id", unique=True),
    Column(name="NvStart", display_name="Datum", type=ColumnType.DATE, indexed=True),
    Column(name="NvCount", display_name="Antal", type=ColumnType.NUMBER),
    Column(name="NvNotes", display_name="Anteckningar", type=ColumnType.NOTE),
    Column(name="NvHold", display_name="Paus", type=ColumnType.BOOLEAN, default="0"),
)


def settings(
    sandbox: Sandbox, app: App, *, secret: str | None = None, **changes: str
) -> TenantSettings:
    parts: dict[str, Any] = {
        "tenant_id": sandbox.env["NATVERKET_TENANT_ID"],
        "client_id": app.client_id,
        "proof": ClientSecret(value=secret or app.secret),
        "graph_url": sandbox.env["NATVERKET_GRAPH_URL"],
        "authority_url": sandbox.env["NATVERKET_AUTHORITY_URL"],
        **changes,
    }
    return TenantSettings(ca_file=sandbox.ca_file, organisation="Kommunerna", version="1", **parts)


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with Sandbox(seed=SEED, directory=tmp_path_factory.mktemp("tenant")) as running:
        yield running


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Sandbox]:
    """A sandbox of one test's own, on its first day."""
    with Sandbox(seed=SEED, directory=tmp_path / "tenant") as running:
        yield running


@pytest.fixture
async def clock(sandbox: Sandbox) -> AsyncIterator[SandboxClock]:
    """After the meeting and all that came of it."""
    clock = SandboxClock(sandbox.env["NATVERKET_CLOCK_URL"], ca_file=sandbox.ca_file)
    await clock.refresh()
    await clock.move_to(worlds.day(10))
    yield clock
    await clock.close()


@pytest.fixture
async def tenant(sandbox: Sandbox, clock: SandboxClock) -> AsyncIterator[Gateway]:
    async with Gateway(settings(sandbox, worlds.DAEMON), clock) as gateway:
        yield gateway


@pytest.fixture
async def owner(sandbox: Sandbox, clock: SandboxClock) -> AsyncIterator[Gateway]:
    async with Gateway(settings(sandbox, worlds.PROVISIONER), clock) as gateway:
        yield gateway


@pytest.fixture
def site_id(sandbox: Sandbox) -> str:
    return sandbox.env["NATVERKET_NETWORK_SITE"]


@pytest.fixture
async def library(owner: Gateway, site_id: str) -> Provisioned:
    return await library_of(owner, site_id, "Dokumentation", LIBRARY_COLUMNS)


@pytest.fixture
async def register(owner: Gateway, site_id: str) -> Provisioned:
    return await list_of(owner, site_id, "Möten", REGISTER_COLUMNS)


# ---------------------------------------------------------------- a tenant with neighbours


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with Sandbox(seed=neighbours.SEED, directory=tmp_path_factory.mktemp("town")) as running:
        yield running


@pytest.fixture
def people(town: Sandbox) -> Iterator[neighbours.Control]:
    control = neighbours.Control(town)
    yield control
    control.close()


@pytest.fixture
async def town_clock(town: Sandbox) -> AsyncIterator[SandboxClock]:
    clock = SandboxClock(town.env["NATVERKET_CLOCK_URL"], ca_file=town.ca_file)
    await clock.refresh()
    yield clock
    await clock.close()


@pytest.fixture
async def way(town: Sandbox, town_clock: SandboxClock) -> AsyncIterator[Gateway]:
    """The daemon's way into the town; its own site has been met."""
    async with Gateway(settings(town, neighbours.DAEMON), town_clock) as gateway:
        await gateway.sites().site(town.env["NATVERKET_NETWORK_SITE"])
        yield gateway


@pytest.fixture
async def admin(town: Sandbox, town_clock: SandboxClock) -> AsyncIterator[Gateway]:
    """The way of somebody who sees every site."""
    async with Gateway(settings(town, neighbours.ADMIN), town_clock) as gateway:
        await gateway.sites().site(town.env["NATVERKET_NETWORK_SITE"])
        yield gateway


@pytest.fixture
async def shelf(town: Sandbox, town_clock: SandboxClock) -> Provisioned:
    """The members' library, where a column may become required."""
    columns = (*LIBRARY_COLUMNS, Column(name="NvForm", display_name="Form"))
    async with Gateway(settings(town, worlds.PROVISIONER), town_clock) as gateway:
        site = town.env["NATVERKET_NETWORK_SITE"]
        return await library_of(gateway, site, "Dokumentation", columns)


# ---------------------------------------------------------------- a tenant with a post office


@asynccontextmanager
async def entering(office: Sandbox, app: App) -> AsyncIterator[Gateway]:
    """An app's way in, by the office's own clock."""
    clock = SandboxClock(office.env["NATVERKET_CLOCK_URL"], ca_file=office.ca_file)
    await clock.refresh()
    async with Gateway(settings(office, app), clock) as way:
        yield way
    await clock.close()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with Sandbox(
        seed=post_office.SEED, directory=tmp_path_factory.mktemp("office"), http_port=0
    ) as running:
        yield running


@pytest.fixture
async def sender(office: Sandbox) -> AsyncIterator[Gateway]:
    """It may send, and nothing else."""
    async with entering(office, post_office.SENDER) as way:
        yield way


@pytest.fixture
async def witness(office: Sandbox) -> AsyncIterator[Gateway]:
    """It may send, and read what was sent."""
    async with entering(office, post_office.WITNESS) as way:
        yield way


@pytest.fixture
async def drafter(office: Sandbox) -> AsyncIterator[Gateway]:
    """It may read and write, and not send."""
    async with entering(office, post_office.DRAFTER) as way:
        yield way


@pytest.fixture
def weather(office: Sandbox) -> Iterator[neighbours.Control]:
    control = neighbours.Control(office)
    yield control
    control.close()


@pytest.fixture
def person(office: Sandbox) -> Iterator[Client]:
    """Somebody with the mailbox open in Outlook."""
    client = Client(office, post_office.PERSON)
    yield client
    client.close()


# ---------------------------------------------------------------- a tenant where others post


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with Sandbox(seed=accounts.SEED, directory=tmp_path_factory.mktemp("house")) as running:
        yield running


@pytest.fixture
def events(house: Sandbox) -> Iterator[accounts.Control]:
    control = accounts.Control(house)
    yield control
    control.close()


@pytest.fixture
async def house_clock(house: Sandbox) -> AsyncIterator[SandboxClock]:
    """A minute after the last test, so that no limit of it holds."""
    clock = SandboxClock(house.env["NATVERKET_CLOCK_URL"], ca_file=house.ca_file)
    await clock.refresh()
    await clock.sleep(60)
    yield clock
    await clock.close()


Open = Callable[[LoginSettings], PersonSignIn]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "login.bin"


@pytest.fixture
def opened(house: Sandbox, house_clock: SandboxClock) -> Iterator[Open]:
    """Makes sign-ins, each as a process of its own would have it."""
    made: list[PersonSignIn] = []

    def make(login: LoginSettings) -> PersonSignIn:
        made.append(PersonSignIn(login, house_clock, trust(house.ca_file)))
        return made[-1]

    yield make
    for one in made:
        one.close()
