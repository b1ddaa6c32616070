"""One state in memory a worker, and settings that name no tenant there is."""

from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from service.settings import NetworkSettings, Settings
from service.store import Store, open_store
from tests.unit.effects.world import World


@pytest.fixture(scope="session")
def state() -> Iterator[Store]:
    store = open_store("sqlite:///:memory:")
    yield store
    store.close()


@pytest.fixture
def world(state: Store) -> World:
    return World(state)


@pytest.fixture
def settings() -> Settings:
    network = NetworkSettings(mailbox="natverk@exempel.se", site="s")
    return Settings(tenant_id="t", client_id="c", client_secret=SecretStr("x"), networks=(network,))
