"""
Fills a docx template: values in, document out.

A template may be a network's own, so it is not trusted: its expressions run in Jinja's
sandbox and reach nothing but the values given. What people wrote is text and never markup.
"""

import re
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from zipfile import BadZipFile

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docx.shared import Cm
from docxtpl import DocxTemplate
from jinja2 import Environment, StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree

from service.errors import TemplateUnusable
from service.render.documents import xml

_FAULTS = (
    TemplateError,
    ArithmeticError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
)
"""What an expression can raise."""
_SHOWN = 80


@dataclass(frozen=True, kw_only=True)
class Picture:
    png: bytes
    described: str
    """Read aloud in its place."""
    width_cm: float


def filled(  # noqa: PLR0913 - what a document needs besides its template; keywords only
    template: bytes,
    context: Mapping[str, object],
    *,
    pictures: Mapping[str, Picture] | None = None,
    name: str = "the template",
    language: str = "",
    made: datetime | None = None,
) -> bytes:
    """
    Put the context into a template; equal input gives equal bytes.

    Pictures are values like the others, by their names. `language` (BCP 47) is set on
    every style, `made` is the document's date. Raises TemplateUnusable, which names the
    template, the paragraph and the reason.
    """
    document = _Template(BytesIO(template), name)
    with readable(name):
        document.init_docx()
        mend(document.docx)
    drawn = {key: _Inline(document, one) for key, one in (pictures or {}).items()}
    document.render({**context, **drawn}, _environment())
    if language:
        xml.set_language(document.docx, language)
        document.docx.core_properties.language = language
    if made is not None:
        at = made.astimezone(UTC).replace(tzinfo=None, microsecond=0)
        document.docx.core_properties.created = document.docx.core_properties.modified = at
    out = BytesIO()
    document.docx.save(out)
    return xml.sealed(out.getvalue())


def prove_template(template: bytes, *, name: str) -> None:
    """See that it opens and its expressions are whole. Raises TemplateUnusable."""
    document = _Template(BytesIO(template), name)
    with readable(name):
        document.init_docx()
    try:
        document.get_undeclared_template_variables(_environment())
    except TemplateError as error:
        raise TemplateUnusable(name, getattr(error, "message", None) or str(error)) from error


@contextmanager
def readable(name: str) -> Iterator[None]:
    """While a template is opened: what is no docx is refused by its name."""
    try:
        yield
    except (BadZipFile, PackageNotFoundError, KeyError, ValueError, etree.LxmlError) as error:
        raise TemplateUnusable(name, "it is no docx document") from error


def mend(document: Document) -> None:
    """LibreOffice names the relation to the properties otherwise; there would be two of them."""
    for relation in document.part.package.rels.values():
        if relation.reltype.endswith("/metadata/core-properties"):
            relation._reltype = RELATIONSHIP_TYPE.CORE_PROPERTIES


class _Unknown(StrictUndefined):
    """A name that the context does not have: an error as soon as it is used."""

    @property
    def _undefined_message(self) -> str:
        return f"it uses the name “{self._undefined_name}”, which there is not"


class _Inline:
    """A picture as Jinja prints it: in the line where its name stands."""

    def __init__(self, template: "_Template", picture: Picture) -> None:
        self._template, self._picture = template, picture

    def __html__(self) -> str:
        part, picture = self._template.current_rendering_part, self._picture
        inline = part.new_pic_inline(BytesIO(picture.png), width=Cm(picture.width_cm))
        inline.docPr.set("descr", " ".join(xml.clean(picture.described).split()))
        for side in ("distT", "distB", "distL", "distR"):
            inline.set(side, "0")  # LibreOffice takes a missing one for an eighth of an inch
        drawing = etree.tostring(inline, encoding="unicode")
        return f"</w:t></w:r><w:r><w:drawing>{drawing}</w:drawing></w:r><w:r><w:t>"


class _Template(DocxTemplate):  # type: ignore[misc] # docxtpl has no types
    """A template whose faults are told in its own words."""

    def __init__(self, content: BytesIO, name: str) -> None:
        super().__init__(content)
        self._name = name

    def render_xml_part(
        self, src_xml: str, part: object, context: dict[str, Any], jinja_env: Environment
    ) -> str:
        try:
            rendered: str = super().render_xml_part(src_xml, part, context, jinja_env)
        except _FAULTS as error:
            source = re.sub(r"<w:p([ >])", r"\n<w:p\1", src_xml).splitlines()
            raise self._unusable(error, source) from error
        return rendered

    def render_properties(self, context: dict[str, Any], jinja_env: Environment) -> None:
        """Fill title and the like, which are no XML and are escaped when they are written."""
        try:
            super().render_properties(context, jinja_env.overlay(autoescape=False))
        except _FAULTS as error:
            raise self._unusable(error, []) from error

    def fix_tables(self, xml_source: str) -> etree._Element:
        """Refuse what is no XML: docxtpl would mend it in silence, and drop text."""
        try:
            etree.fromstring(xml_source)
        except etree.XMLSyntaxError as error:
            reason = "a loop or condition begins in one place and ends in a place unlike it"
            raise TemplateUnusable(self._name, reason) from error
        tree = super().fix_tables(xml_source)
        for table in tree.iter(qn("w:tbl")):
            _widen(table)
        return tree

    def _unusable(self, error: Exception, source: list[str]) -> TemplateUnusable:
        reason = getattr(error, "message", None) or f"an expression fails ({error})"
        number = getattr(error, "lineno", None) or _line_of(error)
        told = ""
        if number and number <= len(source):
            told = " ".join(re.sub(r"<[^>]+>", "", source[number - 1]).split())[:_SHOWN]
        where = f", in the paragraph “{told}”" if told else ""
        return TemplateUnusable(self._name, f"{reason}{where}")


def _widen(table: etree._Element) -> None:
    """Columns that a loop has added get their own widths; docxtpl gives all the same."""
    grid = table.find(qn("w:tblGrid"))
    rows = [row.findall(qn("w:tc")) for row in table.iter(qn("w:tr"))]
    longest: list[etree._Element] = max(rows, key=len, default=[])
    widths = [cell.find(f"{qn('w:tcPr')}/{qn('w:tcW')}") for cell in longest]
    if grid is None or len(widths) != len(grid) or any(one is None for one in widths):
        return
    told = [int(one.get(qn("w:w"))) for one in widths]
    whole = sum(int(column.get(qn("w:w"))) for column in grid)
    fitting = [width * whole // sum(told) for width in told]
    for column, width in zip(grid, fitting, strict=True):
        column.set(qn("w:w"), str(width))
    for row in (row for row in rows if len(row) == len(fitting)):
        for cell, width in zip(row, fitting, strict=True):
            for said in cell.iter(qn("w:tcW")):
                said.set(qn("w:w"), str(width))


def _line_of(error: Exception) -> int | None:
    """Where in the template an expression failed; Jinja writes it into the traceback."""
    lines = [
        frame.lineno
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename == "<template>"
    ]
    return lines[-1] if lines else None


def _environment() -> Environment:
    return ImmutableSandboxedEnvironment(
        autoescape=True, undefined=_Unknown, finalize=_printed, keep_trailing_newline=True
    )


def _printed(value: object) -> object:
    """Leave out what XML cannot hold; nothing is printed for None."""
    if value is None:
        return ""
    return xml.clean(value) if type(value) is str else value
