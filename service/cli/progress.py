"""What is seen of a run that takes long: bars in a terminal, a line now and then elsewhere."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TextIO

from rich.console import Console
from rich.filesize import decimal
from rich.progress import (
    BarColumn,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as RichProgress
from rich.table import Column
from rich.text import Text

from service.ports import Clock, Progress

EVERY = timedelta(seconds=10)
"""Of the clock's time: a line of `Lines`."""
LONGEST = 28
"""Characters of a file's name."""


@contextmanager
def watching() -> Iterator[Callable[[Clock], Progress]]:
    """Choose by where standard error goes; the bars are gone when it is over."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda clock: Lines(clock, sys.stderr)
        return
    with Bars(console) as bars:
        yield lambda _: bars


class Tally:
    """Files and bytes of a run: how many are done, how far the others are."""

    def __init__(self) -> None:
        self.files = self.done = 0
        self._finished = 0
        self._under_way: dict[str, tuple[int, int | None]] = {}

    @property
    def bytes(self) -> int:
        return self._finished + sum(offset for offset, _ in self._under_way.values())

    def begin(self, key: str, size: int | None) -> None:
        self._under_way[key] = (0, size)

    def moved(self, key: str, offset: int, size: int) -> None:
        self._under_way[key] = (offset, size)

    def end(self, key: str) -> None:
        offset, size = self._under_way.pop(key, (0, 0))
        # One whose size nobody knew counts as far as it was followed.
        self._finished += offset if size is None else size
        self.done += 1


class Lines:
    """Implements `Progress` for logs and pipes: when it begins, every so often, when it ends."""

    def __init__(self, clock: Clock, out: TextIO) -> None:
        self._clock = clock
        self._out = out
        self._tally = Tally()
        self._begun = self._said = clock.now()

    def expect(self, files: int) -> None:
        self._tally.files += files
        self._begun = self._said = self._clock.now()
        if files:
            self._say(f"{files} files to handle")

    def begin(self, key: str, name: str, size: int | None) -> None:  # noqa: ARG002 - the port's
        self._tally.begin(key, size)

    def moved(self, key: str, offset: int, size: int) -> None:
        self._tally.moved(key, offset, size)
        self._now_and_then()

    def end(self, key: str) -> None:
        self._tally.end(key)
        if self._tally.done == self._tally.files:
            self._say(self._so_far())
        else:
            self._now_and_then()

    def _now_and_then(self) -> None:
        if self._clock.now() - self._said >= EVERY:
            self._say(self._so_far())

    def _say(self, what: str) -> None:
        self._said = self._clock.now()
        print(f"natverket: {what}", file=self._out, flush=True)

    def _so_far(self) -> str:
        tally, seconds = self._tally, (self._clock.now() - self._begun).total_seconds()
        parts = [f"{tally.done} of {tally.files} files", *_rate(tally.bytes, seconds)]
        if 0 < tally.done < tally.files and seconds:
            left = seconds / tally.done * (tally.files - tally.done)
            parts.append(f"about {timedelta(seconds=round(left))} left")
        return " · ".join(parts)


class Bars:
    """
    Implements `Progress` for a terminal: one bar for all files, one for each that takes long.

    Small files come and go too fast to be shown by themselves.
    """

    def __init__(self, console: Console) -> None:
        self._bars = RichProgress(
            TextColumn("{task.description}", table_column=Column(no_wrap=True, max_width=LONGEST)),
            BarColumn(bar_width=20),
            _Amount(table_column=Column(no_wrap=True)),
            TimeRemainingColumn(compact=True, table_column=Column(no_wrap=True)),
            console=console,
            transient=True,
        )
        self._tally = Tally()
        self._all: TaskID | None = None
        self._names: dict[str, str] = {}
        self._large: dict[str, TaskID] = {}

    def __enter__(self) -> "Bars":
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    def expect(self, files: int) -> None:
        self._tally.files += files
        if self._all is not None:
            self._bars.update(self._all, total=self._tally.files)
        elif files:
            self._all = self._bars.add_task("Files", total=files, bytes=0)

    def begin(self, key: str, name: str, size: int | None) -> None:
        self._tally.begin(key, size)
        self._names[key] = name

    def moved(self, key: str, offset: int, size: int) -> None:
        self._tally.moved(key, offset, size)
        if key not in self._large:
            name = self._names.get(key, "")
            self._large[key] = self._bars.add_task(name, total=size)
        self._bars.update(self._large[key], completed=offset, total=size)
        self._show()

    def end(self, key: str) -> None:
        self._tally.end(key)
        self._names.pop(key, None)
        if key in self._large:
            self._bars.remove_task(self._large.pop(key))
        self._show()

    def _show(self) -> None:
        if self._all is not None:
            self._bars.update(self._all, completed=self._tally.done, bytes=self._tally.bytes)


class _Amount(ProgressColumn):
    """How much of how much, and how fast: files with their bytes, or one file's bytes."""

    def render(self, task: Task) -> Text:
        total = int(task.total or 0)
        if "bytes" in task.fields:
            moved = int(task.fields["bytes"])
            parts = [f"{int(task.completed)} of {total}", *_rate(moved, task.elapsed)]
        else:
            moved = int(task.completed)
            parts = [f"{decimal(moved)} of {decimal(total)}", *_rate(moved, task.elapsed)[1:]]
        return Text(" · ".join(parts), style="progress.download")


def _rate(moved: int, seconds: float | None) -> list[str]:
    if not moved:
        return []
    return [decimal(moved), f"{decimal(int(moved / seconds))}/s"] if seconds else [decimal(moved)]
