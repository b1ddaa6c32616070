"""Everything that a page shows of one network, read from the state alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from service.domain.gaps import Row
from service.domain.period import local_day
from service.domain.standing import Need, NetworkStanding, Standing
from service.effects import approving
from service.errors import NotFound, StateError
from service.jobs.deciding import Foreseen, foreseen, waiting_besides
from service.jobs.known import known
from service.jobs.overview import overview
from service.jobs.said import Said
from service.web.page.house import House
from service.workplace import Workplace


@dataclass(frozen=True, kw_only=True)
class Gathered:
    standing: Standing
    at: Workplace
    network: NetworkStanding
    year: int
    years: tuple[int, ...]
    rows: tuple[Row, ...]
    """Of that year."""
    ahead: tuple[Foreseen, ...]
    besides: tuple[Said, ...]
    held: Mapping[str, str]
    now: datetime

    @property
    def needs(self) -> tuple[Need, ...]:
        """Of this network, and of the whole installation."""
        mine = (None, self.network.network_id)
        return tuple(need for need in self.standing.needs if need.network_id in mine)


def workplace(house: House, network_id: str) -> Workplace:
    """Find a network; without an id, the first. Raises NotFound."""
    for at in house.workplaces():
        if network_id in ("", at.network.id):
            return at
    raise NotFound(network_id, "There is no such network.")


async def gather(house: House, network_id: str, year: int | None) -> Gathered:
    """Raises NotFound for a network that is not there, StateError."""
    at, standing = workplace(house, network_id), await house.standing()
    network = next((one for one in standing.networks if one.network_id == at.network.id), None)
    if network is None:
        raise StateError("state", "it cannot be read")
    now = house.clock.now()
    this_year = local_day(now, at.network.time_zone).year
    facts = await known(at)
    years = sorted({meeting.first_day.year for meeting in facts.meetings} | {this_year})
    shown = year if year in years else this_year
    rows = network.rows
    if shown != this_year:
        every = (await overview(at, facts)).rows
        rows = tuple(row for row in every if row.meeting.first_day.year == shown)
    ahead = await foreseen(at)
    return Gathered(
        standing=standing,
        at=at,
        network=network,
        year=shown,
        years=tuple(years),
        rows=rows,
        ahead=ahead,
        besides=await waiting_besides(ahead, at),
        held=await approving.held(at),
        now=now,
    )
