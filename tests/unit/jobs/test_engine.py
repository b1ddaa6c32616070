"""How a run goes: items step aside, and the run says how it ended."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from service.domain.actions import (
    Action,
    FromEvent,
    Leave,
    PrepareFolder,
    StoreFile,
    file_key,
)
from service.domain.backoff import LONGEST, later
from service.effects.posting import Pending
from service.effects.proving import prove
from service.errors import (
    BadRequest,
    Forbidden,
    Locked,
    NatverketError,
    NotFound,
    OwnFault,
    StateError,
    TenantFailed,
    Unreachable,
    Verdict,
)
from service.jobs.engine import contained, preview, run, withstood
from service.jobs.spec import Job, Poll
from service.ports import FAILED, Delivery, Receipt, Status
from service.workplace import Workplace
from tests.unit.effects.fate import START
from tests.unit.effects.world import World, attachment, folder, post


def job(*actions: Action, observe: Callable[[Workplace], Awaitable[None]] | None = None):
    async def nothing(at: Workplace) -> None: ...

    return Job(
        name="example",
        does="Stands for a job.",
        wakes=Poll(setting="drives"),
        observe=observe or nothing,
        plan=lambda seen, now: actions,
    )


def storing(world: World, number: str, data: bytes) -> StoreFile:
    file = attachment(number)
    world.calendar.files[number] = (file, data)
    return StoreFile(
        key=file_key("uid-0308", "event", number),
        folder=folder(),
        name=f"{number}.docx",
        source=FromEvent(attachment=file),
        columns={},
        meeting_id="uid-0308",
    )


def three(world: World) -> list[StoreFile]:
    return [storing(world, number, number.encode()) for number in ("a1", "a2", "a3")]


def failing(world: World, error: NatverketError, number: str = "a2") -> None:
    """Let the bytes of one attachment fail."""
    really = world.calendar.attachment

    def attachment_of(file):
        if file.id == number:
            raise error
        return really(file)

    world.calendar.attachment = attachment_of  # type: ignore[method-assign]


# ---------------------------------------------------------------- done


async def test_done(world: World) -> None:
    """Every effect made is counted, and the run is the last of its job."""
    outcome = await run(job(*three(world), Leave(subject="x", why="y")), world.at, START)

    assert (outcome.run.outcome, outcome.run.did, outcome.errors) == ("done", 3, ())
    assert await world.journal.last_period("example", world.network.id) == START


async def test_again_does_nothing(world: World) -> None:
    """A second run of the same occurrence does nothing, and replaces the first one's record."""
    actions = three(world)
    await run(job(*actions), world.at, START)
    outcome = await run(job(*actions), world.at, START)

    assert (outcome.run.outcome, outcome.run.did) == ("done", 0)
    assert len(await world.journal.runs()) == 1


async def test_preview_applies_nothing(world: World) -> None:
    """What a run would do can be asked."""
    actions = three(world)
    assert await preview(job(*actions), world.at) == tuple(actions)
    assert world.fate.writes == []


# ---------------------------------------------------------------- in part


@pytest.mark.parametrize("error", [Locked("file"), BadRequest("file"), NotFound("file")])
async def test_a_bad_item_steps_aside(world: World, error: NatverketError) -> None:
    """An item that fails is named; the rest goes on; the run is done in part, and not over."""
    failing(world, error)
    outcome = await run(job(*three(world)), world.at, START)

    assert (outcome.run.outcome, outcome.run.did) == ("in part", 2)
    assert outcome.errors == (error,)
    assert outcome.run.note == str(error)
    assert world.drives.stored == [b"a1", b"a3"]
    assert await world.journal.last_period("example", world.network.id) is None


async def test_why_an_item_stepped_aside_can_be_told(world: World) -> None:
    """The ledger keeps what people call it and which error it met, for a sentence of theirs."""
    actions = three(world)
    failing(world, Locked("file"))
    await run(job(*actions), world.at, START)
    effect = (await world.ledger.effects(actions[1].key))[actions[1].key]

    assert (effect.baseline["name"], effect.baseline["error"]) == (actions[1].name, "Locked")


