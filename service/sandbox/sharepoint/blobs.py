"""The bytes of files, kept beside the database."""

import base64
import hashlib
import secrets
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

_LANES = 160
"""Bytes after which the positions of quickXorHash repeat: 11 bits a byte, 160 bits wide."""

Buffer = bytes | bytearray | memoryview


class QuickXor:
    """
    SharePoint's file hash: every byte XORed into 160 bits, each 11 bits further on, and
    at last the length. Bytes 160 apart meet the same bits, so they are folded first.
    """

    def __init__(self) -> None:
        self._lanes = np.zeros(_LANES, dtype=np.uint8)
        self.size = 0

    def update(self, data: Buffer) -> None:
        piece = np.frombuffer(data, dtype=np.uint8)
        at = self.size % _LANES
        self.size += len(piece)
        head = piece[: _LANES - at] if at else piece[:0]
        self._lanes[at : at + len(head)] ^= head
        rest = piece[len(head) :]
        whole = len(rest) - len(rest) % _LANES
        if whole:
            words = rest[:whole].view(np.uint64).reshape(-1, _LANES // 8)
            self._lanes ^= np.bitwise_xor.reduce(words, axis=0).view(np.uint8)
        tail = rest[whole:]
        self._lanes[: len(tail)] ^= tail

    def base64(self) -> str:
        bits = 0
        for lane, byte in enumerate(self._lanes.tolist()):
            at = lane * 11 % 160
            bits ^= byte << at
        bits = (bits & ((1 << 160) - 1)) ^ (bits >> 160)
        bits ^= self.size << 96
        return base64.b64encode(bits.to_bytes(20, "little")).decode()


@dataclass(frozen=True)
class Blob:
    """A kept content: its name in the store, bytes and quickXorHash."""

    id: str
    size: int
    xor: str


class Blobs:
    def __init__(self, directory: Path | None) -> None:
        """`directory` for the files, or None for a temporary one that goes with this object."""
        self._temporary = None if directory else tempfile.TemporaryDirectory()
        self.directory = directory or Path(self._temporary.name if self._temporary else "")
        self.directory.mkdir(parents=True, exist_ok=True)
        self.discard = False
        """Whether the bytes of upload sessions are counted and hashed, and not kept."""

    def path(self, blob: str) -> Path:
        return self.directory / blob[:2] / blob[2:]

    def holds(self, blob: str) -> bool:
        """False for what was uploaded while bytes were discarded."""
        return self.path(blob).exists()

    def part(self, upload: str) -> Path:
        """Where an upload session gathers its bytes."""
        return self.directory / f"{upload}.part"

    def take(self, content: bytes | Path) -> Blob:
        """
        What an act brings. A file is linked to where that can be done, else copied: it is not to
        change afterwards, and it never passes through memory whole.
        """
        if isinstance(content, bytes):
            return self.keep(content)
        xor = quick_xor(content)
        path = self._place(secrets.token_hex(32))
        try:
            path.hardlink_to(content.resolve(strict=True))
        except OSError:  # another file system
            shutil.copyfile(content, path)
        return _named(path, xor)

    def keep(self, data: bytes) -> Blob:
        """Bytes in hand, named by what they are: the same content is kept once."""
        path = self._place(hashlib.sha256(data).hexdigest())
        xor = QuickXor()
        xor.update(data)
        if not path.exists():
            draft = path.with_suffix(".new")
            draft.write_bytes(data)
            draft.replace(path)
        return _named(path, xor)

    def adopt(self, part: Path, size: int, xor: str) -> Blob:
        """Takes over a file that an upload session has gathered and hashed."""
        path = self._place(secrets.token_hex(32))
        if self.discard:
            part.unlink(missing_ok=True)
        else:
            part.replace(path)
        return Blob(path.parent.name + path.name, size, xor)

    def give_back(self, blob: Blob, part: Path) -> None:
        """Undoes `adopt`: the file could not be put in its place."""
        if self.holds(blob.id):
            self.path(blob.id).replace(part)

    def with_tail(self, blob: str, start: int, tail: bytes) -> Blob:
        """The same content with another end, from `start` on."""
        path = self._place(secrets.token_hex(32))
        shutil.copyfile(self.path(blob), path)
        with path.open("r+b") as file:
            file.truncate(start)
            file.seek(start)
            file.write(tail)
        return _named(path, quick_xor(path))

    def read(self, blob: str) -> bytes:
        return self.path(blob).read_bytes()

    def _place(self, blob: str) -> Path:
        path = self.path(blob)
        path.parent.mkdir(exist_ok=True)
        return path


def _named(path: Path, xor: QuickXor) -> Blob:
    return Blob(path.parent.name + path.name, xor.size, xor.base64())


def quick_xor(path: Path) -> QuickXor:
    """The hash of a file, read in pieces."""
    xor = QuickXor()
    buffer = bytearray(_LANES * 8192)
    view = memoryview(buffer)
    with path.open("rb", buffering=0) as file:
        while length := file.readinto(buffer):
            xor.update(view[:length])
    return xor
