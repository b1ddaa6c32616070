"""Times, sizes, values and people in the words of a Swedish reader."""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from babel.numbers import format_decimal

from service.sandbox.markup import Markup, el
from service.sandbox.tenant import Tenant

_LOCALE = "sv"
_UNITS = ("byte", "kB", "MB", "GB", "TB")


def local(tenant: Tenant, text: str) -> datetime:
    """A kept time in the tenant's own time zone."""
    return datetime.fromisoformat(text).astimezone(ZoneInfo(tenant.world.time_zone))


def when(tenant: Tenant, text: str, pattern: str = "d MMM y HH:mm") -> Markup:
    """`pattern` as babel reads it."""
    at = local(tenant, text)
    shown = format_datetime(at, pattern, locale=_LOCALE)
    return el("time", shown, datetime=at.isoformat(timespec="minutes"))


def spell(at: datetime, pattern: str) -> str:
    shown: str = format_datetime(at, pattern, locale=_LOCALE)
    return shown


def size(count: int) -> str:
    """Bytes in the unit that gives one to three digits before the comma."""
    value = float(count)
    unit = _UNITS[0]
    for unit in _UNITS:
        if value < 1000 or unit == _UNITS[-1]:
            break
        value /= 1000
    decimals = "#,##0.#" if value < 100 and unit != _UNITS[0] else "#,##0"
    return f"{format_decimal(value, decimals, locale=_LOCALE)} {unit}"


def number(value: float, decimals: str = "#,##0.##") -> str:
    shown: str = format_decimal(value, decimals, locale=_LOCALE)
    return shown


def counted(count: int, one: str, many: str) -> str:
    return f"{number(count)} {one if count == 1 else many}"


def whom(tenant: Tenant, by: str) -> str:
    """The name behind `user:ID`, `app:ID` or `bot:ID`."""
    kind, _, key = by.partition(":")
    if kind == "bot":
        bot = tenant.apps.get(key)
        return bot.name if bot else "Workflows"
    if kind == "app":
        app = tenant.apps.get(key)
        return app.name if app else "SharePoint"
    person = tenant.person(key)
    return person.name if person else key
