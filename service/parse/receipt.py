"""Reads the receipt of a disposal: the sheet that it holds for programs."""

from io import BytesIO

import msgspec
from python_calamine import CalamineError, CalamineWorkbook

from service.domain.retention import Remaining

SHEET = "natverket"
_remaining = msgspec.json.Decoder(Remaining)


def read_receipt(content: bytes) -> Remaining | None:
    """What is left of the disposal; None of a file that is no receipt, or no longer whole."""
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        rows = book.get_sheet_by_name(SHEET).to_python() if SHEET in book.sheet_names else []
        return _remaining.decode("".join(str(row[0]) for row in rows[1:] if row))
    except (CalamineError, msgspec.DecodeError):
        return None
