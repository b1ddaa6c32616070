"""The job that posts series: claimed and proved as any post, and idle without a series."""

from dataclasses import replace
from datetime import UTC, datetime

from service.domain.series import series_from
from service.jobs import post_series
from service.jobs.engine import run
from service.ports import Status
from tests.unit.effects.world import NATURE, World

TIPS = series_from(
    {
        "tips": {
            "id": "tips",
            "name": "Tips",
            "at": "07:30",
            "from": "12-23",
            "to": "12-24",
            "items": [{"title": "Ett"}, {"title": "Två", "link": "https://exempel.se/tva"}],
        }
    },
    (NATURE,),
)


async def statuses(world: World) -> dict[str, Status]:
    effects = await world.ledger.effects(f"v1/{world.network.id}/")
    return {key.rpartition("/")[2]: effect.status for key, effect in effects.items()}


async def test_a_series_is_posted_and_proved(world: World) -> None:
    """On Saturday at half past seven, within a pause; then seen; the next day the next."""
    at = replace(world.at, series=TIPS)
    world.clock.moment = datetime(2023, 12, 23, 6, 30, tzinfo=UTC)
    assert (await run(post_series.JOB, at, world.clock.now())).run.did == 1
    assert (await run(post_series.JOB, at, world.clock.now())).run.did == 0
    world.channel.deliver()
    world.clock.on(days=1)
    assert (await run(post_series.JOB, at, world.clock.now())).run.did == 1
    assert await statuses(world) == {"2023-12-23": Status.DONE, "2023-12-24": Status.QUEUED}
    (link, *_) = world.channel.messages[0].links
    assert link.url.startswith("https://exempel.sharepoint.com/sites/natverket?nv=v1")


async def test_a_missed_one_is_forgone(world: World) -> None:
    """Dropped with the reason, that of before the service began too; nothing is sent."""
    at = replace(world.at, series=TIPS)
    world.clock.moment = datetime(2023, 12, 25, 6, 30, tzinfo=UTC)
    assert (await run(post_series.JOB, at, world.clock.now())).run.did == 0
    effects = await world.ledger.effects(f"v1/{world.network.id}/")
    assert {(one.status, one.reason) for one in effects.values()} == {
        (Status.DROPPED, "Tjänsten var inte i gång när inlägget skulle ha gått ut."),
        (Status.DROPPED, "Tiden för inlägget har passerat."),
    }
    assert world.channel.posted == 0


def test_no_series_no_job(world: World) -> None:
    """A network without a series need not wake for it."""
    assert not post_series.JOB.wanted(world.at)
    assert post_series.JOB.wanted(replace(world.at, series=TIPS))
