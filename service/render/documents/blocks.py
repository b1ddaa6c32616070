"""Headings, paragraphs, contents and pictures, in the styles of the frame."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO

from docx.document import Document
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph

from service.render.documents.frame import WIDTH_CM
from service.render.documents.xml import (
    add_field,
    bookmark,
    clean,
    describe_picture,
    element,
    field_edge,
)

_IN_CONTENTS = 2
"""Levels of headings that the contents list."""


@dataclass(frozen=True)
class Writer:
    """
    A document being written from top to bottom.

    The headings come in the contents, which stand before them: `headings` holds those
    that have been written, for `fill_contents` at the end.
    """

    document: Document
    headings: list[tuple[int, str, str]] = field(default_factory=list)
    """Level, words and bookmark."""

    def heading(self, text: str, level: int, *, new_page: bool = False) -> Paragraph:
        paragraph = self.document.add_paragraph(clean(text), f"Heading {level}")
        if new_page:
            paragraph.paragraph_format.page_break_before = True
            paragraph.paragraph_format.space_before = Pt(0)
        if level <= _IN_CONTENTS:
            number = len(self.headings) + 1
            name = f"_Toc{number:08d}"
            bookmark(paragraph, name, number)
            self.headings.append((level, clean(text), name))
        return paragraph

    def text(self, text: str, style: str = "Normal", *, with_next: bool = False) -> Paragraph:
        paragraph = self.document.add_paragraph(clean(text), style)
        if with_next:
            paragraph.paragraph_format.keep_with_next = True
        return paragraph

    def prose(self, text: str, *, with_next: bool = False) -> None:
        """Write paragraphs that are parted by empty lines; a single line break is a space."""
        for part in paragraphs(text):
            self.text(part, with_next=with_next)

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

    def picture(self, png: bytes, *, described: str, title: str) -> None:
        paragraph = self.document.add_paragraph()
        paragraph.paragraph_format.keep_with_next = True
        run = paragraph.add_run()
        run.add_picture(BytesIO(png), width=Cm(WIDTH_CM))
        describe_picture(run, described, title)


def fill_contents(
    after: Paragraph, headings: Sequence[tuple[int, str, str]], *, renewable: bool
) -> None:
    """
    Write a table of contents behind a paragraph, its entries filled in.

    Renewable, it is a field that a program can write anew. The page numbers are fields of
    their own, empty until computed: a wrong number would be worse than none.
    """
    place = after
    for number, (level, words, name) in enumerate(headings):
        entry = _entry_after(place, level)
        if renewable and number == 0:
            field_edge(entry, "begin", f'TOC \\o "1-{_IN_CONTENTS}" \\h \\z \\u')
        _link(entry, words, name)
        if renewable and number == len(headings) - 1:
            field_edge(entry, "end")
        place = entry


def paragraphs(text: str) -> tuple[str, ...]:
    blocks = text.replace("\r\n", "\n").split("\n\n")
    return tuple(" ".join(block.split()) for block in blocks if block.strip())


def _entry_after(place: Paragraph, level: int) -> Paragraph:
    made = element("p")
    place._p.addnext(made)
    entry = Paragraph(made, place._parent)
    entry.style = f"toc {level}"
    return entry


def _link(entry: Paragraph, words: str, name: str) -> None:
    link = element("hyperlink", anchor=name, history="1")
    text, page = entry.add_run(f"{words}\t"), entry.add_run()
    add_field(page, f"PAGEREF {name} \\h")
    link.append(text._r)
    link.append(page._r)
    entry._p.append(link)
