"""Where a setting's value comes from, as `natverket settings` tells it."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Kind(StrEnum):
    ENVIRONMENT = "environment"
    ENVIRONMENT_FILE = "environment file"
    NAMED_FILE = "secret file"
    """The file that a `…_FILE` names."""
    SYSTEMD = "systemd credential"
    DOCKER = "Docker secret"
    NETWORK_FILE = "network file"
    """A TOML file of NATVERKET_NETWORKS."""
    DESCRIPTION = "description"
    """What NATVERKET_NETWORK_DESCRIPTION names."""
    DEFAULT = "default"


@dataclass(frozen=True, kw_only=True)
class Source:
    kind: Kind
    file: Path | None = None
    """Where the value itself stands."""
    line: int | None = None
    named_in: str = ""
    """Of a secret's file: where its path stands."""

    def __str__(self) -> str:
        match self.kind:
            case Kind.ENVIRONMENT | Kind.DEFAULT:
                return self.kind.value
            case Kind.ENVIRONMENT_FILE:
                return f"{self.file}, line {self.line}"
            case Kind.NAMED_FILE:
                return f"{self.file} ({self.named_in})"
            case Kind.SYSTEMD | Kind.DOCKER | Kind.DESCRIPTION:
                return f"{self.kind.value} {self.file}"
            case _:
                return str(self.file)


@dataclass(frozen=True, kw_only=True)
class Given:
    """A text that was given for a name."""

    text: str
    source: Source


FROM_ENVIRONMENT = Source(kind=Kind.ENVIRONMENT)
FROM_DEFAULT = Source(kind=Kind.DEFAULT)
