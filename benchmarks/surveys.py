"""
100,000 responses in one file beside pandas: `python -m benchmarks.surveys`, or `make bench`.

The same workbook is read by ours, and by pandas with openpyxl twice: to a table of cells,
which is where pandas is done and we have begun, and to what ours gives. So is the same CSV.
Each is a process of its own, in turn, several times; seconds are of processor, start and all,
and memory is the process's peak. All must find the same responses and sums.
"""

import csv
import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from statistics import median

import xlsxwriter

from benchmarks.commands import Cost

RESPONSES = 100_000
ROUNDS = 3
WAYS = ("ours", "pandas", "pandas_responses")
HEADER = (
    *("ID", "Starttid", "Slutförandetid", "E-post", "Namn", "Tid för senaste ändring"),
    "Hur nöjd är du med träffen/webbinariet?",
    "Kommer träffen/webbinariet att vara till nytta för dig i ditt arbete?",
    *("Hur reste du?", "Vad var bäst?", "Förslag på kommande träffar?", "Vilken kommun?"),
)
"""As Forms writes them: a third of the answers are in free text, and two of three give any."""
Cell = int | str | datetime | None


def run() -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        files = Path(folder) / "svar.xlsx", Path(folder) / "svar.csv"
        # A process starts with the peak of the one that started it, so this one stays small.
        writing = get_context("spawn").Process(target=write, args=files)
        writing.start()
        writing.join()
        return {"surveys": {file.suffix.strip("."): _measured(file) for file in files}}


def _measured(file: Path) -> dict[str, object]:
    costs: dict[str, list[Cost]] = {way: [] for way in WAYS}
    found = set()
    for _ in range(ROUNDS):
        for way in WAYS:
            told, cost = _read(way, file)
            found.add(told)
            costs[way].append(cost)
    if len(found) > 1:
        raise SystemExit(f"they do not agree: {found}")
    before = {way: _read(way, file)[1] for way in ("idle", "idle_pandas")}
    seconds = {way: median(one.seconds for one in of) for way, of in costs.items()}
    mib = {way: median(one.mib for one in of) for way, of in costs.items()}
    return {
        "responses": RESPONSES,
        "megabytes": round(file.stat().st_size / 1e6, 1),
        "cpu_seconds": {way: round(took, 2) for way, took in seconds.items()},
        "peak_mib": {way: round(took, 1) for way, took in mib.items()},
        "idle_mib": {way: round(cost.mib, 1) for way, cost in before.items()},
        "times_faster_than": _ratios(seconds),
        "times_the_memory_of": {way: round(1 / ratio, 2) for way, ratio in _ratios(mib).items()},
    }


def _ratios(of: dict[str, float]) -> dict[str, float]:
    return {way: round(took / of["ours"], 2) for way, took in of.items() if way != "ours"}


def _read(way: str, file: Path) -> tuple[bytes, Cost]:
    command = [sys.executable, "-m", "benchmarks.reading", way, str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        told = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{way} ended with {process.returncode}")
    return told, Cost(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


# ---------------------------------------------------------------- the files


def write(book: Path, text: Path) -> None:
    """The same rows as Forms' workbook and as its CSV."""
    with xlsxwriter.Workbook(book) as made, text.open("w", encoding="utf-8-sig") as file:
        sheet = made.add_worksheet("Sheet1")
        moment = made.add_format({"num_format": "m/d/yy h:mm:ss"})
        sheet.write_row(0, 0, HEADER)
        lines = csv.writer(file)
        lines.writerow(HEADER)
        for number, row in enumerate(_rows(), start=1):
            for column, cell in enumerate(row):
                sheet.write(number, column, cell, moment if isinstance(cell, datetime) else None)
            lines.writerow(row)


def _rows() -> Iterator[tuple[Cell, ...]]:
    chance = random.Random(42)
    start = datetime(2023, 3, 8, 12)  # noqa: DTZ001 - Forms writes no zone
    for number in range(1, RESPONSES + 1):
        begun = start + timedelta(seconds=7 * number)
        idea = f"Mer om ämne {chance.randint(1, 50_000)}, gärna på plats" if number % 3 else None
        yield (
            *(number, begun, begun + timedelta(minutes=3), "anonymous", None, None),
            *(chance.randint(1, 6), chance.randint(1, 6)),
            chance.choice(("Buss;", "Tåg;Buss;", "Bil;")),
            f"Bra att träffas, särskilt del {chance.randint(1, RESPONSES)} av dagen.",
            idea,
            f"Kommun {chance.randint(1, 40)}",
        )


def main() -> int:
    print(json.dumps(run(), indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
