"""Which way a post takes, what is in doubt, and what can be put right or taken back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from service.domain.actions import Announce
from service.domain.post import parse_key
from service.domain.routes import TAKEN_BACK, InDoubt, Transport
from service.effects.amending import CORRECTED, MEETING
from service.effects.approving import WITHDRAWN, held, hold, release, withdraw
from service.effects.perform import perform
from service.effects.posting import DOUBTFUL, ENOUGH_TODAY, NO_SUCH_WAY
from service.ports import Delivery, Effect, Receipt, Status
from service.workplace import Outlet, Workplace
from tests.unit.effects.fakes import Bot
from tests.unit.effects.fate import START, Crash
from tests.unit.effects.world import COMMON_ID, World, post


async def effect_of(world: World, key: str = post().key) -> Effect:
    return (await world.ledger.effects(key))[key]


def with_bot(world: World) -> tuple[Workplace, Bot]:
    """The common channel by bot; it cannot be read."""
    bot = Bot(world.fate, world.clock)
    outlet = Outlet(channel=COMMON_ID, role="common", via=Transport.BOT, poster=bot)
    return replace(world.at, outlets=(outlet,), messages={}), bot


def by_bot(occurrence: str, **other: object) -> Announce:
    told = {MEETING: "uid-0308"}
    return replace(post(occurrence), via=Transport.BOT, told=told, **other)


def moved(occurrence: str = "20230306T0800Z") -> Announce:
    said = by_bot(occurrence, kind="moved", corrects="uid-0308")
    return replace(said, card=replace(said.card, title="Ändrat: Natur i stadsplanering"))


# ---------------------------------------------------------------- where to


async def test_only_to_channels_that_the_settings_name(world: World) -> None:
    """A post to any other channel is refused, by name, and reaches nobody."""
    elsewhere = replace(post(), channel="19:annan")
    assert not await perform(elsewhere, world.at)

    effect = await effect_of(world)
    assert (effect.status, effect.reason) == (Status.PARKED, NO_SUCH_WAY)
    assert world.channel.posted == world.notices.posted == 0


async def test_so_many_a_day(world: World) -> None:
    """What is beyond a channel's number of posts a day waits until the next day."""
    at = replace(world.at, rules=replace(world.at.rules, posts_a_day=2))
    for number in range(3):
        await perform(post(f"{number}"), at)
    third = await effect_of(world, post("2").key)
    assert (world.channel.posted, third.reason) == (2, ENOUGH_TODAY)

    world.clock.moment = third.not_before or START
    await perform(post("2", hours=48), at)
    assert world.channel.posted == 3


async def test_a_correction_does_not_wait_for_another_day(world: World) -> None:
    """It breaks the cap, as does taking back what should not have been said."""
    at = replace(world.at, rules=replace(world.at.rules, posts_a_day=1))
    await perform(post("0"), at)
    for kind in ("moved", "cancelled", TAKEN_BACK):
        assert await perform(replace(post(kind), kind=kind), at)
    assert not await perform(post("1"), at)


# ---------------------------------------------------------------- in doubt


@pytest.mark.parametrize(("choice", "sent"), [(InDoubt.ONCE, 1), (InDoubt.AGAIN, 2)])
async def test_in_doubt_the_network_decides(world: World, choice: InDoubt, sent: int) -> None:
    """No answer, and nothing to read: at most once by default, at least once if chosen so."""
    at = replace(world.restarted(reads_channel=False))
    at = replace(at, rules=replace(at.rules, in_doubt=choice))
    world.channel.answers = ["lost"]
    await perform(post(), at)
    world.clock.on(minutes=15)
    await perform(post(), at)

    assert world.channel.posted == sent
    if choice is InDoubt.ONCE:
        assert (await effect_of(world)).reason == DOUBTFUL


# ---------------------------------------------------------------- put right


async def test_a_correction_in_its_place(world: World) -> None:
    """Where messages can be changed, every earlier one about the meeting is; none is added."""
    at, bot = with_bot(world)
    await perform(by_bot("a"), at)
    await perform(by_bot("b"), at)
    assert await perform(moved(), at)
    assert not await perform(moved(), at)

    assert bot.posted == 2
    assert [one.card.title for one in bot.cards.values()] == ["Ändrat: Natur i stadsplanering"] * 2
    assert [parse_key(one.key).occurrence for one in bot.cards.values()] == ["a", "b"]  # type: ignore[union-attr]
    effect = await effect_of(world, moved().key)
    assert (effect.status, effect.reason) == (Status.DONE, CORRECTED)


async def test_a_correction_of_nothing_is_posted(world: World) -> None:
    """A meeting of which nothing stands in the channel is told of as moved."""
    at, bot = with_bot(world)
    await perform(moved(), at)
    assert bot.posted == 1


