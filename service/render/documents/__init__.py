"""Documents of the year: values and words in, Word files out."""

from service.render.documents.annual import Template, annual_report_docx, shipped_template
from service.render.documents.labels import Labels, labels_from

__all__ = ["Labels", "Template", "annual_report_docx", "labels_from", "shipped_template"]
