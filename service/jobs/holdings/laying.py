"""
Lays an export out as a folder of files, once each, and knows them again by their hashes.

A file is written beside its place and moved there when it is whole; one that was begun is
gone on with, as long as its source is the same. Nothing is held in memory, and nothing is
written in the tenant.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from glob import escape
from pathlib import Path

from service.domain.holding import Absent, Entry, Paths
from service.errors import CannotWrite, NatverketError, Verdict
from service.graph.quickxor import QuickXor
from service.jobs.holdings.parts import Part
from service.observe import SeenItem
from service.workplace import Workplace

PIECE = 1 << 20
BEGUN = ".begun"
DIFFERS = "differs"
"""Remark: the service told other bytes than it gave, as it does of some pictures."""


@dataclass(frozen=True, kw_only=True)
class Laid:
    entries: tuple[Entry, ...]
    absent: tuple[Absent, ...]
    fetched: int
    """Files that were written now; the others were there."""


class Digests:
    """The two hashes of a file, and its size, in one passage."""

    def __init__(self) -> None:
        self.size = 0
        self._sha256 = hashlib.sha256()
        self._quick = QuickXor()

    def update(self, piece: bytes) -> None:
        self.size += len(piece)
        self._sha256.update(piece)
        self._quick.update(piece)

    @property
    def sha256(self) -> str:
        return self._sha256.hexdigest()

    @property
    def quick(self) -> str:
        return self._quick.digest()


async def lay(parts: Iterable[Part], folder: Path, at: Workplace) -> Laid:
    """
    Write what is not there yet; a file that cannot be read is told, and the rest goes on.

    Raises CannotWrite, and what no other file would fare better with (Unreachable, …).
    """
    paths, everything = Paths(), list(parts)
    at.progress.expect(len(everything))
    entries: list[Entry] = []
    absent: list[Absent] = []
    fetched = 0
    for part in everything:
        path = paths.free(part.folders, part.name)
        try:
            entry, fresh = await _laid(part, path, folder, at)
        except NatverketError as error:
            if isinstance(error, CannotWrite) or error.verdict is Verdict.NOT_THIS_RUN:
                raise
            absent.append(Absent(about=part.about, why=f"{error.reason} {error.remedy}"))
        else:
            entries.append(entry)
            fetched += fresh
    return Laid(entries=tuple(entries), absent=tuple(absent), fetched=fetched)


async def _laid(part: Part, path: str, folder: Path, at: Workplace) -> tuple[Entry, bool]:
    target = folder / path
    at.progress.begin(path, part.name, part.item.size if part.item else len(part.data))
    try:
        if part.item is not None:
            found, fresh = await _fetched(part.item, target, path, at)
        else:
            found, fresh = written(part.data, target)
    finally:
        at.progress.end(path)
    remark = DIFFERS if part.item is not None and not _same(found, part.item) else ""
    return _entry(part, path, found, remark), fresh


def _entry(part: Part, path: str, found: Digests, remark: str) -> Entry:
    return Entry(path=path, about=part.about, size=found.size, sha256=found.sha256, remark=remark)


def written(data: bytes, target: Path) -> tuple[Digests, bool]:
    """Write bytes of ours where they do not stand already. Raises CannotWrite."""
    found = Digests()
    found.update(data)
    there = read(target)
    if there is not None and there.sha256 == found.sha256:
        return found, False
    begun = target.with_name(f"{target.name}{BEGUN}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        begun.write_bytes(data)
        begun.replace(target)
    except OSError as error:
        raise CannotWrite(str(target), error.strerror or "") from error
    return found, True


# ---------------------------------------------------------------- from the tenant


async def _fetched(item: SeenItem, target: Path, path: str, at: Workplace) -> tuple[Digests, bool]:
    there = read(target)
    if there is not None and _same(there, item):
        return there, False
    begun = target.with_name(f"{target.name}.{_version(item)}{BEGUN}")
    found = await _stream(item, begun, path, at)
    if not _same(found, item):
        # What had been begun may have been of something else: once more, from the start.
        begun.unlink(missing_ok=True)
        found = await _stream(item, begun, path, at)
    try:
        begun.replace(target)
        for outdated in target.parent.glob(f"{escape(target.name)}.*{BEGUN}"):
            outdated.unlink()
    except OSError as error:
        raise CannotWrite(str(target), error.strerror or "") from error
    return found, True


def _same(found: Digests, item: SeenItem) -> bool:
    if item.quick_xor_hash is None:
        return False
    return (found.quick, found.size) == (item.quick_xor_hash, item.size)


def _version(item: SeenItem) -> str:
    """Short enough to stand in a name: tells what was begun of one version from another's."""
    return hashlib.sha256(f"{item.id} {item.ctag}".encode()).hexdigest()[:8]


async def _stream(item: SeenItem, begun: Path, path: str, at: Workplace) -> Digests:
    found = read(begun) or Digests()
    content = at.drives.content(item.drive_id, item.id)
    if found.size >= item.size > 0:
        return found
    with _Out(begun) as out:
        async for piece in content.read(found.size):
            out.write(piece)
            found.update(piece)
            at.progress.moved(path, found.size, max(item.size, found.size))
    return found


class _Out:
    """A file that bytes are added to."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> "_Out":
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._path.open("ab")
        except OSError as error:
            raise CannotWrite(str(self._path), error.strerror or "") from error
        return self

    def write(self, piece: bytes) -> None:
        try:
            self._file.write(piece)
        except OSError as error:
            raise CannotWrite(str(self._path), error.strerror or "") from error

    def __exit__(self, *_: object) -> None:
        self._file.close()


def read(path: Path) -> Digests | None:
    """The digests of a file; None where there is none."""
    if not path.is_file():
        return None
    found = Digests()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            found.update(piece)
    return found


def files_in(folder: Path) -> list[str]:
    """Whole files below a folder, by their paths with slashes, in order."""
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return sorted(path.as_posix() for path in found if not path.name.endswith(BEGUN))
