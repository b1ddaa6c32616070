"""Every file that settings are read from: one that changes may change them."""

import os
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from service.settings.environment import read_file
from service.settings.reading import DEFAULT_FILE
from service.settings.rows import rows
from service.settings.schema import Settings
from service.settings.secrets import DOCKER, laid_out_files


def files_of(
    settings: Settings,
    env_file: Path | None = None,
    environment: Mapping[str, str] | None = None,
    *,
    docker: Path = DOCKER,
) -> Iterator[Path]:
    """Yield environment file, files of secrets, networks, and what these name; and folders."""
    environment = os.environ if environment is None else environment
    path = env_file or DEFAULT_FILE
    yield path
    given = read_file(path)[0] if path.is_file() else {}
    texts = {name: one.text for name, one in given.items()} | dict(environment)
    secrets = {f"{row.name}_FILE" for row in rows() if row.secret}
    yield from (Path(text) for name, text in texts.items() if name in secrets and text)
    yield from laid_out_files(environment, docker)
    if settings.networks_at is not None:
        yield settings.networks_at
    for network in settings.networks:
        if network.origin is not None:
            yield network.origin
            yield from _named_in(network.origin)
        if network.texts is not None:
            yield network.texts
        names = (network.description or "", *(network.series or ()))
        yield from (Path(name) for name in names if name.endswith(".toml"))


def _named_in(origin: Path) -> Iterator[Path]:
    """Yield the files of secrets that a network's own file names."""
    try:
        table = tomllib.loads(origin.read_text(encoding="utf-8")).get("network", {})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return
    yield from (Path(str(text)) for key, text in table.items() if key.endswith("_file"))
