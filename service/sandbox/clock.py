"""The sandbox's own time: it stands still until somebody moves it."""

from datetime import UTC, datetime

from service.sandbox.store import Store
from service.sandbox.wire import fine_stamp


class Clock:
    def __init__(self, store: Store, start: datetime) -> None:
        """Goes on from where the store's clock stood, else from `start`."""
        self._store = store
        kept = store.state("now")
        self.now = datetime.fromisoformat(kept) if kept else start.astimezone(UTC)

    def move(self, to: datetime) -> None:
        """Forward only: an earlier moment is ignored."""
        if to > self.now:
            self.now = to.astimezone(UTC)
            self._store.set_state("now", self.now.isoformat())

    @property
    def text(self) -> str:
        """Now, as every table writes it."""
        return fine_stamp(self.now)
