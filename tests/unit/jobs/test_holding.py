"""What a coordinator may name to hold posts back."""

from dataclasses import replace
from typing import cast

import pytest

from service.cli.posts import _meant
from service.domain.series import series_from
from service.errors import NatverketError
from service.settings import Settings
from service.store import Store
from service.wiring import Office
from tests.unit.effects.world import World

TIPS = series_from(
    {
        "tips": {
            "id": "tips",
            "name": "Tips",
            "at": "07:30",
            "items": [{"date": "12-13", "title": "Ett"}],
        }
    },
    (),
)


async def meant(state: Store, text: str) -> list[tuple[str, str]]:
    """Two networks, of which the second has a series."""
    one, other = World(state), World(state)
    places = (one.at, replace(other.at, series=TIPS))
    office = Office(
        settings=cast(Settings, None),
        store=state,
        clock=one.clock,  # type: ignore[arg-type] # of the tests
        workplaces=places,
    )
    return [(what, shown) for _, what, shown in await _meant(office, text)]


async def test_a_kind_is_held_in_every_network(state: Store) -> None:
    """Nobody has said which network is meant, and holding back harms nobody."""
    assert await meant(state, "digest") == [("digest", "digest")] * 2


async def test_one_series_is_held_by_its_id(state: Store) -> None:
    """Where there is one of that id; it is shown by its name."""
    assert await meant(state, "tips") == [("tips", "Tips")]


async def test_what_is_neither_is_refused(state: Store) -> None:
    """As a meeting that cannot be found."""
    with pytest.raises(NatverketError):
        await meant(state, "annat")
