"""The annual report as a document that its network can go on editing."""

import hashlib
from dataclasses import dataclass, fields
from functools import cache

from service.domain.annual import AnnualReport
from service.render.documents.context import Annual
from service.render.documents.filling import filled
from service.render.documents.finishing import emptied, finished
from service.render.documents.labels import Labels
from service.render.documents.telling import told
from service.render.documents.yearly import TREND, chart
from service.shipped import shipped

NAME = "annual.docx"


@dataclass(frozen=True, kw_only=True)
class Template:
    name: str
    """As messages call it: a path, where it is a network's own."""
    content: bytes

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


@cache
def shipped_template(name: str = NAME) -> Template:
    """Raises UnreadableFile if the installation is not whole."""
    return Template(name=name, content=shipped("templates", name).read_bytes())


def annual_report_docx(
    report: AnnualReport,
    labels: Labels,
    *,
    template: Template | None = None,
    for_pdf: bool = False,
) -> bytes:
    """
    Set the report as a Word document; equal input gives equal bytes.

    `for_pdf` is the same report for LibreOffice to convert, with page numbers in its
    contents. Raises TemplateUnusable where a network's own template cannot be filled.
    """
    own = template or shipped_template()
    drawn = chart(report, labels)
    made = filled(
        emptied(own.content, own.name),
        _names(told(report, labels)),
        pictures={TREND: drawn} if drawn else {},
        name=own.name,
        language=labels.language,
        made=report.made,
    )
    return finished(made, renewable=not for_pdf)


def _names(context: Annual) -> dict[str, object]:
    return {one.name: getattr(context, one.name) for one in fields(context)}
