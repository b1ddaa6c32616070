"""The days of a seed: 2023 as it was, or the same year moved by whole weeks."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MONTHS = (
    "januari", "februari", "mars", "april", "maj", "juni",
    "juli", "augusti", "september", "oktober", "november", "december",
)  # fmt: skip
ABBREVIATED = (
    "jan", "feb", "mars", "apr", "maj", "juni",
    "juli", "aug", "sep", "okt", "nov", "dec",
)  # fmt: skip
WEEKDAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")

MIDDLE = date(2023, 10, 16)
"""A Monday; an example year lays today within three days of it."""


@dataclass(frozen=True)
class Days:
    """
    Turns the days and local hours of the data files into those of the seed.

    Everything is moved before it is told in UTC, so that a meeting at nine stays at nine
    when the move takes it across a change to or from summer time.
    """

    weeks: int
    zone: ZoneInfo

    def day(self, day: date) -> date:
        return day + timedelta(weeks=self.weeks)

    def moment(self, local: datetime) -> datetime:
        return self.at(self.day(local.date()), local.time())

    def at(self, moved: date, hour: time) -> datetime:
        """The local hour of a day that is already moved."""
        return datetime.combine(moved, hour, self.zone).astimezone(UTC)

    def local(self, moment: datetime) -> datetime:
        """Wall-clock time without zone, as Forms writes it into a workbook."""
        return moment.astimezone(self.zone).replace(tzinfo=None)


def weeks_to(today: date) -> int:
    """Whole weeks from October 2023 to `today`."""
    return round((today - MIDDLE).days / 7)


def short(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]}"


def long(day: date) -> str:
    return f"{short(day)} {day.year}"


def abbreviated(day: date) -> str:
    return f"{day.day} {ABBREVIATED[day.month - 1]}"


def weekday(day: date) -> str:
    return WEEKDAYS[day.weekday()]


def span(first: date, last: date) -> str:
    """`10-11 maj 2023`, or `31 maj-1 juni 2023` where the month changes."""
    if first == last:
        return long(first)
    start = str(first.day) if first.month == last.month else short(first)
    return f"{start}-{long(last)}"
