"""Headings, paragraphs, lists and captions, in the styles of the frame."""

from collections.abc import Sequence
from dataclasses import dataclass

from docx.document import Document
from docx.shared import Pt
from docx.text.paragraph import Paragraph

from service.render.documents.xml import add_field, clean


@dataclass(frozen=True)
class Writer:
    """A document being written from top to bottom."""

    document: Document

    def heading(self, text: str, level: int, *, new_page: bool = False) -> Paragraph:
        paragraph = self.document.add_paragraph(clean(text), f"Heading {level}")
        if new_page:
            paragraph.paragraph_format.page_break_before = True
            paragraph.paragraph_format.space_before = Pt(0)
        return paragraph

    def text(self, text: str, style: str = "Normal", *, with_next: bool = False) -> Paragraph:
        paragraph = self.document.add_paragraph(clean(text), style)
        if with_next:
            paragraph.paragraph_format.keep_with_next = True
        return paragraph

    def lines(self, lines: Sequence[tuple[str, str]], style: str) -> Paragraph:
        """Write one paragraph, each line beginning with its term, if any, in bold."""
        paragraph = self.document.add_paragraph(style=style)
        paragraph.paragraph_format.keep_together = True
        for number, (term, text) in enumerate(lines):
            if number:
                paragraph.add_run().add_break()
            if term:
                paragraph.add_run(f"{clean(term)} ").bold = True
            paragraph.add_run(clean(text))
        return paragraph

    def caption(self, kind: str, name: str, text: str, *, with_next: bool = False) -> None:
        """Write "Tabell 1. …", as Word counts what is of a kind: `Table` or `Figure`."""
        paragraph = self.text(f"{name} ", "Caption", with_next=with_next)
        add_field(paragraph.add_run(), f"SEQ {kind} \\* ARABIC", "1")
        paragraph.add_run(clean(f". {text}"))
