"""Environment and environment file to one text by name, with secrets read from their files."""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

from dotenv.parser import parse_stream

from service.settings.fields import NETWORK_PREFIX, PREFIX
from service.settings.problems import nearest, problem
from service.settings.rows import rows

INJECTED = re.compile(
    r"NATVERKET_(\w+_)?(SERVICE_HOST|SERVICE_PORT(_\w+)?"
    r"|PORT_\d+_(TCP|UDP|SCTP)(_PROTO|_PORT|_ADDR)?)"
)
"""What Kubernetes sets for every service whose name starts with `natverket`."""

FOREIGN_CUTOFF = 0.9
"""How like one of ours a name without our prefix must be to be taken for a slip."""


def read_file(path: Path) -> tuple[dict[str, str], list[str]]:
    """Read an environment file: names and texts as they stand, nothing expanded, and problems."""
    try:
        with path.open(encoding="utf-8-sig") as stream:
            lines = list(parse_stream(stream))
    except (OSError, UnicodeDecodeError) as error:
        return {}, [problem(str(path), f"cannot be read ({error})", "the path of a text file")]
    bad = [
        problem(f"{path}, line {line.original.line}", "is not understood", "NAME=value")
        for line in lines
        if line.error
    ]
    return {line.key: line.value or "" for line in lines if line.key}, bad


def merge(
    environment: Mapping[str, str], file: Mapping[str, str]
) -> tuple[dict[str, str], list[str], list[str]]:
    """Return the texts that hold by name, the problems, and notes on what was ignored."""
    ours = {name: text for name, text in environment.items() if name.upper().startswith(PREFIX)}
    injected = sorted(name for name, text in ours.items() if _is_injected(name, text))
    upper = {name: text for name, text in ours.items() if name not in injected}
    problems = [*_unknown(upper, strict=True), *_unknown(file, strict=False)]

    given, found = _with_secrets(upper)
    # Told by either name, a secret of the environment hides the file's, by whichever name.
    below = {name: text for name, text in file.items() if name.removesuffix("_FILE") not in given}
    under, found_under = _with_secrets(below)
    known = {row.name for row in rows()}
    merged = {name: text for name, text in (under | given).items() if text and name in known}
    notes = [f"{', '.join(injected)}: set by Kubernetes, ignored"] if injected else []
    return merged, problems + found + found_under, notes


def read_secrets(given: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """Put the contents of `…_FILE` in the place of each secret given so."""
    return _with_secrets(given)


def conflict(given: Mapping[str, str]) -> list[str]:
    """Refuse networks that are told in two ways."""
    beside = sorted(name for name in given if name.startswith(NETWORK_PREFIX))
    if "NATVERKET_NETWORKS" not in given or not beside:
        return []
    reason = f"stands beside {', '.join(beside)}"
    return [problem("NATVERKET_NETWORKS", reason, "one network by names, or files of networks")]


def known_names() -> list[str]:
    """Return every name that may be set."""
    return [name for row in rows() for name in (row.name, f"{row.name}_FILE")[: 1 + row.secret]]


def _is_injected(name: str, text: str) -> bool:
    if INJECTED.fullmatch(name):
        return True
    return name.endswith("_PORT") and re.match(r"(tcp|udp|sctp)://", text) is not None


def _unknown(names: Mapping[str, str], *, strict: bool) -> list[str]:
    known = known_names()
    found = []
    for name in names:
        ours = strict or name.upper().startswith(PREFIX)
        slip = not ours and get_close_matches(name.upper(), known, cutoff=FOREIGN_CUTOFF)
        if name not in known and (ours or slip):
            write = nearest(name.upper(), known)
            found.append(problem(name, "there is no such setting", write))
    return found


def _with_secrets(given: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    texts, problems = dict(given), []
    for name in (row.name for row in rows() if row.secret):
        path = texts.pop(f"{name}_FILE", "")
        if path and texts.get(name):
            problems.append(problem(f"{name}_FILE", f"stands beside {name}", "one of the two"))
        elif path:
            texts[name], bad = _secret(name, Path(path))
            problems += bad
    return texts, problems


def _secret(name: str, path: Path) -> tuple[str, list[str]]:
    try:
        text = path.read_text(encoding="utf-8-sig").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        told = f"{path} cannot be read ({reason})"
        return "unread", [problem(f"{name}_FILE", told, "the path of a file that can be read")]
    if not text:
        return "unread", [problem(f"{name}_FILE", f"{path} is empty", "the secret into it")]
    return text, []
