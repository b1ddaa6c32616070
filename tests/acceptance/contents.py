"""Everything that a tenant shows of a network's year, as lines that can be compared."""

import hashlib
import io
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from docx import Document
from docx.table import Table
from docx.text.paragraph import Paragraph
from openpyxl import load_workbook

from service.demo.tenant import copy_libraries
from service.wiring import Office

Said = Counter[tuple[str, str]]
"""Where something stands, and what it says."""
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"


@dataclass(frozen=True)
class Difference:
    """What one place said before and says no more, or says now and did not."""

    where: str
    gone: tuple[str, ...]
    come: tuple[str, ...]


def differences(before: Said, after: Said) -> dict[str, Difference]:
    """By place; places that say the same are left out."""
    gone, come = before - after, after - before
    return {
        where: Difference(where, _said(gone, where), _said(come, where))
        for where in sorted({where for where, _ in gone + come})
    }


def _said(lines: Said, where: str) -> tuple[str, ...]:
    return tuple(sorted(line for place, line in lines.elements() if place == where))


async def everything(office: Office, folder: Path) -> Said:
    """The register's rows and every file of both libraries; the latter are laid out there."""
    said: Said = Counter()
    for at in office.workplaces:
        async for page in at.register.changes(None):
            for change in page.changes:
                if change.value is not None:
                    said.update(_row(dict(change.value.fields)))
    await copy_libraries(office, folder)
    said.update(_files(folder))
    return said


def _files(folder: Path) -> Iterator[tuple[str, str]]:
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            place = file.relative_to(folder).as_posix()
            yield from ((place, line) for line in lines_of(file))


def _row(fields: dict[str, object]) -> Iterator[tuple[str, str]]:
    """A row of the register by its day; what SharePoint itself keeps of it is passed over."""
    day = str(fields.get("NvStart"))[:10]
    own = {
        name: value for name, value in fields.items() if name.startswith("Nv") or name == "Title"
    }
    yield from ((f"Möten/{day}/{name}", str(value)) for name, value in own.items())


def lines_of(file: Path) -> list[str]:
    content = file.read_bytes()
    if file.suffix == ".docx":
        return docx_lines(content)
    if file.suffix == ".xlsx":
        return xlsx_lines(content)
    if file.suffix == ".json":
        return json_lines(json.loads(content))
    return [hashlib.sha256(content).hexdigest()]


def docx_lines(content: bytes) -> list[str]:
    """Paragraphs, rows of tables with their cells parted by bars, and what pictures are told as."""
    document = Document(io.BytesIO(content))
    lines: list[str] = []
    for element in document.element.body.iterchildren():
        if element.tag.endswith("}p"):
            lines.append(Paragraph(element, document).text)
        elif element.tag.endswith("}tbl"):
            rows = Table(element, document).rows
            lines += [
                " | ".join(cell.text.replace("\n", " ") for cell in row.cells) for row in rows
            ]
    lines += [drawing.get("descr") or "" for drawing in document.element.iter(DRAWING)]
    return [line for line in lines if line.strip()]


def docx_tables(content: bytes) -> list[list[list[str]]]:
    """Each table as rows of cells."""
    tables = Document(io.BytesIO(content)).tables
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in tables]


def xlsx_lines(content: bytes) -> list[str]:
    """`Sheet: a | b | c` of each row that is not blank."""
    book = load_workbook(io.BytesIO(content))
    return [
        f"{sheet.title}: {' | '.join('' if cell is None else str(cell) for cell in row)}"
        for sheet in book.worksheets
        for row in sheet.iter_rows(values_only=True)
        if any(cell is not None for cell in row)
    ]


def json_lines(value: object, path: str = "") -> list[str]:
    """`a.0.b = 5` of each value; a meeting in a list goes by its day."""
    if isinstance(value, dict):
        return [line for key, each in value.items() for line in json_lines(each, f"{path}.{key}")]
    if isinstance(value, list):
        named = [(_name(each, place), each) for place, each in enumerate(value)]
        return [line for name, each in named for line in json_lines(each, f"{path}.{name}")]
    return [f"{path.removeprefix('.')} = {value}"]


def _name(value: object, place: int) -> str:
    return str(value.get("date", place)) if isinstance(value, dict) else str(place)
