"""Packs an export into one file, a piece at a time."""

import zipfile
from pathlib import Path

from service.errors import CannotWrite
from service.jobs.holdings.laying import PIECE, files_in

PACKED = frozenset({".docx", ".jpeg", ".jpg", ".mp4", ".png", ".pptx", ".xlsx", ".zip"})
"""Files that packing makes no smaller."""


def pack(folder: Path, target: Path) -> int:
    """
    Write a zip file, of whatever size (zip64), and return its bytes. Raises CannotWrite.

    It stands under its name only when it is whole.
    """
    begun = target.with_name(f"{target.name}.begun")
    try:
        with zipfile.ZipFile(begun, "w", allowZip64=True) as archive:
            for path in files_in(folder):
                _add(folder / path, f"{folder.name}/{path}", archive)
        begun.replace(target)
        return target.stat().st_size
    except OSError as error:
        raise CannotWrite(str(target), error.strerror or "") from error


def _add(path: Path, name: str, archive: zipfile.ZipFile) -> None:
    entry = zipfile.ZipInfo.from_file(path, name, strict_timestamps=False)
    stored = path.suffix.lower() in PACKED
    entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    with path.open("rb") as source, archive.open(entry, "w", force_zip64=True) as out:
        while piece := source.read(PIECE):
            out.write(piece)
