"""TOML files that are refused with file, line, key, reason and what was expected."""

import re
import tomllib
from pathlib import Path
from typing import Any

from service.sandbox.decoding import Keys, MalformedError

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\[\]#]+?)\s*\]\]?\s*(?:#.*)?$")
_LINE = re.compile(r"line (\d+)")


class BadFileError(Exception):
    """A file that cannot be used; the text is `file:line: what is wrong`."""


def read(path: Path) -> tuple[dict[str, Any], str]:
    """The tables and the text. Raises BadFileError."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadFileError(f"{path}: it cannot be read: {error}. Expected: a TOML file.") from error
    try:
        return tomllib.loads(text), text
    except tomllib.TOMLDecodeError as error:
        found = _LINE.search(str(error))
        line = int(found[1]) if found else text.count("\n") + 1
        raise BadFileError(f"{path}:{line}: no TOML: {error}. Expected: TOML 1.0.") from error


def blamed(path: Path, text: str, error: MalformedError) -> BadFileError:
    return BadFileError(f"{path}:{line_of(text, error.keys)}: {error}")


def line_of(text: str, keys: Keys) -> int:
    """
    The line of a value: of its key, else of the table or the key above it that is there.
    """
    best, depth = 1, 0
    counts: dict[tuple[str, ...], int] = {}
    table: Keys = ()
    for number, line in _outside_long_texts(text):
        header = _HEADER.match(line)
        if header:
            table = _table(header[2], counts, is_list=header[1] == "[[")
            if keys[: len(table)] == table and len(table) > depth:
                best, depth = number, len(table)
            continue
        if keys[: len(table)] != table:
            continue
        key, equals, _ = line.partition("=")
        way = (*table, *_parts(key)) if equals else table
        if len(way) > depth and keys[: len(way)] == way:
            best, depth = number, len(way)
    return best


def _outside_long_texts(text: str) -> list[tuple[int, str]]:
    lines, inside = [], ""
    for number, line in enumerate(text.splitlines(), start=1):
        if not inside:
            lines.append((number, line))
        for mark in ('"""', "'''"):
            if inside in ("", mark) and line.count(mark) % 2:
                inside = "" if inside else mark
    return lines


def _table(name: str, counts: dict[tuple[str, ...], int], *, is_list: bool) -> Keys:
    """The way to a table, with the number that each list of tables has reached."""
    parts = _parts(name)
    if is_list:
        counts[parts] = counts.get(parts, -1) + 1
        for longer in [known for known in counts if known[: len(parts)] == parts != known]:
            del counts[longer]
    way: list[str | int] = []
    for length, part in enumerate(parts, start=1):
        way.append(part)
        if parts[:length] in counts:
            way.append(counts[parts[:length]])
    return tuple(way)


def _parts(name: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in name.split(".")) if name.strip() else ()
