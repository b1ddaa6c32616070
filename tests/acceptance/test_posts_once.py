"""
A post and everything that can go wrong with it: each answer, each moment to die at.

One tenant for all: every case posts under a key of its own, by the real way out, and looks
into the channel afterwards. The looks come a quarter of an hour apart, as the daemon's do.
"""

import asyncio
import itertools
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from service.demo.tenant import ask
from service.demo.year import prepare, tenant
from service.domain.actions import Action
from service.domain.post import Button, Card, Key, Post, key_in
from service.domain.routes import InDoubt
from service.effects.posting import DOUBTFUL
from service.effects.proving import prove
from service.jobs.engine import run
from service.jobs.posts import announcements, told, ways_of
from service.jobs.spec import Job, WorkdayPoll
from service.ports import Effect, Ledger, Message, Receipt, Status
from service.sandbox.process import Sandbox
from service.settings import Settings
from service.wiring import Office, open_office
from service.workplace import Workplace

LOOKS = 14
"""A quarter of an hour apart: three and a half hours."""
MENDED_AFTER = 3
COMMON_FLOW = "5a9d30000000400080000000000000f1"
FLOW = {"method": "POST", "path": "/triggers/manual/paths/invoke"}

NOTHING_WRONG: dict[str, Any] = {}
FAULTS = {
    "nothing wrong": NOTHING_WRONG,
    "202 and nothing after it": {"trouble": "owner left"},
    "429 for ten minutes": {"fault": {"when": "before", "status": 429, "retry_after": 600}},
    "504 after posting": {"fault": {"when": "after", "status": 504}},
    "504 before posting": {"fault": {"when": "before", "status": 504}},
    "the line is cut after posting": {"fault": {"when": "after", "drop": True}},
    "the line is cut before posting": {"fault": {"when": "before", "drop": True}},
}
SURELY_SENT = {"nothing wrong", "429 for ten minutes"}
"""Where even a channel that cannot be read gets the post."""


class Killed(BaseException):
    """The process ends here; nobody catches it."""


@dataclass
class Mortal:
    """A ledger and a way out in which the process ends at one boundary, of those it counts."""

    ledger: Ledger
    end_at: int | None
    passed: int = 0

    def _boundary(self) -> None:
        self.passed += 1
        if self.passed == self.end_at:
            raise Killed

    async def claim(self, key: str, **rest: Any) -> tuple[Effect, bool]:
        self._boundary()
        found = await self.ledger.claim(key, **rest)
        self._boundary()
        return found

    async def keep(self, effect: Effect) -> None:
        self._boundary()
        await self.ledger.keep(effect)
        self._boundary()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.ledger, name)


@dataclass
class MortalPoster:
    poster: Any
    mortal: Mortal
    sent: list[str] = field(default_factory=list)

    async def post(self, message: Message) -> Receipt:
        self.mortal._boundary()
        self.sent.append(message.key)
        receipt: Receipt = await self.poster.post(message)
        self.mortal._boundary()
        return receipt


@dataclass(frozen=True)
class Stage:
    """The tenant, and the office that posts to it."""

    sandbox: Sandbox
    settings: Settings
    numbers: Iterator[int]


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with tenant(tmp_path_factory.mktemp("posts") / "demo", seed="2023") as (sandbox, settings):
        asyncio.run(prepare(settings))
        yield Stage(sandbox, settings, itertools.count(1))


def post_of(number: int, now: datetime, at: Workplace) -> Post:
    channel = at.common_channel
    key = Key(
        network=at.network.id,
        channel=channel,
        subject=f"uid-{number}",
        kind="soon",
        occurrence="1",
    )
    card = Card(
        language="sv",
        label="Nätverket",
        title=f"Prov {number}",
        text="I morgon kl. 9.30 är det dags.",
        buttons=(Button("Program", at.places.site_url),),
    )
    return Post(
        key=str(key),
        kind="soon",
        channel=channel,
        meeting_id=None,
        due=now,
        useful_until=now + timedelta(days=2),
        card=card,
    )


def job_of(post: Post) -> Job[Any]:
    """What the posting jobs do, for one post."""

    async def observe(at: Workplace) -> tuple[Action, ...]:
        await prove(at)
        _, settled = await told(at)
        return () if post.key in settled else announcements(post, ways_of(at))

    return Job(
        name="one_post",
        does="Posts one post.",
        wakes=WorkdayPoll(setting="reminders"),
        observe=observe,
        plan=lambda actions, _: actions,
    )


@dataclass(frozen=True)
class Result:
    in_channel: int
    effect: Effect
    struck: bool
    """The fault has happened."""
    boundaries: int


