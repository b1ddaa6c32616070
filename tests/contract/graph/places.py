"""Libraries and lists as `natverket provision` makes them, for tests that need one."""

from collections.abc import Sequence
from dataclasses import dataclass

from service.domain.provision import AddColumn, Column, MakePlace, Place, PlaceKind, plan
from service.graph.gateway import Gateway


@dataclass(frozen=True, kw_only=True)
class Provisioned:
    """A library or list as it is now, and what was done for it."""

    site_id: str
    list_id: str
    drive_id: str | None
    name: str
    url: str
    created: bool
    added: tuple[str, ...]
    """Internal names of columns that were added."""


async def library_of(
    owner: Gateway, site_id: str, name: str, columns: Sequence[Column]
) -> Provisioned:
    return await _ensure(owner, site_id, PlaceKind.LIBRARY, name, columns)


async def list_of(
    owner: Gateway, site_id: str, name: str, columns: Sequence[Column]
) -> Provisioned:
    return await _ensure(owner, site_id, PlaceKind.LIST, name, columns)


async def _ensure(
    owner: Gateway, site_id: str, kind: PlaceKind, name: str, columns: Sequence[Column]
) -> Provisioned:
    place, provisioner = Place(kind=kind, name=name, columns=tuple(columns)), owner.provisioner()
    decided = plan((place,), await provisioner.look(site_id, (place,)))
    created = MakePlace(place=place) in decided.make
    there = await provisioner.make(site_id, place) if created else decided.there[0]
    added = [one.column for one in decided.make if isinstance(one, AddColumn)]
    for column in added:
        await provisioner.add(site_id, there.list_id, column)
    return Provisioned(
        site_id=site_id,
        list_id=there.list_id,
        drive_id=there.drive_id,
        name=there.name,
        url=there.url,
        created=created,
        added=tuple(column.name for column in added),
    )
