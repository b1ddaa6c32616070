"""Why a sheet of responses cannot be read."""

from enum import StrEnum


class Why(StrEnum):
    """Each has its words for coordinators in `config/texts`, under `unreadable`."""

    EMPTY = "empty"
    NO_ROWS = "no_rows"
    TOO_LARGE = "too_large"
    UNPACKS = "unpacks"
    TOO_WIDE = "too_wide"
    ENCRYPTED = "encrypted"
    LABELLED = "labelled"
    OTHER_FORMAT = "other_format"
    ARCHIVE = "archive"
    DAMAGED = "damaged"
    WEB_PAGE = "web_page"
    NOT_TEXT = "not_text"
    NO_TABLE = "no_table"
