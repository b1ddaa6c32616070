"""
Bytes of a workbook or a CSV file as rows of text.

Nothing is unpacked before it is known to be of a reasonable size.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineWorkbook

from service.errors import UnreadableFile
from service.parse.lines import clean

MOST_BYTES = 20_000_000
MOST_UNPACKED = 200_000_000
MOST_ROWS, MOST_COLUMNS = 50_000, 500
_MOST_ENTRIES = 2_000
_OLD_OR_ENCRYPTED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_ENCRYPTED = 0x1
_WORKBOOK = "xl/workbook.xml"

Cell = str | datetime
Row = tuple[Cell, ...]


def rows_of(content: bytes, name: str) -> tuple[Row, ...]:
    """
    Read the first sheet that holds anything; rows are of equal length, blank ones kept.

    Cells are cleaned text, "" if empty, or a moment without zone. Raises UnreadableFile.
    """
    if len(content) > MOST_BYTES:
        raise UnreadableFile(name, f"It is larger than {MOST_BYTES // 1_000_000} MB.")
    if not content:
        raise UnreadableFile(name, "It is empty.")
    if content.startswith(_OLD_OR_ENCRYPTED):
        raise UnreadableFile(
            name, "It is protected by a password or label, or in the old .xls format."
        )
    rows = _workbook(content, name) if content.startswith(_ZIP) else _csv(content, name)
    return _rectangular(rows, name)


def _rectangular(rows: Sequence[Row], name: str) -> tuple[Row, ...]:
    width = max((len(row) for row in rows), default=0)
    if len(rows) > MOST_ROWS or width > MOST_COLUMNS:
        raise UnreadableFile(name, f"It has more than {MOST_ROWS} rows or {MOST_COLUMNS} columns.")
    if not any(any(row) for row in rows):
        raise UnreadableFile(name, "It has no rows.")
    return tuple(row + ("",) * (width - len(row)) for row in rows)


# ---------------------------------------------------------------- xlsx


def _workbook(content: bytes, name: str) -> list[Row]:
    _check_archive(content, name)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for sheet in book.sheet_names:
            rows = [_row(row) for row in book.get_sheet_by_name(sheet).to_python()]
            if any(any(row) for row in rows):
                return rows
    except (CalamineError, OSError, ValueError) as error:
        raise UnreadableFile(name, "It is damaged, or no Excel workbook.") from error
    return []


def _check_archive(content: bytes, name: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise UnreadableFile(name, "It is damaged.") from error
    if not any(entry.filename == _WORKBOOK for entry in entries):
        raise UnreadableFile(name, "It is a zip archive, not an Excel workbook.")
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise UnreadableFile(name, "It is protected by a password.")
    if len(entries) > _MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise UnreadableFile(name, "It unpacks to more than a survey's workbook would.")


def _row(cells: Iterable[object]) -> Row:
    return tuple(_cell(cell) for cell in cells)


def _cell(value: object) -> Cell:
    if isinstance(value, datetime):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return _text(str(value))


def _text(value: str) -> str:
    """Lines are kept, since answers in free text have them; spaces at the ends are not."""
    lines = value.replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(clean(line) for line in lines).strip()


# ---------------------------------------------------------------- csv


def _csv(content: bytes, name: str) -> list[Row]:
    text = _decoded(content, name)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
        return [tuple(_text(cell) for cell in row) for row in reader]
    except csv.Error as error:
        raise UnreadableFile(name, f"It is no table of text: {error}.") from error


def _decoded(content: bytes, name: str) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise UnreadableFile(name, "It is neither a workbook nor text.")


def _delimiter(text: str) -> str:
    """The one that parts most cells of the first line, outside quotation marks."""
    header = next((line for line in text.splitlines() if line.strip()), "")
    bare = "".join(header.split('"')[::2])
    return max(";,\t", key=bare.count)
