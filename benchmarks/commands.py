"""`natverket` as a process of its own against a sandbox, and what it took of the machine."""

import json
import os
import subprocess
import sys
import urllib.request
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from service.sandbox.process import Sandbox


@dataclass(frozen=True)
class Cost:
    """What a command took of the machine."""

    seconds: float
    """Of processor, the command's own."""
    mib: float
    """At most, resident."""


def environment(sandbox: Sandbox, folder: Path, state: str = "natverket") -> Path:
    """Write the settings to reach the sandbox, with a state of that name."""
    env_file = folder / f"{state}.env"
    ours = f"NATVERKET_STATE_URL=sqlite:///{folder / state}.db\nNATVERKET_LOG_LEVEL=error\n"
    env_file.write_text(sandbox.env_file.read_text(encoding="utf-8") + ours, encoding="utf-8")
    return env_file


def natverket(env_file: Path, *words: str) -> Cost:
    ours = {k: v for k, v in os.environ.items() if not k.startswith("NATVERKET_")}
    command = [sys.executable, "-m", "service", "--env-file", str(env_file), *words]
    with subprocess.Popen(command, env=ours, stdout=subprocess.DEVNULL) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"natverket {' '.join(words)} ended with {process.returncode}")
    return Cost(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def control(sandbox: Sandbox, what: str, body: object = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(f"{sandbox.http_url}/_sandbox/{what}", data) as answer:
        return json.load(answer)


def stamp(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
