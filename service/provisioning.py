"""
Makes what the service needs in the network's site: two libraries, the register, folders.

It needs more rights than the daemon ever has, and so may sign in as another app. Nothing
that is there is changed: it can be run again at any time.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

from service.domain.register import Column as OurColumn
from service.domain.register import Type
from service.graph.clock import SandboxClock
from service.graph.gateway import Gateway
from service.graph.provision import Column, ColumnType, Provisioned
from service.settings import NetworkSettings, Settings, describe
from service.signing import gateway_of
from service.wiring import clock_of, columns

COORDINATION_FOLDERS = ("Inkorg/Oplacerat", "Underlag", "Rapportutkast", "Gallring")


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing that was made, or was there already."""

    what: str
    made: bool


async def provision(settings: Settings) -> AsyncIterator[Step]:
    """
    Make what is absent, network by network, telling each step.

    Raises SignInRefused, Forbidden (which names the right to grant), NotFound.
    """
    clock = clock_of(settings)
    if isinstance(clock, SandboxClock):
        await clock.refresh()
    async with gateway_of(settings, clock, provisioning=True) as gateway:
        await gateway.sign_in()
        for network in settings.networks:
            async for step in _network(network, gateway):
                yield step
    if isinstance(clock, SandboxClock):
        await clock.close()


async def _network(network: NetworkSettings, gateway: Gateway) -> AsyncIterator[Step]:
    site = await gateway.sites().site(network.site)
    ours, described = columns(), describe(network)
    groups = tuple(group.name for group in described.groups)
    provisioner = gateway.provisioner()
    library = _columns(ours.library, groups)
    yield _step("library", await provisioner.ensure_library(site.id, network.library, library))
    coordination = await provisioner.ensure_library(site.id, network.coordination, library)
    yield _step("library", coordination)
    register = register_columns(ours.register, groups, described.survey.decimals)
    yield _step("list", await provisioner.ensure_list(site.id, network.register_list, register))
    for path in COORDINATION_FOLDERS:
        drive_id = coordination.drive_id or ""
        there = await gateway.drives().find(drive_id, path)
        if there is None:
            await gateway.drives().ensure_folder(drive_id, path)
        yield Step(what=f"folder {network.coordination}/{path}", made=there is None)


def _step(kind: str, done: Provisioned) -> Step:
    added = f" with {len(done.added)} columns" if done.added else ""
    return Step(what=f"{kind} {done.name}{added}", made=done.created or bool(done.added))


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
