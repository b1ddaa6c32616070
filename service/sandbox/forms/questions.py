"""A form's questions, the columns that they make, and the headers that Forms gives them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from service.sandbox.store import Row
from service.sandbox.timeline import Question

HEADERS: Mapping[str, tuple[str, ...]] = {
    "sv": ("ID", "Starttid", "Slutförandetid", "E-post", "Namn"),
    "no": ("ID", "Starttidspunkt", "Fullføringstidspunkt", "E-post", "Navn"),
    "en": ("ID", "Start time", "Completion time", "Email", "Name"),
}
"""Of the owner's language (graph-facts 7.4; no official page)."""
LAST_MODIFIED = {
    "sv": "Tid för senaste ändring",
    "no": "Tidspunkt for siste endring",
    "en": "Last modified time",
}
QUIZ = {
    "sv": ("Totalt antal poäng", "Feedback om test", "Poäng – {}", "Feedback – {}"),
    "no": ("Totalt antall poeng", "Tilbakemelding på test", "Poeng – {}", "Tilbakemelding – {}"),
    "en": ("Total points", "Quiz feedback", "Points - {}", "Feedback - {}"),
}
KINDS = ("text", "choice", "choices", "rating", "date", "likert")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One column of answers: a question, or one statement of a Likert question."""

    key: str
    """Keeps its value when the question is renamed."""
    title: str
    question: Question


def of(form: Row) -> list[Question]:
    return msgspec.json.decode(form["questions"], type=list[Question])


def text(questions: Sequence[Question]) -> str:
    """As the table holds them. Raises ValueError for a kind that Forms does not have."""
    for question in questions:
        if question.kind not in KINDS:
            raise ValueError(f"A question is one of {', '.join(KINDS)}, not {question.kind}.")
        if (question.kind == "likert") != bool(question.statements):
            raise ValueError(f"{question.title}: statements are what a Likert question has.")
    return msgspec.json.encode(list(questions)).decode()


def asked(questions: Sequence[Question]) -> Iterator[Asked]:
    """Each statement of a Likert question counts as a question (graph-facts 7.4)."""
    for number, question in enumerate(questions):
        for part, statement in enumerate(question.statements):
            yield Asked(key=f"{number}.{part}", title=statement, question=question)
        if not question.statements:
            yield Asked(key=str(number), title=question.title, question=question)


def unique(headers: Sequence[str]) -> list[str]:
    """A table has no two columns of one name: the second gets a 2 (UNVERIFIED: 7.4)."""
    seen: dict[str, int] = {}
    found = []
    for header in headers:
        count = seen[header.casefold()] = seen.get(header.casefold(), 0) + 1
        found.append(header if count == 1 else f"{header}{count}")
    return found
