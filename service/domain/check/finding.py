"""One line of the check: what was tried, how it went, and what mends it."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    OK = "ok"
    FAILED = "failed"
    WARNING = "warning"
    """It works, or may work, and somebody should look at it."""
    UNUSED = "not used"
    UNTRIED = "not tried"
    """What it depends on has failed, and is told of there."""


@dataclass(frozen=True, kw_only=True)
class Remedy:
    """The one command or click that mends it."""

    who: str
    """Who may do it, and where: `Exchange administrator, in Exchange Online PowerShell`."""
    steps: tuple[str, ...]
    """Commands to be pasted as they are, or clicks; this tenant's ids are filled in."""
    takes: str = ""
    """How long it takes to work, such as `up to an hour`; empty: at once."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    name: str
    """Of the check, as `natverket check NAME` takes it."""
    verdict: Verdict
    said: str
    """What was tried and what came of it; without secrets."""
    remedy: Remedy | None = None


def ok(name: str, said: str) -> Finding:
    return Finding(name=name, verdict=Verdict.OK, said=said)


def failed(name: str, said: str, remedy: Remedy) -> Finding:
    return Finding(name=name, verdict=Verdict.FAILED, said=said, remedy=remedy)


def warning(name: str, said: str, remedy: Remedy | None = None) -> Finding:
    return Finding(name=name, verdict=Verdict.WARNING, said=said, remedy=remedy)


def unused(name: str, said: str, remedy: Remedy | None = None) -> Finding:
    """Tell what is not used; `remedy` is what it would take."""
    return Finding(name=name, verdict=Verdict.UNUSED, said=said, remedy=remedy)
