"""Moves the clock and lets the seed's acts happen on the way, each at its own time."""

from datetime import UTC, datetime

from service.sandbox import due
from service.sandbox.acts import fall_due, perform
from service.sandbox.meetings import recording_files
from service.sandbox.tenant import Tenant
from service.sandbox.timeline import Act

_FAR = datetime.max.replace(tzinfo=UTC)


class BackwardsError(Exception):
    """The clock cannot be turned back."""


class Story:
    def __init__(self, tenant: Tenant, acts: tuple[Act, ...]) -> None:
        self.tenant = tenant
        self.acts = acts

    @property
    def next_act(self) -> int:
        return int(self.tenant.store.state("next_act") or 0)

    def begin(self) -> None:
        """Catch up: what happened before the world's first day happened at its own time."""
        clock = self.tenant.clock
        first_day = clock.now
        if self.next_act == 0 and self.acts:
            clock.now = min(first_day, self.acts[0].at)
        self.advance(first_day)

    def advance(self, to: datetime) -> int:
        """
        Moves the clock to `to` in one transaction. Returns how many acts happened. Acts that
        wait for something are tried before the step and after it. Raises BackwardsError.
        """
        clock = self.tenant.clock
        if to < clock.now:
            raise BackwardsError(f"The clock stands at {clock.now.isoformat()}.")
        before = clock.now
        try:
            with self.tenant.store.transaction():
                happened = self._try_waiting()
                happened += self._until(to)
                clock.move(to)
                recording_files.sweep(self.tenant)
                return happened + self._try_waiting()
        except BaseException:
            clock.now = before
            raise

    def _until(self, to: datetime) -> int:
        happened, next_act = 0, self.next_act
        while True:
            act = self.acts[next_act] if next_act < len(self.acts) else None
            row = due.first(self.tenant)
            act_at = act.at if act else _FAR
            due_at = datetime.fromisoformat(row["at"]) if row else _FAR
            if min(act_at, due_at) > to:
                break
            self.tenant.clock.move(min(act_at, due_at))
            if row is not None and due_at <= act_at:
                fall_due(self.tenant, row)
            elif act is not None:
                happened += self._happen(next_act, act)
                next_act += 1
        self.tenant.store.set_state("next_act", str(next_act))
        return happened

    def _happen(self, number: int, act: Act) -> int:
        if perform(self.tenant, act):
            return 1
        self.tenant.store.insert("waiting", act=number)
        return 0

    def _try_waiting(self) -> int:
        happened = 0
        for row in self.tenant.store.all("SELECT act FROM waiting ORDER BY act"):
            if perform(self.tenant, self.acts[row["act"]]):
                self.tenant.store.do("DELETE FROM waiting WHERE act = ?", row["act"])
                happened += 1
        return happened

    def waiting(self) -> list[Act]:
        rows = self.tenant.store.all("SELECT act FROM waiting ORDER BY act")
        return [self.acts[row["act"]] for row in rows]
