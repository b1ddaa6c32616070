"""
One post, by one way out, under one fault, and looks until it is over.

One tenant for all: every case posts under a key of its own, by the real way out, and looks
afterwards where it should be. The looks come a quarter of an hour apart, as the daemon's do.
"""

import asyncio
import itertools
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from service.cli.logs import log_to_stderr
from service.demo.tenant import ask
from service.demo.year import prepare, tenant
from service.domain.actions import Action
from service.domain.post import Button, Card, Key, Post, key_in, parse_key
from service.domain.routes import Transport
from service.effects.proving import prove
from service.jobs.engine import run
from service.jobs.posts import announcements, told, ways_of
from service.jobs.spec import Job, WorkdayPoll
from service.ports import Effect, Ledger, Message, Receipt
from service.sandbox.process import Sandbox
from service.settings import Settings
from service.wiring import Office, open_office
from service.workplace import Workplace

LOOKS = 14
"""A quarter of an hour apart: three and a half hours."""
MENDED_AFTER = 3
COMMON_FLOW = "5a9d30000000400080000000000000f1"

NOTHING_WRONG: dict[str, Any] = {}
NOTHING_AFTER_IT: dict[str, Any] = {"trouble": "owner left"}
FAULTS = {
    "429 for ten minutes": {"when": "before", "status": 429, "retry_after": 600},
    "504 after posting": {"when": "after", "status": 504},
    "504 before posting": {"when": "before", "status": 504},
    "the line is cut after posting": {"when": "after", "drop": True},
    "the line is cut before posting": {"when": "before", "drop": True},
}


@dataclass(frozen=True, kw_only=True)
class Way:
    """A transport, and the request by which it posts."""

    via: Transport
    path: str
    settings: Mapping[str, Any] = field(default_factory=dict)


WORKFLOW = Way(via=Transport.WORKFLOW, path="/triggers/manual/paths/invoke")
BOT = Way(via=Transport.BOT, path="/v3/conversations$")
GRAPH = Way(via=Transport.GRAPH, path="/messages$", settings={"mention": "channel"})
MAIL = Way(
    via=Transport.MAIL,
    path="/sendMail$",
    settings={"mail_lists": {"common": ("alla@natverket.example",)}},
)


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
    """The tenant, and the office that posts to it by one way."""

    sandbox: Sandbox
    settings: Settings
    way: Way
    numbers: Iterator[int]


@contextmanager
def staged(folder: Path, way: Way) -> Iterator[Stage]:
    with tenant(folder / "demo", seed="2023") as (sandbox, settings):
        log_to_stderr("error", "text")
        asyncio.run(prepare(settings))
        yield going_by(way, Stage(sandbox, settings, way, itertools.count(1)))


def going_by(way: Way, stage: Stage) -> Stage:
    """The same stage, with posts that go another way."""
    changed = {"post_via": (way.via,), **way.settings}
    network = stage.settings.networks[0].model_copy(update=changed)
    settings = stage.settings.model_copy(update={"networks": (network,)})
    return replace(stage, settings=settings, way=way)


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
    there: int
    """So many of it are where it should be."""
    effect: Effect
    struck: bool
    """The fault has happened."""
    boundaries: int


async def play(
    stage: Stage,
    fault: Mapping[str, Any],
    *,
    reads: bool,
    end_at: int | None = None,
    **choices: Any,
) -> Result:
    """Post once under a fault, ending at a boundary, and look until it is over."""
    async with open_office(stage.settings) as office:
        at = _workplace(office, reads=reads, **choices)
        await _let_pauses_end(office)
        post = post_of(next(stage.numbers), office.clock.now(), at)
        job, mortal = job_of(post), Mortal(at.ledger, end_at)
        _arm(stage, fault)
        with suppress(Killed):
            await run(job, _mortal(at, mortal), office.clock.now())
        for look in range(LOOKS):
            await office.clock.sleep(15 * 60)
            if look == MENDED_AFTER and "trouble" in fault:
                _mend(stage)
            await run(job, at, office.clock.now())
        (effect,) = [
            effect
            for key, effect in (await at.ledger.effects(f"v1/{at.network.id}/")).items()
            if key.split("/")[3] == subject_of(post)
        ]
        return Result(
            there=await _seen(stage.settings, effect.key),
            effect=effect,
            struck=_has_struck(stage),
            boundaries=mortal.passed,
        )


def subject_of(post: Post) -> str:
    key = parse_key(post.key)
    assert key is not None
    return key.subject


def _workplace(office: Office, *, reads: bool, **choices: Any) -> Workplace:
    at = office.workplaces[0]
    rules = replace(at.rules, **choices, posts_a_day=1000)
    return replace(at, rules=rules, messages=at.messages if reads else {})


def _mortal(at: Workplace, mortal: Mortal) -> Workplace:
    outlets = tuple(
        replace(outlet, poster=MortalPoster(outlet.poster, mortal)) for outlet in at.outlets
    )
    return replace(at, ledger=mortal, outlets=outlets)  # type: ignore[arg-type]


async def _let_pauses_end(office: Office) -> None:
    """Each case begins an hour after the last, so that no throttling is left over."""
    await office.clock.sleep(3600)


def _arm(stage: Stage, fault: Mapping[str, Any]) -> None:
    if "trouble" in fault:
        act = {"act": "BreakFlow", "flow": COMMON_FLOW, "why": fault["trouble"]}
        ask(stage.sandbox, "act", act)
    elif fault:
        match = {"method": "POST", "path": stage.way.path}
        ask(stage.sandbox, "faults", {"match": match, **fault})


def _has_struck(stage: Stage) -> bool:
    faults = ask(stage.sandbox, "faults")["value"]
    return bool(faults) and bool(faults[-1]["met"])


def _mend(stage: Stage) -> None:
    ask(stage.sandbox, "act", {"act": "MendFlow", "flow": COMMON_FLOW})


async def _seen(settings: Settings, key: str) -> int:
    """How often a post is where it should be, by its key."""
    parsed = parse_key(key)
    assert parsed is not None
    async with open_office(settings) as office:
        at = office.workplaces[0]
        found = [
            any(key_in(link.url) == key for link in change.value.links)
            async for page in at.messages[parsed.channel].changes(None)
            for change in page.changes
            if change.value is not None
        ]
        return sum(found)
