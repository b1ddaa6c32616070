"""
The app's two icons, drawn: a municipality in the middle, others around it, all of them joined.

A shape is a field of distances to its edge, so that one drawing serves every size and its
edges are smooth. The same size gives the same bytes.
"""

import struct
import zlib

import numpy as np
from numpy.typing import NDArray

ACCENT = "#1f5c4d"
"""The colour behind the sign, and beside it wherever Teams wants one."""

COLOR_SIZE, OUTLINE_SIZE = 192, 32
"""Pixels, as Teams wants them."""

_AROUND = 6
_ORBIT, _HUB, _NODE, _LINE = 0.72, 0.27, 0.19, 0.06
"""From the middle to the others; radii of the circles; half a line's width: in half sides."""

Field = NDArray[np.float64]


def color_icon() -> bytes:
    """Draw the full-colour icon, a PNG: white on the accent colour, edge to edge."""
    covered = _sign(COLOR_SIZE, fill=0.66)[..., None]
    behind = np.array([int(ACCENT[at : at + 2], 16) for at in (1, 3, 5)])
    return _png(np.round(behind + (255 - behind) * covered).astype(np.uint8))


def outline_icon() -> bytes:
    """Draw the outline icon, a PNG: white on nothing."""
    covered = _sign(OUTLINE_SIZE, fill=1.0)
    pixels = np.full((OUTLINE_SIZE, OUTLINE_SIZE, 4), 255, dtype=np.uint8)
    pixels[..., 3] = np.round(255 * covered)
    return _png(pixels)


def _sign(size: int, *, fill: float) -> Field:
    """How much of each pixel the sign covers; `fill` is its share of the side."""
    half = size / 2
    scale = half * fill
    at = (np.arange(size) + 0.5 - half) / scale
    x, y = np.meshgrid(at, at)
    angles = 2 * np.pi * np.arange(_AROUND) / _AROUND
    others = [(_ORBIT * np.sin(angle), -_ORBIT * np.cos(angle)) for angle in angles]
    shapes = [np.hypot(x, y) - _HUB]
    for across, down in others:
        shapes.append(np.hypot(x - across, y - down) - _NODE)
        shapes.append(_to_line(x, y, across, down) - _LINE)
    distance: Field = np.minimum.reduce(shapes)
    return np.clip(0.5 - distance * scale, 0.0, 1.0)


def _to_line(x: Field, y: Field, across: float, down: float) -> Field:
    """How far each pixel is from the line between the middle and a point."""
    along = np.clip((x * across + y * down) / (across**2 + down**2), 0.0, 1.0)
    return np.hypot(x - along * across, y - along * down)


# https://www.w3.org/TR/png-3/#5DataRep
def _png(pixels: NDArray[np.uint8]) -> bytes:
    """Write eight bits a channel, RGB or RGBA, no row filtered."""
    height, width, channels = pixels.shape
    header = struct.pack(">IIBBBBB", width, height, 8, {3: 2, 4: 6}[channels], 0, 0, 0)
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in parts)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
