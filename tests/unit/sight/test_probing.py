"""The probes of a daemon: its state, its rounds, its metrics."""

from collections.abc import Sequence
from datetime import timedelta

import httpx
from starlette.applications import Starlette

from service.cli.probing import probes
from service.domain.standing import Standing
from service.errors import StateError
from service.schedule import Pulse
from service.settings import Settings
from service.standing import standing
from service.web.metrics import Metrics
from service.wiring import timetable_of
from service.workplace import Workplace
from tests.unit.effects.world import World


class House:
    """A daemon of one network, whose state can be taken away."""

    def __init__(self, world: World, settings: Settings) -> None:
        self.metrics, self.pulse = Metrics(), Pulse()
        self.broken = False
        self._world, self._settings = world, settings

    def workplaces(self) -> Sequence[Workplace]:
        if self.broken:
            raise StateError("state", "the disk is full")
        return (self._world.at,)

    async def standing(self) -> Standing:
        at = self.workplaces()
        timetable = await timetable_of(at, self._settings)
        return await standing(at, timetable, settings=self._settings, now=self._world.clock.now())

    async def ask(self, path: str) -> httpx.Response:
        routes = probes(self, is_stopping=lambda: False, may_read=lambda _: True)
        through = httpx.ASGITransport(Starlette(routes=routes))
        async with httpx.AsyncClient(transport=through, base_url="http://localhost") as http:
            return await http.get(path)


async def test_a_daemon_is_probed(world: World, settings: Settings) -> None:
    """Ready from its first round on; its metrics have its network's jobs."""
    house = House(world, settings)
    assert (await house.ask("/readyz")).status_code == 503
    house.pulse.begin()
    house.pulse.end(timedelta(minutes=1))
    assert (await house.ask("/readyz")).status_code == 200
    page = (await house.ask("/metrics")).text

    assert f'network="{world.network.id}"' in page
    assert "natverket_state_readable 1.0" in page


async def test_a_state_that_is_gone(world: World, settings: Settings) -> None:
    """It is not ready, says so in the metrics, and goes on living."""
    house = House(world, settings)
    house.pulse.begin()
    house.broken = True

    assert (await house.ask("/readyz?verbose")).json()["checks"]["state"] == "failed"
    assert "natverket_state_readable 0.0" in (await house.ask("/metrics")).text
    assert (await house.ask("/livez")).status_code == 200
