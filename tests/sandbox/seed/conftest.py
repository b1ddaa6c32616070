"""The seeds, loaded once."""

from datetime import date

import pytest

from service.sandbox.seed import load
from service.sandbox.timeline import Seed

TODAY = date(2026, 5, 19)


@pytest.fixture(scope="session")
def real() -> Seed:
    return load("2023", today=TODAY)


@pytest.fixture(scope="session")
def example() -> Seed:
    return load("example", today=TODAY)
