"""
From nothing to ready: `python -m benchmarks.start`.

`natverket run` as systemd starts it, against a provisioned sandbox: the time and processor
until it says READY=1 (scheduler and page up), and what it holds in memory then.
"""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.commands import environment
from service.cli.logs import log_to_stderr
from service.demo.year import prepare
from service.sandbox.process import Sandbox
from service.settings import read_settings

TIMES = 5


def run() -> dict[str, object]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sandbox = Sandbox(seed="2023", directory=folder / "sandbox", http_port=0)
        sandbox.start()
        try:
            env_file = environment(sandbox, folder)
            log_to_stderr("error", "text")
            asyncio.run(prepare(read_settings(env_file, {})))
            starts = [_start(env_file, folder) for _ in range(TIMES)]
        finally:
            sandbox.stop()
    middle = sorted(starts, key=lambda one: one["cpu_seconds"])[TIMES // 2]
    return {"start": middle}


def _start(env_file: Path, folder: Path) -> dict[str, float]:
    ours = {k: v for k, v in os.environ.items() if not k.startswith("NATVERKET_")}
    told = folder / "notify"
    told.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as own:
        own.bind(str(told))
        own.settimeout(60)
        given = ours | {"NOTIFY_SOCKET": str(told), "NATVERKET_WEB_PORT": "0"}
        began = time.monotonic()
        command = [sys.executable, "-m", "service", "--env-file", str(env_file), "run"]
        with subprocess.Popen(command, env=given, stderr=subprocess.DEVNULL) as process:
            while own.recv(4096) != b"READY=1":
                pass
            ready = time.monotonic() - began
            used = _used(process.pid)
            process.send_signal(signal.SIGTERM)
            process.wait(60)
    return {"seconds": round(ready, 2), **used}


def _used(pid: int) -> dict[str, float]:
    """Processor seconds and resident MiB of a process, from /proc (proc(5))."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    ticks = int(fields[11]) + int(fields[12])
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    kib = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))
    return {
        "cpu_seconds": round(ticks / os.sysconf("SC_CLK_TCK"), 2),
        "rss_mib": round(int(kib) / 1024, 1),
    }


if __name__ == "__main__":
    print(json.dumps(run(), indent=2))
