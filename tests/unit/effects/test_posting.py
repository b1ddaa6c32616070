"""A post is sent once, and believed when it is seen."""

from datetime import timedelta
from pathlib import Path

import pytest

from service.domain.actions import Announce, Forgo
from service.effects.approving import approve, waiting_for_approval
from service.effects.dry import DryPoster
from service.effects.perform import perform
from service.effects.posting import DOUBTFUL, Pending
from service.effects.proving import prove
from service.ports import Delivery, Effect, Receipt, Status
from service.store import Store
from service.workplace import Workplace
from tests.messages import message
from tests.unit.effects.fate import START, Crash
from tests.unit.effects.world import World, post

PROVED = Receipt(delivery=Delivery.PROVED, message_id="m1")
QUEUED = Receipt(delivery=Delivery.QUEUED)


async def effect_of(world: World, key: str = post().key) -> Effect:
    return (await world.ledger.effects(key))[key]


# ---------------------------------------------------------------- once


async def test_proved_at_once(world: World) -> None:
    """A transport that gives the message's id has proved it: posted again it posts nothing."""
    world.channel.answers = [PROVED]
    assert await perform(post(), world.at)
    assert not await perform(post(), world.at)

    effect = await effect_of(world)
    assert (effect.status, effect.remote_id, world.channel.posted) == (Status.DONE, "m1", 1)


async def test_queued_is_proved_by_the_channel(world: World) -> None:
    """What a flow has accepted is done when the channel shows it, by the key in its link."""
    await perform(post(), world.at)
    assert (await effect_of(world)).status is Status.QUEUED
    await prove(world.at)
    assert (await effect_of(world)).status is Status.QUEUED
    world.channel.deliver()
    await prove(world.at)

    effect = await effect_of(world)
    assert (effect.status, effect.remote_id) == (Status.DONE, "m1")


async def test_the_channel_is_read_only_for_posts_that_wait(world: World) -> None:
    """Nothing waits: the channel is not asked."""
    world.channel.changes = None  # type: ignore[method-assign, assignment] # asking would fail
    await prove(world.at)


@pytest.mark.parametrize("answer", [QUEUED, "lost", "dead"])
async def test_unproved_waits(world: World, answer: Receipt | str) -> None:
    """Until PROOF_WAIT is over, a post that is not seen is looked for and not sent again."""
    world.channel.answers = [answer]
    await perform(post(), world.at)
    posted = world.channel.posted
    world.clock.on(minutes=59)
    with pytest.raises(Pending) as pending:
        await perform(post(), world.at)

    assert pending.value.until == START + timedelta(minutes=60)
    assert world.channel.posted == posted


async def test_unproved_is_sent_again_if_useful(world: World) -> None:
    """After PROOF_WAIT a lost post is sent again, once, and waits for its proof anew."""
    world.channel.answers = ["dead"]
    await perform(post(), world.at)
    world.clock.on(minutes=60)
    assert await perform(post(), world.at)
    with pytest.raises(Pending):
        await perform(post(), world.at)

    assert world.channel.posted == 1
    assert (await effect_of(world)).attempts == 2


async def test_unproved_is_dropped_when_useless(world: World) -> None:
    """After PROOF_WAIT a lost post that helps nobody any more is not sent again."""
    world.channel.answers = ["dead"]
    await perform(post(hours=1), world.at)
    world.clock.on(minutes=60)
    assert not await perform(post(hours=1), world.at)

    assert world.channel.posted == 0
    assert (await effect_of(world)).status is Status.DROPPED


async def test_useful_until_is_a_moment_too_late(world: World) -> None:
    """At the very end of its use a post is not sent: the planning says the same."""
    world.clock.moment = post().useful_until
    assert not await perform(post(), world.at)
    assert world.channel.posted == 0


# ---------------------------------------------------------------- refused


async def test_throttled_is_posted_later(world: World) -> None:
    """A refusal with a time is tried again from then on, and not before."""
    later = START + timedelta(minutes=5)
    refused = Receipt(delivery=Delivery.REFUSED, reason="429", retry_at=later)
    world.channel.answers = [refused]
    assert not await perform(post(), world.at)
    assert not await perform(post(), world.at)
    world.clock.moment = later
    assert await perform(post(), world.at)

    assert world.channel.posted == 1


async def test_refused_waits_for_a_person(world: World) -> None:
    """A refusal without a time is not tried again, and keeps its reason."""
    world.channel.answers = [Receipt(delivery=Delivery.REFUSED, reason="the flow is off")]
    assert not await perform(post(), world.at)
    world.clock.on(hours=5)
    assert not await perform(post(), world.at)

    effect = await effect_of(world)
    assert (effect.status, effect.reason) == (Status.PARKED, "the flow is off")
    assert world.channel.posted == 0


async def test_dry_writes_a_file(tmp_path: Path) -> None:
    """The dry transport writes the card where one can look at it, one file for each post."""
    poster = DryPoster(tmp_path / "posts")
    receipt = await poster.post(message())
    await poster.post(message())
    [file] = (tmp_path / "posts").iterdir()

    assert receipt == Receipt(delivery=Delivery.PROVED, message_id=file.name)
    assert file.name.startswith("soon 2023-03-08 Natur i stadsplanering")
    assert b"I morgon kl. 9.30" in file.read_bytes()


