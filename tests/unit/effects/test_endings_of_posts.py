"""What a post comes to when no plan speaks of it any more: nothing waits for ever."""

from dataclasses import replace
from datetime import timedelta

import pytest

from service.domain.actions import Announce
from service.domain.routes import InDoubt
from service.effects.perform import perform
from service.effects.posting import (
    ACCEPTED,
    DOUBTFUL,
    MOST_TRIES,
    NEVER_SEEN,
    NO_USE,
    WAITS_FOR_APPROVAL,
)
from service.effects.proving import prove
from service.ports import Delivery, Receipt, Status
from service.workplace import Workplace
from tests.unit.effects.fate import START
from tests.unit.effects.world import World, post

SHORT = post(hours=2)


async def fate(world: World, action: Announce = SHORT) -> tuple[Status, str]:
    effect = (await world.ledger.effects(action.key))[action.key]
    return effect.status, effect.reason


async def test_never_seen(world: World) -> None:
    """A flow took it, its kind was held meanwhile, and it never came: it ends with its use."""
    await perform(SHORT, world.at)
    world.clock.on(hours=1, minutes=59)
    await prove(world.at)
    assert await fate(world) == (Status.QUEUED, "")
    world.clock.on(minutes=1)
    await prove(world.at)
    assert await fate(world) == (Status.DROPPED, NEVER_SEEN)


async def test_seen_at_the_last_moment(world: World) -> None:
    """What is in the channel is told as posted, however late it is looked for."""
    await perform(SHORT, world.at)
    world.channel.deliver()
    world.clock.on(days=3)
    await prove(world.at)
    assert await fate(world) == (Status.DONE, "")


@pytest.mark.parametrize(("answer", "told"), [(None, ACCEPTED), ("lost", DOUBTFUL)])
async def test_nothing_can_be_read(world: World, answer: str | None, told: str) -> None:
    """After PROOF_WAIT it is believed or doubted, whether or not the plan speaks of it."""
    at = world.restarted(reads_channel=False)
    world.channel.answers = [answer] if answer else []
    await perform(SHORT, at)
    world.clock.on(minutes=59)
    await prove(at)
    assert (await fate(world))[0] is not Status.DONE
    world.clock.on(minutes=1)
    await prove(at)
    assert await fate(world) == (Status.DONE, told)


async def test_refused_until_it_was_of_no_use(world: World) -> None:
    """A post that was to be tried again, of a meeting that is gone since, is dropped."""
    later = START + timedelta(minutes=5)
    world.channel.answers = [Receipt(delivery=Delivery.REFUSED, reason="429", retry_at=later)]
    await perform(SHORT, world.at)
    world.clock.on(hours=2)
    await prove(world.at)
    assert await fate(world) == (Status.DROPPED, NO_USE)


async def test_nobody_gave_a_tick(world: World) -> None:
    """What waited for a tick stays to be seen as that."""
    await perform(SHORT, replace(world.at, posts_wait_until=START + timedelta(weeks=8)))
    world.clock.on(hours=3)
    await prove(world.at)
    assert await fate(world) == (Status.PARKED, WAITS_FOR_APPROVAL)


def sends_again(at: Workplace) -> Workplace:
    return replace(at, rules=replace(at.rules, in_doubt=InDoubt.AGAIN))


async def test_in_doubt_not_for_ever(world: World) -> None:
    """A flow that posts and always loses its answer is not used until the post is of no use."""
    at = sends_again(world.restarted(reads_channel=False))
    world.channel.answers = ["lost"] * 9
    for _ in range(9):
        await prove(at)
        await perform(post(), at)
        world.clock.on(hours=1)
    assert world.channel.posted == MOST_TRIES
    assert await fate(world, post()) == (Status.DONE, DOUBTFUL)


async def test_in_doubt_until_it_is_of_no_use(world: World) -> None:
    """What was to be sent again and is not any more may have arrived: the doubt is shown."""
    at = sends_again(world.restarted(reads_channel=False))
    world.channel.answers = ["lost"]
    await perform(SHORT, at)
    world.clock.on(hours=1)
    await prove(at)
    world.clock.on(hours=1)
    await prove(at)
    assert await fate(world) == (Status.DONE, DOUBTFUL)
