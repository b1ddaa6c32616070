"""A Word document, read back."""

from io import BytesIO

import docx
from docx.oxml.ns import qn


def opened(made: bytes):
    return docx.Document(BytesIO(made))


def words_of(document) -> str:
    """Every word of the body, tables too, a line a paragraph."""
    lines = ("".join(text.text for text in one.iter(qn("w:t"))) for one in _paragraphs(document))
    return "\n".join(lines).replace("\N{NO-BREAK SPACE}", " ")


def _paragraphs(document):
    return document.element.body.iter(qn("w:p"))


def rows_of(table) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]
