"""Documents of the year: values and words in, Word files out."""

from service.render.documents.annual import annual_report_docx
from service.render.documents.labels import Labels, labels_from

__all__ = ["Labels", "annual_report_docx", "labels_from"]
