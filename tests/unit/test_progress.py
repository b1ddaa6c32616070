"""What is told of long work: lines where there is no terminal, bars where there is one."""

import io
from datetime import UTC, datetime, timedelta

from rich.console import Console

from service.cli.progress import EVERY, Bars, Lines
from service.ports import Progress

START = datetime(2023, 3, 1, 9, tzinfo=UTC)
GB = 10**9


class Clock:
    def __init__(self) -> None:
        self.moment = START

    def now(self) -> datetime:
        return self.moment

    async def sleep(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


def test_lines_come_at_the_beginning_now_and_then_and_at_the_end() -> None:
    """Files, bytes, speed and time left; a thousand small files are not a thousand lines."""
    clock, out = Clock(), io.StringIO()
    lines: Progress = Lines(clock, out)
    lines.expect(4)
    for number in range(3):
        lines.begin(f"k{number}", "a.txt", 1000)
        lines.end(f"k{number}")
    clock.moment += EVERY
    lines.begin("r", "inspelning.mp4", None)
    lines.moved("r", GB, 5 * GB)
    clock.moment += EVERY
    lines.moved("r", 5 * GB, 5 * GB)
    lines.end("r")
    assert out.getvalue().splitlines() == [
        "natverket: 4 files to handle",
        "natverket: 3 of 4 files · 1.0 GB · 100.0 MB/s · about 0:00:03 left",
        "natverket: 3 of 4 files · 5.0 GB · 250.0 MB/s · about 0:00:07 left",
        "natverket: 4 of 4 files · 5.0 GB · 250.0 MB/s",
    ]


def test_nothing_to_file_is_nothing_to_tell() -> None:
    """A run without files has no line; one that only moves them has no bytes."""
    out = io.StringIO()
    lines = Lines(Clock(), out)
    lines.expect(0)
    assert out.getvalue() == ""
    lines.expect(1)
    lines.begin("k", "a.txt", 0)
    lines.end("k")
    assert out.getvalue().splitlines()[-1] == "natverket: 1 of 1 files"


def test_bars_show_all_files_and_each_that_takes_long() -> None:
    """A file that comes in pieces has a bar of its own while it lasts."""
    out = io.StringIO()
    console = Console(file=out, force_terminal=True, width=100, _environ={})
    with Bars(console) as bars:
        bars.expect(2)
        bars.begin("k", "liten.txt", 1000)
        bars.end("k")
        bars.begin("r", "inspelning.mp4", None)
        bars.moved("r", GB, 5 * GB)
        bars._bars.refresh()
        during = out.getvalue()
        bars.end("r")
    assert "1 of 2" in during
    assert "inspelning.mp4" in during
    assert "1.0 GB of 5.0 GB" in during
    assert "liten.txt" not in during
