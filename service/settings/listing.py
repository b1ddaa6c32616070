"""Every setting that holds and where its value comes from, without any secret."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from service.errors import SettingsError
from service.settings.clouds import HOSTS, Cloud
from service.settings.description import told_by_description
from service.settings.fields import NETWORK_PREFIX
from service.settings.network import NetworkSettings
from service.settings.reading import Reading
from service.settings.rows import Row, rows
from service.settings.sources import FROM_DEFAULT, Given, Kind, Source

MASK = "********"
"""The same for every secret: it tells neither length nor beginning."""


@dataclass(frozen=True, kw_only=True)
class Listed:
    """One setting, as it may be shown to anybody."""

    name: str
    shown: str
    source: Source
    secret: bool
    network: Path | None = None
    """The file of NATVERKET_NETWORKS for whose network it holds."""


def listed(reading: Reading, *, everything: bool = False) -> tuple[Listed, ...]:
    """List what was given, in the order of the example file; `everything`: defaults too."""
    found = list(_of(reading.merged.given, None, _hosts(reading), everything=everything))
    if reading.of_files:
        # Then a network's settings are those of the files.
        found = [one for one in found if not one.name.startswith(NETWORK_PREFIX)]
        for path, given in reading.of_files.items():
            own = _of(given, path, {}, everything=everything)
            found += [one for one in own if one.name.startswith(NETWORK_PREFIX)]
    for network in reading.networks:
        found = [*_described(found, network)]
    return tuple(found)


def _hosts(reading: Reading) -> Mapping[str, str]:
    """Return the addresses that the cloud gives, as defaults."""
    cloud = reading.installation.cloud if reading.installation else Cloud.PUBLIC
    hosts = HOSTS[cloud]
    return {
        "NATVERKET_GRAPH_URL": hosts.graph,
        "NATVERKET_AUTHORITY_URL": hosts.authority,
        "NATVERKET_BOT_URL": hosts.bot,
    }


def _of(
    given: Mapping[str, Given],
    network: Path | None,
    hosts: Mapping[str, str],
    *,
    everything: bool,
) -> Iterator[Listed]:
    for row in rows():
        if row.name in given:
            yield _given(row, given[row.name], network)
        elif everything and not row.needed:
            default = hosts.get(row.name, row.default)
            yield Listed(
                name=row.name, shown=default, source=FROM_DEFAULT, secret=False, network=network
            )


def _given(row: Row, given: Given, network: Path | None) -> Listed:
    return Listed(
        name=row.name,
        shown=MASK if row.secret else given.text,
        source=given.source,
        secret=row.secret,
        network=network,
    )


def _described(found: list[Listed], network: NetworkSettings) -> Iterator[Listed]:
    """Put what the description tells in the place of defaults, and beside what was set."""
    try:
        told = told_by_description(network)
    except SettingsError:
        told = {}
    source = Source(kind=Kind.DESCRIPTION, file=Path(network.description or ""))
    for one in found:
        is_its = one.network == network.origin and one.source is FROM_DEFAULT
        if not (is_its and one.name in told):
            yield one
    for name, text in told.items():
        yield Listed(name=name, shown=text, source=source, secret=False, network=network.origin)
