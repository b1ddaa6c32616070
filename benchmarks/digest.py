"""
The weekly letter of a channel with ten thousand messages: `python -m benchmarks.digest`.

The first letter is written when the service is new and the channel is not, the second a week
later; then one more time, when nothing is new. Each is `natverket once post_digest`, a process
of its own. Beside them stands one over the channel while it was empty: what the start costs.
"""

import json
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks import worlds
from benchmarks.commands import Cost, control, environment, natverket, stamp
from service.sandbox.process import Sandbox

SEED = f"{Path(worlds.__file__)}:talkative"
ROOM = 50
"""Messages that one request can bring."""


@dataclass(frozen=True)
class Letter:
    """What one run took."""

    cost: Cost
    waited: float
    """Seconds from start to end, the process's own start among them."""
    asked: list[dict[str, Any]]

    @property
    def reads(self) -> int:
        """Requests that read the channel."""
        return sum("/messages/" in one["path"] for one in self.asked)


def run() -> dict[str, object]:
    with (
        tempfile.TemporaryDirectory() as folder,
        Sandbox(seed=SEED, directory=Path(folder) / "tenant", http_port=0) as sandbox,
    ):
        return {"digest": _measured(sandbox, Path(folder))}


def _measured(sandbox: Sandbox, folder: Path) -> dict[str, object]:
    idle_env, env_file = environment(sandbox, folder, "idle"), environment(sandbox, folder)
    natverket(env_file, "provision")
    idle = _letter(sandbox, idle_env, worlds.START + timedelta(hours=8))
    first = _letter(sandbox, env_file, worlds.FIRST_LETTER)
    second = _letter(sandbox, env_file, worlds.SECOND_LETTER)
    nothing = _letter(sandbox, env_file, worlds.SECOND_LETTER + timedelta(hours=1))
    return {
        "messages_before_first": worlds.MESSAGES,
        "messages_between": worlds.MESSAGES_A_WEEK,
        "first": _figures(first, idle),
        "second": _figures(second, idle),
        "nothing_new": _figures(nothing, idle),
        "idle_mib": round(idle.cost.mib, 1),
        "idle_cpu_seconds": round(idle.cost.seconds, 2),
    }


def _letter(sandbox: Sandbox, env_file: Path, at: datetime) -> Letter:
    control(sandbox, "clock", {"now": stamp(at)})
    before = control(sandbox, "requests?summary=1")["last"]
    begun = time.perf_counter()
    cost = natverket(env_file, "once", "post_digest")
    waited = time.perf_counter() - begun
    return Letter(cost, waited, control(sandbox, f"requests?since={before}")["items"])


def _figures(letter: Letter, idle: Letter) -> dict[str, object]:
    return {
        "requests": len(letter.asked),
        "requests_for_messages": letter.reads,
        "messages_read_at_most": letter.reads * ROOM,
        "seconds": round(letter.waited, 2),
        "cpu_seconds_above_idle": round(letter.cost.seconds - idle.cost.seconds, 2),
        "peak_mib": round(letter.cost.mib, 1),
        "peak_mib_above_idle": round(letter.cost.mib - idle.cost.mib, 1),
    }


def main() -> int:
    print(json.dumps(run(), indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
