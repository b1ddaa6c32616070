"""What is odd about a sheet, each in a line that names it."""

from collections.abc import Iterator, Sequence

from service.domain.survey.responses import Meaning, Question
from service.parse.answers import Read
from service.parse.archive import Contents
from service.parse.vocabulary import Vocabulary

_SHOWN = 3


def about_cells(contents: Contents, unheaded: Sequence[int]) -> Iterator[str]:
    if contents.without_value:
        cells = _some(contents.without_value)
        yield f"formulas without a value, open and save it in Excel: {cells}"
    if contents.errors:
        yield f"cells that show an error, read as empty: {_some(contents.errors)}"
    for position in unheaded:
        yield f"column {position + 1} has answers but no heading: left out"


def about_answers(
    questions: Sequence[Question], read: Sequence[Read], vocabulary: Vocabulary
) -> Iterator[str]:
    scale = f"{vocabulary.scale.low} to {vocabulary.scale.high}"
    for question, one in zip(questions, read, strict=True):
        shown = _some([repr(text[:40]) for text in one.odd])
        if one.other_scale and question.standing:
            yield f"{question.text!r}: its words are of another scale than {scale}: {shown}"
        elif one.odd:
            yield f"{question.text!r}: not on the scale of {scale} and not counted: {shown}"
        if question.key != question.text:
            yield f"{question.text!r} comes more than once: kept apart by position"
    known = {question.meaning for question in questions if question.standing}
    if Meaning.SATISFACTION not in known and Meaning.RATING not in known:
        yield _unknown("satisfaction")
    elif Meaning.SATISFACTION in known and Meaning.USEFULNESS not in known:
        yield _unknown("usefulness")


def _unknown(meaning: str) -> str:
    where = "[[survey.questions]] of the network's description"
    return f"no question is known as {meaning}: add its wording to {where}"


def about_times(odd: Sequence[str], guessed: str) -> Iterator[str]:
    if odd:
        shown = _some([repr(text[:40]) for text in odd])
        yield f"times that could not be read ({len(odd)}): {shown}"
    if guessed:
        yield f"times such as {guessed!r} are read with the month first; nothing tells otherwise"


def _some(texts: Sequence[str]) -> str:
    more = f" and {len(texts) - _SHOWN} more" if len(texts) > _SHOWN else ""
    return ", ".join(texts[:_SHOWN]) + more
