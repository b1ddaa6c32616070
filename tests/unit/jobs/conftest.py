"""One state in memory a worker, for what is not pure: observing, and the engine."""

from collections.abc import Iterator

import pytest

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
