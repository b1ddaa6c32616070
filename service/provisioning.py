"""
Makes what the service needs in a network's site: two libraries, the register, folders.

It needs more rights than the daemon ever has, and so signs in as another app, or with a
person's rights that are lent for the one command. Nothing that is there is changed: it can
be run again at any time.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from service.domain.network import Network
from service.domain.provision import (
    AddColumn,
    Column,
    ColumnType,
    MakeFolder,
    MakePlace,
    Making,
    Place,
    PlaceKind,
    Plan,
    SeenPlace,
    plan,
)
from service.domain.register import Column as OurColumn
from service.domain.register import Type
from service.graph.auth import TokenSource
from service.graph.clock import SandboxClock
from service.graph.gateway import Gateway
from service.graph.sites import Site
from service.settings import NetworkSettings, Settings, describe
from service.signing import gateway_of
from service.wiring import clock_of, columns

COORDINATION_FOLDERS = ("Inkorg/Oplacerat", "Underlag", "Rapportutkast", "Gallring")


@dataclass(frozen=True, kw_only=True)
class NetworkPlan:
    """What one network's site has, and is to get."""

    network: Network
    site: Site
    library: str
    coordination: str
    plan: Plan


class Provisioner:
    """Plans and makes, network by network. `async with provisioner(…)` makes one."""

    def __init__(self, settings: Settings, gateway: Gateway) -> None:
        self._settings = settings
        self._gateway = gateway

    async def plans(self) -> tuple[NetworkPlan, ...]:
        """
        Look at each network's site, and decide what to make there.

        Raises SignInRefused, Forbidden (which names the right to grant), NotFound.
        """
        await self._gateway.sign_in()
        return tuple([await self._plan(network) for network in self._settings.networks])

    async def make(self, planned: NetworkPlan) -> AsyncIterator[Making]:
        """Do it, telling each thing when it is made. Raises as `plans` does."""
        places = {place.name: place for place in planned.plan.there}
        for making in planned.plan.make:
            await self._make_one(planned.site.id, making, places)
            yield making

    async def _plan(self, network: NetworkSettings) -> NetworkPlan:
        site = await self._gateway.sites().site(network.site)
        described = describe(network)
        wanted = places_of(network, described)
        seen = await self._gateway.provisioner().look(site.id, wanted)
        with_folders = [await self._with_folders(one, wanted) for one in seen]
        return NetworkPlan(
            network=described,
            site=site,
            library=network.library,
            coordination=network.coordination,
            plan=plan(wanted, with_folders),
        )

    async def _with_folders(self, seen: SeenPlace, wanted: tuple[Place, ...]) -> SeenPlace:
        paths = {path for one in wanted if seen.is_called(one.name) for path in one.folders}
        drives = self._gateway.drives()
        there = [
            path
            for path in sorted(paths)
            if seen.drive_id and await drives.find(seen.drive_id, path) is not None
        ]
        return replace(seen, folders=tuple(there))

    async def _make_one(self, site_id: str, making: Making, places: dict[str, SeenPlace]) -> None:
        provisioner = self._gateway.provisioner()
        name = making.place.name
        if isinstance(making, MakePlace):
            places[name] = await provisioner.make(site_id, making.place)
            return
        place = next(one for one in places.values() if one.is_called(name))
        match making:
            case AddColumn():
                await provisioner.add(site_id, place.list_id, making.column)
            case MakeFolder():
                await self._gateway.drives().ensure_folder(place.drive_id or "", making.path)


@asynccontextmanager
async def provisioner(
    settings: Settings, person: TokenSource | None = None
) -> AsyncIterator[Provisioner]:
    """Reach the tenant as the app that may create libraries, or with a person's lent rights."""
    clock = clock_of(settings)
    try:
        if isinstance(clock, SandboxClock):
            await clock.refresh()
        async with gateway_of(settings, clock, provisioning=True, person=person) as gateway:
            yield Provisioner(settings, gateway)
    finally:
        if isinstance(clock, SandboxClock):
            await clock.close()


async def provision(settings: Settings) -> AsyncIterator[Making]:
    """Make what is absent without asking anybody, telling each thing. Raises as `plans` does."""
    async with provisioner(settings) as making:
        for planned in await making.plans():
            async for made in making.make(planned):
                yield made


# ---------------------------------------------------------------- what is wanted


def places_of(network: NetworkSettings, described: Network) -> tuple[Place, ...]:
    """Both libraries and the register, in the order in which they are made."""
    ours = columns()
    groups = tuple(group.name for group in described.groups)
    library = _columns(ours.library, groups)
    return (
        Place(kind=PlaceKind.LIBRARY, name=network.library, columns=library),
        Place(
            kind=PlaceKind.LIBRARY,
            name=network.coordination,
            columns=library,
            folders=COORDINATION_FOLDERS,
        ),
        Place(
            kind=PlaceKind.LIST,
            name=network.register_list,
            columns=register_columns(ours.register, groups, described.survey.decimals),
        ),
    )


def _columns(ours: tuple[OurColumn, ...], groups: tuple[str, ...]) -> tuple[Column, ...]:
    """`Title` is every list's own column and not made."""
    return tuple(_column(column, groups) for column in ours if column.name != "Title")


def register_columns(
    ours: tuple[OurColumn, ...], groups: tuple[str, ...], decimals: int
) -> tuple[Column, ...]:
    """Means show as many decimals as the network rounds them to; counts have none."""
    return tuple(
        replace(one, decimals=decimals) if one.decimals else one for one in _columns(ours, groups)
    )


def _column(column: OurColumn, groups: tuple[str, ...]) -> Column:
    """A choice for which the file names no values is one of the network's groups."""
    default = None if column.default is None else ("1" if column.default else "0")
    return Column(
        name=column.name,
        display_name=column.title,
        type=_TYPES[column.type],
        choices=_choices(column, groups),
        allow_text=column.fill_in,
        decimals=column.decimals if column.type is Type.NUMBER else None,
        hidden=column.hidden,
        indexed=column.indexed,
        unique=column.unique,
        default=default,
    )


def _choices(column: OurColumn, groups: tuple[str, ...]) -> tuple[str, ...]:
    if column.type is not Type.CHOICE:
        return ()
    return tuple(shown for _, shown in column.choices) or groups


_TYPES = {
    Type.TEXT: ColumnType.TEXT,
    Type.NOTE: ColumnType.NOTE,
    Type.NUMBER: ColumnType.NUMBER,
    Type.DATE: ColumnType.DATE,
    Type.BOOLEAN: ColumnType.BOOLEAN,
    Type.CHOICE: ColumnType.CHOICE,
}
