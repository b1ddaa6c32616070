"""Encryption by a sensitivity label: the file is no longer a zip but an OLE compound file."""

import hashlib
import struct

_SIGNATURE = bytes.fromhex("D0CF11E0A1B11AE1")
_SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_STREAM = "EncryptedPackage"


def protected(data: bytes) -> bytes:
    """
    A compound file with one stream, `EncryptedPackage`, that nobody can read.

    Sectors: the allocation table's, the directory, then the stream ([MS-CFB], [MS-OFFCRYPTO]).
    """
    secret = struct.pack("<Q", len(data)) + _scrambled(data)
    secret += bytes(-len(secret) % _SECTOR) + bytes(max(0, 4096 - len(secret)))
    secret += bytes(-len(secret) % _SECTOR)
    count = len(secret) // _SECTOR
    tables = 1
    while tables * 128 < tables + 1 + count:
        tables += 1
    chain = [_FAT] * tables + [_END] + [tables + 2 + n for n in range(count)]
    chain[-1] = _END
    chain += [_FREE] * (tables * 128 - len(chain))
    header = _SIGNATURE + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, tables, tables, 0, 4096, _END, 0, _END, 0)
    listed = [*range(min(tables, 109)), *[_FREE] * (109 - min(tables, 109))]
    header += struct.pack("<109I", *listed)
    directory = _entry("Root Entry", 5, 1, _END, 0) + _entry(
        _STREAM, 2, _FREE, tables + 1, len(secret)
    )
    directory += _entry("", 0, _FREE, 0, 0) * 2
    return header + struct.pack(f"<{tables * 128}I", *chain) + directory + secret


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = (name + "\0").encode("utf-16-le") if name else b""
    entry = text.ljust(64, b"\0") + struct.pack("<HBB", len(text), kind, 1)
    entry += struct.pack("<III", _FREE, _FREE, child) + bytes(36)
    return entry + struct.pack("<IQ", start, size)


def _scrambled(data: bytes) -> bytes:
    """Of the same length, the same at every run, and unlike what it was."""
    key = hashlib.sha256(data).digest()
    return hashlib.shake_256(key).digest(len(data))
