"""Who tells the meter what: the transport its requests, the engine its runs, posts their end."""

from dataclasses import replace

import httpx

from service.graph.pacing import told_as
from service.graph.policy import Limits
from service.graph.transport import GraphTransport
from service.jobs.engine import run
from service.ports import Meter
from tests.unit.effects.fate import START, Clock
from tests.unit.effects.world import World, post
from tests.unit.jobs.test_engine import job, three


class Notes:
    """A meter that remembers."""

    def __init__(self) -> None:
        self.told: list[tuple[object, ...]] = []

    def asked(self, service: str, outcome: str, seconds: float) -> None:
        self.told.append(("asked", service, outcome))

    def waited(self, service: str, seconds: float) -> None:
        self.told.append(("waited", service, seconds))

    def spent(self, units: int, limit: int) -> None:
        self.told.append(("spent", units))

    def ran(self, network: str, job: str, outcome: str, seconds: float) -> None:
        self.told.append(("ran", job, outcome))

    def filed(self, network: str, size: int) -> None:
        self.told.append(("filed", size))

    def posted(self, network: str, via: str, outcome: str) -> None:
        self.told.append(("posted", via, outcome))


async def test_requests(monkeypatch: object) -> None:
    """Each try by its service and class; the units it cost; and the seconds it was to wait."""
    answers = [
        httpx.Response(429, headers={"Retry-After": "7"}),
        httpx.Response(200, json={}),
        httpx.Response(404),
    ]
    notes: Meter = Notes()
    transport = GraphTransport(
        httpx.MockTransport(lambda _: answers.pop(0)),
        clock=Clock(),
        user_agent="x",
        limits=Limits(),
        jitter=lambda: 0.0,
        meter=notes,
    )
    async with httpx.AsyncClient(transport=transport) as http:
        await http.get("https://graph.microsoft.com/v1.0/drives/d/root")
        await http.get("https://exempel.logic.azure.com/workflows/7")

    assert isinstance(notes, Notes)
    assert [one for one in notes.told if one[0] == "asked"] == [
        ("asked", "files", "429"),
        ("asked", "files", "2xx"),
        ("asked", "workflow", "4xx"),
    ]
    assert ("waited", "files", 7.0) in notes.told
    assert ("spent", 1) in notes.told


def test_a_host_is_told_by_its_kind() -> None:
    """A tenant's own name is no label."""
    assert told_as("exempel.sharepoint.com") == "contents"
    assert told_as("prod-1.westeurope.logic.azure.com:443") == "workflow"
    assert told_as("localhost:8443") == "other"
    assert told_as("outlook") == "outlook"


async def test_runs_files_and_posts(world: World) -> None:
    """A file once, when it is in place; a second run of the same files none."""
    notes = Notes()
    world.at = replace(world.at, meter=notes)
    actions = three(world)
    await run(job(*actions, post()), world.at, START)

    sizes = [one[1] for one in notes.told if one[0] == "filed"]
    assert len(sizes) == 3
    assert all(isinstance(size, int) and size > 0 for size in sizes)
    assert ("posted", "workflow", "queued") in notes.told
    assert notes.told[-1] == ("ran", "example", "done")
    notes.told.clear()
    await run(job(*actions), world.at, START)
    assert notes.told == [("ran", "example", "done")]
