"""The bytes of files, kept once by content hash beside the database."""

import base64
import hashlib
import tempfile
from collections.abc import Iterator
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


class Digest:
    """Both hashes of a content that arrives in pieces."""

    def __init__(self) -> None:
        self._sha = hashlib.sha256()
        self._xor = QuickXor()

    @property
    def size(self) -> int:
        return self._xor.size

    def update(self, data: Buffer) -> None:
        self._sha.update(data)
        self._xor.update(data)

    def blob(self) -> Blob:
        return Blob(self._sha.hexdigest(), self._xor.size, self._xor.base64())


class Blobs:
    def __init__(self, directory: Path | None) -> None:
        """`directory` for the files, or None for a temporary one that goes with this object."""
        self._temporary = None if directory else tempfile.TemporaryDirectory()
        self.directory = directory or Path(self._temporary.name if self._temporary else "")
        self.directory.mkdir(parents=True, exist_ok=True)

    def path(self, blob: str) -> Path:
        return self.directory / blob[:2] / blob[2:]

    def part(self, upload: str) -> Path:
        """Where an upload session gathers its bytes."""
        return self.directory / f"{upload}.part"

    def keep(self, data: bytes) -> Blob:
        digest = Digest()
        digest.update(data)
        blob = digest.blob()
        path = self._place(blob)
        if not path.exists():
            draft = path.with_suffix(".new")
            draft.write_bytes(data)
            draft.replace(path)
        return blob

    def adopt(self, part: Path, digest: Digest | None = None) -> Blob:
        """Takes over a file that has been gathered; hashes it unless that was done already."""
        if digest is None:
            digest = digest_of(part)
        blob = digest.blob()
        part.replace(self._place(blob))
        return blob

    def read(self, blob: str) -> bytes:
        return self.path(blob).read_bytes()

    def _place(self, blob: Blob) -> Path:
        path = self.path(blob.id)
        path.parent.mkdir(exist_ok=True)
        return path


def digest_of(path: Path) -> Digest:
    digest = Digest()
    for piece in _pieces(path):
        digest.update(piece)
    return digest


def _pieces(path: Path) -> Iterator[memoryview]:
    buffer = bytearray(_LANES * 8192)
    view = memoryview(buffer)
    with path.open("rb", buffering=0) as file:
        while length := file.readinto(buffer):
            yield view[:length]
