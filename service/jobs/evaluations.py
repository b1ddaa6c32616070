"""What was answered: each meeting's evaluation and the yearly survey, as the journal holds them."""

import hashlib
from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from service.domain.retention import Frozen, meeting_of_survey, year_of_survey
from service.domain.survey.belonging import bare_form_name
from service.domain.survey.figures import Figures, figures, rated
from service.domain.survey.reconciling import Reconciled, Told, reconcile
from service.domain.survey.responses import Meaning, Question, Response, SourceRead
from service.jobs.frozen import frozen
from service.jobs.known import FORMS, SHEETS, KnownForm
from service.workplace import Workplace


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """What the forms of a meeting, or of a year, were answered: all their sources together."""

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
    repeated: int = 0
    """Rows left out because another row tells the same response."""
    edited: int = 0
    """Responses that were told with other answers before."""
    forms: int = 1
    """Of more than one, with different responses, the answers are added up."""
    rated: tuple[tuple[Question, Figures], ...] = ()
    """Every rated question with its figures, in the form's order."""
    frozen: Frozen | None = None
    """What is left of answers that were deleted; there are no `responses` then."""

    @property
    def n(self) -> int:
        """Responses after deduplication."""
        return self.frozen.n if self.frozen else len(self.responses)

    def figures_of(self, question: Question) -> Figures:
        """The figures of a rated question, whether the answers are still there or not."""
        rated = {one.key: counted for one, counted in self.rated}
        return rated.get(question.key) or figures(self.responses, question)

    def answers_to(self, question: Question) -> int:
        """How many have answered a question."""
        if self.frozen:
            return self.frozen.answers_to(question.key)
        return sum(question.key in response.answers for response in self.responses)


async def evaluations(at: Workplace) -> dict[str, Evaluation]:
    """By meeting id."""
    found: dict[str, list[KnownForm]] = defaultdict(list)
    for form in (await at.ledger.seen(FORMS, KnownForm)).values():
        if form.meeting_id:
            found[form.meeting_id].append(form)
    answered = {id_: await _put_together(id_, forms, at) for id_, forms in found.items()}
    gone = (await frozen(at)).values()
    return answered | {
        meeting_id: _left(one) for one in gone if (meeting_id := meeting_of_survey(one.survey))
    }


async def yearly_surveys(at: Workplace) -> dict[int, Evaluation]:
    """By year; `Question.standing` follows a question through the years."""
    found: dict[int, list[KnownForm]] = defaultdict(list)
    for form in (await at.ledger.seen(FORMS, KnownForm)).values():
        if form.year is not None:
            found[form.year].append(form)
    answered = {year: await _put_together(year, forms, at) for year, forms in found.items()}
    gone = (await frozen(at)).values()
    return answered | {
        year: _left(one) for one in gone if (year := year_of_survey(one.survey)) is not None
    }


async def yearly_answers(at: Workplace, year: int) -> int:
    survey = (await yearly_surveys(at)).get(year)
    return survey.n if survey else 0


# ---------------------------------------------------------------- putting together


async def _put_together(subject: Hashable, forms: Sequence[KnownForm], at: Workplace) -> Evaluation:
    given = [await at.journal.responses(form.item_id) for form in forms]
    return at.memory.recall(
        ("evaluation", subject), (*forms, *given), partial(_counted, forms, given)
    )


def _counted(forms: Sequence[KnownForm], given: Sequence[tuple[Response, ...]]) -> Evaluation:
    found = reconcile(map(_told, forms, given))
    responses = tuple(one for one, _ in found.used)
    by_meaning: Mapping[Meaning, Question] = {q.meaning: q for q in reversed(found.questions)}
    return Evaluation(
        sources=found.sources,
        questions=found.questions,
        responses=responses,
        satisfaction=_figures(responses, by_meaning.get(Meaning.SATISFACTION)),
        usefulness=_figures(responses, by_meaning.get(Meaning.USEFULNESS)),
        version=_version(found),
        used=found.used,
        repeated=found.repeated,
        edited=found.edited,
        forms=found.forms,
        rated=rated(found.questions, responses),
    )


def _left(one: Frozen) -> Evaluation:
    return Evaluation(
        sources=one.sources,
        questions=one.questions,
        responses=(),
        satisfaction=one.of(Meaning.SATISFACTION),
        usefulness=one.of(Meaning.USEFULNESS),
        version=f"{one.version}/frozen",
        rated=one.rated,
        frozen=one,
    )


def _told(form: KnownForm, given: tuple[Response, ...]) -> Told:
    return Told(
        read=SourceRead(
            kind=form.kind,
            id=form.item_id,
            name=form.name,
            url=form.url,
            sha256=form.sha256,
            read=form.read,
            raw_rows=form.raw_rows,
            used=0,
        ),
        questions=form.questions,
        responses=given,
        since=form.since,
        form=_bare(form.name),
    )


def _bare(name: str) -> str:
    bare, _ = bare_form_name(name)
    ending = next((one for one in SHEETS if bare.lower().endswith(one)), "")
    return bare.removesuffix(ending) if ending else bare


def _version(found: Reconciled) -> str:
    """Of what counts: the questions, and every response with its answers and its source."""
    told = (
        [(one.key, one.meaning, one.standing, str(one.scale)) for one in found.questions],
        sorted(
            (one.id, str(one.submitted), sorted(one.answers.items()), source.id, one.row or 0)
            for one, source in found.used
        ),
        [(source.id, source.sha256) for source in found.sources],
    )
    return hashlib.sha256(repr(told).encode()).hexdigest()


def _figures(responses: tuple[Response, ...], question: Question | None) -> Figures | None:
    if question is None:
        return None
    counted = figures(responses, question)
    return counted if counted.n else None
