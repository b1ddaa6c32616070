"""
The days on which a series comes.

After Graph's recurrencePattern and recurrenceRange: the first day counts only if the pattern
meets it; a month without the day asked for has its last day instead.
"""

import calendar
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, timedelta
from itertools import islice, takewhile

from service.sandbox.exchange.zones import windows_name
from service.sandbox.timeline import Recurrence
from service.sandbox.wire import Json

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_INDEXES = {"first": 0, "second": 1, "third": 2, "fourth": 3, "last": -1}
_TYPES = (
    "daily",
    "weekly",
    "absoluteMonthly",
    "relativeMonthly",
    "absoluteYearly",
    "relativeYearly",
)
_MOST_TIMES = 999
_MOST_INTERVAL = 99
_WEEK = 7
_YEAR = 12


def check(pattern: Recurrence) -> None:
    """Raises ValueError for a pattern that Exchange would not keep."""
    if pattern.type not in _TYPES:
        raise ValueError(f"{pattern.type} is none of {', '.join(_TYPES)}.")
    if not 1 <= pattern.interval <= _MOST_INTERVAL:
        raise ValueError(f"An interval is 1 to {_MOST_INTERVAL}, not {pattern.interval}.")
    if pattern.count is not None and not 1 <= pattern.count <= _MOST_TIMES:
        raise ValueError(f"A series comes 1 to {_MOST_TIMES} times, not {pattern.count}.")
    for day in (*pattern.days, pattern.first_day):
        if day not in _DAYS:
            raise ValueError(f"{day} is none of {', '.join(_DAYS)}.")
    if pattern.type.startswith("relative") and (not pattern.days or pattern.index not in _INDEXES):
        raise ValueError("A relative pattern needs days and one of " + ", ".join(_INDEXES) + ".")


def days(first: date, pattern: Recurrence) -> Iterator[date]:
    """All days of the series in order; without end where the pattern has none."""
    found: Iterator[date] = (day for day in _all_days(first, pattern) if day >= first)
    if pattern.until is not None:
        last = pattern.until
        found = takewhile(lambda day: day <= last, found)
    return found if pattern.count is None else islice(found, pattern.count)


def _all_days(first: date, pattern: Recurrence) -> Iterator[date]:
    match pattern.type:
        case "daily":
            return _steps(first, pattern.interval)
        case "weekly":
            return _weekly(first, pattern)
        case "absoluteMonthly" | "relativeMonthly":
            months = _months(first.year, first.month, pattern.interval)
        case "absoluteYearly" | "relativeYearly":
            months = _months(first.year, pattern.month, pattern.interval * _YEAR)
        case unknown:
            raise ValueError(f"{unknown} is no kind of recurrence.")
    if pattern.type.startswith("absolute"):
        return (_absolute(year, month, pattern.day_of_month) for year, month in months)
    return (_relative(year, month, pattern) for year, month in months)


def _steps(start: date, length: int) -> Iterator[date]:
    while start.year < date.max.year:
        yield start
        start += timedelta(days=length)


def _weekly(first: date, pattern: Recurrence) -> Iterator[date]:
    """Every so many weeks, counted from the week of the first day."""
    wanted = {_DAYS.index(day) for day in pattern.days} or {first.weekday()}
    back = (first.weekday() - _DAYS.index(pattern.first_day)) % _WEEK
    for week in _steps(first - timedelta(days=back), _WEEK * pattern.interval):
        for offset in range(_WEEK):
            day = week + timedelta(days=offset)
            if day.weekday() in wanted:
                yield day


def _months(year: int, month: int, interval: int) -> Iterator[tuple[int, int]]:
    number = year * _YEAR + month - 1
    while number // _YEAR < date.max.year:
        yield number // _YEAR, number % _YEAR + 1
        number += interval


def _absolute(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def _relative(year: int, month: int, pattern: Recurrence) -> date:
    """Such as the last Thursday; of several days of the week the one that is met."""
    wanted = {_DAYS.index(day) for day in pattern.days}
    length = calendar.monthrange(year, month)[1]
    met = [
        day
        for day in (date(year, month, number) for number in range(1, length + 1))
        if day.weekday() in wanted
    ]
    return met[_INDEXES[pattern.index]]


def patterned_json(first: date, pattern: Recurrence, zone: str) -> Json:
    """A patternedRecurrence."""
    relative = pattern.type.startswith("relative")
    weekly = pattern.type == "weekly"
    body: Json = {
        "type": pattern.type,
        "interval": pattern.interval,
        "month": pattern.month if pattern.type.endswith("Yearly") else 0,
        "dayOfMonth": pattern.day_of_month if pattern.type.startswith("absolute") else 0,
        "firstDayOfWeek": pattern.first_day if weekly else "sunday",
        "index": pattern.index if relative else "first",
    }
    if weekly or relative:
        body["daysOfWeek"] = list(pattern.days) or [_DAYS[first.weekday()]]
    ends = "numbered" if pattern.count else "endDate" if pattern.until else "noEnd"
    return {
        "pattern": body,
        "range": {
            "type": ends,
            "startDate": first.isoformat(),
            "endDate": (pattern.until or date(1, 1, 1)).isoformat(),
            "recurrenceTimeZone": windows_name(zone),
            "numberOfOccurrences": pattern.count or 0,
        },
    }


def kept(pattern: Recurrence) -> Json:
    """As the tables keep it."""
    return {
        **asdict(pattern),
        "days": list(pattern.days),
        "until": pattern.until.isoformat() if pattern.until else None,
    }


def read(held: Json) -> Recurrence:
    until = date.fromisoformat(held["until"]) if held["until"] else None
    return Recurrence(**{**held, "days": tuple(held["days"]), "until": until})
