"""Kinds of values that several settings share, each refusing with a reason in plain words."""

import re
from ipaddress import ip_address
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays
from pydantic import AfterValidator, BeforeValidator, SecretStr

from service.shipped import languages

PARTS_OF_A_DAY = (5, 10, 15, 20, 30, 60, 120, 180, 240, 360, 480, 720, 1440)
"""Minutes between two readings: whole parts of a day, so that fire times repeat daily."""

ID = re.compile(r"[a-z0-9][a-z0-9-]*")


def is_loopback(url: str) -> bool:
    """Tell whether a URL names this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _polling(minutes: int) -> int:
    if minutes not in PARTS_OF_A_DAY:
        raise ValueError(f"{minutes} minutes do not divide a day evenly")
    return minutes


def _web_address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"https", "http"} or not parts.hostname:
        raise ValueError("is no web address")
    if parts.scheme == "http" and not is_loopback(url):
        raise ValueError("is not https")
    return url.rstrip("/")


def _secret_address(url: SecretStr) -> SecretStr:
    parts = urlsplit(url.get_secret_value())
    if parts.scheme != "https" or not parts.hostname:
        raise ValueError("is no https address")
    return url


def _id(value: str) -> str:
    if not ID.fullmatch(value):
        raise ValueError("has other signs than a–z, 0–9 and hyphen")
    return value


def _time_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"there is no time zone {name}") from None
    return name


def _language(code: str) -> str:
    there = languages()
    if code not in there:
        raise ValueError(f"there are no texts in {code}, only in {', '.join(there)}")
    return code


def _country(code: str) -> str:
    if code.upper() not in holidays.list_supported_countries(include_aliases=False):
        raise ValueError(f"no public holidays are known of {code}")
    return code.upper()


def mail_address(address: str) -> str:
    name, _, domain = address.partition("@")
    if not name or "." not in domain or " " in address:
        raise ValueError("is no mail address")
    return address.lower()


def lower(value: object) -> object:
    """Let capitals not matter."""
    return value.lower() if isinstance(value, str) else value


def _named(value: object) -> object:
    """Read `id=Name;id=Name`; what is not text is left to the next validator."""
    if not isinstance(value, str):
        return value
    pairs = [part.partition("=") for part in value.split(";") if part.strip()]
    if not all(equals and name.strip() for _, equals, name in pairs):
        raise ValueError("is not of the form id=Name;id=Name")
    return tuple((key.strip(), name.strip()) for key, _, name in pairs)


def _listed(value: object) -> object:
    """Read `one;another`; what is not text is left to the next validator."""
    if not isinstance(value, str):
        return value
    return tuple(part.strip() for part in value.split(";") if part.strip())


def _secure(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname:
        raise ValueError(f"{url} is no https address")
    return url


def _groups(pairs: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    ids = [_id(key) for key, _ in pairs]
    if len(set(ids)) != len(ids):
        raise ValueError("names a group twice")
    return pairs


Polling = Annotated[int, AfterValidator(_polling)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
SecretAddress = Annotated[SecretStr, AfterValidator(_secret_address)]
Id = Annotated[str, AfterValidator(_id)]
Language = Annotated[str, BeforeValidator(lower), AfterValidator(_language)]
TimeZone = Annotated[str, AfterValidator(_time_zone)]
Country = Annotated[str, AfterValidator(_country)]
Mail = Annotated[str, AfterValidator(mail_address)]
Groups = Annotated[tuple[tuple[str, str], ...], BeforeValidator(_named), AfterValidator(_groups)]
Listed = Annotated[tuple[str, ...], BeforeValidator(_listed)]
Folders = Annotated[tuple[Annotated[str, AfterValidator(_secure)], ...], BeforeValidator(_listed)]
