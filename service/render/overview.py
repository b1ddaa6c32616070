"""
The meetings as lines of a terminal: a table of marks, or what is missing in words.

Plain text that reads in order, line by line: what a mark means for a person stands under it in
words, so that nothing hangs on colour or on the column alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from textwrap import wrap

from service.domain.gaps import Row, Thing
from service.domain.gaps_in_words import date_of, mark, sentences, which
from service.domain.meeting import Status
from service.domain.notice import Removed, Unplaced
from service.domain.plan.asking import sentence as asked_in_words
from service.domain.plan.binding import Asked
from service.domain.post import Words

_GAP = 2
_LEAST_TITLE = 12
_INDENT = 2


@dataclass(frozen=True)
class _Columns:
    date: int
    title: int
    heads: tuple[str, ...]

    def marks(self, cells: Sequence[str]) -> str:
        gap = " " * _GAP
        return gap.join(
            cell.rjust(len(head)) for cell, head in zip(cells, self.heads, strict=True)
        ).rstrip()


def table(rows: Sequence[Row], words: Words, *, width: int) -> Iterator[str]:
    """Yield a line of marks for each meeting, and under it what needs somebody."""
    if not rows:
        yield words.say("overview.none")
        return
    columns = _columns(rows, words, width)
    yield from _wrapped(words.say("overview.legend"), width, "", "")
    for year, of_year in groupby(rows, key=lambda row: row.meeting.first_day.year):
        yield ""
        yield _line(str(year), words.say("overview.meeting"), columns.heads, columns)
        for row in of_year:
            yield from _marked(row, columns, words, width)


def lacking(rows: Sequence[Row], words: Words, *, width: int) -> Iterator[str]:
    """Yield, of each meeting that needs somebody, what it lacks and what to do."""
    found = [row for row in rows if sentences(row, words)]
    years = {row.meeting.first_day.year for row in found}
    date = max((len(_dated(row, words, years)) for row in found), default=0)
    for row in found:
        place = row.meeting.place
        title = f"{row.meeting.title}, {place}" if place else row.meeting.title
        yield from _wrapped(
            title, width, f"{_dated(row, words, years):>{date}}  ", " " * (date + 2)
        )
        yield from _explained(row, words, width, " " * (date + 2))
    if not found:
        yield words.say("overview.nothing_missing")


def loose(
    unplaced: Sequence[Unplaced],
    removed: Sequence[Removed],
    words: Words,
    *,
    width: int,
    forms: Sequence[Unplaced] = (),
) -> Iterator[str]:
    """Yield what is said of files and forms apart from their meetings."""
    if unplaced:
        files = " · ".join(_file(one, words) for one in unplaced)
        said = words.say("overview.unplaced", n=len(unplaced))
        yield from _wrapped(said + files, width, "", " " * _INDENT)
    if forms:
        named = " · ".join(_file(one, words) for one in forms)
        said = words.say("overview.forms", n=len(forms)) + named
        note = words.say("notices.place_form")
        yield from _wrapped(f"{said}. {note}", width, "", " " * _INDENT)
    if removed:
        files = " · ".join(
            f"{words.say('notices.file', name=one.name)} ({date_of(one.meeting, words)})"
            for one in removed
        )
        yield from _wrapped(words.say("overview.removed", name=files), width, "", " " * _INDENT)


def planned(asked: Sequence[Asked], words: Words, *, width: int) -> Iterator[str]:
    """Yield what is asked about planned rows of the register."""
    for one in asked:
        yield from _wrapped(asked_in_words(one, words), width, "", " " * _INDENT)


# ---------------------------------------------------------------- lines


def _columns(rows: Sequence[Row], words: Words, width: int) -> _Columns:
    heads = tuple(words.say(f"overview.{thing}") for thing in Thing)
    date = max(4, *(len(date_of(row.meeting, words)) for row in rows))
    room = width - date - _GAP - sum(len(head) + _GAP for head in heads)
    longest = max(len(row.meeting.title) for row in rows)
    return _Columns(date=date, title=min(longest, max(room, _LEAST_TITLE)), heads=heads)


def _line(date: str, title: str, cells: Sequence[str], columns: _Columns) -> str:
    gap = " " * _GAP
    shown = title if len(title) <= columns.title else title[: columns.title - 1].rstrip() + "…"
    return gap.join(
        (date.ljust(columns.date), shown.ljust(columns.title), columns.marks(cells))
    ).rstrip()


def _marked(row: Row, columns: _Columns, words: Words, width: int) -> Iterator[str]:
    cancelled = row.meeting.status is Status.CANCELLED
    title = row.meeting.title
    yield _line(
        date_of(row.meeting, words),
        words.say("overview.cancelled", title=title) if cancelled else title,
        [mark(thing, row.states[thing]) for thing in Thing],
        columns,
    )
    yield from _explained(row, words, width, " " * (columns.date + _GAP))


def _explained(row: Row, words: Words, width: int, indent: str) -> Iterator[str]:
    for sentence in sentences(row, words):
        yield from _wrapped(sentence, width, indent, indent + " " * _INDENT)


def _dated(row: Row, words: Words, years: set[int]) -> str:
    """With the year where there are several."""
    date = date_of(row.meeting, words)
    return f"{date} {row.meeting.first_day.year}" if len(years) > 1 else date


def _file(one: Unplaced, words: Words) -> str:
    asked = which(one.candidates, words)
    name = words.say("notices.file", name=one.name)
    return f"{name} ({asked})" if asked else name


def _wrapped(text: str, width: int, first: str, other: str) -> list[str]:
    return wrap(text, width, initial_indent=first, subsequent_indent=other, break_on_hyphens=False)