async def test_dry_needs_a_folder(tmp_path: Path) -> None:
    """Where nothing can be written, the post is refused and the reason names the folder."""
    (tmp_path / "posts").write_text("a file")
    receipt = await DryPoster(tmp_path / "posts").post(message())

    assert receipt.delivery is Delivery.REFUSED
    assert "posts" in receipt.reason


async def test_dry_needs_room(tmp_path: Path) -> None:
    """On a full disk the post is refused, and posted when there is room."""
    poster = DryPoster(tmp_path)
    file = tmp_path / str((await poster.post(message())).message_id)
    file.unlink()
    file.symlink_to("/dev/full")
    receipt = await poster.post(message())
    assert receipt.delivery is Delivery.REFUSED
    assert receipt.reason == f"{tmp_path}: No space left on device"

    file.unlink()
    assert (await poster.post(message())).delivery is Delivery.PROVED


# ---------------------------------------------------------------- the first weeks


async def waiting(world: World) -> Workplace:
    kept = {**vars(world.at), "posts_wait_until": START + timedelta(weeks=8)}
    return Workplace(**kept)


async def test_the_first_weeks_wait_for_a_tick(world: World) -> None:
    """In the first weeks a post waits; approved, it is posted at the next run, once."""
    at = await waiting(world)
    await perform(post(), at)
    await perform(post(), at)
    assert world.channel.posted == 0
    [effect] = await waiting_for_approval(at)
    await approve(effect, at)
    await perform(post(), at)

    assert world.channel.posted == 1
    assert await waiting_for_approval(at) == []


# ---------------------------------------------------------------- without reading the channel


async def test_at_most_once_without_reading(world: World) -> None:
    """Where the channel cannot be read, a post whose answer was lost is never sent again."""
    at = world.restarted(reads_channel=False)
    world.channel.answers = ["lost"]
    await perform(post(), at)
    world.clock.on(hours=3)
    assert not await perform(post(), at)
    await prove(at)

    effect = await effect_of(world)
    assert (effect.status, effect.reason) == (Status.DONE, DOUBTFUL)
    assert world.channel.posted == 1


async def test_forgo_does_not_unsay(world: World) -> None:
    """A post that was sent and cannot be proved stays told, though it would not be sent now."""
    at = world.restarted(reads_channel=False)
    await perform(post(), at)
    world.clock.on(days=2)
    await perform(Forgo(key=post().key, why="Tiden har gått."), at)

    assert (await effect_of(world)).status is Status.DONE


# ---------------------------------------------------------------- forgone


async def test_forgo(world: World) -> None:
    """What is forgone reaches nobody, is not posted later, and keeps its reason."""
    action = Forgo(key=post().key, why="Sommaruppehåll.")
    assert not await perform(action, world.at)
    assert not await perform(post(), world.at)

    effect = await effect_of(world)
    assert (effect.status, effect.reason) == (Status.DROPPED, "Sommaruppehåll.")
    assert world.fate.writes == []


async def test_forgo_after_it_was_posted(world: World) -> None:
    """A post that is in the channel is not forgotten by a late decision."""
    world.channel.answers = [PROVED]
    await perform(post(), world.at)
    await perform(Forgo(key=post().key, why="Tiden har gått."), world.at)

    assert (await effect_of(world)).status is Status.DONE


async def test_forgo_of_what_was_only_claimed(world: World) -> None:
    """A forgoing that was cut off is finished as one: nothing had been sent."""
    at = world.restarted(reads_channel=False)
    world.fate.end(2)
    with pytest.raises(Crash):
        await perform(Forgo(key=post().key, why="Sommaruppehåll."), at)
    world.fate.end(None)
    await perform(Forgo(key=post().key, why="Sommaruppehåll."), at)

    assert (await effect_of(world)).status is Status.DROPPED


# ---------------------------------------------------------------- the world ends


@pytest.mark.parametrize("answer", [PROVED, QUEUED, "lost"])
@pytest.mark.parametrize("reads", [True, False])
async def test_end_at_every_boundary(state: Store, answer: Receipt | str, reads: bool) -> None:
    """Wherever the process ends, members see the post once; unread channels at most once."""
    for boundary in range(1, 12):
        world = World(state)
        at = world.restarted(reads_channel=reads)
        world.channel.answers = [answer]
        world.fate.end(boundary)
        try:
            await perform(post(), at)
        except Crash:
            world.fate.end(None)
        world.fate.end(None)
        world.channel.deliver()
        for _ in range(4):
            world.clock.on(minutes=61)
            at = world.restarted(reads_channel=reads)
            await prove(at)
            # As the job does: what is settled is not planned again.
            await _again(world, at, post())
            world.channel.deliver()

        assert world.channel.posted <= 1, boundary
        assert world.channel.posted == 1 or not reads, boundary
        assert (await effect_of(world)).status is Status.DONE, boundary


async def _again(world: World, at: Workplace, action: Announce) -> None:
    try:
        await perform(action, at)
    except Pending as pending:
        world.clock.moment = pending.until
