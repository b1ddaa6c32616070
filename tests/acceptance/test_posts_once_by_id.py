"""
A post by a bot, by an account that has signed in, or by mail, and an answer that is lost.

Bot and account are told the message's id; where the answer is lost, the channel is looked at,
and for a mail the folder of what was sent.
"""

import asyncio
from collections.abc import Iterator

import pytest

from service.demo.tenant import ask
from service.effects.posting import DOUBTFUL
from service.graph.login_ways import signing_in
from service.ports import Status
from service.sandbox.timeline import Person
from service.signing import login_of
from service.wiring import open_office
from tests.acceptance.posting import (
    BOT,
    FAULTS,
    GRAPH,
    MAIL,
    NOTHING_WRONG,
    Stage,
    Way,
    going_by,
    play,
    staged,
)
from tests.contract.graph.accounts import Browser

WAYS = {way.via.value: way for way in (BOT, GRAPH, MAIL)}
ANSWERS = {"nothing wrong": NOTHING_WRONG, **FAULTS}
ACCOUNT = Person(
    id="5a9d4000-0000-4000-8000-000000000003",
    name="Kommunnätverket webbinarier",
    mail="webbinarier@natverket.example",
)
"""The function account that signs in to post."""


@pytest.fixture(scope="module")
def tenant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The account has signed in, and the app may send and read the mailbox's mail."""
    folder = tmp_path_factory.mktemp("posts")
    with staged(folder, BOT) as made:
        kept = made.settings.model_copy(update={"login_file": folder / "login.bin"})
        stage = going_by(BOT, Stage(made.sandbox, kept, BOT, made.numbers))
        _let_mail(stage)
        asyncio.run(_sign_in(stage))
        yield stage


@pytest.fixture(params=WAYS)
def stage(tenant: Stage, request: pytest.FixtureRequest) -> Stage:
    way: Way = WAYS[request.param]
    return going_by(way, tenant)


def _let_mail(stage: Stage) -> None:
    for role in ("Mail.Send", "Mail.Read"):
        act = {"act": "GrantMailbox", "app": stage.settings.client_id, "role": role}
        ask(stage.sandbox, "act", {**act, "mailbox": stage.settings.networks[0].mailbox})


async def _sign_in(stage: Stage) -> None:
    browser, login = Browser(stage.sandbox, ACCOUNT), login_of(stage.settings)
    async with (
        open_office(stage.settings) as office,
        signing_in(login, office.clock, stage.sandbox.ca_file) as way,
    ):
        assert await way.by_browser(browser.open)


@pytest.mark.parametrize("fault", ANSWERS)
async def test_read_back(stage: Stage, fault: str) -> None:
    """Whatever the answer, the post is there once, and known to be by the message's id."""
    result = await play(stage, ANSWERS[fault], reads=True)

    assert result.struck or fault not in FAULTS
    assert result.there == 1
    assert result.effect.status is Status.DONE
    assert result.effect.remote_id


@pytest.mark.parametrize("fault", ANSWERS)
async def test_at_most_once(stage: Stage, fault: str) -> None:
    """Unread, a post is never sent twice; where no answer came, the doubt is kept."""
    result = await play(stage, ANSWERS[fault], reads=False)

    assert result.there == ("before posting" not in fault)
    assert result.effect.status is Status.DONE
    assert (result.effect.reason == DOUBTFUL) == ("504" in fault or "cut" in fault)


@pytest.mark.proof
@pytest.mark.parametrize("reads", [True, False])
async def test_killed_at_every_point(stage: Stage, reads: bool) -> None:
    """Wherever the process ends, a read post is there once in the end, an unread one at most."""
    whole = await play(stage, NOTHING_WRONG, reads=reads, end_at=0)
    assert whole.boundaries >= 6
    for end_at in range(1, whole.boundaries + 1):
        result = await play(stage, NOTHING_WRONG, reads=reads, end_at=end_at)

        assert result.there == 1 or (not reads and result.there == 0), end_at
        assert result.effect.status is Status.DONE, end_at
