"""How a language writes days and hours, as the table `[language]` of its texts says."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields

from babel import Locale, UnknownLocaleError


@dataclass(frozen=True, kw_only=True)
class Formats:
    """
    How a language writes days and hours.

    Patterns are those of Unicode's locale data, as Babel reads them:
    https://unicode.org/reports/tr35/tr35-dates.html#Date_Field_Symbol_Table
    """

    tag: str
    """BCP 47, such as `sv-SE`."""
    day: str
    month_day: str
    short_day: str
    short_month_day: str
    joined: str
    """A range of days within a month: pattern of its first day."""
    between: str
    """Between two days of different months."""
    time: str
    at: str
    """Before a time of day."""
    full_stops: bool = True
    """After abbreviated months, where the locale data has them."""

    @property
    def locale(self) -> Locale:
        return Locale.parse(self.tag, sep="-")


_NAMES = {one.name: one.default for one in fields(Formats)}
_OPTIONAL = "full_stops"


def formats_problems(table: object) -> Iterator[str]:
    """Yield what is wrong with a table `[language]`."""
    if not isinstance(table, Mapping):
        yield "[language] is missing: how the language writes days and hours"
        return
    for name in _NAMES:
        kind = bool if name == _OPTIONAL else str
        if name not in table and name != _OPTIONAL:
            yield f"language.{name} is missing"
        elif not isinstance(table.get(name, True if kind is bool else ""), kind):
            yield f"language.{name} is not a {'truth value' if kind is bool else 'text'}"
    yield from (f"language.{name} is not known" for name in table if name not in _NAMES)
    try:
        Locale.parse(str(table.get("tag", "en")), sep="-")
    except (UnknownLocaleError, ValueError):
        yield f"language.tag: {table['tag']!r} is no language that Babel knows"


def formats_from(table: Mapping[str, object]) -> Formats:
    """Read a table that has no problems."""
    return Formats(**{name: table[name] for name in _NAMES if name in table})  # type: ignore[arg-type] # looked at above