async def play(
    stage: Stage, fault: str, *, reads: bool, end_at: int | None = None, **choices: Any
) -> Result:
    """Post once under a fault, ending at a boundary, and look until it is over."""
    async with open_office(stage.settings) as office:
        at = _workplace(office, reads=reads, **choices)
        await _come_to_a_workday(office)
        number = next(stage.numbers)
        post = post_of(number, office.clock.now(), at)
        job, mortal = job_of(post), Mortal(at.ledger, end_at)
        _arm(stage, fault)
        with suppress(Killed):
            await run(job, _mortal(at, mortal), office.clock.now())
        for look in range(LOOKS):
            await office.clock.sleep(15 * 60)
            if look == MENDED_AFTER and "trouble" in FAULTS[fault]:
                _mend(stage)
            await run(job, at, office.clock.now())
        effect = (await at.ledger.effects(post.key))[post.key]
        return Result(
            in_channel=await _seen(stage.settings, post.key),
            effect=effect,
            struck=_has_struck(stage),
            boundaries=mortal.passed,
        )


def _workplace(office: Office, *, reads: bool, **choices: Any) -> Workplace:
    at = office.workplaces[0]
    rules = replace(at.rules, **choices, posts_a_day=1000)
    return replace(at, rules=rules, messages=at.messages if reads else {})


def _mortal(at: Workplace, mortal: Mortal) -> Workplace:
    outlets = tuple(
        replace(outlet, poster=MortalPoster(outlet.poster, mortal)) for outlet in at.outlets
    )
    return replace(at, ledger=mortal, outlets=outlets)  # type: ignore[arg-type]


async def _come_to_a_workday(office: Office) -> None:
    """Each case begins an hour after the last, so that no throttling is left over."""
    await office.clock.sleep(3600)


def _arm(stage: Stage, fault: str) -> None:
    what = FAULTS[fault]
    if "fault" in what:
        ask(stage.sandbox, "faults", {"match": FLOW, **what["fault"]})
    if "trouble" in what:
        act = {"act": "BreakFlow", "flow": COMMON_FLOW, "why": what["trouble"]}
        ask(stage.sandbox, "act", act)


def _has_struck(stage: Stage) -> bool:
    faults = ask(stage.sandbox, "faults")["value"]
    return bool(faults) and bool(faults[-1]["met"])


def _mend(stage: Stage) -> None:
    ask(stage.sandbox, "act", {"act": "MendFlow", "flow": COMMON_FLOW})


async def _seen(settings: Settings, key: str) -> int:
    """How often the channel holds the post, by its key."""
    async with open_office(settings) as office:
        at = office.workplaces[0]
        found = [
            any(key_in(link.url) == key for link in change.value.links)
            async for page in at.messages[at.common_channel].changes(None)
            for change in page.changes
            if change.value is not None
        ]
        return sum(found)


# ---------------------------------------------------------------- the channel can be read


@pytest.mark.parametrize("fault", FAULTS)
async def test_whatever_the_answer(stage: Stage, fault: str) -> None:
    """Read back, a post is in the channel once, whatever the flow answered, and known to be."""
    result = await play(stage, fault, reads=True)

    assert result.struck or "fault" not in FAULTS[fault]
    assert result.in_channel == 1
    assert result.effect.status is Status.DONE
    assert result.effect.remote_id


@pytest.mark.parametrize("fault", ["nothing wrong", "504 after posting", "504 before posting"])
async def test_killed_at_every_point(stage: Stage, fault: str) -> None:
    """Wherever the process ends between claim and proof, the post is there once in the end."""
    whole = await play(stage, fault, reads=True, end_at=0)
    assert whole.boundaries >= 6
    for end_at in range(1, whole.boundaries + 1):
        result = await play(stage, fault, reads=True, end_at=end_at)

        assert result.in_channel == 1, end_at
        assert result.effect.status is Status.DONE, end_at


# ---------------------------------------------------------------- it cannot be read


@pytest.mark.parametrize("fault", FAULTS)
async def test_at_most_once(stage: Stage, fault: str) -> None:
    """Unread, a post is never sent twice; where no answer came, the doubt is kept."""
    result = await play(stage, fault, reads=False)

    assert result.in_channel <= 1
    assert result.in_channel == 1 or fault not in SURELY_SENT
    if "504" in fault or "cut" in fault:
        assert result.effect.reason == DOUBTFUL


@pytest.mark.parametrize("fault", FAULTS)
async def test_at_least_once(stage: Stage, fault: str) -> None:
    """Chosen so, what got no answer is sent again: it is there, once or twice."""
    result = await play(stage, fault, reads=False, in_doubt=InDoubt.AGAIN)

    if fault == "202 and nothing after it":
        assert result.in_channel == 0  # accepted is accepted: the flow's owner has to see to it
    else:
        assert 1 <= result.in_channel <= 2
    assert result.in_channel == 1 or "after" in fault


async def test_killed_and_unread(stage: Stage) -> None:
    """Wherever the process ends, an unread channel never holds a post twice."""
    whole = await play(stage, "nothing wrong", reads=False, end_at=0)
    for end_at in range(1, whole.boundaries + 1):
        result = await play(stage, "nothing wrong", reads=False, end_at=end_at)

        assert result.in_channel <= 1, end_at
