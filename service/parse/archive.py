"""
An Excel workbook's archive, gone through before anything of it is read.

What an archive says of its sizes may be untrue, and two cells far apart span a sheet of
seventeen thousand million: so all of it is unpacked once, piece by piece, and kept nowhere.
"""

import io
import re
import sys
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from service.parse.unreadable import Why, unreadable

MOST_UNPACKED = 200_000_000
MOST_CELLS = 8_000_000
"""Of one sheet, empty ones between among them: 100,000 responses to 80 questions."""
_MOST_ENTRIES = 2_000
_PIECE = 1_000_000
_ROW_ENDS = b"</row>"
_ENCRYPTED = 0x1
_WORKBOOK, _BINARY_WORKBOOK = "xl/workbook.xml", "xl/workbook.bin"
_KIND = "mimetype"

_NOT_NEAR = re.compile(rb'<c r="(?![A-Z][1-9]\d{0,4}"|[A-Z][12]\d{5}")')
"""Beyond column Z or row 299,999; a sheet without such a cell is within MOST_CELLS."""
_COLUMN = re.compile(rb"\sr\s*=\s*[\"']([A-Za-z]{1,3})\d")
_ROW = re.compile(rb"\sr\s*=\s*[\"'][A-Za-z]{0,3}(\d+)")
_CELL_STARTS = re.compile(rb"<(?:\w+:)?c[\s/>]")
_ROW_STARTS = re.compile(rb"<(?:\w+:)?row(?=[\s/>])")
_NUMBERED = re.compile(rb"[^>]*?\sr\s*=")
_COUNT = re.compile(rb"ount\s*=\s*[\"']\s*\+?\d{8}")
"""Room is made for as many as a part says that it has, before one of them is read."""
_ERROR = re.compile(rb"<c r=\"([A-Z]+\d+)\"[^>]* t=\"e\"")
_NO_VALUE = re.compile(
    rb"<c r=\"([A-Z]+\d+)\"[^>]*><f[^>]*(?:/>|>[^<]*</f>)(?:<v ?/>|<v></v>)?</c>"
)
_FROM_1904 = re.compile(rb"\bdate1904=\"(?:1|true)\"")


@dataclass(frozen=True, kw_only=True)
class Contents:
    """What a reader of the cells is not told."""

    without_value: tuple[str, ...]
    """Cells with a formula that was never calculated."""
    errors: tuple[str, ...]
    """Cells that show an error, such as #N/A."""
    from_1904: bool
    """Days are counted from 1904, as on a Mac of old."""


NOTHING_ODD = Contents(without_value=(), errors=(), from_1904=False)


def look_through(content: bytes, name: str) -> Contents:
    """Raises UnreadableFile for what is no workbook, or would be too much of one."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check(archive, name)
            return _contents(archive, name)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
        raise unreadable(name, Why.DAMAGED) from error
    except NotImplementedError as error:  # a way of packing that no workbook uses
        raise unreadable(name, Why.DAMAGED) from error


def _check(archive: zipfile.ZipFile, name: str) -> None:
    entries = archive.infolist()
    names = {entry.filename for entry in entries}
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise unreadable(name, Why.ENCRYPTED)
    if len(entries) > _MOST_ENTRIES or sum(one.file_size for one in entries) > MOST_UNPACKED:
        raise unreadable(name, Why.UNPACKS)
    if _BINARY_WORKBOOK in names:
        raise unreadable(name, Why.OTHER_FORMAT, format=".xlsb")
    if _WORKBOOK not in names:
        if _KIND in names and b"opendocument" in archive.read(_KIND):
            raise unreadable(name, Why.OTHER_FORMAT, format=".ods")
        raise unreadable(name, Why.ARCHIVE)


def _contents(archive: zipfile.ZipFile, name: str) -> Contents:
    left = MOST_UNPACKED
    without: list[str] = []
    errors: list[str] = []
    from_1904 = False
    for entry in archive.infolist():
        plain = True
        for piece, size in _pieces(archive, entry):
            left -= size
            if left < 0:
                raise unreadable(name, Why.UNPACKS)
            if _COUNT.search(piece):
                raise unreadable(name, Why.DAMAGED)
            plain = plain and _is_plain(piece)
            without += _cells(piece, _NO_VALUE, b"<f")
            errors += _cells(piece, _ERROR, b' t="e"')
            if entry.filename == _WORKBOOK:
                from_1904 = from_1904 or bool(_FROM_1904.search(piece))
        if not plain and _spanned(archive, entry) > MOST_CELLS:
            raise unreadable(name, Why.TOO_WIDE, most=f"{MOST_CELLS:,}")
    return Contents(
        without_value=tuple(dict.fromkeys(without)),
        errors=tuple(dict.fromkeys(errors)),
        from_1904=from_1904,
    )


def _cells(piece: bytes, pattern: re.Pattern[bytes], sign: bytes) -> list[str]:
    return [cell.decode() for cell in pattern.findall(piece)] if sign in piece else []


def _pieces(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[tuple[bytes, int]]:
    """Parts that end with a row, or at least with a tag; and how much was unpacked for each."""
    # The library would believe the archive and stop where the entry is said to end.
    entry.file_size = sys.maxsize
    rest = b""
    with archive.open(entry) as unpacked:
        while fresh := unpacked.read(_PIECE):
            piece = rest + fresh
            end = piece.rfind(_ROW_ENDS)
            end = end + len(_ROW_ENDS) if end >= 0 else piece.rfind(b">") + 1
            yield piece[:end], len(fresh)
            rest = piece[end:]
            if len(rest) > _PIECE:
                raise zipfile.BadZipFile
    yield rest, 0


def _is_plain(piece: bytes) -> bool:
    """Tell whether every cell is written as Excel writes it, and none is far out."""
    cells = piece.count(b"<c") - piece.count(b"<col")
    if not cells and b":c" not in piece:
        return True
    return cells == piece.count(b'<c r="') and b":c" not in piece and not _NOT_NEAR.search(piece)


def _spanned(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> int:
    """
    Reckon how many cells a sheet needs to hold the farthest column and row in it, at most.

    What does not say where it stands follows what is before it.
    """
    columns: set[bytes] = set()
    last_row = unnumbered_rows = unnumbered_cells = 0
    for piece, _ in _pieces(archive, entry):
        columns.update(_COLUMN.findall(piece))
        last_row = max(last_row, *map(int, set(_ROW.findall(piece))), 0)
        for row in _ROW_STARTS.split(piece)[1:]:
            unnumbered_rows += not _NUMBERED.match(row)
            without = len(_CELL_STARTS.findall(row)) - len(_COLUMN.findall(row))
            unnumbered_cells = max(unnumbered_cells, without)
    width = max(map(_number, columns), default=0) + unnumbered_cells
    return width * (last_row + unnumbered_rows)


def _number(letters: bytes) -> int:
    """Of a column: A is 1, AA is 27."""
    number = 0
    for letter in letters.upper():
        number = 26 * number + letter - ord("A") + 1
    return number
