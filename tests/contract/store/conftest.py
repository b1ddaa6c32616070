"""A state of each kind: SQLite in a folder, PostgreSQL in a throwaway cluster."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from service.store import Store, open_store
from tests.contract.store.cluster import Cluster, laid_out

NUMBERS = count(1)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """Start a cluster; stop and remove it after."""
    with laid_out() as made, made.running():
        yield made


@pytest.fixture
def postgresql_url(cluster: Cluster) -> str:
    """An empty PostgreSQL database."""
    return cluster.make_database(f"state{next(NUMBERS)}")


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """An SQLite file that is not there yet."""
    return f"sqlite:///{tmp_path / 'natverket.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """Where a state can be kept, one of each kind."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """An open, empty state."""
    opened = open_store(url)
    yield opened
    opened.close()
