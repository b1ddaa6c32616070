"""
Turns what was read from TOML or JSON into the dataclasses of the timeline and of fault scripts.

Every complaint names the key, what is wrong with it and what would have been right.
"""

import base64
import collections.abc
import dataclasses
import random
import shutil
import tempfile
import types
import typing
import weakref
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from service.sandbox.timeline import Content

Keys = tuple[str | int, ...]
"""The way to a value: names of tables and numbers in lists."""

_IN_MEMORY = 8 * 2**20
_CONTENT = '{"text": …}, {"base64": …} or {"size": bytes}'


class MalformedError(ValueError):
    """A value that cannot be understood: where it is, why not, and what was expected."""

    def __init__(self, keys: Keys, reason: str, expected: str) -> None:
        super().__init__(f"{named(keys)}: {reason}. Expected: {expected}.")
        self.keys = keys
        self.reason = reason
        self.expected = expected


def named(keys: Keys) -> str:
    """The way to a value as people write it: `acts[2].fields.Title`, counted from 1."""
    text = ""
    for key in keys:
        text += f"[{key + 1}]" if isinstance(key, int) else f".{key}"
    return text.lstrip(".") or "the whole"


def decoded(kind: type[Any], value: object, keys: Keys = ()) -> Any:
    """A dataclass from a table; keys are its fields' names, without `_` at the end."""
    if not isinstance(value, dict):
        raise MalformedError(keys, f"{_shown(value)} is no table", f"the fields of {kind.__name__}")
    fields = {field.name.removesuffix("_"): field for field in dataclasses.fields(kind)}
    for key in value:
        if key not in fields:
            raise MalformedError(
                (*keys, str(key)), "there is no such key", f"one of {', '.join(fields)}"
            )
    hints = hints_of(kind)
    given = {}
    for name, field in fields.items():
        if name in value:
            given[field.name] = _value(hints[field.name], value[name], (*keys, name))
        elif is_needed(field):
            raise MalformedError(
                (*keys, name), "it is missing", f"{name} = {in_words(hints[field.name])}"
            )
    return kind(**given)


def hints_of(kind: type[Any]) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def is_needed(field: "dataclasses.Field[Any]") -> bool:
    missing = dataclasses.MISSING
    return field.default is missing and field.default_factory is missing


def _value(hint: Any, value: object, keys: Keys) -> Any:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if hint == Content or origin is collections.abc.Callable:
        return content(value, keys)
    if dataclasses.is_dataclass(hint):
        return decoded(typing.cast("type[Any]", hint), value, keys)
    if origin in (typing.Union, types.UnionType):
        return _one_of(hint, arguments, value, keys)
    if origin in (tuple, list) and isinstance(value, list):
        return tuple(_value(arguments[0], each, (*keys, n)) for n, each in enumerate(value))
    if origin in (dict, collections.abc.Mapping) and isinstance(value, dict):
        return {str(k): _value(arguments[1], each, (*keys, str(k))) for k, each in value.items()}
    return _plain(hint, value, keys)


def _one_of(hint: Any, kinds: tuple[Any, ...], value: object, keys: Keys) -> Any:
    if value is None and type(None) in kinds:
        return None
    others = [kind for kind in kinds if kind is not type(None)]
    return _value(others[0], value, keys) if len(others) == 1 else _plain(hint, value, keys)


def _plain(hint: Any, value: object, keys: Keys) -> Any:
    try:
        made = msgspec.convert(value, hint)
    except (msgspec.ValidationError, TypeError) as error:
        raise MalformedError(keys, f"{_shown(value)} does not fit", in_words(hint)) from error
    if isinstance(made, datetime) and made.tzinfo is None:
        raise MalformedError(keys, f"{_shown(value)} names no time zone", in_words(datetime))
    return made


def _shown(value: object) -> str:
    text = value.isoformat() if isinstance(value, datetime) else repr(value)
    return text if len(text) <= 60 else text[:59] + "…"


def in_words(hint: Any) -> str:
    """A type as somebody who writes TOML or JSON knows it."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if hint == Content or origin is collections.abc.Callable:
        return _CONTENT
    if dataclasses.is_dataclass(hint):
        names = (f.name.removesuffix("_") for f in dataclasses.fields(hint))
        return f"a table of {', '.join(names)}"
    if origin in (typing.Union, types.UnionType):
        return " or ".join(in_words(kind) for kind in arguments if kind is not type(None))
    if origin in (tuple, list):
        return f"a list, each {in_words(arguments[0])}"
    if origin in (dict, collections.abc.Mapping):
        return f"a table of names, each {in_words(arguments[1])}"
    if origin is typing.Literal:
        return f"one of {', '.join(map(str, arguments))}"
    words = {
        str: "text",
        int: "a whole number",
        float: "a number",
        bool: "true or false",
        datetime: "a time with its zone, such as 2024-05-01T09:00:00Z",
        date: "a day, such as 2024-05-01",
        timedelta: "a length of time, such as PT30M",
    }
    if isinstance(hint, type) and issubclass(hint, str) and hint is not str:
        return "one of " + ", ".join(str(each.value) for each in typing.cast("Any", hint))
    return words.get(hint, str(hint))


def content(value: object, keys: Keys) -> Content:
    """Bytes that are made when they are needed; a large file is made on disk."""
    if not isinstance(value, dict) or len(value) != 1:
        raise MalformedError(keys, f"{_shown(value)} is no content", _CONTENT)
    ((kind, given),) = value.items()
    if kind == "text" and isinstance(given, str):
        data = given.encode()
        return lambda: data
    if kind == "base64" and isinstance(given, str):
        try:
            raw = base64.b64decode(given, validate=True)
        except ValueError as error:
            raise MalformedError((*keys, kind), "it is not base64", _CONTENT) from error
        return lambda: raw
    if kind == "size" and isinstance(given, int) and not isinstance(given, bool) and given >= 0:
        return _generated(given)
    raise MalformedError((*keys, str(kind)), f"{_shown(given)} is no content", _CONTENT)


def _generated(size: int) -> Content:
    """Always the same bytes for one size; above a few megabytes mostly zeros in a sparse file."""
    if size <= _IN_MEMORY:
        return lambda: random.Random(size).randbytes(size)  # noqa: S311 - repeatable
    folder = Path(tempfile.mkdtemp(prefix="sandbox-content-"))

    def make() -> Path:
        path = folder / "content"
        with path.open("wb") as file:
            file.write(random.Random(size).randbytes(2**16))  # noqa: S311 - repeatable
            file.truncate(size)
        return path

    # Goes with the act that holds it, unless whoever asked has moved the file away.
    weakref.finalize(make, shutil.rmtree, folder, ignore_errors=True)
    return typing.cast("Content", make)
