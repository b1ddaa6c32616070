"""Questions, responses, and the sheets that they were read from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from service.domain.survey.rules import ONE_TO_SIX, Scale


class Meaning(StrEnum):
    SATISFACTION = "satisfaction"
    USEFULNESS = "usefulness"
    RATING = "rating"
    CHOICE = "choice"
    CHOICES = "choices"
    TEXT = "text"
    DATE = "date"

    @property
    def is_rating(self) -> bool:
        return self in {Meaning.SATISFACTION, Meaning.USEFULNESS, Meaning.RATING}


@dataclass(frozen=True, kw_only=True)
class Question:
    key: str
    """Unlike every other key of its form: the text, numbered where it comes twice."""
    text: str
    """Verbatim."""
    position: int
    """Column in the sheet, from 0."""
    meaning: Meaning
    standing: str = ""
    """Of a question asked again and again: its key, whatever its wording is this time."""
    scale: Scale = ONE_TO_SIX
    """Of a rating."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Response:
    """One person's answers, without the person. Moments are in UTC."""

    id: str
    """As Forms numbers it within its form; made from time and answers where a sheet has none."""
    submitted: datetime | None
    answers: Mapping[str, str] = field(default_factory=dict)
    """By key of the question, empty ones left out; a rating is its point: "1" to "6"."""
    started: datetime | None = None
    """Does not move when the response is edited."""
    changed: datetime | None = None
    """When it was edited last, where the sheet tells."""
    row: int | None = None
    """As the sheet numbers its rows, its heading being 1; None: not from a sheet."""


class SourceKind(StrEnum):
    WORKBOOK = "workbook"
    """Kept by Forms in a library."""
    LIST = "list"
    """Filled by a flow."""
    EXPORT = "export"
    """Dropped by a person."""


@dataclass(frozen=True, kw_only=True)
class SourceRead:
    """Where responses came from, and the very version that was read."""

    kind: SourceKind
    id: str
    """Of the item or the list in the tenant."""
    name: str
    url: str = ""
    sha256: str
    """Hexadecimal: of the file's bytes; of a list, of its rows in a fixed order."""
    read: datetime
    raw_rows: int
    """Rows that are not blank, the heading left out."""
    used: int
    """Responses that it gives to the figures, after reconciling with the other sources."""
