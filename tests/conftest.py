"""What holds for every test."""

from collections.abc import Iterator

import pytest
import structlog
from hypothesis import settings

# How long an example takes is the machine's matter, not the claim's.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="module", autouse=True)
def _logging_of_its_own() -> Iterator[None]:
    """How loud one file's tests are is no other file's matter."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)
