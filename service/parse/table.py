"""
Bytes of a workbook or a CSV file as tables of cells.

Nothing is handed to a reader before it is known to be of a reasonable size.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Protocol

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from service.errors import UnreadableFile
from service.parse.archive import NOTHING_ODD, Contents, look_through
from service.parse.delimited import encoding_of, rows_of_text
from service.parse.unreadable import Why, unreadable

MOST_BYTES = 50_000_000
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_LABELLED = "DRMEncrypted".encode("utf-16-le")

Cell = str | float | datetime | date | time | timedelta | None
"""A number may be a bool; a moment may have a zone; an empty cell is "" or None."""
Row = Sequence[Cell]
Range = tuple[tuple[int, int], tuple[int, int]]
"""First and last cell of a merged range: row and column, from 0."""


class Table(Protocol):
    """One sheet, or a file of text."""

    @property
    def name(self) -> str: ...

    @property
    def contents(self) -> Contents: ...

    @property
    def merged(self) -> tuple[Range, ...]: ...

    def rows(self) -> Iterator[Row]:
        """Read from the first row, blank ones too, anew each time. Raises UnreadableFile."""
        ...


@dataclass(frozen=True, kw_only=True)
class _Text:
    content: bytes
    name: str
    encoding: str
    contents: Contents = NOTHING_ODD
    merged: tuple[Range, ...] = ()

    def rows(self) -> Iterator[Row]:
        return rows_of_text(self.content, self.name, self.encoding)


class _Sheet:
    def __init__(self, book: CalamineWorkbook, name: str, contents: Contents, file: str) -> None:
        self.name = name
        self._file = file
        self.contents = contents
        self._sheet = book.get_sheet_by_name(name)

    @property
    def merged(self) -> tuple[Range, ...]:
        return tuple(self._sheet.merged_cell_ranges or ())

    def rows(self) -> Iterator[Row]:
        start = self._sheet.start
        if start is None:
            return
        # What the reader leaves out on the left, so that a column is where it stands.
        lead: list[Cell] = [""] * start[1]
        number = 1
        try:
            for row in self._sheet.iter_rows():
                yield [*lead, *row] if lead else row
                number += 1
        except OverflowError as error:
            fault = "a date or duration is out of all range"
            raise unreadable(self._file, Why.NO_TABLE, line=str(number), fault=fault) from error


def tables_of(content: bytes, name: str) -> Iterator[Table]:
    """
    Read the sheets that hold anything, the hidden ones last.

    Raises UnreadableFile.
    """
    if len(content) > MOST_BYTES:
        raise unreadable(name, Why.TOO_LARGE, most=str(MOST_BYTES // 1_000_000))
    if not content.strip():
        raise unreadable(name, Why.EMPTY)
    if content.startswith(_COMPOUND):
        raise _not_open(content, name)
    found = False
    for table in (_sheets if content.startswith(_ZIP) else _text)(content, name):
        if any(not is_blank(row) for row in table.rows()):
            found = True
            yield table
    if not found:
        raise unreadable(name, Why.NO_ROWS)


def _text(content: bytes, name: str) -> Iterator[Table]:
    yield _Text(content=content, name=name, encoding=encoding_of(content, name))


def _not_open(content: bytes, name: str) -> UnreadableFile:
    if _LABELLED in content:
        return unreadable(name, Why.LABELLED)
    if _ENCRYPTED in content or len(content) < 2048:
        return unreadable(name, Why.ENCRYPTED)
    return unreadable(name, Why.OTHER_FORMAT, format=".xls")


def _sheets(content: bytes, name: str) -> Iterator[Table]:
    contents = look_through(content, name)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        listed = [one for one in book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
        for one in sorted(listed, key=lambda one: one.visible != SheetVisibleEnum.Visible):
            yield _Sheet(book, one.name, contents, name)
    except (CalamineError, OSError, ValueError) as error:
        raise unreadable(name, Why.DAMAGED) from error


def is_blank(row: Row) -> bool:
    return not any(row) and all(cell is None or cell == "" for cell in row)
