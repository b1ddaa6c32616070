"""The demo in a terminal: months as they pass, then the year beside what was published."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from service.demo.outcome import Line, Outcome, Published
from service.demo.year import Shown
from service.domain.survey.figures import Figures, rounded

MONTHS = ("Jan", "Feb", "Mar", "Apr", "Maj", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dec")
WIDE = 120
"""Columns from which everything fits."""
NAME = 14
GROUP_ENDING = re.compile(r"s?-?grupp(en)?$")
LOCAL = ZoneInfo("Europe/Stockholm")


class Months:
    """Progress, month by month: a line that fills in a terminal, plain lines elsewhere."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._reached = 0
        self._live = Live(self._line(), console=console, refresh_per_second=4)

    def __enter__(self) -> "Months":
        if self._console.is_terminal:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def __call__(self, now: datetime) -> None:
        local = now.astimezone(LOCAL)
        month = 0 if local.month == 12 and self._reached == 0 else local.month
        if month <= self._reached:
            return
        self._reached = month
        if self._console.is_terminal:
            self._live.update(self._line())
        else:
            self._console.print(f" {MONTHS[month - 1]} {local.year} …")

    def _line(self) -> Text:
        line = Text(" ")
        for number, name in enumerate(MONTHS, start=1):
            done = number < self._reached or self._reached == len(MONTHS)
            line.append(f"{name} ")
            line.append("██ " if done else "▒▒ " if number == self._reached else "░░ ")
        return line


def heading(console: Console, name: str, year: int) -> None:
    console.print(f"[bold]Nätverket[/] · a year in the sandbox: {name}, {year}\n", highlight=False)


def summary(console: Console, shown: Shown, folder: Path) -> None:
    """The table, the totals, the second run, and where to look."""
    result = shown.outcome
    console.print(_table(result, _short_names(result), console.width))
    _totals(console, result)
    clean = shown.second_run_writes == 0
    console.print(
        f"\n once more over the same year: {shown.second_run_writes} writes reached the tenant "
        f"{_mark(clean)}",
        highlight=False,
    )
    for error in (*shown.first.errors, *shown.second.errors)[:5]:
        console.print(f" [red]! {error}[/]", highlight=False)
    console.print(
        f" {shown.first.runs} runs, the year replayed in {shown.replay_seconds:.1f} s, "
        f"{shown.seconds:.1f} s in all",
        highlight=False,
    )
    report = f"{shown.report}   " if shown.report else ""
    console.print(
        f" look:  {folder}/tenant/Dokumentation/{result.report.year}/   {report}"
        f"natverket demo --serve",
        highlight=False,
    )


def _short_names(result: Outcome) -> Mapping[str, str]:
    """Names of the groups as they fit a column: "Miljöstr."."""
    names = {section.id: section.name for section in result.report.sections}
    bare = {key: GROUP_ENDING.sub("", name) for key, name in names.items()}
    return {k: n if len(n) <= NAME else f"{n[: NAME - 4]}." for k, n in bare.items()}


def _table(result: Outcome, names: Mapping[str, str], width: int) -> Table:
    """In a narrow terminal the groups are left out, and figures that agree stand once."""
    wide = width >= WIDE
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("date", no_wrap=True, min_width=10)
    table.add_column("meeting", no_wrap=True, max_width=min(width - (95 if wide else 58), 48))
    if wide:
        table.add_column("group", no_wrap=True, max_width=20)
    for title, least in (("part.", 5), ("files", 5), ("rec.", 4), ("posts", 5), ("n", 2)):
        table.add_column(title, justify="right", no_wrap=True, min_width=least)
    for title in ("Nöjdhet", "Nytta"):
        table.add_column(title, no_wrap=True, min_width=13 if wide else 6)
    for line in result.lines:
        groups = ["+".join(names[group] for group in line.meeting.groups)] if wide else []
        table.add_row(
            line.meeting.first_day.isoformat(),
            _called(line),
            *groups,
            str(line.participants if line.participants is not None else "–"),
            str(line.materials),
            {True: "●", False: "[red]○[/]", None: "–"}[line.recording],
            str(line.posts),
            str(line.respondents if line.respondents is not None else "–"),
            _beside(line, "satisfaction", result.decimals, wide=wide),
            _beside(line, "usefulness", result.decimals, wide=wide),
        )
    return table


def _called(line: Line) -> str:
    town = line.meeting.place.split(",")[0]
    return f"{line.meeting.title}, {town}" if town else line.meeting.title


def _beside(line: Line, what: str, decimals: int, *, wide: bool) -> str:
    """What was computed beside what was published, to the decimals of the latter."""
    figures: Figures | None = getattr(line, what)
    stated = (line.published or {}).get(what)
    if figures is None or figures.mean is None:
        return "–" if stated is None else f"[red]– ≠ {stated} ✗[/]"
    computed = rounded(figures.mean, len(stated.partition(",")[2]) if stated else decimals)
    if stated is None:
        return computed
    if not line.says(what):
        return f"[red]{computed} ≠ {stated} ✗[/]"
    return f"{computed} = {stated} {AGREED}" if wide else f"{computed} {AGREED}"


def _totals(console: Console, result: Outcome) -> None:
    """Beside what was published, where something was."""
    totals = (
        (result.activities, "activities"),
        (result.participants, "participants"),
        (result.municipalities, "municipalities"),
        (result.respondents, "answers to the yearly survey"),
    )
    if result.published is None:
        told = " · ".join(f"{value} {name}" for value, name in totals)
        console.print(f"\n {told}", highlight=False)
    else:
        _beside_published(console, result, result.published, totals)
    console.print(f" seen at online meetings: {result.seen} municipalities", highlight=False)


def _beside_published(
    console: Console, result: Outcome, stated: Published, totals: Sequence[tuple[int, str]]
) -> None:
    wanted = (stated.activities, stated.participants, stated.municipalities, stated.respondents)
    beside = list(zip(wanted, totals, strict=True))
    told = " · ".join(f"{value} {name}" for value, (_, name) in beside)
    computed = " · ".join(f"{value} {_mark(value == want)}" for want, (value, _) in beside)
    console.print(f"\n published   {told}", highlight=False)
    console.print(
        f" computed    {computed}      from events, attendance and responses", highlight=False
    )
    console.print(
        f" yearly survey: {len(stated.yearly)} questions at their published means "
        f"{_mark(result.yearly_agrees())}",
        highlight=False,
    )


AGREED = "[green]✓[/]"


def _mark(good: bool) -> str:  # noqa: FBT001 - the one thing it shows
    return AGREED if good else "[red]✗[/]"
