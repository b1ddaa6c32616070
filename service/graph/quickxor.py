"""
quickXorHash, the one hash that SharePoint keeps of a file.

Byte i is XORed into a ring of 160 bits at bit 11·i; since 11 and 160 have no common
factor, the ring repeats every 160 bytes. So the file is folded into 160 lanes, at memory
speed, and the ring is turned only at the end.
https://learn.microsoft.com/onedrive/developer/code-snippets/quickxorhash
"""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

BITS = 160
LANES = 160
SHIFT = 11
ROW = 64 * LANES

_RING = (1 << BITS) - 1
_LENGTH_BYTES = 8


class QuickXor:
    """Takes pieces of any size; its state can be kept and gone on from."""

    def __init__(self, state: bytes = b"") -> None:
        import numpy as np  # noqa: PLC0415 - for files alone: a start must not wait for it

        self._np = np
        self.length = int.from_bytes(state[:_LENGTH_BYTES], "little")
        lanes = np.frombuffer(state[_LENGTH_BYTES:] or bytes(LANES), np.uint8)
        if lanes.size != LANES:
            raise ValueError("state of another kind of hash")
        self._lanes = lanes.copy()

    def update(self, piece: bytes | memoryview) -> None:
        data = self._np.frombuffer(piece, self._np.uint8)
        at = self.length % LANES
        self.length += data.size
        if at:
            head = data[: LANES - at]
            self._lanes[at : at + head.size] ^= head
            data = data[head.size :]
        whole = data.size - data.size % LANES
        if whole:
            self._lanes ^= _fold(data[:whole])
        tail = data[whole:]
        self._lanes[: tail.size] ^= tail

    def copy(self) -> QuickXor:
        return QuickXor(self.state())

    def state(self) -> bytes:
        return self.length.to_bytes(_LENGTH_BYTES, "little") + self._lanes.tobytes()

    def digest(self) -> str:
        """Base64, as `file.hashes.quickXorHash` has it."""
        ring = 0
        for lane, byte in enumerate(self._lanes.tolist()):
            turn = lane * SHIFT % BITS
            ring ^= (byte << turn | byte << turn >> BITS) & _RING
        ring ^= self.length << (BITS - 8 * _LENGTH_BYTES)
        return b64encode(ring.to_bytes(BITS // 8, "little")).decode("ascii")


def _fold(data: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    # First in rows that numpy's inner loop is worth its start for, and these once more.
    wide = data.size - data.size % ROW
    return _rows(_rows(data[:wide], ROW), LANES) ^ _rows(data[wide:], LANES)


def _rows(data: npt.NDArray[np.uint8], width: int) -> npt.NDArray[np.uint8]:
    # Eight bytes at a time: every width is a multiple of eight.
    import numpy as np  # noqa: PLC0415 - as above

    rows = data.view(np.uint64).reshape(-1, width // 8)
    folded: npt.NDArray[np.uint64] = np.bitwise_xor.reduce(rows, axis=0)
    return folded.view(np.uint8)
