"""The service's own state."""

from collections.abc import Iterable

from service.checking.asked import Asked
from service.checking.check import Check
from service.domain.check import Finding, Remedy, failed, ok, warning
from service.store import Looks, look_at

NAME = "state"
LITTLE, TOO_LITTLE = 1 << 30, 1 << 27
"""Bytes left on the disk: uploads and downloads pass over it."""


async def run(at: Asked) -> Iterable[Finding]:
    return list(judged(look_at(at.settings.state_url.get_secret_value())))


def judged(looks: Looks) -> Iterable[Finding]:
    """Yield what is to be said of a state as it lies there."""
    if looks.version is None:
        yield ok(NAME, f"{looks.place} is made at the first run: its folder can be written")
    elif looks.version != looks.newest:
        yield ok(NAME, f"{looks.place} opens; the next command brings it up to date")
    else:
        yield ok(NAME, f"{looks.place} opens and can be written, version {looks.version}")
    if looks.free is not None and looks.free < LITTLE:
        left = f"{looks.free >> 20} MiB are left on the disk of {looks.place}"
        yield (
            failed(NAME, left, _room()) if looks.free < TOO_LITTLE else warning(NAME, left, _room())
        )
    if not looks.wal:
        yield warning(NAME, f"{looks.place} has no write-ahead log: is it on a network drive?")


def _room() -> Remedy:
    return Remedy(who="administrator of this machine", steps=("make room on that disk",))


CHECK = Check(name=NAME, does="Looks at the state, its disk and its version.", run=run)
