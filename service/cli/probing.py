"""What the probes and the metrics ask of the daemon."""

from collections.abc import Callable, Sequence
from typing import Protocol

from starlette.requests import Request
from starlette.routing import Route

from service.domain.standing import Standing
from service.errors import StateError
from service.schedule import Pulse
from service.web.health import Health, health_routes
from service.web.metrics import Metrics
from service.workplace import Workplace


class House(Protocol):
    """The running service."""

    @property
    def metrics(self) -> Metrics: ...

    @property
    def pulse(self) -> Pulse: ...

    def workplaces(self) -> Sequence[Workplace]:
        """Every network, opened or not."""

    async def standing(self) -> Standing:
        """How it stands now. Raises StateError."""


def probes(
    house: House, *, is_stopping: Callable[[], bool], may_read: Callable[[Request], bool]
) -> list[Route]:
    """Make the routes; `may_read` is the page's rule of access, for the metrics."""

    async def read_state() -> None:
        for at in house.workplaces():
            await at.journal.history()

    async def metrics() -> bytes:
        try:
            standing = await house.standing()
        except StateError:
            return house.metrics.page(None)
        # Of a state that cannot be read the house tells that alone.
        return house.metrics.page(standing if standing.networks else None)

    health = Health(
        rounds=house.pulse,
        is_stopping=is_stopping,
        read_state=read_state,
        metrics=metrics,
        may_read=may_read,
    )
    return health_routes(health)
