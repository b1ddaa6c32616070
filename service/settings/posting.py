"""Kinds of values that tell who is posted to, and how."""

from collections.abc import Iterator
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, SecretStr

from service.domain.routes import KINDS, Transport
from service.settings.kinds import ID, mail_address

OFF = "off"
WAYS = ", ".join(Transport)


def pairs(text: str) -> Iterator[tuple[str, str]]:
    """Yield what `key=value;key=value` says. Raises ValueError."""
    for part in text.split(";"):
        key, equals, value = (side.strip() for side in part.partition("="))
        if not part.strip():
            continue
        if not (key and equals and value):
            raise ValueError("is not of the form key=value;key=value")
        yield key, value


def _once(found: Iterator[tuple[str, str]]) -> dict[str, str]:
    given = list(found)
    keys = [key for key, _ in given]
    for key in keys:
        if keys.count(key) > 1:
            raise ValueError(f"names {key} twice")
    return dict(given)


def _ways(text: object) -> object:
    if not isinstance(text, str):
        return text
    names = [part.strip().lower() for part in text.split("+")]
    for name in names:
        if name not in list(Transport):
            raise ValueError(f"`{name}` is none of {WAYS}")
    return tuple(Transport(name) for name in dict.fromkeys(names))


def _kinds(text: object) -> object:
    if not isinstance(text, str):
        return text
    found = _once(pairs(text))
    for kind in found:
        if kind not in KINDS:
            raise ValueError(f"there is no kind `{kind}`; there are {', '.join(KINDS)}")
    return {kind: () if ways == OFF else _ways(ways) for kind, ways in found.items()}


def _of_groups(text: object) -> object:
    if not isinstance(text, str):
        return text
    found = _once(pairs(text))
    for key in found:
        if not ID.fullmatch(key):
            raise ValueError(f"`{key}` is no id of a focus group")
    return found


def _flows(text: SecretStr) -> SecretStr:
    for key, url in _once(pairs(text.get_secret_value())).items():
        parts = urlsplit(url)
        if parts.scheme != "https" or not parts.hostname:
            raise ValueError(f"what stands for {key} is no https address")
    return text


def _addresses(text: object) -> object:
    if not isinstance(text, str):
        return text
    found = tuple(mail_address(part.strip()) for part in text.split(",") if part.strip())
    if not found:
        raise ValueError("names no mail address")
    return found


def _lists(text: object) -> object:
    if not isinstance(text, str):
        return text
    return {key: _addresses(value) for key, value in _once(pairs(text)).items()}


Ways = Annotated[tuple[Transport, ...], BeforeValidator(_ways)]
Kinds = Annotated[dict[str, tuple[Transport, ...]], BeforeValidator(_kinds)]
OfGroups = Annotated[dict[str, str], BeforeValidator(_of_groups)]
"""By focus group's id."""
Flows = Annotated[SecretStr, AfterValidator(_flows)]
"""`group=address;…`, as a whole a secret."""
Mails = Annotated[tuple[str, ...], BeforeValidator(_addresses)]
Lists = Annotated[dict[str, tuple[str, ...]], BeforeValidator(_lists)]
"""By focus group's id, or `common`."""


def flows(text: SecretStr | None) -> dict[str, str]:
    """Return the flows' addresses by group."""
    return dict(pairs(text.get_secret_value())) if text else {}
