"""Where a post goes, and when a post of several messages is settled."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote

import pytest

from service.domain.post import Button, Card, Post, parse_key
from service.domain.routes import COORDINATORS_MAIL, MAIL_CHANNEL, Routes, Transport
from service.jobs.absence import posts_since
from service.jobs.posts import Ways, already, announcements, told
from service.ports import Effect, Status
from tests.unit.effects.world import COMMON_ID, ZONE, World
from tests.unit.jobs.builders import effect

NOW = datetime(2023, 3, 7, 12, 0, tzinfo=UTC)
TODAY = date(2023, 3, 7)
FLOW, BY_MAIL = Transport.WORKFLOW, Transport.MAIL
CHANNEL, NATURE, OWN = "19:kanal", "19:natur", "19:samordnare"
POST = Post(
    key=f"v1/natverk/{CHANNEL}/2023/yearly_open/1",
    kind="yearly_open",
    channel=CHANNEL,
    meeting_id=None,
    due=NOW,
    useful_until=NOW + timedelta(days=5),
    card=Card(
        language="sv",
        label="Nätverket",
        title="Årsenkäten",
        buttons=(Button("Svara", "https://x"),),
    ),
)


def ways(routes: Routes, *there: tuple[str, Transport]) -> Ways:
    mail = ((COORDINATORS_MAIL, BY_MAIL),)
    found = frozenset({(CHANNEL, FLOW), (NATURE, FLOW), (MAIL_CHANNEL, BY_MAIL), *there})
    return Ways(routes=routes, there=found, coordinators=OWN, to_coordinators=mail)


def goes(post: Post, routes: Routes) -> list[tuple[str, str]]:
    return [(one.channel, one.via) for one in announcements(post, ways(routes))]


# ---------------------------------------------------------------- where to


def test_a_kind_may_go_by_several() -> None:
    """The yearly survey by mail too; the rest as usual; a channel of a group by its own."""
    routes = Routes(usual=(FLOW,), of_kind={"yearly_open": (FLOW, BY_MAIL)})
    assert goes(POST, routes) == [(CHANNEL, FLOW), (MAIL_CHANNEL, BY_MAIL)]
    assert goes(replace(POST, kind="soon"), routes) == [(CHANNEL, FLOW)]
    nature = replace(POST, kind="soon", channel=NATURE, key=POST.key.replace(CHANNEL, NATURE))
    assert goes(nature, routes) == [(NATURE, FLOW)]


def test_no_way_no_message() -> None:
    """A kind that is off, or a transport that has no way there, posts nothing."""
    assert goes(POST, Routes(usual=(FLOW,), of_kind={"yearly_open": ()})) == []
    assert goes(POST, Routes(usual=(Transport.BOT,))) == []


def test_coordinators_have_their_own_ways() -> None:
    """What is meant for them goes to them alone, whatever the routes of members are."""
    own = replace(POST, channel=OWN, kind="summary", key=POST.key.replace(CHANNEL, OWN))
    assert goes(own, Routes(usual=(FLOW,))) == [(COORDINATORS_MAIL, BY_MAIL)]


def test_keys_of_the_messages() -> None:
    """Each message has its own, and all know which post they are."""
    routes = Routes(usual=(FLOW, BY_MAIL))
    found = announcements(POST, ways(routes))
    assert [parse_key(one.key).channel for one in found] == [CHANNEL, MAIL_CHANNEL]  # type: ignore[union-attr]
    assert {one.post for one in found} == {POST.key}
    assert {one.all_of for one in found} == {tuple(one.key for one in found)}


# ---------------------------------------------------------------- settled


FIRST, SECOND = POST.key, POST.key.replace(CHANNEL, MAIL_CHANNEL)


def message(key: str, status: Status = Status.DONE, **other: object) -> Effect:
    said = {"post": FIRST, "all_of": f"{FIRST}\n{SECOND}", "via": "workflow"}
    return effect(key, status, **{"baseline": said, "created": NOW, "updated": NOW, **other})


def settled(*effects: Effect, real: bool = False) -> dict[str, date | None]:
    found = {one.key: one for one in effects}
    return already(found, now=NOW, proof_wait=timedelta(hours=1), time_zone=ZONE, real=real)


def test_settled_when_all_messages_are() -> None:
    """Half of a post is no post: what is missing is sent."""
    assert settled(message(FIRST)) == {}
    assert settled(message(FIRST), message(SECOND)) == {FIRST: TODAY}
    refused = message(SECOND, Status.PARKED, not_before=NOW)
    assert settled(message(FIRST), refused) == {}


def test_told_if_any_message_was() -> None:
    """One way that was refused for good does not unsay the other."""
    assert settled(message(FIRST), message(SECOND, Status.PARKED)) == {FIRST: TODAY}


def test_begun_and_not_sent_is_decided_anew() -> None:
    """Killed between claim and sending: nothing is waited for."""
    assert settled(effect(FIRST, Status.CLAIMED, created=NOW, updated=NOW)) == {}


def test_what_was_only_written_was_not_said() -> None:
    """After a time of trying out, nothing of it is repeated, nor counted as told to members."""
    dry = effect(FIRST, baseline={"via": "dry"}, created=NOW, updated=NOW)
    assert settled(dry, real=True) == {FIRST: None}
    assert settled(dry) == {FIRST: TODAY}


async def test_a_channel_that_gets_an_id_says_nothing_again(world: World) -> None:
    """What was posted while settings named no channel is settled under its id as well."""
    early = message(f"v1/{world.network.id}/common/2023/yearly_open/1", baseline={"via": "mail"})
    await world.ledger.claim(early.key, job="posts", now=NOW)
    await world.ledger.keep(early)
    _, found = await told(world.at)
    assert found[early.key.replace("/common/", f"/{quote(COMMON_ID, safe=':@')}/")] == TODAY


# ---------------------------------------------------------------- away


@pytest.mark.parametrize(
    ("last", "now", "away"),
    [
        ("2023-03-03T15:45", "2023-03-06T07:00", False),  # a weekend
        ("2023-03-06T15:45", "2023-03-07T07:00", False),  # a night
        ("2023-04-06T14:45", "2023-04-11T06:00", False),  # Easter
        ("2023-03-06T09:00", "2023-03-07T08:00", False),  # not a day yet
        ("2023-03-06T09:00", "2023-03-07T11:00", True),
        ("2023-03-01T09:00", "2023-03-07T11:00", True),
    ],
)
async def test_away(world: World, last: str, now: str, away: bool) -> None:
    """Nights, weekends and holidays are no pause of the service; a working day without it is."""
    easter = frozenset({date(2023, 4, 7), date(2023, 4, 10)})
    at = replace(world.at, network=replace(world.at.network, holidays=easter))
    began, then = (datetime.fromisoformat(f"{text}+00:00") for text in (last, now))
    world.clock.moment = began
    first = await posts_since(at)
    world.clock.moment = then
    since = await posts_since(at)

    assert first == began - timedelta(days=1)
    assert since == (then - timedelta(days=1) if away else first)


async def test_asking_what_would_be_done_is_no_presence(world: World) -> None:
    """A plan a day while the service is off: what fell due meanwhile is still not sent."""
    world.clock.moment = NOW
    await posts_since(world.at)
    for _ in range(5):
        world.clock.on(hours=23)
        await posts_since(replace(world.at, rehearsal=True))
    assert await posts_since(world.at) == world.clock.now() - timedelta(days=1)
