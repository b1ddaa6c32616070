"""What is held on a meeting or a year, as the index of an export lists it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from service.domain.names import free_name, name_key, safe_name

MOST_OF_A_FOLDER = 48
MOST_OF_A_FILE = 90
"""Characters: with three folders above it, a path stays below the 260 that Windows takes."""


class People(StrEnum):
    """Whether a file names people, or shows them."""

    YES = "yes"
    MAY = "may"
    NO = "no"


@dataclass(frozen=True, kw_only=True)
class About:
    """What the index says of a file, wherever it comes from."""

    title: str
    """What it is; of a document its name in the tenant."""
    section: str
    """`documentation`, `coordination`, `answers` or `facts`."""
    meeting: str = ""
    """In the export of a year: the folder of the meeting whose it is."""
    people: People = People.MAY
    type: str = ""
    """As the library's column *Typ* has it."""
    registry_no: str = ""
    dispose_after: str = ""
    """ISO date."""
    url: str = ""
    """Where it lies in the tenant."""
    lay: str = ""
    """The folder it lay in, below its library's root."""
    modified: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A file of an export."""

    path: str
    """Below the export's folder, with slashes."""
    about: About
    size: int
    sha256: str
    """Hexadecimal."""
    remark: str = ""


@dataclass(frozen=True, kw_only=True)
class Absent:
    """A file that belongs to it and is not there, and why."""

    about: About
    why: str
    gone: bool = False
    """It is known to have been removed, and nobody could read it."""


class Paths:
    """Gives each file a path that Windows takes, and no two the same."""

    def __init__(self) -> None:
        self._taken: dict[str, set[str]] = {}

    def free(self, folders: Iterable[str], name: str) -> str:
        above = "/".join(safe_name(folder, MOST_OF_A_FOLDER) for folder in folders if folder)
        taken = self._taken.setdefault(name_key(above), set())
        own = free_name(safe_name(name, MOST_OF_A_FILE), taken)
        taken.add(own)
        return f"{above}/{own}" if above else own
