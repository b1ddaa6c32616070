"""Why a sheet cannot be read: in one line, with what to do about it."""

from service.domain.survey.unreadable import Why
from service.errors import UnreadableFile

_EXPORT_AGAIN = "Export the responses from Forms again (Open in Excel) and replace the file."
_AS_XLSX = "Open it in Excel and save it as .xlsx."
_SAID = {
    Why.EMPTY: ("It is empty.", _EXPORT_AGAIN),
    Why.NO_ROWS: ("It has no rows, not even headings.", _EXPORT_AGAIN),
    Why.TOO_LARGE: ("It is larger than {most} MB.", "Split it, or export the form by itself."),
    Why.UNPACKS: (
        "It unpacks to more than a survey's workbook would.",
        "Copy the responses alone into a new workbook.",
    ),
    Why.TOO_WIDE: (
        "A sheet of it spans more than {most} cells.",
        "Copy the responses alone into a new workbook.",
    ),
    Why.ENCRYPTED: (
        "It is protected by a password.",
        "Take the password away (File, Info, Protect Workbook) and save it.",
    ),
    Why.LABELLED: (
        "It is encrypted by a sensitivity label.",
        "Save it with a label that does not encrypt.",
    ),
    Why.OTHER_FORMAT: ("It is in the {format} format, not .xlsx.", _AS_XLSX),
    Why.ARCHIVE: ("It is a zip archive, not an Excel workbook.", "Take the workbook out of it."),
    Why.DAMAGED: ("It is damaged, or no Excel workbook.", _EXPORT_AGAIN),
    Why.WEB_PAGE: ("It is a web page or XML, not a table.", _AS_XLSX),
    Why.NOT_TEXT: ("It is neither a workbook nor text.", _EXPORT_AGAIN),
    Why.NO_TABLE: (
        "It is no table at line {line}: {fault}.",
        "Mend that line, or save the table as .xlsx.",
    ),
}


def unreadable(name: str, why: Why, **facts: str) -> UnreadableFile:
    """In English, for whoever administers; `why` and the facts say it in other languages."""
    reason, remedy = _SAID[why]
    return UnreadableFile(name, reason.format(**facts), remedy=remedy, why=why.value, **facts)


__all__ = ["Why", "unreadable"]
