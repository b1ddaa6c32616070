"""When responses were begun, sent in and changed, as exports of any language write it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from service.domain.dates import MONTHS
from service.parse.table import Cell

_EXCEL_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - a sheet's moments have no zone
_FROM_1904 = timedelta(days=1_462)
_YEARS = range(2000, 2100)
_SERIAL = range(36_526, 73_051)
"""Their days as Excel counts them."""
_NUMBER = re.compile(r"\d{5}(?:[.,]\d+)?")
_MONTH = {name: number for number, names in MONTHS.items() for name in names.split()}
_CLOCK = (
    r"(?:[T ,]*(?:kl\.?|klokken|at)?\s*(?P<hour>\d{1,2})[:.](?P<minute>\d\d)"
    r"(?:[:.](?P<second>\d\d)(?:[.,]\d+)?)?\s*(?P<half>[apfe]\.?m\.?)?)?"
)
_ZONE = r"\s*(?P<zone>Z|(?:UTC|GMT)?(?:[+-]\d{1,2}(?::?\d\d)?)?)"
_WRITTEN = re.compile(
    r"(?:[a-zåäöø]+,?\s+)?(?:"
    r"(?P<iso>\d{4})[-/.](?P<iso_month>\d{1,2})[-/.](?P<iso_day>\d{1,2})|"
    r"(?P<first>\d{1,2})(?P<mark>[/.-])(?P<second_>\d{1,2})(?P=mark)(?P<year>\d{4}|\d{2})|"
    r"(?P<day>\d{1,2})(?:\.|st|nd|rd|th)?[ -](?:of )?(?P<name>[a-z]{3,9})\.?,?"
    r"[ -](?P<named_year>\d{4}|\d{2})|"
    r"(?P<name_first>[a-z]{3,9})\.? (?P<day_second>\d{1,2})(?:st|nd|rd|th)?,? (?P<year_last>\d{4})"
    rf"){_CLOCK}{_ZONE}",
    re.IGNORECASE,
)
_FORMS_OWN = re.compile(r"\d{1,2}/\d{1,2}/\d\d \d{1,2}:\d\d:\d\d")
_EVENING = ("p", "e")
_MONTHS = 12
_START = datetime(2000, 1, 1)  # noqa: DTZ001 - a sheet's moments have no zone
_HAIR = timedelta(milliseconds=1)


@dataclass(frozen=True)
class Order:
    """Whether the day comes first where only numbers with slashes are written."""

    day_first: bool = False
    guessed: str = ""
    """A time of which nothing tells it."""


class Moments:
    """Columns of times as moments in UTC."""

    def __init__(self, zone: tzinfo, order: Order, *, from_1904: bool = False) -> None:
        self._zone = zone
        self._day_first = order.day_first
        self._shift = _FROM_1904 if from_1904 else timedelta()
        self._starts: dict[int, datetime] = {}
        self.odd: list[str] = []
        """What could not be read."""

    def read(self, cells: Iterable[Cell]) -> list[datetime | None]:
        """In the order given; None for an empty cell, and for one that cannot be read."""
        return [self._moment(cell) for cell in cells]

    def _moment(self, cell: Cell) -> datetime | None:
        if not cell:
            return None
        try:
            found = cell if isinstance(cell, datetime) else self._read(cell)
            moment = self._in_utc(found) if found and found.year in _YEARS else None
        except OverflowError:
            moment = None
        if moment is None:
            self.odd.append(str(cell))
        return moment

    def _read(self, cell: Cell) -> datetime | None:
        if isinstance(cell, float | int):
            return self._serial(float(cell))
        if isinstance(cell, date):
            return datetime.combine(cell, time())
        return self._written(cell) if isinstance(cell, str) else None

    def _serial(self, days: float) -> datetime | None:
        moment = timedelta(days=days) + self._shift
        if moment.days not in _SERIAL:
            return None
        return _EXCEL_ZERO + timedelta(seconds=round(moment.total_seconds()))

    def _written(self, text: str) -> datetime | None:
        plain = " ".join(text.split())
        if _NUMBER.fullmatch(plain):
            return self._serial(float(plain.replace(",", ".")))
        return _written(plain, day_first=self._day_first)

    def _in_utc(self, moment: datetime) -> datetime:
        if moment.microsecond:
            # A serial number comes a hair too early, never a second.
            moment = (moment + _HAIR).replace(microsecond=0)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
        # Reckoned from a start in UTC, which is twice as fast as changing the zone.
        days = moment.toordinal()
        start = self._starts.get(days)
        if start is None:
            start = self._start(moment.date())
            if start is None:
                return moment.replace(tzinfo=self._zone).astimezone(UTC)
            self._starts[days] = start
        return start + (moment - _START)

    def _start(self, day: date) -> datetime | None:
        """What the clocks of a day are reckoned from; None for one on which they change."""
        first, last = (
            datetime.combine(day, clock, self._zone).utcoffset() for clock in (time(), time.max)
        )
        return _START.replace(tzinfo=UTC) - first if first == last and first is not None else None


def zone_of(time_zone: str, *, in_utc: bool) -> tzinfo:
    return UTC if in_utc else ZoneInfo(time_zone)


def order_of(cells: Iterable[Cell]) -> Order:
    """
    Tell it from all the times of a sheet.

    Where no number above 12 does, it is what puts the responses closest together: a survey is
    answered within days. Forms itself writes the month first.
    """
    pairs = {
        (int(found["first"]), int(found["second_"])): cell
        for cell in {cell for cell in cells if isinstance(cell, str) and "/" in cell}
        if (found := _WRITTEN.fullmatch(cell)) and found["mark"] == "/"
    }
    if any(second > _MONTHS for _, second in pairs):
        return Order()
    if any(first > _MONTHS for first, _ in pairs):
        return Order(day_first=True)
    texts = list(pairs.values())
    month_first, day_first = (_span(texts, day_first=way) for way in (False, True))
    if month_first == day_first and not all(map(_FORMS_OWN.fullmatch, texts)):
        return Order(guessed=texts[0])
    return Order(day_first=day_first < month_first)


def _span(texts: Iterable[str], *, day_first: bool) -> timedelta:
    known = [
        moment.replace(tzinfo=None)
        for text in texts
        if (moment := _written(text, day_first=day_first))
    ]
    return max(known) - min(known) if known else timedelta.max


def _written(text: str, *, day_first: bool) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        found = _WRITTEN.fullmatch(text)
    try:
        return _built(found, day_first=day_first) if found else None
    except (ValueError, KeyError):
        return None


def _built(found: re.Match[str], *, day_first: bool) -> datetime:
    """Raises ValueError or KeyError for what is no moment."""
    year, month, day = _day(found, day_first=day_first)
    hour = int(found["hour"] or 0)
    if half := found["half"]:
        if not 1 <= hour <= 12:
            raise ValueError(found[0])
        hour = hour % 12 + 12 * (half[0].lower() in _EVENING)
    moment = datetime(  # noqa: DTZ001 - a zone is added where one is known
        year, month, day, hour, int(found["minute"] or 0), int(found["second"] or 0)
    )
    return moment.replace(tzinfo=UTC) + _behind(found["zone"]) if found["zone"] else moment


def _day(found: re.Match[str], *, day_first: bool) -> tuple[int, int, int]:
    if found["iso"]:
        return int(found["iso"]), int(found["iso_month"]), int(found["iso_day"])
    if found["first"]:
        first, second, year = (int(found[key]) for key in ("first", "second_", "year"))
        if found["mark"] != "/" or day_first:
            first, second = second, first
        return _full(year), first, second
    name = found["name"] or found["name_first"]
    year = int(found["named_year"] or found["year_last"])
    return _full(year), _MONTH[name.casefold()], int(found["day"] or found["day_second"])


def _full(year: int) -> int:
    return year if year > 99 else 2000 + year


def _behind(zone: str) -> timedelta:
    """What is to be added to a local time for UTC."""
    found = re.search(r"([+-])(\d{1,2}):?(\d\d)?", zone)
    if not found:
        return timedelta()
    offset = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    return -offset if found[1] == "+" else offset
