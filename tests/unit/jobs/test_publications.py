"""What the ledger keeps of figures that members were told, and what counts as told."""

from dataclasses import replace

import pytest

from service.domain.post import Button, Card, Key, Post
from service.domain.routes import Transport
from service.domain.survey.written import line, published_from
from service.effects.amending import VIA
from service.effects.posting import PUBLISHED, announce
from service.jobs.posts import announcements, told, ways_of
from service.jobs.publications import Publications, publications, publications_in
from service.ports import Effect, Status
from tests.unit.effects.world import COMMON_ID, World
from tests.unit.jobs.builders import effect
from tests.unit.posts.given_results import FIVE
from tests.unit.posts.given_results import told as figures

MEETING = "040000008200E000/74C5 B7"
KEY = Key(
    network="kommunnatverket", channel="c", subject=MEETING, kind="survey_result", occurrence="1"
)
LINES = "\n".join(line(MEETING, one) for one in FIVE)


def kept(status: Status = Status.DONE, **other: object) -> Publications:
    one = effect(str(KEY), status, baseline={PUBLISHED: LINES}, **other)
    return publications_in({one.key: one}, real=True)


def test_figures_come_back_as_they_were_kept() -> None:
    """Counts, scale and classes; nothing of who answered what."""
    for one in (*FIVE, figures("usefulness", 0, 0, 3, 3, 6, 12)):
        assert published_from(line(MEETING, one)) == (MEETING, one)
    assert published_from("something else") is None


@pytest.mark.parametrize(
    ("status", "attempts", "counts"),
    [
        (Status.DONE, 1, True),
        (Status.QUEUED, 1, True),
        (Status.CLAIMED, 1, True),
        (Status.DROPPED, 1, True),
        (Status.PARKED, 0, False),
        (Status.CLAIMED, 0, False),
    ],
)
def test_what_may_have_arrived_counts(status: Status, attempts: int, counts: bool) -> None:
    """A post that waits for its tick has told nobody; one that was sent and never seen may have."""
    assert kept(status, attempts=attempts).of(MEETING) == (FIVE if counts else ())


def test_what_was_only_written_to_files_was_not_told() -> None:
    """A rehearsal's cards do not bind those that go to people."""
    one = effect(str(KEY), attempts=1, baseline={PUBLISHED: LINES, VIA: Transport.DRY.value})
    assert publications_in({one.key: one}, real=True).by_meeting == {}
    assert publications_in({one.key: one}, real=False).of(MEETING) == FIVE


def test_a_result_whose_figures_are_lost() -> None:
    """After the state was made anew nobody knows what the card said: nothing may be added to it."""
    one = effect(str(KEY), baseline={})
    assert publications_in({one.key: one}, real=True).lost == {MEETING}


async def test_every_try_is_remembered(world: World) -> None:
    """Its answer is lost, it is sent again with other figures: either may be what they read."""
    first, second = figures("satisfaction", 0, 0, 0, 0, 5, 5), FIVE[0]
    for one in (first, second):
        world.channel.answers = ["dead"]
        [action] = announcements(post(world, one), ways_of(world.at))
        await announce(action, world.at)
        world.clock.on(hours=2)

    found = await publications(world.at)
    assert set(found.of("uid-0308")) == {first, second}
    [sent] = (await told(world.at))[0].values()
    assert isinstance(sent, Effect)
    assert sent.attempts == 2


def post(world: World, published: object) -> Post:
    now = world.clock.now()
    key = replace(KEY, network=world.network.id, channel=COMMON_ID, subject="uid-0308")
    return Post(
        key=str(key),
        kind="survey_result",
        channel=COMMON_ID,
        meeting_id="uid-0308",
        due=now,
        useful_until=now.replace(year=now.year + 1),
        card=Card(
            language="sv", label="", title="x", buttons=(Button("y", "https://exempel.se/"),)
        ),
        publishes=(("uid-0308", published),),  # type: ignore[arg-type]
    )