async def test_a_correction_of_what_a_person_removed_is_posted(world: World) -> None:
    """What is gone cannot be changed: one short post says it."""
    at, bot = with_bot(world)
    await perform(by_bot("a"), at)
    bot.cards.clear()
    await perform(moved(), at)
    assert [one.card.title for one in bot.cards.values()] == ["Ändrat: Natur i stadsplanering"]


async def test_a_correction_that_was_throttled_is_tried_again(world: World) -> None:
    """Changing the same again changes nothing, so that it may be repeated."""
    at, bot = with_bot(world)
    await perform(by_bot("a"), at)
    later = START + timedelta(minutes=5)
    bot.answers = [Receipt(delivery=Delivery.REFUSED, reason="429", retry_at=later)]
    assert not await perform(moved(), at)
    world.clock.moment = later
    assert await perform(moved(), at)
    assert (await effect_of(world, moved().key)).reason == CORRECTED


@pytest.mark.parametrize("reads", [True, False])
async def test_killed_while_it_corrects(world: World, reads: bool) -> None:
    """At whatever boundary: the correction is made at the next look, and nothing is added."""
    boundary = 0
    while True:
        boundary += 1
        at, bot = with_bot(world)
        at = replace(at, messages={COMMON_ID: bot} if reads else {})
        first, second = by_bot(f"a{boundary}"), moved(f"m{boundary}")
        await perform(first, at)
        world.fate.end(boundary)
        try:
            await perform(second, at)
        except Crash:
            world.fate.end(None)
            await perform(second, at)
        else:
            world.fate.end(None)
            break
        effect = await effect_of(world, second.key)
        assert (effect.status, bot.posted) == (Status.DONE, 1)
        assert [one.card.title for one in bot.cards.values()] == [second.card.title]
    assert boundary > 5


async def test_what_another_way_posted_is_corrected_by_a_post(world: World) -> None:
    """After a change from flow to bot: the bot's own is changed, the flow's is followed up."""
    at, bot = with_bot(world)
    flows = replace(post("flow"), told={MEETING: "uid-0308"})
    world.channel.answers = [Receipt(delivery=Delivery.PROVED, message_id="m1")]
    await perform(flows, world.at)
    await perform(by_bot("a"), at)
    await perform(moved(), at)
    assert [one.card.title for one in bot.cards.values()] == ["Ändrat: Natur i stadsplanering"] * 2
    assert (await effect_of(world, moved().key)).remote_id == "b2"


async def test_a_flow_cannot_change_what_it_posted(world: World) -> None:
    """There, a correction is one follow-up."""
    said = replace(post("a"), told={MEETING: "uid-0308"})
    await perform(said, world.at)
    world.channel.deliver()
    await perform(replace(post("b"), kind="moved", corrects="uid-0308"), world.at)
    assert world.channel.posted == 2


# ---------------------------------------------------------------- taken back


async def test_taken_back(world: World) -> None:
    """Where it can be, the message goes, and it is not posted again."""
    at, bot = with_bot(world)
    await perform(by_bot("a"), at)
    receipt = await withdraw(await effect_of(world, by_bot("a").key), at)
    assert receipt is not None
    assert receipt.delivery is Delivery.PROVED
    assert not await perform(by_bot("a"), at)

    assert bot.cards == {}
    effect = await effect_of(world, by_bot("a").key)
    assert (effect.status, effect.reason) == (Status.DROPPED, WITHDRAWN)


async def test_taken_back_before_it_was_sent(world: World) -> None:
    """What waits for a tick is simply not sent."""
    at = replace(world.at, posts_wait_until=START + timedelta(weeks=8))
    await perform(post(), at)
    assert await withdraw(await effect_of(world), at)
    assert not await perform(post(), world.at)
    assert world.channel.posted == 0


async def test_a_flows_post_cannot_be_taken_back(world: World) -> None:
    """The caller is told, and posts a correction."""
    await perform(post(), world.at)
    assert await withdraw(await effect_of(world), world.at) is None
    assert (await effect_of(world)).status is Status.QUEUED


async def test_taking_back_what_was_refused_says_nothing(world: World) -> None:
    """Nobody has seen it, so nobody is told that it does not hold; once more changes nothing."""
    world.channel.answers = [Receipt(delivery=Delivery.REFUSED, reason="404")]
    await perform(post(), world.at)
    for _ in range(2):
        receipt = await withdraw(await effect_of(world), world.at)
        assert receipt is not None
        assert receipt.delivery is Delivery.PROVED
    assert (await effect_of(world)).reason == WITHDRAWN


# ---------------------------------------------------------------- held


async def test_hold_and_release(world: World) -> None:
    """What is held is known until it is released."""
    await hold("survey_nudge", "survey_nudge", world.at)
    await hold("uid-0308", "Natur i stadsplanering", world.at)
    await release("survey_nudge", world.at)
    assert await held(world.at) == {"uid-0308": "Natur i stadsplanering"}
