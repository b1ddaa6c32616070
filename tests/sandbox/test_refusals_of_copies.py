"""A copy of more items than the service takes at once."""

import pytest

from service.sandbox.sharepoint import copies
from service.sandbox.timeline import Seed
from tests.sandbox import worlds

FEW = 5


def few() -> Seed:
    """The sandbox that reads this takes five items at once; thirty thousand take long to make."""
    copies.MOST_ITEMS = FEW
    return worlds.empty()


@pytest.fixture(scope="module")
def seed_name():
    return f"{__file__}:few"


def outcome(client, path, name):
    """What the monitor of a copy says in the end."""
    answer = client.ask("POST", f"{path}/copy", json={"name": name})
    assert answer.status_code == 202, answer.text
    return [client.bare("GET", answer.headers["location"]).json() for _ in range(3)][-1]


def test_a_copy_of_too_many_items_is_refused(daemon):
    """By the monitor, and nothing is made; as many as are allowed are copied."""
    root = f"{daemon.drive()}/root"
    for number in range(FEW - 1):
        daemon.put(f"{root}:/m/{number}.txt:/content", b"x")
    # The folder itself is one of them.
    assert outcome(daemon, f"{root}:/m:", "hel")["status"] == "completed"
    daemon.put(f"{root}:/m/en till.txt:/content", b"x")
    failed = outcome(daemon, f"{root}:/m:", "för mycket")
    assert (failed["status"], failed["error"]["code"]) == ("failed", "invalidRequest")
    assert failed["error"]["message"] == "The copy operation is restricted to 5 items."
    daemon.refused(404, "itemNotFound", "GET", f"{root}:/för mycket")
