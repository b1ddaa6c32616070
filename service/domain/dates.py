"""
Dates as Swedish, Norwegian and English people write them, in prose and in file names.

Day comes before month where only numbers are given, but for three pairs with hyphens: those
are a Swedish office's 23-03-08. What may as well be a version, a telephone number or an
identity number is no date.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta

MONTHS = {
    1: "januari januar january jan",
    2: "februari februar february feb",
    3: "mars march mar mrs",
    4: "april apr",
    5: "maj mai may",
    6: "juni june jun",
    7: "juli july jul",
    8: "augusti august aug",
    9: "september sept sep",
    10: "oktober october okt oct",
    11: "november nov",
    12: "december desember dec des",
}
_NUMBER = {name: number for number, names in MONTHS.items() for name in names.split()}
_NAMES = "|".join(sorted(_NUMBER, key=len, reverse=True))
_BEFORE_THE_DAY = frozenset(
    """january february march april may june july august september october november december
    jan feb mar apr jun jul aug sept sep oct nov dec""".split()  # noqa: SIM905
)
"""Only in English does a month come first: "maj 24" is May of 2024, or 24 of something."""

_YEAR = r"(?P<year>20[1-4]\d)"
_GAP = r"[\s_.-]*"
_DASH = r"[\s_]*(?:[-–—]|till|til|to|och|og|and|&|,)[\s_]*"
_ORDINAL = r"(?:\.|:?e|:?a|st|nd|rd|th)?"
# An underscore may stand before a date in a file name; another letter or digit may not.
_FREE = r"(?<![^\W_])"

_ISO = re.compile(
    rf"{_FREE}(?<!\d[-./]){_YEAR}(?P<mark>[-_./ ]?)(?P<month>\d\d)(?P=mark)(?P<day>\d\d)(?!\d)"
    rf"(?:[-–—]{{1,2}}(?:(?P<till_month>\d\d)-)?(?P<till>\d\d)(?![\d:.]|[-–]\d))?"
)
_BARE_ISO = re.compile(
    rf"{_FREE}(?<!\d[-./]){_YEAR}(?P<mark>[-./])(?P<month>\d{{1,2}})(?P=mark)(?P<day>\d{{1,2}})"
    r"(?![-./]?\d)"
)
_SIX = re.compile(
    rf"{_FREE}(?<!\d[-./+])(?<!\d\d )(?P<short>[1-4]\d)(?P<month>[01]\d)(?P<day>[0-3]\d)"
    rf"(?![^\W_])(?!\s\d)(?!-\d{{3}})(?!-\d(?!\d))(?:[-–](?P<till>\d\d)(?!\d))?"
)
_HYPHENS = re.compile(
    rf"{_FREE}(?<!\d[-./:,])(?P<short>2\d)-(?P<month>[01]\d)-(?P<day>[0-3]\d)(?![\d-]|\s\d)"
)
_NUMERIC = re.compile(
    rf"{_FREE}(?<!\d[-./:,])(?:(?P<from>\d{{1,2}})\.?\s?[-–—]\s?)?"
    rf"(?P<day>\d{{1,2}})(?P<mark>[./_-])(?P<month>\d{{1,2}})"
    rf"(?P=mark)(?:{_YEAR}(?!\d)|(?P<short>[1-4]\d)(?![\d./:-]))"
)
_SLASHED = re.compile(
    rf"{_FREE}(?<!\d[-./:,])(?<!/)(?:(?P<from>\d{{1,2}})\.?\s?[-–—]\s?)?"
    rf"(?P<day>\d{{1,2}})/(?P<month>\d{{1,2}})(?![\d/])"
    rf"(?:-(?P<short>[1-4]\d)(?!\d)|,?[\s_]{_YEAR}(?!\d))?"
)
_DAY_FIRST = re.compile(
    rf"{_FREE}(?<!\d[-./:,])(?P<list>(?:\d{{1,2}}{_ORDINAL}{_DASH}){{0,9}})"
    rf"(?P<day>\d{{1,2}}){_ORDINAL}{_GAP}(?:of )?(?P<name>{_NAMES})(?![^\W\d_])"
    rf"\.?(?:[\s,_.-]*{_YEAR}(?!\d))?",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    rf"{_FREE}(?P<name>{_NAMES})\.?[\s_]*(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:.]\d|\d)"
    rf"(?:\s?[-–—]\s?(?P<till>\d{{1,2}})(?:st|nd|rd|th)?(?!\d))?(?:,?[\s_]*{_YEAR}(?!\d))?",
    re.IGNORECASE,
)
_PATTERNS = (_ISO, _BARE_ISO, _SIX, _DAY_FIRST, _HYPHENS, _NUMERIC, _SLASHED, _MONTH_FIRST)

_VERSION = re.compile(
    r"(?:\b|_)(?:v|ver|version|versjon|utgåva|tel|tfn|tlf)[\s._:-]*$", re.IGNORECASE
)
_JOINED = re.compile(rf"^(?:{_DASH}|\s*)(?:(?:den|the|\w+dag)\s*)?$", re.IGNORECASE)
_ROUND_THE_CLOCK = (24, 7)

_COLUMN = re.compile(r"^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?$")
_TO_THE_DAY = timedelta(hours=11)


@dataclass(frozen=True, kw_only=True)
class _Written:
    """A date as it stands in the text; the year may be left out."""

    start: int
    end: int
    day: int
    month: int
    year: int | None


def dates_in(text: str, *, default_year: int | None) -> tuple[date, ...]:
    """
    Find every date, in the order of the text, each once.

    Of a range both ends are given. A date without a year takes that of the one it is
    joined to ("31 maj–1 juni 2023"), else `default_year`; without that it is left out.
    """
    plain = unicodedata.normalize("NFC", text).replace("\xa0", " ")
    written = _with_years(plain, _written(plain), default_year)
    return tuple(dict.fromkeys(day for one in written if (day := _as_date(one))))


def _written(text: str) -> list[_Written]:
    """Apply the patterns, the surest first; none reads what another has read."""
    found: list[_Written] = []
    free = list(text)
    for pattern in _PATTERNS:
        for match in pattern.finditer("".join(free)):
            parts = _parts(pattern, match)
            if parts and not _VERSION.search(text[: match.start()]):
                found += parts
                free[match.start() : match.end()] = "\0" * (match.end() - match.start())
    return sorted(found, key=lambda one: one.start)


def _parts(pattern: re.Pattern[str], match: re.Match[str]) -> list[_Written]:
    groups = match.groupdict()
    name = groups.get("name")
    if name and not _is_month(pattern, match, name):
        return []
    month = _NUMBER[name.casefold()] if name else int(groups["month"])
    year = _year(groups)
    days = [(int(groups["day"]), month)]
    if pattern is _SLASHED and year is None and days == [_ROUND_THE_CLOCK]:
        return []
    if groups.get("till"):
        days.append((int(groups["till"]), int(groups.get("till_month") or month)))
    if groups.get("from"):
        days.insert(0, (int(groups["from"]), month))
    if groups.get("list"):
        days = [(int(day), month) for day in re.findall(r"\d+", groups["list"])] + days
    parts = [
        _Written(start=match.start(), end=match.end(), day=day, month=of, year=year)
        for day, of in days
    ]
    return parts if all(_possible(part) for part in parts) else []


def _is_month(pattern: re.Pattern[str], match: re.Match[str], name: str) -> bool:
    """English months are capitalised: "i maj 24 deltagare", "section 8 may apply" hold no date."""
    if match.group("year"):
        return True
    if pattern is _MONTH_FIRST:
        return name[0].isupper() and name.casefold() in _BEFORE_THE_DAY
    return name != "may"


def _year(groups: dict[str, str | None]) -> int | None:
    if year := groups.get("year"):
        return int(year)
    short = groups.get("short")
    return 2000 + int(short) if short else None


def _with_years(text: str, written: list[_Written], default: int | None) -> list[_Written]:
    done: list[_Written] = []
    for one in reversed(written):
        year = one.year
        if year is None and done and _JOINED.match(text[one.end : done[0].start]):
            after = done[0]
            year = after.year and after.year - (one.month > after.month)
        done.insert(0, _dated(one, default if year is None else year))
    return done


def _dated(one: _Written, year: int | None) -> _Written:
    return _Written(start=one.start, end=one.end, day=one.day, month=one.month, year=year)


def _possible(one: _Written) -> bool:
    # A leap year stands in for one that is not known yet.
    return _as_date(one if one.year else _dated(one, 2024)) is not None


def _as_date(one: _Written) -> date | None:
    if one.year is None:
        return None
    try:
        return date(one.year, one.month, one.day)
    except ValueError:
        return None


# ---------------------------------------------------------------- date columns


def day(value: object) -> date | None:
    """
    The day that a date column shows.

    We write noon UTC, but a date that a person picks is stored as her midnight, which in
    Sweden is 22:00 or 23:00 UTC of the day before: eleven hours on, both are the day meant.
    """
    if not isinstance(value, str) or not _COLUMN.match(value):
        return None
    try:
        if "T" not in value:
            return date.fromisoformat(value)
        moment = datetime.fromisoformat(value)
        return (moment - (moment.utcoffset() or timedelta()) + _TO_THE_DAY).date()
    except (ValueError, OverflowError):
        return None


def date_value(value: date | None) -> str | None:
    return None if value is None else f"{value.isoformat()}T12:00:00Z"
