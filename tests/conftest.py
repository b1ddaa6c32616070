"""What holds for every test."""

from collections.abc import Iterator

import pytest
import structlog


@pytest.fixture(scope="module", autouse=True)
def _logging_of_its_own() -> Iterator[None]:
    """How loud one file's tests are is no other file's matter."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)
