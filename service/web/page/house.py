"""What the page needs of the daemon, and how it is reached."""

from collections.abc import Sequence
from typing import Protocol

from service.domain.standing import Standing
from service.ports import Clock
from service.workplace import Workplace


class House(Protocol):
    """The running service: what it knows, from its state alone, and what it can be told."""

    @property
    def clock(self) -> Clock: ...

    def workplaces(self) -> Sequence[Workplace]:
        """Every network, opened or not: only ledger, journal and words are used of them."""

    def run_now(self, network_id: str, job: str) -> bool:
        """Wake a job at once; False where there is none of the name."""

    async def standing(self) -> Standing:
        """How it stands now. Raises StateError."""
