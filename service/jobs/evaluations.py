"""What was answered: each meeting's evaluation and the yearly survey, as the journal holds them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from service.domain.survey.figures import Figures, figures
from service.domain.survey.responses import Meaning, Question, Response, SourceKind, SourceRead
from service.jobs.known import FORMS, KnownForm
from service.workplace import Workplace

Given = tuple[tuple[str, datetime | None, Mapping[str, str]], ...]
"""Responses as the journal keeps them: id, time, answer by question."""


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """What one meeting's form was answered, all its sources put together."""

    sources: tuple[SourceRead, ...]
    questions: tuple[Question, ...]
    """In the form's order; of all sources."""
    responses: tuple[Response, ...]
    """Each person once."""
    satisfaction: Figures | None
    """None where the form has no such question, or nobody has answered it."""
    usefulness: Figures | None
    version: str
    """Another one whenever anything of this is other than it was."""
    used: tuple[tuple[Response, SourceRead], ...] = ()
    """The responses, each with the source that it was taken from; its row is `Response.row`."""
    forms: int = 1
    """Of more than one, with different responses, the answers are added up."""

    @property
    def n(self) -> int:
        """Responses after deduplication."""
        return len(self.responses)


@dataclass(frozen=True, kw_only=True)
class Yearly:
    """The yearly survey of one year."""

    sources: tuple[SourceRead, ...]
    n: int
    questions: tuple[tuple[Question, Figures], ...]
    """The rated ones in the form's order; `Question.standing` follows one through the years."""
    version: str
    used: tuple[tuple[Response, SourceRead], ...] = ()
    """As of an evaluation."""
    forms: int = 1
    asked: tuple[Question, ...] = ()
    """All questions, in the form's order."""


async def evaluations(at: Workplace) -> dict[str, Evaluation]:
    """By meeting id. Of two forms for one meeting the one with more responses counts."""
    found: dict[str, Evaluation] = {}
    for form in (await at.ledger.seen(FORMS, KnownForm)).values():
        if form.meeting_id:
            evaluation = await _evaluation(form, at)
            if form.meeting_id not in found or found[form.meeting_id].n < evaluation.n:
                found[form.meeting_id] = evaluation
    return found


async def yearly_surveys(at: Workplace) -> dict[int, Yearly]:
    """By year."""
    found: dict[int, Yearly] = {}
    for form in (await at.ledger.seen(FORMS, KnownForm)).values():
        if form.year is not None:
            given = await at.journal.responses(form.item_id)
            found[form.year] = at.memory.recall(
                ("yearly", form.item_id), (form, given), partial(_yearly, form, given)
            )
    return found


async def yearly_answers(at: Workplace, year: int) -> int:
    survey = (await yearly_surveys(at)).get(year)
    return survey.n if survey else 0


async def _evaluation(form: KnownForm, at: Workplace) -> Evaluation:
    given = await at.journal.responses(form.item_id)
    return at.memory.recall(
        ("evaluation", form.item_id), (form, given), partial(_counted, form, given)
    )


def _counted(form: KnownForm, given: Given) -> Evaluation:
    responses = _responses(given)
    source = _source(form, len(responses))
    by_meaning: Mapping[Meaning, Question] = {q.meaning: q for q in reversed(form.questions)}
    return Evaluation(
        sources=(source,),
        questions=form.questions,
        responses=responses,
        satisfaction=_figures(responses, by_meaning.get(Meaning.SATISFACTION)),
        usefulness=_figures(responses, by_meaning.get(Meaning.USEFULNESS)),
        version=form.ctag,
        used=tuple((one, source) for one in responses),
    )


def _yearly(form: KnownForm, given: Given) -> Yearly:
    responses = _responses(given)
    rated = [question for question in form.questions if question.meaning.is_rating]
    source = _source(form, len(responses))
    return Yearly(
        sources=(source,),
        n=len(responses),
        questions=tuple((q, figures(responses, q)) for q in rated),
        version=form.ctag,
        used=tuple((one, source) for one in responses),
        asked=form.questions,
    )


def _source(form: KnownForm, used: int) -> SourceRead:
    return SourceRead(
        kind=SourceKind.WORKBOOK,
        id=form.item_id,
        name=form.name,
        sha256="",
        read=form.read,
        raw_rows=form.raw_rows,
        used=used,
    )


def _responses(given: Given) -> tuple[Response, ...]:
    return tuple(Response(id=i, submitted=when, answers=answers) for i, when, answers in given)


def _figures(responses: tuple[Response, ...], question: Question | None) -> Figures | None:
    if question is None:
        return None
    counted = figures(responses, question)
    return counted if counted.n else None
