"""How it stands in one line and one exit code, for `natverket status` and whatever watches it."""

from dataclasses import dataclass

from service.domain.standing import Standing, Who


@dataclass(frozen=True, kw_only=True)
class Verdict:
    code: int
    """0 well; 1 an administrator is needed; 3 coordinators are, or something is late."""
    line: str


def verdict(standing: Standing) -> Verdict:
    """Judge how an installation stands."""
    theirs = [need for need in standing.needs if need.who is not Who.ADMIN]
    ours = [need for need in standing.needs if need.who is Who.ADMIN]
    if ours:
        rest = f", and {_things(len(theirs))} coordinators" if theirs else ""
        return Verdict(code=1, line=f"{_things(len(ours))} an administrator{rest}.")
    if theirs:
        return Verdict(code=3, line=f"{_things(len(theirs))} coordinators; all else is well.")
    if not standing.well:
        return Verdict(code=3, line="Nothing needs anybody, but some jobs are late.")
    return Verdict(code=0, line="All is well.")


def _things(number: int) -> str:
    return f"{number} thing needs" if number == 1 else f"{number} things need"
