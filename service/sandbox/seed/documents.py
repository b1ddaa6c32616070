"""Small real documents, equal to the byte whenever they are made."""

import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import docx
import pptx
from pptx.util import Pt
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

from service.sandbox.seed.pictures import Picture

NOON = datetime(2000, 1, 1, 12)  # noqa: DTZ001 - document properties know no zone
"""Creation date of every document: the day it was made would make its bytes differ."""

ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
POINTS_A_SLIDE = 3

TYPES: Mapping[str, str] = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
}


@dataclass(frozen=True, kw_only=True)
class Document:
    """A file of a meeting; what it is follows its ending."""

    ending: str
    title: str
    author: str
    lines: tuple[str, ...]

    def __call__(self) -> bytes:
        return MAKERS[self.ending](self)


def repacked(content: bytes) -> bytes:
    """The same zip without the hour at which it was packed."""
    with (
        io.BytesIO() as file,
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, ZIP_EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name))
        new.close()
        return file.getvalue()


def _docx(document: Document) -> bytes:
    made = docx.Document()
    _properties(made.core_properties, document)
    made.add_heading(document.title, 1)
    for line in document.lines:
        made.add_paragraph(line)
    with io.BytesIO() as file:
        made.save(file)
        return repacked(file.getvalue())


def _pptx(document: Document) -> bytes:
    made = pptx.Presentation()
    _properties(made.core_properties, document)
    front = made.slides.add_slide(made.slide_layouts[0])
    front.shapes.title.text = document.title
    front.placeholders[1].text = document.lines[0]
    for number in range(1, len(document.lines), POINTS_A_SLIDE):
        slide = made.slides.add_slide(made.slide_layouts[1])
        slide.shapes.title.text = document.title
        body = slide.placeholders[1].text_frame
        body.text = "\n".join(document.lines[number : number + POINTS_A_SLIDE])
        for paragraph in body.paragraphs:
            paragraph.font.size = Pt(24)
    with io.BytesIO() as file:
        made.save(file)
        return repacked(file.getvalue())


def _pdf(document: Document) -> bytes:
    with io.BytesIO() as file:
        canvas = Canvas(file, pagesize=A4, invariant=1, lang="sv-SE")
        canvas.setTitle(document.title)
        canvas.setAuthor(document.author)
        canvas.setFont("Helvetica-Bold", 16)
        y = 780
        for line in simpleSplit(document.title, "Helvetica-Bold", 16, 470):
            canvas.drawString(60, y, line)
            y -= 22
        canvas.setFont("Helvetica", 11)
        for text in document.lines:
            y -= 8
            for line in simpleSplit(text, "Helvetica", 11, 470):
                canvas.drawString(60, y, line)
                y -= 15
        canvas.save()
        return file.getvalue()


def _jpg(document: Document) -> bytes:
    return Picture(key=document.title, width=480, height=320, kind="JPEG")()


def _png(document: Document) -> bytes:
    return Picture(key=document.title, width=480, height=320, kind="PNG")()


class _Properties:
    """What the properties of docx and pptx have in common."""

    author: str
    title: str
    last_modified_by: str
    created: datetime
    modified: datetime
    comments: str
    language: str


def _properties(properties: _Properties, document: Document) -> None:
    properties.author = document.author
    properties.last_modified_by = document.author
    properties.title = document.title
    properties.language = "sv-SE"
    properties.comments = "Påhittat underlag i en sandlåda"
    properties.created = NOON
    properties.modified = NOON


MAKERS: Mapping[str, Callable[[Document], bytes]] = {
    "docx": _docx,
    "pptx": _pptx,
    "pdf": _pdf,
    "jpg": _jpg,
    "png": _png,
}
