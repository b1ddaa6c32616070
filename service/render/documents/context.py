"""
The names that a template of the annual report may use.

All are words ready to print, in the report's language; `docs/howto/egen-mall.md` tells
coordinators what each one is, and a test compares the two.
"""

from dataclasses import dataclass

from service.render.documents.labels import Labels


@dataclass(frozen=True, kw_only=True)
class Figure:
    name: str
    value: str
    note: str


@dataclass(frozen=True, kw_only=True)
class Figures:
    activities: Figure
    satisfaction: Figure
    municipalities: Figure
    participants: Figure


@dataclass(frozen=True, kw_only=True)
class Chapter:
    heading: str
    text: tuple[str, ...]
    """Paragraphs."""


@dataclass(frozen=True, kw_only=True)
class Meeting:
    title: str
    date: str
    place: str
    kind: str
    joint: str
    facts: str
    """Date, place, kind and joint, in one line."""
    elsewhere: str
    """Of a joint meeting that another group tells of: which; then there is no text here."""
    text: tuple[str, ...]
    speakers: str
    participants: str
    filed: str
    told: str
    """Speakers, participants and what is filed, in one paragraph."""
    quotes: tuple[str, ...]
    figures: str
    """The line of satisfaction and usefulness, or that no evaluation was made."""
    row: "Row"


@dataclass(frozen=True, kw_only=True)
class Row:
    """A meeting in a table."""

    title: str
    date: str
    place: str
    participants: str
    answers: str
    satisfaction: str
    usefulness: str


@dataclass(frozen=True, kw_only=True)
class Group:
    name: str
    audience: str
    introduction: tuple[str, ...]
    nothing: str
    """Said where the group had no meetings; empty where it had."""
    meetings: tuple[Meeting, ...]
    activities: str
    participants: str
    caption: str
    total: str


@dataclass(frozen=True, kw_only=True)
class Question:
    text: str
    """Numbered."""
    values: tuple[str, ...]
    """One a year, as in `years`."""
    told: str


@dataclass(frozen=True, kw_only=True)
class Survey:
    introduction: str
    questions: tuple[Question, ...]
    years: tuple[str, ...]
    answers: tuple[str, ...]
    note: str
    caption: str


@dataclass(frozen=True, kw_only=True)
class Members:
    introduction: str
    names: tuple[str, ...]
    notes: tuple[str, ...]
    """Who takes part through a federation, who joined and who left."""
    told: str
    """All of it but the names, in one paragraph."""


@dataclass(frozen=True, kw_only=True)
class Term:
    name: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Annual:
    year: str
    network: str
    region: str
    title: str
    subject: str
    made: str
    draft: str
    page: str
    """What stands before, between and behind the numbers of a page."""
    page_of: str
    page_end: str
    figures: Figures
    overview: tuple[str, ...]
    """The year's figures in sentences."""
    chapters: tuple[Chapter, ...]
    last_chapter: tuple[Chapter, ...]
    """The one that looks ahead and closes the report; empty where there are none."""
    groups: tuple[Group, ...]
    activities: str
    """What the groups add to."""
    participants: str
    joint_note: str
    table_note: str
    survey: Survey | None
    members: Members
    about: tuple[Term, ...]
    words: Labels
    """Headings and the like, as in the shipped template."""
