"""The log of tenant requests: numbered, at the sandbox's time, without secrets."""

import re
import threading

from service.sandbox.clock import Clock
from service.sandbox.store import Store
from service.sandbox.wire import Json

_IDS = re.compile(r"[^/]*(?:\d[^/]{7,}|@|[A-Za-z0-9_!-]{25,})[^/]*|\d+")
"""A segment that names one thing: with a digit and long, with an @, very long, or a number."""
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
        self,
        number: int,
        method: str,
        path: str,
        status: int,
        app: str | None,
        *,
        write: bool,
        units: int = 0,
    ) -> None:
        """
        Status 0 means that no answer was sent and nothing was done. `units` are SharePoint's
        resource units.
        """
        self._store.log(
            number=number,
            at=self._clock.text,
            method=method,
            path=without_secrets(path),
            status=status,
            app=app,
            write=int(write),
            units=units,
        )

    def withdraw(self, number: int) -> None:
        """The number that was taken last is not needed after all."""
        with self._lock:
            if self._number == number:
                self._number -= 1

    def unbuilt(self, number: int, template: str, why: str) -> None:
        """Marks a request as asked for, not built: `why` is what is missing, or a failure."""
        self._store.insert("unbuilt", number=number, template=template, why=why)

    def unknown(self) -> list[Json]:
        """What was asked for and is not built, by method and template, the commonest first."""
        rows = self._store.all(
            "SELECT method, template, why, status, count(*) AS count, max(number) AS last, "
            "max(at) AS at FROM unbuilt JOIN requests USING (number) "
            "GROUP BY method, template, why, status ORDER BY count DESC, template, method"
        )
        return [dict(row) for row in rows]

    def since(self, number: int, *, summary: bool) -> Json:
        counted = self._store.one(
            "SELECT count(*) AS n, coalesce(sum(write), 0) AS writes, "
            "coalesce(sum(units), 0) AS units FROM requests WHERE number > ?",
            number,
        )
        answer: Json = {
            "count": counted["n"] if counted else 0,
            "writes": counted["writes"] if counted else 0,
            "units": counted["units"] if counted else 0,
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


def anonymous(path: str) -> str:
    """A path with its ids left out, so that requests for the same kind of thing are one."""
    before, _, by_path = path.partition(":/")
    parts = ["{id}" if _IDS.fullmatch(part) else part for part in before.split("/")]
    end = by_path.partition(":")[2] if by_path else ""
    return "/".join(parts) + (":/{path}:" + end if by_path else "")
