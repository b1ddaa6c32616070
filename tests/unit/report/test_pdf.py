"""PDF/A by LibreOffice: believed only when it says that it is, and never an error."""

import os
import re
import select
import shutil
import zlib

import pytest

from service.cli.pdf import NoPdf, as_pdf, what_lacks
from service.render.documents import annual_report_docx

SOFFICE = shutil.which("soffice")


@pytest.fixture
def program(tmp_path, monkeypatch):
    """A program in LibreOffice's place."""

    def put(script: str) -> None:
        file = tmp_path / "soffice"
        file.write_text(f"#!/bin/sh\n{script}\n")
        file.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/usr/bin{os.pathsep}/bin")

    return put


def test_without_libreoffice_there_is_a_note(monkeypatch, tmp_path):
    """A machine without it makes the rest of the documents and says why there is no PDF."""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert as_pdf(b"") == NoPdf("LibreOffice is not installed on this machine")


def test_one_that_hangs_is_ended_with_its_children(program, tmp_path):
    """After the time limit starter and child are gone, and the note says so."""
    held = tmp_path / "held"
    os.mkfifo(held)
    reader = os.open(held, os.O_RDONLY | os.O_NONBLOCK)
    program(f"sleep 60 > {held} & wait")
    assert as_pdf(b"", seconds=0.5) == NoPdf("LibreOffice was not done within 0.5 seconds")
    ended, _, _ = select.select([reader], [], [], 20)
    assert ended
    assert os.read(reader, 1) == b""  # nobody holds the other end any more
    os.close(reader)


def test_one_that_makes_nothing(program):
    """A failing LibreOffice is told with its exit code."""
    program("exit 7")
    assert as_pdf(b"") == NoPdf("LibreOffice ended with 7 and made none")


@pytest.mark.parametrize(
    ("content", "lack"),
    [
        (b"%PDF-1.6", "its metadata does not say that it is"),
        (b"<pdfaid:part>2</pdfaid:part>", "it is not tagged"),
        (b"<pdfaid:part>2</pdfaid:part>/Marked true/StructTreeRoot", "it has no language"),
        (b'pdfaid:part="2" /Marked true /StructTreeRoot /Lang (sv-SE)', ""),
        (
            b"<pdfaid:part>2</pdfaid:part> << /Type /ObjStm >> stream\n"
            + zlib.compress(b"/Marked true /StructTreeRoot /Lang (sv-SE)")
            + b"endstream",
            "",
        ),
    ],
)
def test_a_pdf_is_looked_at(content, lack):
    """PDF/A says so in its metadata, is tagged and has a language."""
    assert what_lacks(content) == lack


@pytest.mark.skipif(SOFFICE is None, reason="needs LibreOffice Writer: install it")
def test_the_report_becomes_pdf_a(year, labels):
    """The year's report becomes tagged PDF/A in its language, with numbers in its contents."""
    brief = year._replace(surveys={}, history=())
    made = as_pdf(annual_report_docx(brief.report(), labels("sv"), for_pdf=True))
    assert isinstance(made, bytes), made
    assert what_lacks(made) == ""
    assert re.search(rb"/Lang\s*\(sv-SE\)", made)
