"""
Reading as it was before the last write: the tenant with the state of a moment ago.

SQLite's write-ahead log lets a second connection keep the state of the moment at which it began
to read. One is begun before each request that may write, and stands for "a moment ago" as soon
as that request has written. Bytes of files are never rewritten in place, so they need no copy.
"""

import copy
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from service.sandbox.store import Snapshot
from service.sandbox.tenant import Tenant
from service.sandbox.trouble.faults import Faults


class Past:
    """Kept only while some fault wants it: a snapshot keeps the log from being emptied."""

    def __init__(self, tenant: Tenant, faults: Faults) -> None:
        self._tenant = tenant
        self._faults = faults
        self._lock = threading.Lock()
        self._before: Snapshot | None = None
        """As it was before the last write."""

    def arm(self) -> None:
        """From now on; until something is written nothing is stale."""
        if self._faults.wants_snapshots and self._before is None:
            self._keep(self._tenant.store.snapshot())

    @contextmanager
    def handling(self) -> Iterator[Callable[[], None]]:
        """
        Around a request that may write. What it gives is called if the request has written: what
        was before it is what a stale answer shows from then on.
        """
        held = [self._tenant.store.snapshot()] if self._faults.wants_snapshots else []

        def written() -> None:
            if held:
                self._keep(held.pop())

        try:
            yield written
        finally:
            for snapshot in held:
                snapshot.close()
            if not self._faults.wants_snapshots:
                self.forget()

    @property
    def tenant(self) -> Tenant:
        """The tenant of a moment ago. It can be read only."""
        if self._before is None:
            return self._tenant
        then = copy.copy(self._tenant)
        then.store = self._before
        return then

    def forget(self) -> None:
        if self._before is not None:
            self._keep(None)

    def _keep(self, snapshot: Snapshot | None) -> None:
        with self._lock:
            before, self._before = self._before, snapshot
        if before is not None:
            before.close()
