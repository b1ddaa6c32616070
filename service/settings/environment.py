"""Environment, environment file and laid-out secrets to one text by name, with its source."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from dotenv.parser import Binding, parse_stream

from service.settings.fields import NETWORK_PREFIX, PREFIX
from service.settings.problems import nearest, problem
from service.settings.rows import rows
from service.settings.secrets import DOCKER, laid_out, read_named
from service.settings.sources import FROM_ENVIRONMENT, Given, Kind, Source

RETIRED = {
    "NATVERKET_POLL_CHANNEL": "has no use any more: the channel is read when a post is to be "
    "proved and when the weekly letter is written",
}
"""Names that there were once, and why they are gone."""

INJECTED = re.compile(
    r"NATVERKET_(\w+_)?(SERVICE_HOST|SERVICE_PORT(_\w+)?"
    r"|PORT_\d+_(TCP|UDP|SCTP)(_PROTO|_PORT|_ADDR)?)"
)
"""What Kubernetes sets for every service whose name starts with `natverket`."""

FOREIGN_CUTOFF = 0.9
"""How like one of ours a name without our prefix must be to be taken for a slip."""


@dataclass(frozen=True, kw_only=True)
class Merged:
    """Every text that holds, by name, and what is to be said of the rest."""

    given: Mapping[str, Given]
    problems: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def texts(self) -> dict[str, str]:
        return {name: one.text for name, one in self.given.items()}


def read_file(path: Path) -> tuple[dict[str, Given], list[str]]:
    """Read an environment file: names and texts as they stand, nothing expanded, and problems."""
    try:
        with path.open(encoding="utf-8-sig") as stream:
            lines = list(parse_stream(stream))
    except (OSError, UnicodeDecodeError) as error:
        return {}, [problem(str(path), f"cannot be read ({error})", "the path of a text file")]
    bad = [
        problem(f"{path}, line {_line(line)}", "is not understood", "NAME=value")
        for line in lines
        if line.error
    ]
    return {line.key: _given(path, line) for line in lines if line.key}, bad


def _given(path: Path, line: Binding) -> Given:
    source = Source(kind=Kind.ENVIRONMENT_FILE, file=path, line=_line(line))
    return Given(text=line.value or "", source=source)


def _line(line: Binding) -> int:
    """Return the line on which a name stands; what is parsed begins with the blank ones above."""
    told = line.original.string
    return line.original.line + told[: len(told) - len(told.lstrip())].count("\n")


def merge(
    environment: Mapping[str, str], file: Mapping[str, Given], docker: Path = DOCKER
) -> Merged:
    """
    Return what holds: environment, before environment file, before what systemd laid out, before
    Docker's secrets.
    """
    ours = {name: text for name, text in environment.items() if name.upper().startswith(PREFIX)}
    injected = sorted(name for name, text in ours.items() if _is_injected(name, text))
    upper = {
        name: Given(text=text, source=FROM_ENVIRONMENT)
        for name, text in ours.items()
        if name not in injected
    }
    problems = [*_unknown(upper, strict=True), *_unknown(file, strict=False)]

    given, found = read_named(upper)
    # Told by either name, a secret of the environment hides the file's, by whichever name.
    below = {name: one for name, one in file.items() if name.removesuffix("_FILE") not in given}
    under, found_under = read_named(below)
    known = {row.name for row in rows()}
    named = {name: one for name, one in (under | given).items() if one.text and name in known}
    laid, found_laid = laid_out(environment, docker)
    return Merged(
        # An empty text hides no credential: compose passes one on for what is not set.
        given=laid | named,
        problems=(*problems, *found, *found_under, *found_laid),
        notes=(f"{', '.join(injected)}: set by Kubernetes, ignored",) if injected else (),
    )


def conflict(given: Iterable[str]) -> list[str]:
    """Refuse networks that are told in two ways."""
    names = set(given)
    beside = sorted(name for name in names if name.startswith(NETWORK_PREFIX))
    if "NATVERKET_NETWORKS" not in names or not beside:
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


def _unknown(names: Iterable[str], *, strict: bool) -> list[str]:
    known = known_names()
    found = []
    for name in names:
        if name in RETIRED:
            found.append(problem(name, RETIRED[name], "nothing: take it out"))
            continue
        ours = strict or name.upper().startswith(PREFIX)
        slip = not ours and get_close_matches(name.upper(), known, cutoff=FOREIGN_CUTOFF)
        if name not in known and (ours or slip):
            write = nearest(name.upper(), known)
            found.append(problem(name, "there is no such setting", write))
    return found
