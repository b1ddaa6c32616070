"""
Misbehaviour on script: throttle, answer lost after the effect, connection dropped, killed.

A script is used up by the requests it meets, in the order it was given.
"""

import os
import re
import signal
import threading
from dataclasses import dataclass, field

from service.sandbox.wire import Json

_CODES = {
    401: ("InvalidAuthenticationToken", "Lifetime validation failed, the token is expired."),
    403: ("accessDenied", "Access denied"),
    404: ("itemNotFound", "The resource could not be found."),
    409: ("nameAlreadyExists", "Name already exists"),
    410: ("resyncChangesApplyDifferences", "Resync required. Replace any local items."),
    412: ("resourceModified", "The resource has changed since it was read; ETag mismatch."),
    416: ("invalidRange", "The byte range is not what is expected next."),
    423: ("resourceLocked", "The resource you are attempting to access is locked"),
    429: ("activityLimitReached", "The request has been throttled"),
    500: ("generalException", "General exception while processing"),
    502: ("BadGateway", "Bad gateway"),
    503: ("serviceNotAvailable", "The service is not available"),
    504: ("UnknownError", "Gateway timeout"),
    507: ("quotaLimitReached", "Insufficient Space Available"),
    509: ("activityLimitReached", "Bandwidth Limit Exceeded"),
}


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What shall happen to a request; see `parse` for the script's JSON."""

    at_request: int | None = None
    method: str | None = None
    path: re.Pattern[str] | None = None
    after: bool = False
    kill: int | None = None
    drop: bool = False
    status: int | None = None
    code: str | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def meets(self, number: int, method: str, path: str) -> bool:
        if self.at_request is not None:
            return number == self.at_request
        if self.method is not None and self.method != method:
            return False
        return self.path is None or bool(self.path.search(path))

    @property
    def silent(self) -> bool:
        return self.drop or self.kill is not None

    def words(self) -> tuple[int, str, str]:
        """Status, code and message of the answer."""
        status = self.status or 503
        code, message = _CODES.get(status, ("generalException", "General exception"))
        return status, self.code or code, message

    def strike(self) -> None:
        """Kills, where that is the fault. Never this process or the first one."""
        if self.kill is not None and self.kill > 1 and self.kill != os.getpid():
            os.kill(self.kill, signal.SIGKILL)


class Faults:
    def __init__(self) -> None:
        self._scripts: list[tuple[Fault, int]] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault, times: int) -> None:
        with self._lock:
            self._scripts.append((fault, times))

    def clear(self) -> None:
        with self._lock:
            self._scripts.clear()

    @property
    def left(self) -> int:
        """Strikes still to come."""
        return sum(times for _, times in self._scripts)

    def take(self, number: int, method: str, path: str) -> Fault | None:
        """The fault for this request, if any; it is used up by being taken."""
        if not self._scripts:
            return None
        with self._lock:
            for at, (fault, times) in enumerate(self._scripts):
                if fault.meets(number, method, path):
                    self._scripts[at : at + 1] = [(fault, times - 1)] if times > 1 else []
                    return fault
        return None


def parse(script: Json) -> tuple[Fault, int]:
    """
    A fault and how often it strikes. Keys: `at_request` or `match` {`method`, `path`: regular
    expression}, `times`, `when` (`before` the effect or `after` it), and one of `kill` (process
    id), `drop` (connection) and `status` with `code` and `headers`. Raises ValueError.
    """
    unknown = script.keys() - {
        "at_request",
        "match",
        "times",
        "when",
        "kill",
        "drop",
        "status",
        "code",
        "headers",
    }
    match = script.get("match") or {}
    unknown |= match.keys() - {"method", "path"}
    if unknown:
        raise ValueError(f"Unknown keys: {', '.join(sorted(unknown))}.")
    when = script.get("when", "before")
    if when not in ("before", "after"):
        raise ValueError("when must be before or after.")
    if not any(script.get(key) for key in ("kill", "drop", "status")):
        raise ValueError("One of kill, drop and status is needed.")
    fault = Fault(
        at_request=script.get("at_request"),
        method=match["method"].upper() if "method" in match else None,
        path=re.compile(match["path"]) if "path" in match else None,
        after=when == "after",
        kill=script.get("kill"),
        drop=bool(script.get("drop")),
        status=script.get("status"),
        code=script.get("code"),
        headers={k: str(v) for k, v in (script.get("headers") or {}).items()},
    )
    return fault, int(script.get("times", 1))
