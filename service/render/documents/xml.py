"""
What python-docx has no words for: languages, fields, bookmarks, borders, descriptions.

Element and attribute names are those of ISO/IEC 29500 (WordprocessingML).
"""

import re
from collections.abc import Mapping
from copy import deepcopy
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.styles.style import CharacterStyle, ParagraphStyle
from docx.text.paragraph import Paragraph
from docx.text.run import Run

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# The order that the schema wants; Word calls a file with another one damaged.
_AFTER_SHADE = (
    *("w:tabs", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:outlineLvl"),
    "w:vAlign",
)
_AFTER_BORDERS = ("w:shd", *_AFTER_SHADE)


def clean(text: str) -> str:
    """Drop what XML cannot hold, such as the control characters of pasted text."""
    return _NO_XML.sub("", text)


def element(tag: str, **attributes: str) -> BaseOxmlElement:
    """Make a `w:` element with `w:` attributes."""
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    return made


def set_language(document: Document, language: str) -> None:
    """Say in the defaults, the styles and the theme which language the words are in."""
    root = document.styles.element
    for properties in root.iter(qn("w:rPr")):
        for old in properties.findall(qn("w:lang")):
            properties.remove(old)
    defaults = root.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    paragraphs = [
        style.get_or_add_rPr()
        for style in root.findall(qn("w:style"))
        if style.get(qn("w:type")) == "paragraph"
    ]
    for properties in (defaults, *paragraphs):
        if properties is not None:
            properties.append(element("lang", val=language, eastAsia=language, bidi="ar-SA"))
    settings = document.settings.element
    for old in settings.findall(qn("w:themeFontLang")):
        old.set(qn("w:val"), language)


def leave_compatibility_mode(document: Document) -> None:
    """Without this, Word lays the document out as its 2007 version did and says so."""
    for mode in document.settings.element.iter(qn("w:compatSetting")):
        if mode.get(qn("w:name")) == "compatibilityMode":
            mode.set(qn("w:val"), "15")


def set_font(style: CharacterStyle, name: str) -> None:
    """Name the font for every script, in place of the theme's, which would win."""
    properties = style.element.get_or_add_rPr()
    for old in properties.findall(qn("w:rFonts")):
        properties.remove(old)
    properties.insert(0, element("rFonts", ascii=name, hAnsi=name, cs=name, eastAsia=name))


def add_field(run: Run, code: str, shown: str = "") -> None:
    """Add a field that the program computes, with what it shows until then."""
    run._r.append(element("fldChar", fldCharType="begin"))
    instruction = element("instrText")
    instruction.set(qn("xml:space"), "preserve")
    instruction.text = f" {code} "
    run._r.append(instruction)
    run._r.append(element("fldChar", fldCharType="separate"))
    if shown:
        run.add_text(shown)
    run._r.append(element("fldChar", fldCharType="end"))


def field_edge(paragraph: Paragraph, kind: str, code: str = "") -> BaseOxmlElement:
    """Make one end of a field that spans paragraphs; the caller puts it in its place."""
    run = paragraph.add_run()
    run._r.append(element("fldChar", fldCharType=kind))
    if kind == "begin":
        run._r[-1].set(qn("w:dirty"), "true")  # Word renews it when the document is opened
    if code:
        middle = paragraph.add_run()
        instruction = element("instrText")
        instruction.set(qn("xml:space"), "preserve")
        instruction.text = f" {code} "
        middle._r.append(instruction)
        paragraph.add_run()._r.append(element("fldChar", fldCharType="separate"))
    return run._r


def bookmark(paragraph: Paragraph, name: str, number: int) -> None:
    """Put a name on a heading, for links to reach."""
    start = element("bookmarkStart", id=str(number), name=name)
    first = paragraph._p.find(qn("w:r"))
    if first is None:
        paragraph._p.append(start)
    else:
        first.addprevious(start)
    paragraph._p.append(element("bookmarkEnd", id=str(number)))


def shade(properties: BaseOxmlElement, colour: str) -> None:
    """Fill the background of a paragraph, a cell or a style of paragraphs."""
    made = element("shd", val="clear", color="auto", fill=colour)
    properties.insert_element_before(made, *_AFTER_SHADE)


def paragraph_borders(
    properties: BaseOxmlElement, sides: Mapping[str, tuple[int, int, str]]
) -> None:
    """Draw lines beside paragraphs: eighths of a point, distance in points, colour."""
    borders = element("pBdr")
    for side in ("top", "left", "bottom", "right"):
        if side in sides:
            size, space, colour = sides[side]
            borders.append(
                element(side, val="single", sz=str(size), space=str(space), color=colour)
            )
    properties.insert_element_before(borders, *_AFTER_BORDERS)


def style_named(document: Document, name: str) -> ParagraphStyle:
    """The paragraph style of this name, made where there is none."""
    if name in document.styles:
        style = document.styles[name]
    else:
        style = document.styles.add_style(
            name, WD_STYLE_TYPE.PARAGRAPH, builtin=name.startswith("toc")
        )
    assert isinstance(style, ParagraphStyle)
    return style


def end_section(paragraph: Paragraph, section: BaseOxmlElement, *, columns: int = 1) -> None:
    """End a section of the document with a paragraph; the next one goes on on the same page."""
    ended = deepcopy(section)
    for old in ended.findall(qn("w:cols")):
        ended.remove(old)
    ended.insert_element_before(
        element("cols", num=str(columns), space="400"),
        *("w:formProt", "w:vAlign", "w:noEndnote", "w:titlePg", "w:textDirection", "w:docGrid"),
    )
    paragraph._p.get_or_add_pPr().append(ended)


def go_on(section: BaseOxmlElement) -> None:
    """Have a section begin where the one before ends, with that one's header."""
    for tag in ("w:titlePg", "w:type"):
        for old in section.findall(qn(tag)):
            section.remove(old)
    section.insert_element_before(
        element("type", val="continuous"), "w:pgSz", "w:pgMar", "w:cols", "w:docGrid"
    )


def describe_picture(run: Run, text: str, title: str) -> None:
    """Give a picture the words that are read aloud in its place."""
    for properties in run._r.iter(qn("wp:docPr")):
        properties.set("descr", clean(text))
        properties.set("title", clean(title))
    for inline in run._r.iter(qn("wp:inline")):
        for side in ("distT", "distB", "distL", "distR"):
            inline.set(side, "0")  # LibreOffice takes a missing one for an eighth of an inch


def sealed(packed: bytes) -> bytes:
    """Rewrite a zip with no times in it, so that equal parts make equal bytes."""
    out = BytesIO()
    with ZipFile(BytesIO(packed)) as source, ZipFile(out, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = ZIP_DEFLATED
            entry.create_system = 0  # else it names the system that it was made on
            target.writestr(entry, source.read(name))
    return out.getvalue()
