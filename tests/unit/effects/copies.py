"""A service that copies between libraries, well or ill."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from service.errors import CopyRefused, Forbidden, SourceVanished, Unreachable
from service.observe import SeenItem
from service.ports import Copied, Copying, CopyLost, CopyProgress, Target
from tests.unit.effects.fate import CLIENT_ID, Fate

MOODS = ("well", "slow", "refused", "forbidden", "lost monitor", "lost answer", "never", "late")


@dataclass
class _Copy:
    run: Callable[[], SeenItem]
    looks: int
    """So often the monitor says that it is at it."""
    done: SeenItem | None = None
    failed: Exception | None = None


class Copies:
    """
    Copies that were begun, by the address of their monitor.

    `mood` is how the next ones go. A monitor that is lost, or whose address never came, is
    made up for by looking under the target's name for what came there since.
    """

    def __init__(self, fate: Fate) -> None:
        self.fate = fate
        self.mood = "well"
        self.begun: dict[str, _Copy] = {}

    def begin(
        self, item: SeenItem, run: Callable[[], SeenItem], refuse_taken: Callable[[], None]
    ) -> str:
        if self.mood == "refused":
            raise CopyRefused(item.name)
        if self.mood == "forbidden":
            raise Forbidden(item.name)
        if self.mood != "late":
            refuse_taken()
        monitor = f"https://monitor/{len(self.begun) + 1}"
        with self.fate.write(f"copy {item.name}"):
            copy = self.begun[monitor] = _Copy(run, {"slow": 3, "never": 10**6}.get(self.mood, 1))
            if self.mood.startswith("lost"):
                self._end(copy)
        if self.mood == "lost answer":
            raise Unreachable("the service")
        return monitor

    def progress(
        self, target: Target, monitor: str, there: SeenItem | None, *, since: datetime
    ) -> CopyProgress:
        copy = self.begun.get(monitor)
        if copy is None or self.mood == "lost monitor":
            ours = there is not None and there.modified_by_app == CLIENT_ID
            return Copied(item=there) if ours and there.created >= since else CopyLost()
        if copy.looks > 0:
            copy.looks -= 1
            return Copying(percent=50.0)
        self._end(copy)
        if copy.failed is not None:
            raise copy.failed
        assert copy.done is not None
        return Copied(item=copy.done)

    def _end(self, copy: _Copy) -> None:
        if copy.done is None and copy.failed is None:
            try:
                copy.done = copy.run()
            except Exception as error:  # noqa: BLE001 - told by the monitor
                copy.failed = error


def vanished(item: SeenItem) -> SourceVanished:
    return SourceVanished(item.name)
