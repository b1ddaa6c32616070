"""Read parsed series files into values, with every problem at once; the format: `config/series`."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import chain, repeat

from service.domain.period import parse_clock
from service.domain.post import COMMON, Picture, is_https
from service.domain.reminder.reading import Table, text
from service.domain.series.series import Entry, EveryYear, Series
from service.errors import SettingsError

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_MONTH_DAY = re.compile(r"(\d\d)-(\d\d)")
_COMMON_YEAR = 2023
"""Days of every year are counted in a year without 29 February."""
_LONGEST_TITLE = 100
_LONGEST_TEXT = 1000

Day = date | EveryYear


def series_from(
    files: Mapping[str, Mapping[str, object]], groups: Collection[str]
) -> tuple[Series, ...]:
    """
    Read parsed files, by name; a series may be for one of the focus groups with these ids.

    Raises SettingsError with the problems of all of them.
    """
    problems: list[str] = []
    found = [
        _series(Table(parsed, f"series {name}", problems), groups) for name, parsed in files.items()
    ]
    ids = [one.id for one in found if one.id]
    twice = sorted({one for one in ids if ids.count(one) > 1})
    problems += [f"series: two have the id {one}" for one in twice]
    if problems:
        raise SettingsError(tuple(problems))
    return tuple(found)


def _series(table: Table, groups: Collection[str]) -> Series:
    series = Series(
        id=table.take("id", _id, ""),
        name=table.take("name", _line, ""),
        at=table.take("at", _clock, "00:00"),
        channel=table.take("channel", _channel(groups), COMMON, must=False),
        entries=_entries(table),
    )
    table.close()
    return series


def _entries(table: Table) -> tuple[Entry, ...]:
    """Dated ones, or as many as there are days from the one to the other, in their order."""
    days: Iterable[Day | None] = repeat(None)
    spanned = table.has("from") or table.has("to")
    span = _span(table) if spanned else ()
    items = table.tables("items")
    if not items:
        table.note("has no items")
    if spanned:
        days = chain(span, repeat(date.min))
        if span and len(span) != len(items):
            table.note(f"{len(items)} items for {len(span)} days, both ends counted")
    entries = tuple(_entry(item, day) for item, day in zip(items, days, strict=False))
    if not spanned:
        _note_twice(entries, table)
    return entries


def _span(table: Table) -> tuple[Day, ...]:
    first, last = (table.take(end, _day, None) for end in ("from", "to"))
    if isinstance(first, tuple) and isinstance(last, tuple):
        # Over New Year where the end is the earlier one.
        year = _COMMON_YEAR - (last < first)
        days = _days(date(year, *first), date(_COMMON_YEAR, *last))
        return tuple((day.month, day.day) for day in days)
    if isinstance(first, date) and isinstance(last, date):
        if last < first:
            table.note("to is before from")
        return tuple(_days(first, last))
    if first and last:
        table.note("from and to are both with a year, or both without")
    return ()


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def _entry(table: Table, day: Day | None) -> Entry:
    entry = Entry(
        day=day or table.take("date", _day, None) or date.min,
        title=table.take("title", _line, ""),
        text=table.take("text", _text, "", must=False),
        link=table.take("link", _https, "", must=False),
        picture=_picture(table.table("picture")) if table.has("picture") else None,
    )
    table.close()
    return entry


def _picture(table: Table) -> Picture:
    picture = Picture(
        url=table.take("url", _https, ""), description=table.take("description", _line, "")
    )
    table.close()
    return picture


def _note_twice(entries: Sequence[Entry], table: Table) -> None:
    days = [one.day for one in entries if one.day != date.min]
    yearly = {day for day in days if isinstance(day, tuple)}
    for day in dict.fromkeys(days):
        every_year = isinstance(day, date) and (day.month, day.day) in yearly
        if days.count(day) > 1 or every_year:
            table.note(f"two items are on {_written(day)}")


def _written(day: Day) -> str:
    return day.isoformat() if isinstance(day, date) else "{:02}-{:02}".format(*day)


# ---------------------------------------------------------------- single values


def _id(value: object) -> str:
    found = text(value)
    if not _ID.fullmatch(found):
        raise ValueError(f"not small letters a to z, digits and hyphens, 40 at most: {found!r}")
    return found


def _line(value: object) -> str:
    line = " ".join(text(value).split())
    if not 0 < len(line) <= _LONGEST_TITLE:
        raise ValueError(f"not a text of 1 to {_LONGEST_TITLE} characters")
    return line


def _text(value: object) -> str:
    said = text(value).strip()
    if len(said) > _LONGEST_TEXT:
        raise ValueError(f"longer than {_LONGEST_TEXT} characters")
    return said


def _https(value: object) -> str:
    url = text(value).strip()
    if not is_https(url):
        raise ValueError(f"not an https address: {url!r}")
    return url


def _clock(value: object) -> str:
    return parse_clock(text(value)).isoformat("minutes")


def _channel(groups: Collection[str]) -> Callable[[object], str]:
    def read(value: object) -> str:
        found = text(value)
        if found not in (COMMON, *groups):
            known = ", ".join((COMMON, *groups))
            raise ValueError(f"{found!r} is none of {known}")
        return found

    return read


def _day(value: object) -> Day:
    """Read a TOML date, or text: "2026-12-13", or "12-13" for every year."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    written = text(value)
    if match := _MONTH_DAY.fullmatch(written):
        found = date(_COMMON_YEAR, int(match[1]), int(match[2]))
        return found.month, found.day
    return date.fromisoformat(written)
