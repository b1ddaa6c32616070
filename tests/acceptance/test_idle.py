"""What a cycle costs in which nothing has happened: what most of a year's cycles are."""

import asyncio
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from service.cli.logs import log_to_stderr
from service.demo.replay import replay
from service.demo.tenant import ask
from service.demo.year import prepare, tenant
from service.jobs import JOBS
from service.jobs.engine import run
from service.jobs.spec import ClockPoll, Poll, Weekdays, WorkdayPoll
from service.sandbox.process import Sandbox
from service.settings import Settings, read_settings
from service.wiring import open_office
from tests.thousand import FURTHER

pytestmark = pytest.mark.proof

UNTIL = datetime(2023, 2, 10, 12, 0, tzinfo=UTC)
OFTEN = Poll | WorkdayPoll | ClockPoll | Weekdays
"""Jobs that wake daily or more often; rarer ones may list everything."""
SETTLING = 2
"""Cycles in which what our own writing brought about is read."""
_NEWS = re.compile(
    r"/v1\.0/(users/[^/]+/(?:calendarView|mailFolders/[^/]+)|drives/[^/]+"
    r"|sites/[^/]+/lists/[^/]+|teams/[^/]+/channels/[^/]+/messages)/.*\bdelta\b.*token="
)
"""A request for what is new in a calendar, mail folder, drive, list or channel."""


@pytest.fixture(scope="module")
def cycles(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, list[dict[str, Any]]]]:
    """What each job asks of the tenant in a cycle after six weeks, by job."""
    folder = tmp_path_factory.mktemp("idle") / "demo"
    with tenant(folder, seed="2023-files") as (sandbox, _):
        log_to_stderr("error", "text")
        yield asyncio.run(_cycles(sandbox, read_settings(folder / "natverket.env", FURTHER)))


async def _cycles(sandbox: Sandbox, settings: Settings) -> dict[str, list[dict[str, Any]]]:
    await prepare(settings)
    asked = {}
    async with open_office(settings) as office:
        await replay(office, UNTIL, lambda _: None)
        for _ in range(SETTLING + 1):
            for job in [job for job in JOBS if isinstance(job.wakes, OFTEN)]:
                before = ask(sandbox, "requests?summary=1")["last"]
                outcome = await run(job, office.workplaces[0], office.clock.now())
                assert outcome.errors == ()
                asked[job.name] = ask(sandbox, f"requests?since={before}")["items"]
    return asked


def test_one_request_and_one_unit_a_source(cycles: dict[str, list[dict[str, Any]]]) -> None:
    """Each watched drive, list, mailbox and channel is asked what is new, and nothing else."""
    for job, asked in cycles.items():
        assert [item for item in asked if not _NEWS.match(item["path"])] == [], job
        sources = Counter(_source(item) for item in asked)
        assert set(sources.values()) <= {1}, (job, sources)
        assert [item for item in asked if item["units"] > 1 or item["write"]] == [], job


def test_every_source_is_watched(cycles: dict[str, list[dict[str, Any]]]) -> None:
    """The claim is about something: calendar and mail folder, register, libraries, channel."""
    watched = {_source(item) for asked in cycles.values() for item in asked}
    kinds = Counter(source.split("/")[0] for source in watched)
    # Two libraries of the network's, that of the surveys and the channel's Files, a OneDrive.
    assert kinds == {"users": 2, "sites": 1, "drives": 4, "teams": 1}


def _source(item: dict[str, Any]) -> str:
    found = _NEWS.match(item["path"])
    assert found is not None
    return found[1]
