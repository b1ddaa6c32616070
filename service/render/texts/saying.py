"""Says things in one language, at one place's local time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time
from babel.numbers import format_decimal

from service.domain.period import local_day
from service.domain.survey.figures import rounded
from service.render.texts.formats import Formats


@dataclass(frozen=True)
class Forms:
    """A text that is said in other words for other numbers."""

    by: str
    """Name of the number."""
    forms: Mapping[str, str]
    """By plural category (CLDR) of the language, or by the number itself: "0"."""


@dataclass(frozen=True, kw_only=True)
class Texts:
    """Says things in one language, at one place's local time."""

    language: str
    time_zone: str
    templates: Mapping[str, str | Forms]
    formats: Formats

    @property
    def tag(self) -> str:
        return self.formats.tag

    def say(self, key: str, **values: str | int) -> str:
        """
        Fill a text, named as in "posts.soon"; of several forms, that of the number given.

        Raises KeyError for a text that is not there.
        """
        template = self.templates[key]
        if isinstance(template, Forms):
            template = self._form(template, int(values[template.by]))
        return template.format_map({name: self._plain(value) for name, value in values.items()})

    def _form(self, template: Forms, number: int) -> str:
        exactly = template.forms.get(str(number))
        return exactly or template.forms[self._locale.plural_form(number)]

    def _plain(self, value: str | int) -> str:
        return value if isinstance(value, str) else format_decimal(value, locale=self._locale)

    def day(self, day: date) -> str:
        """Write as in "onsdag 8 mars"."""
        return self._date(day, self.formats.day)

    def short_day(self, day: date) -> str:
        """Write as in "ons 8 mars"."""
        return self._short(day, self.formats.short_day)

    def days(self, first: date, last: date) -> str:
        """Write as in "10–11 maj"; a single day as `day` does."""
        if first == last:
            return self.day(first)
        end = self._date(last, self.formats.month_day)
        if (first.year, first.month) == (last.year, last.month):
            return f"{self._date(first, self.formats.joined)}–{end}"
        return f"{self._date(first, self.formats.month_day)}{self.formats.between}{end}"

    def short_days(self, first: date, last: date) -> str:
        """Write as in "11 maj" or "10–11 maj"."""
        end = self._short(last, self.formats.short_month_day)
        if first == last:
            return end
        if (first.year, first.month) == (last.year, last.month):
            return f"{self._date(first, self.formats.joined)}–{end}"
        begin = self._short(first, self.formats.short_month_day)
        return f"{begin}{self.formats.between}{end}"

    def time(self, moment: datetime) -> str:
        """Write the local time as in "9.30"."""
        local = moment.astimezone(ZoneInfo(self.time_zone))
        return format_time(local.time(), self.formats.time, locale=self._locale)

    def span(self, start: datetime, end: datetime) -> str:
        """Write as in "onsdag 8 mars kl. 9.30–15.30"."""
        begins = f"{self._day_of(start)}{self.formats.at}{self.time(start)}"
        if local_day(start, self.time_zone) == local_day(end, self.time_zone):
            return f"{begins}–{self.time(end)}"
        ends = f"{self._day_of(end)}{self.formats.at}{self.time(end)}"
        return self.say("words.to", start=begins, end=ends)

    def when(self, day: date, today: date) -> str:
        """Begin a sentence as in "I morgon" or "På måndag"; further away with the date."""
        away = (day - today).days
        if away in (0, 1):
            return self.say("words.tomorrow" if away else "words.today")
        weekday = self._date(day, "EEEE") if 1 < away < 7 else self.day(day)
        return self.say("words.on_weekday", weekday=weekday)

    def number(self, value: Fraction, decimals: int = 2) -> str:
        """Write with so many decimals, rounded half up, as in "4,60"."""
        exact = Decimal(rounded(value, decimals, "."))
        pattern = f"0.{'0' * decimals}" if decimals else "0"
        return format_decimal(exact, format=pattern, locale=self._locale)

    def listed(self, items: Sequence[str]) -> str:
        """Join as in "a, b och c"."""
        if len(items) < 2:
            return "".join(items)
        return self.say("words.and", first=", ".join(items[:-1]), last=items[-1])

    def _day_of(self, moment: datetime) -> str:
        return self.day(local_day(moment, self.time_zone))

    def _short(self, day: date, pattern: str) -> str:
        short = self._date(day, pattern)
        # Where abbreviated days have no full stop, one on the month looks odd.
        return short if self.formats.full_stops else short.replace(".", "")

    def _date(self, day: date, pattern: str) -> str:
        return format_date(day, pattern, locale=self._locale)

    @property
    def _locale(self) -> Locale:
        return self.formats.locale
