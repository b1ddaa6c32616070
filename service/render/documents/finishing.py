"""
What a template cannot do by itself: its table of contents and the numbers of its captions.

Word computes both when a person asks for it; a document that is mailed on unopened has
them already. What a template's own contents showed is dropped before it is filled.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import docx
from docx.document import Document
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from service.render.documents import xml
from service.render.documents.filling import mend, readable

CONTENTS = 'TOC \\o "1-2" \\h \\z \\u'
_FIRST_MARK = 9000
"""Number of our first bookmark: no template has so many of its own."""


@dataclass(frozen=True)
class _Heading:
    level: int
    words: str
    mark: str


def emptied(template: bytes, name: str = "the template") -> bytes:
    """
    Take out what the contents showed when the template was saved: names in loops, mostly.

    Raises TemplateUnusable for what is no docx.
    """
    with readable(name):
        document = docx.Document(BytesIO(template))
        mend(document)
    for runs in _contents(document):
        first, end = _paragraph(runs[0]), runs[-1]
        shown = runs[_separator(runs) + 1 : -1]
        others = {id(one): one for run in runs if (one := _paragraph(run)) is not first}
        for one in (*shown, *others.values()):
            one.getparent().remove(one)
        first.append(end)
    return _saved(document)


def finished(filled: bytes, *, renewable: bool = True) -> bytes:
    """
    Number the captions and write the contents, with every heading in it.

    Renewable, the contents is a field that Word renews when the document is opened. Without
    is for LibreOffice to convert, which computes numbers of pages anywhere but inside one.
    """
    document = docx.Document(BytesIO(filled))
    _drop_empty_runs(document)
    _number_captions(document)
    for mark in list(document.element.body.iter(qn("w:bookmarkStart"))):
        if str(mark.get(qn("w:name"))).startswith("_Toc"):
            _remove_mark(document, mark)
    for runs in list(_contents(document)):
        _write_contents(document, runs, renewable=renewable)
    return _saved(document)


def _saved(document: Document) -> bytes:
    out = BytesIO()
    document.save(out)
    return xml.sealed(out.getvalue())


# ---------------------------------------------------------------- the contents


def _contents(document: Document) -> Iterator[Sequence[Any]]:
    """The runs of each contents, from the one that begins its field to the one that ends it."""
    runs = list(document.element.body.iter(qn("w:r")))
    begun: list[int] = []
    for number, run in enumerate(runs):
        for mark in run.findall(qn("w:fldChar")):
            if mark.get(qn("w:fldCharType")) == "begin":
                begun.append(number)
            elif mark.get(qn("w:fldCharType")) == "end" and begun:
                field = runs[begun.pop() : number + 1]
                if not begun and _code(field).startswith("TOC"):
                    yield field


def _code(runs: Sequence[Any]) -> str:
    for run in runs:
        for text in run.findall(qn("w:instrText")):
            return str(text.text).strip()
    return ""


def _separator(runs: Sequence[Any]) -> int:
    """Place of the run behind which a field shows its result; before the end where none is."""
    for number, run in enumerate(runs):
        for mark in run.findall(qn("w:fldChar")):
            if mark.get(qn("w:fldCharType")) == "separate":
                return number
    return len(runs) - 2


def _write_contents(document: Document, runs: Sequence[Any], *, renewable: bool) -> None:
    code = _code(runs)
    levels = re.search(r'"(\d)-(\d)"', code)
    headings = _headings(document, int(levels[2]) if levels else 2)
    place = Paragraph(_paragraph(runs[0]), document._body)
    for child in [one for one in place._p if one.tag != qn("w:pPr")]:
        place._p.remove(child)
    for number, heading in enumerate(headings):
        entry = place if number == 0 else _after(place)
        entry.style = xml.style_named(document, f"toc {heading.level}")
        if renewable and number == 0:
            xml.field_edge(entry, "begin", code)
        _link(entry, heading)
        if renewable and number == len(headings) - 1:
            xml.field_edge(entry, "end")
        place = entry


def _headings(document: Document, deepest: int) -> list[_Heading]:
    found: list[_Heading] = []
    for paragraph in document.paragraphs:
        named = re.fullmatch(r"[Hh]eading (\d)", str(paragraph.style and paragraph.style.name))
        if named and int(named[1]) <= deepest and paragraph.text.strip():
            number = _FIRST_MARK + len(found)
            mark = f"_Toc{number:08d}"
            xml.bookmark(paragraph, mark, number)
            found.append(_Heading(int(named[1]), paragraph.text.strip(), mark))
    return found


def _after(place: Paragraph) -> Paragraph:
    made = xml.element("p")
    place._p.addnext(made)
    return Paragraph(made, place._parent)


def _link(entry: Paragraph, heading: _Heading) -> None:
    """A wrong number would be worse than none: that of the page is empty until computed."""
    link = xml.element("hyperlink", anchor=heading.mark, history="1")
    text, page = entry.add_run(f"{heading.words}\t"), entry.add_run()
    xml.add_field(page, f"PAGEREF {heading.mark} \\h")
    link.append(text._r)
    link.append(page._r)
    entry._p.append(link)


def _remove_mark(document: Document, start: Any) -> None:
    number = start.get(qn("w:id"))
    for end in list(document.element.body.iter(qn("w:bookmarkEnd"))):
        if end.get(qn("w:id")) == number:
            end.getparent().remove(end)
    start.getparent().remove(start)


def _paragraph(run: Any) -> Any:
    return next(run.iterancestors(qn("w:p")))


def _drop_empty_runs(document: Document) -> None:
    """What is left where nothing was printed, and on both sides of a picture."""
    for run in list(document.element.body.iter(qn("w:r"))):
        said = [one for one in run if one.tag != qn("w:rPr")]
        if all(one.tag == qn("w:t") and not one.text for one in said):
            run.getparent().remove(run)


# ---------------------------------------------------------------- captions


def _number_captions(document: Document) -> None:
    """Give each "Tabell 1" its number: a loop writes the same one again and again."""
    counted: Counter[str] = Counter()
    for paragraph in document.element.body.iter(qn("w:p")):
        name, in_result = "", False
        for one in paragraph.iter(qn("w:instrText"), qn("w:fldChar"), qn("w:t")):
            if one.tag == qn("w:t"):
                one.text = str(counted[name]) if in_result else one.text
            elif one.tag == qn("w:fldChar"):
                in_result = bool(name) and one.get(qn("w:fldCharType")) == "separate"
                name = name if in_result else ""
            elif (code := str(one.text).split())[:1] == ["SEQ"]:
                name = code[1]
                counted[name] += 1
