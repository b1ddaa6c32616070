"""Turns switches of a running sandbox for a while."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.sandbox.conftest import Client


@contextmanager
def switched(client: Client, **values: str) -> Iterator[None]:
    """These answers inside the block, and afterwards what was answered before."""
    before = client.control("POST", "settings", json={}).json()
    answer = client.control("POST", "settings", json=values)
    assert answer.status_code == 200, answer.text
    try:
        yield
    finally:
        client.control("POST", "settings", json={name: before[name] for name in values})