async def test_passing_failure_is_tried_later(world: World) -> None:
    """What may pass waits longer each time, and is done when it has passed."""
    actions = three(world)
    key = actions[1].key
    failing(world, Locked("file"))
    await run(job(*actions), world.at, START)
    assert (await world.ledger.effects(key))[key].not_before == START + timedelta(minutes=10)
    world.clock.on(minutes=9)
    assert (await run(job(*actions), world.at, START)).errors == ()  # it is not its time yet
    world.clock.on(minutes=1)
    await run(job(*actions), world.at, START)
    effect = (await world.ledger.effects(key))[key]
    assert effect.not_before == world.clock.now() + timedelta(minutes=20)
    assert (effect.status, effect.attempts, effect.reason) == (
        Status.CLAIMED,
        2,
        str(Locked("file")),
    )
    del world.calendar.attachment
    world.clock.on(minutes=20)
    await run(job(*actions), world.at, START)

    assert world.drives.stored == [b"a1", b"a3", b"a2"]


async def test_an_item_for_a_person_is_parked(world: World) -> None:
    """What no time will mend is parked with its reason, and not tried again."""
    actions = three(world)
    key = actions[1].key
    failing(world, BadRequest("file"))
    await run(job(*actions), world.at, START)
    world.clock.on(days=30)
    outcome = await run(job(*actions), world.at, START)

    effect = (await world.ledger.effects(key))[key]
    assert (effect.status, effect.not_before) == (Status.PARKED, None)
    assert effect.reason == str(BadRequest("file"))
    assert (outcome.run.outcome, outcome.run.did) == ("done", 0)


@pytest.mark.parametrize("error", [Forbidden("site"), Unreachable("graph.microsoft.com")])
async def test_stop_ends_the_run(world: World, error: NatverketError) -> None:
    """Where nothing more will work, nothing more is tried."""
    assert error.verdict in (Verdict.STOP, Verdict.NOT_THIS_RUN)
    failing(world, error, "a1")
    outcome = await run(job(*three(world)), world.at, START)

    assert (outcome.run.outcome, outcome.run.did) == ("in part", 0)
    assert world.drives.stored == []


async def test_an_action_without_a_key(world: World) -> None:
    """A folder that cannot be made is an error like any other."""
    world.fate.end(3, lambda: TenantFailed("folder"))
    outcome = await run(job(PrepareFolder(folder=folder())), world.at, START)

    assert outcome.run.outcome == "in part"


# ---------------------------------------------------------------- failed


async def test_failure_in_observing(world: World) -> None:
    """A run that sees nothing has failed: it is recorded, and is not the last period."""

    async def fails(at: Workplace) -> None:
        raise TenantFailed("calendar")

    outcome = await run(job(*three(world), observe=fails), world.at, START)

    assert outcome.run.outcome == FAILED
    assert [str(error) for error in outcome.errors] == [outcome.run.note]
    assert world.fate.writes == []
    assert [one.outcome for one in await world.journal.runs()] == [FAILED]
    assert await world.journal.last_period("example", world.network.id) is None


async def test_a_fault_of_ours_is_not_swallowed(world: World) -> None:
    """What is no error of the tenant's or the state's is a bug, and is raised."""

    async def wrong(at: Workplace) -> None:
        raise KeyError("bug")

    with pytest.raises(KeyError):
        await run(job(observe=wrong), world.at, START)


# ---------------------------------------------------------------- pending


async def test_pending(world: World) -> None:
    """While only time can tell, the rest is done, and the run is not recorded."""
    world.channel.answers = ["lost"]
    first = await run(job(post()), world.at, START)
    assert first.again_at == START + timedelta(minutes=60)
    period = START + timedelta(hours=1)
    outcome = await run(job(post(), *three(world)), world.at, period)

    assert outcome.again_at == START + timedelta(minutes=60)
    assert (outcome.run.outcome, outcome.run.did) == ("done", 3)
    assert await world.journal.last_period("example", world.network.id) is None


async def test_the_soonest_of_several(world: World) -> None:
    """Of several that wait, the first one says when the run is begun again."""
    for occurrence, minutes in (("1", 0), ("2", 20)):
        world.clock.on(minutes=minutes)
        world.channel.answers = ["lost"]
        await run(job(post(occurrence)), world.at, START)
    outcome = await run(job(post("1"), post("2")), world.at, START)

    assert outcome.again_at == START + timedelta(minutes=60)
    assert not issubclass(Pending, NatverketError)


