"""
Local days and hours: the one room, beside `render`, where local time exists.

Moments go in and come out aware and in UTC. A day is a calendar day of the network's time
zone; holidays are given, never looked up.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_SPAN = re.compile(r"(\d\d)-(\d\d)/(\d\d)-(\d\d)")
_LONGEST_CLOSURE = 60
"""Days without a single workday that are believed; more means that the holidays are wrong."""


def local_day(moment: datetime, time_zone: str) -> date:
    """Return the calendar day on which the moment falls there."""
    return moment.astimezone(ZoneInfo(time_zone)).date()


def at(day: date, clock: str, time_zone: str) -> datetime:
    """
    Return the moment at which the clocks there show `clock` ("08:30") on the day.

    Of an hour that comes twice it is the first; one that is skipped in spring comes out as
    much later as the clocks were put forward.
    """
    local = datetime.combine(day, parse_clock(clock), tzinfo=ZoneInfo(time_zone))
    return local.astimezone(UTC)


def parse_clock(text: str) -> time:
    """Read "08:30". Raises ValueError."""
    if not _CLOCK.fullmatch(text):
        raise ValueError(f"not a time of day such as 08:30: {text!r}")
    return time.fromisoformat(text)


def end_of(day: date, time_zone: str) -> datetime:
    """Return the moment at which the day is over there."""
    return at(day + _DAY, "00:00", time_zone)


# ---------------------------------------------------------------- workdays


def is_workday(day: date, holidays: Collection[date]) -> bool:
    return day.isoweekday() <= 5 and day not in holidays


def workday_on_or_before(day: date, holidays: Collection[date]) -> date:
    return _nearest_workday(day, -_DAY, holidays)


def workday_on_or_after(day: date, holidays: Collection[date]) -> date:
    return _nearest_workday(day, _DAY, holidays)


def _nearest_workday(day: date, step: timedelta, holidays: Collection[date]) -> date:
    for _ in range(_LONGEST_CLOSURE):
        if is_workday(day, holidays):
            return day
        day += step
    raise ValueError(f"no workday within {_LONGEST_CLOSURE} days of {day}")


def add_workdays(day: date, count: int, holidays: Collection[date]) -> date:
    """Return the `count`-th workday after the day, or before it where the count is negative."""
    step = _DAY if count >= 0 else -_DAY
    for _ in range(abs(count)):
        day = _nearest_workday(day + step, step, holidays)
    return day


# ---------------------------------------------------------------- spans


@dataclass(frozen=True)
class Pause:
    """Days of every year, both ends included; one that starts late in a year wraps round it."""

    first: tuple[int, int]
    """Month and day."""
    last: tuple[int, int]

    def covers(self, day: date) -> bool:
        here = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= here <= self.last
        return here >= self.first or here <= self.last


def parse_pause(text: str) -> Pause:
    """Read "06-24/08-10", months first. Raises ValueError."""
    match = _SPAN.fullmatch(text)
    if match is None:
        raise ValueError(f"not a pause such as 06-24/08-10: {text!r}")
    numbers = [int(number) for number in match.groups()]
    for month, day in (numbers[:2], numbers[2:]):
        date(2024, month, day)  # a leap year: every day that there can be
    return Pause((numbers[0], numbers[1]), (numbers[2], numbers[3]))


def in_pause(day: date, pauses: Collection[Pause]) -> bool:
    return any(pause.covers(day) for pause in pauses)


@dataclass(frozen=True)
class QuietHours:
    """From one time of day until another on the next day (or the same, if it is later)."""

    start: time
    end: time

    def cover(self, moment: datetime, time_zone: str) -> bool:
        here = moment.astimezone(ZoneInfo(time_zone)).time()
        if self.start <= self.end:
            return self.start <= here < self.end
        return here >= self.start or here < self.end

    def over_after(self, moment: datetime, time_zone: str) -> datetime:
        """Return the moment itself outside quiet hours, else their end."""
        if not self.cover(moment, time_zone):
            return moment
        day = local_day(moment, time_zone)
        end = self.opens_on(day, time_zone)
        return end if end > moment else self.opens_on(day + _DAY, time_zone)

    def opens_on(self, day: date, time_zone: str) -> datetime:
        return at(day, self.end.isoformat("minutes"), time_zone)


# ---------------------------------------------------------------- weeks and years


def iso_week(day: date) -> str:
    """Return the week as in "2023-W43"; its year is that of the week's Thursday."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def week_number(day: date) -> int:
    return day.isocalendar().week


def monday_of(day: date) -> date:
    return day - timedelta(days=day.isoweekday() - 1)


def year_of(period: str) -> int:
    """Return the year of "2023", "2023-W43", "2023-10" or "2023-10-26". Raises ValueError."""
    if not re.fullmatch(r"\d{4}(-.+)?", period):
        raise ValueError(f"not a period: {period!r}")
    return int(period[:4])
