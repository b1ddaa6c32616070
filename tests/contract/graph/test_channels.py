"""A channel with much in it: what is read at first, and what is read again."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import pytest

from service.demo.tenant import ask
from service.graph.channels import PAGE
from service.graph.clock import SandboxClock
from service.graph.gateway import Gateway
from service.observe import LATELY, SeenReaction
from service.sandbox.process import Sandbox
from tests.contract.graph import talk, worlds
from tests.contract.graph.conftest import settings


@pytest.fixture(scope="module")
def talkative(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with Sandbox(seed=talk.SEED, directory=tmp_path_factory.mktemp("talk")) as running:
        yield running


@pytest.fixture
async def clock(talkative: Sandbox) -> AsyncIterator[SandboxClock]:
    clock = SandboxClock(talkative.env["NATVERKET_CLOCK_URL"], ca_file=talkative.ca_file)
    await clock.refresh()
    yield clock
    await clock.close()


@contextmanager
def requests(sandbox: Sandbox) -> Iterator[list[str]]:
    """The paths that are asked for meanwhile."""
    before, asked = ask(sandbox, "requests?summary=1")["last"], list[str]()
    yield asked
    asked += [one["path"] for one in ask(sandbox, f"requests?since={before}")["items"]]


async def test_only_what_is_late_and_then_only_what_is_new(talkative, clock):
    """At first what was said within LATELY, later what was said or ticked off since."""
    async with Gateway(settings(talkative, worlds.DAEMON), clock) as tenant:
        channel = tenant.messages(worlds.TEAM, worlds.COMMON)
        await clock.move_to(talk.READ)
        with requests(talkative) as asked:
            first = [page async for page in channel.changes(None)]
        seen = [change.value for page in first for change in page.changes]
        late = [n for n in range(301) if talk.said_at(n) > talk.READ - LATELY]
        assert len(seen) == len(late)
        assert len(asked) == -(-len(seen) // PAGE)

        await clock.move_to(talk.A_WEEK_LATER)
        with requests(talkative) as asked:
            pages = [page async for page in channel.changes(first[-1].cursor)]
        news = {change.value.text: change.value for page in pages for change in page.changes}
        assert len(asked) == 1
        assert {"Hur gör ni, 0?", "Hur gör ni, 290?"} <= news.keys()
        assert len(news) == 14 + 2
        assert news["Hur gör ni, 0?"].reactions == (SeenReaction(type="✔️", by=worlds.COLLEAGUE.id),)


async def test_who_has_accepted(talkative, clock):
    """The organiser's own copy tells who has accepted an invitation."""
    async with Gateway(settings(talkative, worlds.DAEMON), clock) as tenant:
        calendar = tenant.calendar(worlds.MAILBOX.mail)
        pages = [page async for page in calendar.changes(None, (worlds.day(1), worlds.day(30)))]
    (event,) = (change.value for page in pages for change in page.changes)
    assert event.accepted == (talk.ACCEPTING,)
    assert worlds.OUTSIDER.mail in event.invited