async def test_a_refusal_for_a_time(world: World) -> None:
    """A job that wakes once a day comes back the same day for the part that was throttled."""
    later = START + timedelta(minutes=10)
    world.channel.answers = [
        Receipt(delivery=Delivery.QUEUED),
        Receipt(delivery=Delivery.REFUSED, reason="429", retry_at=later),
    ]
    parts = job(post("1"), post("1~2"), post("1~3"))
    assert (await run(parts, world.at, START)).again_at == later
    world.clock.moment = later
    world.channel.deliver()
    await prove(world.at)
    again = await run(parts, world.at, START)
    assert (again.again_at, world.channel.posted) == (later + timedelta(minutes=60), 3)
    world.channel.deliver()
    await prove(world.at)
    assert (await run(parts, world.at, START)).again_at is None


# ---------------------------------------------------------------- how long


def test_backoff() -> None:
    """Ten minutes, doubling, to six hours, for any number of attempts."""
    waits = [later(attempt) for attempt in range(1, 9)]
    assert [int(wait.total_seconds() / 60) for wait in waits] == [
        10,
        20,
        40,
        80,
        160,
        320,
        360,
        360,
    ]
    assert later(0) == later(1)
    assert later(10_000) == LONGEST


# ---------------------------------------------------------------- stopping, and our own faults


async def test_told_to_stop(world: World) -> None:
    """The action under way ends, no other begins, and the occurrence is run again."""
    actions = three(world)
    outcome = await run(
        job(*actions), world.at, START, stopping=lambda: len(world.drives.stored) > 0
    )

    assert world.drives.stored == [b"a1"]
    assert outcome.again_at == START
    assert await world.journal.runs() == ()
    again = await run(job(*actions), world.at, START)
    assert (again.run.outcome, world.drives.stored) == ("done", [b"a1", b"a2", b"a3"])


async def test_told_to_stop_with_nothing_to_do(world: World) -> None:
    """A run that had nothing to do is over, whoever says stop."""
    outcome = await run(job(Leave(subject="x", why="y")), world.at, START, stopping=lambda: True)
    assert (outcome.run.outcome, outcome.again_at) == ("done", None)


async def test_a_fault_of_ours_is_contained(world: World) -> None:
    """It is a failed run, kept, and told by its kind and lines alone."""

    async def observe(at: Workplace) -> None:
        raise KeyError("anna.exempel@exempel.se")

    broken = job(observe=observe)
    outcome = await contained(lambda: run(broken, world.at, START), broken, world.at, START)
    (error,) = outcome.errors

    assert isinstance(error, OwnFault)
    assert "KeyError at jobs/test_engine.py:" in str(error)
    assert "anna" not in str(error)
    assert (await world.journal.runs())[0].outcome == FAILED


async def test_a_state_that_cannot_be_written_is_contained(world: World) -> None:
    """Not even the record can be kept: that is an outcome, and no end of the service."""

    async def record(run: object) -> None:
        raise StateError("state", "the disk is full")

    at = replace(world.at, journal=_Over(world.journal, record))
    outcome = await contained(lambda: run(job(), at, START), job(), at, START)
    assert (outcome.run.outcome, str(outcome.errors[0])) == (FAILED, "state: the disk is full")


async def test_what_is_withstood() -> None:
    """What belongs to no job ends nothing either, and is told."""

    async def unreachable() -> None:
        raise Unreachable("flow")

    async def broken() -> None:
        raise ValueError("anna.exempel@exempel.se")

    with capture_logs() as logs:
        await withstood("telling", unreachable)
        await withstood("telling", broken)
    assert [log["event"] for log in logs] == ["not_done", "fault"]
    assert "anna" not in str(logs)


class _Over:
    """A journal of which one thing goes wrong."""

    def __init__(self, journal: Any, record: Callable[[object], Awaitable[None]]) -> None:
        self._journal = journal
        self.record = record

    def __getattr__(self, name: str) -> Any:
        return getattr(self._journal, name)
