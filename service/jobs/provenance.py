"""Where an evaluation's figures come from, and what of them members see: for whoever asks."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from service.domain.indicators import response_rate
from service.domain.meeting import Meeting
from service.domain.survey.closing import closes
from service.domain.survey.figures import Figures
from service.domain.survey.publication import Standing
from service.domain.survey.responses import Question, Response, SourceRead
from service.errors import NotFound
from service.jobs.evaluations import Evaluation, evaluations, yearly_surveys
from service.jobs.known import known
from service.jobs.lookup import meeting_named
from service.jobs.publications import publications, standing_of
from service.workplace import Workplace

_REMEDY = "`natverket survey list` lists the forms, and which of them wait to be placed."


@dataclass(frozen=True, kw_only=True)
class QuestionFigures:
    question: Question
    n: int
    """Non-empty answers; of a rating those on its scale."""
    figures: Figures | None
    """None: it is no rating."""
    standing: Standing | None
    """What members see; None: of this question they never see anything."""
    rows: tuple[tuple[SourceRead, str], ...]
    """Of each source the rows used, as "2–14, 16"; where it numbers them."""


@dataclass(frozen=True, kw_only=True)
class SurveyFigures:
    title: str
    meeting: Meeting | None
    """None: the yearly survey."""
    n: int
    invited: int | None
    rate: Fraction | None
    closes: datetime | None
    forms: int
    questions: tuple[QuestionFigures, ...]
    sources: tuple[SourceRead, ...]


async def of_meeting(text: str, at: Workplace) -> SurveyFigures:
    """The evaluation of the meeting of that day or title. Raises NotFound, Ambiguous."""
    facts = await known(at)
    meeting = meeting_named(text, facts.meetings)
    evaluation = (await evaluations(at)).get(meeting.id)
    if evaluation is None:
        raise NotFound(f"meeting {text}", "No answers have been read of it.", remedy=_REMEDY)
    before = await publications(at)
    standing = standing_of(meeting, evaluation, before, at.network, at.clock.now())
    return SurveyFigures(
        title=meeting.title,
        meeting=meeting,
        n=evaluation.n,
        invited=meeting.invited_count,
        rate=response_rate(evaluation.n, meeting),
        closes=closes(meeting, at.network),
        forms=evaluation.forms,
        questions=tuple(_questions(evaluation.questions, evaluation, standing)),
        sources=evaluation.sources,
    )


async def of_year(year: int, at: Workplace) -> SurveyFigures:
    """The yearly survey. Raises NotFound."""
    survey = (await yearly_surveys(at)).get(year)
    if survey is None:
        reason = "No answers to a yearly survey have been read."
        raise NotFound(str(year), reason, remedy=_REMEDY)
    return SurveyFigures(
        title=at.texts.say("files.yearly_survey", year=str(year)),
        meeting=None,
        n=survey.n,
        invited=None,
        rate=None,
        closes=None,
        forms=survey.forms,
        questions=tuple(_questions(survey.questions, survey, ())),
        sources=survey.sources,
    )


def _questions(
    questions: Iterable[Question], survey: Evaluation, standing: Sequence[Standing]
) -> Iterator[QuestionFigures]:
    shown = {one.text: one for one in standing}
    for question in questions:
        counted = survey.figures_of(question) if question.meaning.is_rating else None
        answered = [(one, source) for one, source in survey.used if question.key in one.answers]
        yield QuestionFigures(
            question=question,
            n=survey.answers_to(question) if counted is None else counted.n,
            figures=counted,
            standing=shown.get(question.text),
            rows=tuple(
                (source, ranges(_rows(answered, source)))
                for source in survey.sources
                if _rows(answered, source)
            ),
        )


def _rows(answered: Iterable[tuple[Response, SourceRead]], source: SourceRead) -> list[int]:
    return [one.row for one, each in answered if each.id == source.id and one.row is not None]


def ranges(numbers: Iterable[int]) -> str:
    """Write as in "2–14, 16"."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1] = [runs[-1][0], number]
        else:
            runs.append([number])
    return ", ".join("–".join(map(str, run)) for run in runs)
