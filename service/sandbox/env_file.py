"""The environment file as text: read by whoever starts the sandbox, without what serves it."""

import os
import re
from collections.abc import Mapping
from pathlib import Path

_PLAIN = re.compile(r"^[A-Za-z0-9_.,:;/@%+=!~\-]*$")


def write(file: Path, values: Mapping[str, str], comments: Mapping[str, str]) -> None:
    """Whole or not at all, and for its owner's eyes only."""
    lines = [f"{name}={_quoted(value)}" for name, value in values.items()]
    lines += [f"# {name}={value}" for name, value in comments.items()]
    draft = file.with_name(f".{file.name}.new")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    draft.write_text("\n".join(lines) + "\n", encoding="utf-8")
    os.replace(draft, file)


def read(file: Path) -> dict[str, str]:
    """What `write` wrote, without the comments."""
    values = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        name, equals, value = line.partition("=")
        if equals and not name.startswith("#"):
            values[name] = _unquoted(value)
    return values


def _quoted(value: str) -> str:
    if _PLAIN.match(value):
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _unquoted(value: str) -> str:
    if not value.startswith('"'):
        return value
    return re.sub(r"\\(.)", r"\1", value[1:-1])
