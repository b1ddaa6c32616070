"""From environment, files and laid-out secrets to `Settings`, or to every problem at once."""

import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from service.errors import SettingsError
from service.settings import problems as tell
from service.settings.clouds import HOSTS
from service.settings.description import DESCRIBED, describe
from service.settings.environment import Merged, conflict, merge, read_file
from service.settings.fields import NETWORK_PREFIX, PREFIX
from service.settings.fitting import of_all, of_groups, of_network, of_rules
from service.settings.installation import Installation
from service.settings.network import NetworkSettings
from service.settings.page import of_page
from service.settings.rows import rows, setting_name
from service.settings.schema import Settings
from service.settings.secrets import DOCKER, read_named
from service.settings.sources import Given, Kind, Source

DEFAULT_FILE = Path(".env")


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What was found, usable or not."""

    merged: Merged
    installation: Installation | None
    networks: tuple[NetworkSettings, ...]
    of_files: Mapping[Path, Mapping[str, Given]]
    """What the files of NATVERKET_NETWORKS give, by NATVERKET_NETWORK_ name."""
    problems: tuple[str, ...]

    def settings(self) -> Settings:
        """Raises SettingsError with every problem."""
        if self.problems or self.installation is None:
            raise SettingsError(self.problems)
        return Settings(
            **dict(self.installation),
            networks=self.networks,
            notes=self.merged.notes,
            sources={name: one.source for name, one in self.merged.given.items()},
        )


def read_settings(
    env_file: Path | None = None,
    environment: Mapping[str, str] | None = None,
    *,
    docker: Path = DOCKER,
) -> Settings:
    """
    Read environment, file and laid-out secrets; the environment wins.

    Without `env_file`, `.env` is read if it is there. Raises SettingsError with every problem.
    """
    return read(env_file, environment, docker=docker).settings()


def read(
    env_file: Path | None = None,
    environment: Mapping[str, str] | None = None,
    *,
    docker: Path = DOCKER,
) -> Reading:
    """Read as `read_settings` does, and raise nothing."""
    environment = os.environ if environment is None else environment
    path = env_file or (DEFAULT_FILE if DEFAULT_FILE.is_file() else None)
    file, bad_lines = read_file(path) if path else ({}, [])
    merged = merge(environment, file, docker)
    given = merged.texts
    together = [*conflict(given), *tell.of_installation(merged.given, environment)]

    installation, found = _installation(given)
    of_files: dict[Path, Mapping[str, Given]] = {}
    networks, found_in_networks = _networks(given, of_files)
    problems = [*bad_lines, *merged.problems, *together, *found, *found_in_networks]
    return Reading(
        merged=merged,
        installation=installation,
        networks=networks,
        of_files=of_files,
        # Each told once: a secret that is missing is missing by two ways of looking.
        problems=tuple(dict.fromkeys(problems)),
    )


def _installation(given: Mapping[str, str]) -> tuple[Installation | None, list[str]]:
    try:
        read = Installation.from_names(given)
    except ValidationError as error:
        return None, list(tell.of_validation(error, Installation))
    hosts = HOSTS[read.cloud]
    of_cloud = {
        "graph_url": hosts.graph,
        "authority_url": hosts.authority,
        "bot_url": hosts.bot,
    }
    rest = {key: url for key, url in of_cloud.items() if f"{PREFIX}{key}".upper() not in given}
    return read.model_copy(update=rest), list(of_page(read))


def _networks(
    given: Mapping[str, str], of_files: dict[Path, Mapping[str, Given]]
) -> tuple[tuple[NetworkSettings, ...], list[str]]:
    at = given.get("NATVERKET_NETWORKS")
    if at is None:
        network, problems = _network(given)
        return (network,) if network else (), problems
    networks, problems = [], []
    for path in _files(Path(at)):
        network, of_files[path], found = _network_of_file(path)
        networks += [network] if network else []
        problems += found
    if not networks and not problems:
        problems.append(tell.problem("NATVERKET_NETWORKS", f"there is no TOML file at {at}"))
    return tuple(networks), [*problems, *_twice(networks), *of_all(networks)]


def _network(given: Mapping[str, str]) -> tuple[NetworkSettings | None, list[str]]:
    try:
        network = NetworkSettings.from_names(given)
    except ValidationError as error:
        return None, list(tell.of_validation(error, NetworkSettings))
    return network, [*of_network(network), *_undescribed(network)]


def _undescribed(network: NetworkSettings) -> tuple[str, ...]:
    try:
        return (*of_groups(network), *of_rules(network))
    except SettingsError as error:
        return error.problems


def _twice(networks: list[NetworkSettings]) -> Iterator[str]:
    seen: dict[str, Path | None] = {}
    for network in networks:
        if _undescribed(network):
            continue
        key = describe(network).id
        if key in seen:
            reason = f"the id {key} is that of {seen[key]} too"
            yield tell.problem(str(network.origin), reason, "another id")
        seen[key] = network.origin


# ---------------------------------------------------------------- files of networks


def _files(at: Path) -> list[Path]:
    return sorted(at.glob("*.toml")) if at.is_dir() else [at] if at.is_file() else []


def _network_of_file(
    path: Path,
) -> tuple[NetworkSettings | None, Mapping[str, Given], list[str]]:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8")).get("network", {})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return None, {}, [tell.problem(str(path), f"cannot be read ({error})")]
    texts, problems = _names(path, table)
    source = Source(kind=Kind.NETWORK_FILE, file=path)
    told = {name: Given(text=text, source=source) for name, text in texts.items()}
    given, bad_secrets = read_named(told)
    network, found = _network({name: one.text for name, one in given.items()})
    if network is not None:
        network = network.model_copy(update={"origin": path})
        found = [*of_network(network), *_undescribed(network)]
    by_key = (_by_key(path, problem) for problem in [*bad_secrets, *found])
    return network, given, [*problems, *by_key]


def _names(path: Path, table: Mapping[str, object]) -> tuple[dict[str, str], list[str]]:
    """Turn the keys of `[network]` into the names that they stand for."""
    secret = {row.name for row in rows() if row.secret}
    known = {setting_name(NetworkSettings, key) for key in NetworkSettings.model_fields}
    known |= {f"{name}_FILE" for name in known & secret}
    known -= {f"{NETWORK_PREFIX}ORIGIN"}
    keys = sorted(name.removeprefix(NETWORK_PREFIX).lower() for name in known)
    given, problems = {}, []
    for key, value in table.items():
        if key in DESCRIBED:
            continue  # The description's, of which such a file may hold all.
        if key not in keys:
            told = tell.nearest(key, keys)
            problems.append(tell.problem(f"{path}: {key}", "there is no such setting", told))
        elif not isinstance(value, str | int):
            problems.append(tell.problem(f"{path}: {key}", "is not text, number or true/false"))
        else:
            given[f"{NETWORK_PREFIX}{key.upper()}"] = _placed(path, key, value)
    return given, problems


def _placed(path: Path, key: str, value: str | int) -> str:
    # A path in a file is meant from where the file lies.
    is_path = key.endswith("_file") or (key == "description" and str(value).endswith(".toml"))
    return str(path.parent / str(value)) if is_path else str(value)


def _by_key(path: Path, told: str) -> str:
    """Tell a problem by the key of the file in which it stands."""
    if not told.startswith(NETWORK_PREFIX):
        return told
    name, _, rest = told.removeprefix(NETWORK_PREFIX).partition(":")
    return f"{path}: {name.lower()}:{rest}"
