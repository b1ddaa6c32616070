"""
Ten thousand small files on an installation's first day: `python -m benchmarks.small_files`.

A coordinator has dropped what is held of an autumn's meetings into the inbox, a folder for
each meeting; `natverket once file_materials` moves every file to its meeting's folder and
gives it its columns. The sandbox keeps SharePoint's limits by its own clock, which moves only
where somebody waits: minutes are the tenant's, seconds of processor are ours.
"""

import json
import sys
import tempfile
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks import worlds
from benchmarks.commands import Cost, control, environment, natverket, stamp
from service.sandbox.process import Sandbox

SEED = f"{Path(worlds.__file__)}:first_day"
FIRST_MINUTE = timedelta(minutes=1)


def run() -> dict[str, object]:
    with (
        tempfile.TemporaryDirectory() as folder,
        Sandbox(seed=SEED, directory=Path(folder) / "tenant", http_port=0) as sandbox,
    ):
        return _measured(sandbox, Path(folder))


def _measured(sandbox: Sandbox, folder: Path) -> dict[str, object]:
    env_file = environment(sandbox, folder)
    natverket(env_file, "provision")
    control(sandbox, "clock", {"now": stamp(worlds.DROPPED + timedelta(hours=1))})
    natverket(env_file, "once", "sync_calendar")
    limit = control(sandbox, "settings", {"limits": "on"})["units_per_minute"]
    before = control(sandbox, "requests?summary=1")["last"]
    # So many at once are refused until somebody says that they are meant.
    busy = natverket(env_file, "once", "file_materials", "--anyway")
    log = control(sandbox, f"requests?since={before}")["items"]
    idle = natverket(env_file, "once", "file_materials")
    return {"small_files": _figures(log, limit, busy, idle)}


def _figures(log: list[dict[str, Any]], limit: int, busy: Cost, idle: Cost) -> dict[str, object]:
    times = [datetime.fromisoformat(item["at"]) for item in log]
    units = sum(item["units"] for item in log)
    first = sum(
        item["units"] for item, at in zip(log, times, strict=True) if at < times[0] + FIRST_MINUTE
    )
    minutes = (times[-1] - times[0]) / timedelta(minutes=1)
    filed = sum(item["method"] == "PATCH" and "fields" in item["path"] for item in log)
    return {
        "files": worlds.FILES,
        "filed": filed,
        "requests_per_file": round(len(log) / filed, 3),
        "units_per_file": round(units / filed, 3),
        "units_a_minute_allowed": limit,
        "share_of_budget_first_minute": round(first / limit, 3),
        "share_of_budget_whole_run": round(units / (limit * (int(minutes) + 1)), 3),
        "tenant_minutes": round(minutes, 1),
        "refused": sum(item["status"] in (429, 503) for item in log),
        "statuses": dict(Counter(str(item["status"]) for item in log)),
        "cpu_ms_per_file": round((busy.seconds - idle.seconds) / filed * 1000, 2),
        "cpu_seconds": {"filing": round(busy.seconds, 2), "idle_run": round(idle.seconds, 2)},
        "peak_mib": {"filing": round(busy.mib, 1), "idle_run": round(idle.mib, 1)},
    }


def main() -> int:
    print(json.dumps(run(), indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
