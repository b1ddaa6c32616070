"""What a rebuild found, and what it could not prove."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from service.domain.marks import DONE as COLUMN
from service.domain.marks import mark, marks
from service.ports import Effect
from service.workplace import Workplace


class What(StrEnum):
    """Kinds of what is known again."""

    FILE = "files by their columns"
    REMOVED = "files that people removed"
    ROW = "rows of the register"
    FOLDER = "folders"
    DOCUMENT = "documents of the service"
    POST_SEEN = "posts read where they are"
    POST_TOLD = "posts that the register tells of"
    DISPOSAL = "disposals by their receipts"
    MEETING = "meetings by their rows alone"


@dataclass(frozen=True, kw_only=True)
class Held:
    """Something that cannot be proved to be new; a person lets it go."""

    key: str
    what: str
    """`file` or `post`."""
    name: str


@dataclass(frozen=True, kw_only=True)
class Rebuilt:
    """The outcome for one network."""

    network: str
    known: Mapping[What, int]
    held: tuple[Held, ...]
    notes: tuple[str, ...]
    """What could not be read, and what only people can say again."""


class Findings:
    """Gathers while a state is being made."""

    def __init__(self, at: Workplace) -> None:
        self.at = at
        self.done: frozenset[str] = frozenset()
        """Every hash that the register holds."""
        self.readable: frozenset[str] = frozenset()
        """Channels that were read: what is not there was not posted."""
        self.held: dict[str, Held] = {}
        self._known: dict[What, int] = {}
        self._notes: dict[str, None] = {}

    def was_done(self, key: str) -> bool:
        return mark(key) in self.done

    async def keep(self, what: What, effect: Effect) -> None:
        self.count(what)
        await self.at.ledger.keep(effect)

    async def hold(self, held: Held, effect: Effect) -> None:
        self.held[held.key] = held
        await self.at.ledger.keep(effect)

    def count(self, what: What) -> None:
        self._known[what] = self._known.get(what, 0) + 1

    def note(self, text: str) -> None:
        self._notes[text] = None

    def outcome(self) -> Rebuilt:
        return Rebuilt(
            network=self.at.network.id,
            known={what: self._known[what] for what in What if what in self._known},
            held=tuple(self.held[key] for key in sorted(self.held)),
            notes=tuple(self._notes),
        )


def marks_of(fields: Mapping[str, object]) -> frozenset[str]:
    """What a row of the register says was done."""
    return marks(fields.get(COLUMN))
