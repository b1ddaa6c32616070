"""
A Dockerfile read as a value, and what of the context it may copy.

Only the forms that ours uses are known; anything else is refused, so that a line which the
proof would not carry out cannot stand in the file. Source:
https://docs.docker.com/reference/dockerfile/ and its section on .dockerignore.
"""

import json
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath


class NotUnderstood(Exception):
    """An instruction or a form of one that is not carried out here."""


@dataclass(frozen=True)
class Instruction:
    word: str
    rest: str


@dataclass(frozen=True)
class Stage:
    name: str
    base: str
    """An image, or the name of an earlier stage."""
    instructions: tuple[Instruction, ...]


@dataclass(frozen=True)
class Dockerfile:
    arguments: Mapping[str, str]
    """Those before the first stage, with their defaults."""
    stages: tuple[Stage, ...]

    def needed(self, target: str | None = None) -> tuple[Stage, ...]:
        """Name the stages that the target is built from, in order; the last one by default."""
        by_name = {stage.name: stage for stage in self.stages}
        wanted, todo = set[str](), [target or self.stages[-1].name]
        while todo:
            stage = by_name[todo.pop()]
            wanted.add(stage.name)
            todo += [name for name in (stage.base, *_copied_from(stage)) if name in by_name]
        return tuple(stage for stage in self.stages if stage.name in wanted)


@dataclass
class Built:
    """What an image says of itself, beside its files."""

    env: dict[str, str] = field(default_factory=dict)
    arguments: dict[str, str] = field(default_factory=dict)
    """Of this stage alone: no later one sees them."""
    workdir: PurePosixPath = field(default_factory=lambda: PurePosixPath("/"))
    user: str = "0:0"
    labels: dict[str, str] = field(default_factory=dict)
    volumes: tuple[str, ...] = ()
    healthcheck: tuple[str, ...] = ()
    stop_signal: str = "SIGTERM"
    entrypoint: tuple[str, ...] = ()
    command: tuple[str, ...] = ()

    def filled(self, text: str) -> str:
        """Put in variables, as Docker does for every instruction but RUN, CMD and ENTRYPOINT."""
        known = self.arguments | self.env

        def value(found: re.Match[str]) -> str:
            name = found[1] or found[2]
            if name not in known:
                raise NotUnderstood(f"${name} is not set here")
            return known[name]

        return re.sub(r"\$(?:\{(\w+)\}|(\w+))", value, text)


def read(text: str) -> Dockerfile:
    """Read a Dockerfile. Raises NotUnderstood."""
    arguments: dict[str, str] = {}
    stages: list[Stage] = []
    opened: list[tuple[str, str, list[Instruction]]] = []
    for one in instructions(text):
        if one.word == "FROM":
            found = re.fullmatch(r"(\S+)(?:\s+AS\s+(\S+))?", one.rest, re.IGNORECASE)
            if found is None:
                raise NotUnderstood(f"FROM {one.rest}")
            base = Built(arguments=arguments).filled(found[1])
            opened.append((found[2] or str(len(opened)), base, []))
        elif opened:
            opened[-1][2].append(one)
        elif one.word == "ARG":
            name, _, default = one.rest.partition("=")
            arguments[name] = default
        else:
            raise NotUnderstood(f"{one.word} before the first FROM")
    stages = [Stage(name, base, tuple(lines)) for name, base, lines in opened]
    return Dockerfile(arguments, tuple(stages))


def instructions(text: str) -> Iterator[Instruction]:
    """Split into instructions: comments out, continued lines put together."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    whole = "\n".join(lines)
    for line in re.sub(r"\\\n\s*", " ", whole).splitlines():
        if line.strip():
            word, _, rest = line.strip().partition(" ")
            yield Instruction(word.upper(), rest.strip())


def note(built: Built, one: Instruction) -> bool:
    """Take in an instruction that changes no file; False if it is one that does."""
    match one.word:
        case "ENV":
            built.env |= {key: built.filled(value) for key, value in _pairs(one.rest)}
        case "ARG":
            name, _, default = one.rest.partition("=")
            built.arguments.setdefault(name, default)
        case "LABEL":
            built.labels |= {key: built.filled(value) for key, value in _pairs(one.rest)}
        case "USER":
            built.user = one.rest
        case "VOLUME":
            built.volumes += (one.rest,)
        case "STOPSIGNAL":
            built.stop_signal = one.rest
        case "HEALTHCHECK":
            _, found, command = one.rest.partition("CMD ")
            if not found:
                raise NotUnderstood(f"HEALTHCHECK {one.rest}")
            built.healthcheck = _words(command)
        case "ENTRYPOINT":
            built.entrypoint = _words(one.rest)
        case "CMD":
            built.command = _words(one.rest)
        case "RUN" | "COPY" | "WORKDIR":
            return False
        case _:
            raise NotUnderstood(f"{one.word} {one.rest}")
    return True


def copy_words(rest: str) -> tuple[str | None, tuple[str, ...], str]:
    """Return the stage a COPY takes from, if one; its sources; its target."""
    words = shlex.split(rest)
    stage = None
    while words and words[0].startswith("--"):
        option, _, value = words.pop(0).partition("=")
        if option != "--from":
            raise NotUnderstood(f"COPY {option}")
        stage = value
    *sources, target = words
    return stage, tuple(sources), target


def shipped(context: Path, ignore: str) -> Iterator[Path]:
    """Name the files of the context that Docker would send, relative to it."""
    rules = [line.strip() for line in ignore.splitlines() if line.strip()]
    for folder in _roots(context, rules):
        for path in sorted([folder] if folder.is_file() else folder.rglob("*")):
            relative = path.relative_to(context)
            if path.is_file() and not _ignored(relative, rules):
                yield relative


def _roots(context: Path, rules: Sequence[str]) -> list[Path]:
    """Name what is let in by name: nothing else of a checkout need be walked."""
    if rules[0] != "*":
        raise NotUnderstood(".dockerignore that does not begin with *")
    return [context / rule.removeprefix("!") for rule in rules if rule.startswith("!")]


def _ignored(path: Path, rules: Sequence[str]) -> bool:
    ignored = False
    for rule in rules:
        pattern = rule.removeprefix("!")
        names = [path, *path.parents[:-1]]
        if any(_matches(name.as_posix(), pattern) for name in names):
            ignored = not rule.startswith("!")
    return ignored


def _matches(name: str, pattern: str) -> bool:
    if pattern.startswith("**/"):
        rest = pattern.removeprefix("**/")
        return fnmatchcase(name, rest) or fnmatchcase(name, f"*/{rest}")
    # Unlike the shell's, this * stops at no slash; of ours only the first rule has one alone.
    return fnmatchcase(name, pattern) if pattern == "*" or "*" not in pattern else _refuse(pattern)


def _refuse(pattern: str) -> bool:
    raise NotUnderstood(f".dockerignore: {pattern}")


def _copied_from(stage: Stage) -> Iterator[str]:
    for one in stage.instructions:
        if one.word == "COPY" and (source := copy_words(one.rest)[0]):
            yield source


def _pairs(rest: str) -> Iterator[tuple[str, str]]:
    for word in shlex.split(rest):
        key, equals, value = word.partition("=")
        if not equals:
            raise NotUnderstood(f"the old form without =: {rest}")
        yield key, value


def _words(rest: str) -> tuple[str, ...]:
    if not rest.startswith("["):
        raise NotUnderstood(f"a command for a shell: {rest}")
    return tuple(json.loads(rest))
