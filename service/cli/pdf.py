"""
A document as PDF/A, where LibreOffice is there.

It runs by itself: a profile of its own, a time limit, and its children ended with it. What
comes out is looked at before it is believed: PDF/A says so in its metadata.
"""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
import zlib
from dataclasses import dataclass
from pathlib import Path

_NAMES = ("soffice", "libreoffice")
_SECONDS = 120
_FILTER = (
    'pdf:writer_pdf_Export:{"SelectPdfVersion":{"type":"long","value":"2"},'
    '"UseTaggedPDF":{"type":"boolean","value":"true"},'
    '"PDFUACompliance":{"type":"boolean","value":"true"},'
    '"ExportBookmarks":{"type":"boolean","value":"true"}}'
)
"""https://wiki.documentfoundation.org/Documentation/DevGuide/PDF_Export"""


_PACKED = re.compile(rb"/Type\s*/ObjStm.*?stream\r?\n(.*?)endstream", re.DOTALL)
_MOST = 1 << 24


@dataclass(frozen=True)
class NoPdf:
    """Why there is none; never an error, since the document itself is there."""

    why: str


def as_pdf(document: bytes, *, seconds: float = _SECONDS) -> bytes | NoPdf:
    """Convert a docx document to tagged PDF/A-2."""
    program = next((found for name in _NAMES if (found := shutil.which(name))), None)
    if program is None:
        return NoPdf("LibreOffice is not installed on this machine")
    with tempfile.TemporaryDirectory(prefix="natverket-pdf-") as folder:
        return _converted(program, document, Path(folder), seconds)


def _converted(program: str, document: bytes, folder: Path, seconds: float) -> bytes | NoPdf:
    source, made = folder / "document.docx", folder / "document.pdf"
    source.write_bytes(document)
    process = subprocess.Popen(  # noqa: S603 - the machine's LibreOffice, with arguments of ours
        [
            program,
            "--headless",
            "--norestore",
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--convert-to",
            _FILTER,
            "--outdir",
            str(folder),
            str(source),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={"HOME": str(folder), "PATH": os.environ.get("PATH", os.defpath)},
        start_new_session=True,
    )
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        return NoPdf(f"LibreOffice was not done within {seconds:g} seconds")
    finally:
        _end(process)
    if not made.is_file():
        return NoPdf(f"LibreOffice ended with {process.returncode} and made none")
    content = made.read_bytes()
    lacks = what_lacks(content)
    return NoPdf(f"LibreOffice made one that is no PDF/A: {lacks}") if lacks else content


def what_lacks(pdf: bytes) -> str:
    """Say what a PDF lacks of tagged PDF/A; empty: nothing that can be told by its metadata."""
    pdf += b"".join(map(_inflated, re.findall(_PACKED, pdf)))
    part = re.search(rb"<pdfaid:part>\s*(\d)\s*</pdfaid:part>|pdfaid:part=\"(\d)\"", pdf)
    if part is None:
        return "its metadata does not say that it is"
    if not re.search(rb"/Marked\s+true", pdf) or b"/StructTreeRoot" not in pdf:
        return "it is not tagged"
    return "" if re.search(rb"/Lang\s*\(", pdf) else "it has no language"


def _inflated(packed: bytes) -> bytes:
    """Objects that lie packed together, as newer versions write them."""
    try:
        return zlib.decompressobj().decompress(packed, _MOST)
    except zlib.error:
        return b""


def _end(process: "subprocess.Popen[bytes]") -> None:
    """LibreOffice is a starter and its child: both go, however it ended."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
