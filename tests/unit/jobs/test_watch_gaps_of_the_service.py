"""Coordinators are told of what the service signs in by, and of posts that do not get out."""

from dataclasses import replace
from datetime import UTC, date, datetime

from service.domain.notice import Credential, CredentialKind
from service.effects.amending import VIA
from service.effects.posting import TITLE
from service.jobs import watch_gaps
from service.jobs.engine import run
from service.ports import Status
from service.render.cards import adaptive_card
from tests.unit.effects.world import COMMON_ID, World
from tests.unit.jobs.builders import effect

WEDNESDAY = datetime(2023, 3, 15, 8, 0, tzinfo=UTC)
FRIDAY = datetime(2023, 3, 17, 8, 0, tzinfo=UTC)  # 09:00 in Sweden
ENDS = Credential(kind=CredentialKind.CERTIFICATE, expires=date(2023, 3, 18))


def said(world: World) -> str:
    message = world.notices.under_way[-1]
    return adaptive_card(message.card, key=message.key).decode()


async def test_an_end_is_told_on_any_workday(world: World) -> None:
    """Nothing else is amiss, and it is not Friday: once, and not again an hour later."""
    world.clock.moment = WEDNESDAY
    at = replace(world.at, credentials=lambda: (ENDS,))
    for _ in range(2):
        await run(watch_gaps.JOB, at, world.clock.now())
        world.notices.deliver()
    assert world.notices.posted == 1


async def test_a_closed_way_is_told_on_friday(world: World) -> None:
    """The members' flow refuses; the coordinators' takes the card that says so."""
    key = f"v1/{world.network.id}/{COMMON_ID}/uid-0308/soon/2023-03-07"
    told = {TITLE: "Natur", VIA: "workflow"}
    await world.ledger.keep(effect(key, status=Status.PARKED, reason="404 gone", baseline=told))
    world.clock.moment = FRIDAY
    await run(watch_gaps.JOB, world.at, world.clock.now())
    assert "via flödet i Teams" in said(world)
    assert "404 gone" in said(world)
