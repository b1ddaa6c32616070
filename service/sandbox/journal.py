"""The log of tenant requests: numbered, at the sandbox's time, without secrets."""

import re
import threading

from service.sandbox.clock import Clock
from service.sandbox.store import Store
from service.sandbox.wire import Json

_SECRETS = re.compile(r"(?i)((?:sig|tempauth|code|token)=)[^&\s]+")


class Journal:
    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._lock = threading.Lock()
        self._number = int(store.value("SELECT max(number) FROM requests") or 0)

    def begin(self) -> int:
        """The number of the request that is about to be handled."""
        with self._lock:
            self._number += 1
            return self._number

    def record(  # noqa: PLR0913 - a row of a table
        self, number: int, method: str, path: str, status: int, app: str | None, *, write: bool
    ) -> None:
        """Status 0 means that no answer was sent and nothing was done."""
        self._store.log(
            number=number,
            at=self._clock.text,
            method=method,
            path=without_secrets(path),
            status=status,
            app=app,
            write=int(write),
        )

    def since(self, number: int, *, summary: bool) -> Json:
        counted = self._store.one(
            "SELECT count(*) AS n, coalesce(sum(write), 0) AS writes FROM requests "
            "WHERE number > ?",
            number,
        )
        answer: Json = {
            "count": counted["n"] if counted else 0,
            "writes": counted["writes"] if counted else 0,
            "last": self._number,
            "items": [],
        }
        if not summary:
            rows = self._store.all(
                "SELECT * FROM requests WHERE number > ? ORDER BY number", number
            )
            answer["items"] = [{**dict(row), "write": bool(row["write"])} for row in rows]
        return answer


def without_secrets(path: str) -> str:
    return _SECRETS.sub(r"\1…", path)
