"""
A Forms workbook or export as questions and responses.

Headers come in the language of whoever made the export, questions are reworded from year
to year, and rows come twice: what is odd is named in a warning, never dropped in silence.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from service.domain.dates import dates_in
from service.domain.survey.figures import decimal_string, figures
from service.domain.survey.responses import Meaning, Question, Response
from service.parse.table import Cell, Row, rows_of
from service.parse.vocabulary import Meta, Vocabulary

_EXCEL_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - a sheet's moments have no zone
_SERIAL = range(36_526, 73_051)
"""Days from 2000 to 2099 as Excel counts them."""
_LONGEST_OPTION = 80
_MOST_OPTIONS = 12
_SLASHED = re.compile(
    r"(\d{1,2})/(\d{1,2})/(\d{2,4})[ ,]+(\d{1,2}):(\d\d)(?::(\d\d))?(?:\s*([AP])M)?", re.IGNORECASE
)


@dataclass(frozen=True, kw_only=True)
class Sheet:
    questions: tuple[Question, ...]
    """In the order of the columns."""
    responses: tuple[Response, ...]
    """Each once, in the order of the rows."""
    raw_rows: int
    """Rows that are not blank, the header left out."""
    warnings: tuple[str, ...]

    def question(self, meaning: Meaning) -> Question | None:
        """The first question of a meaning."""
        return next((one for one in self.questions if one.meaning is meaning), None)

    def standing(self, key: str) -> Question | None:
        return next((one for one in self.questions if one.standing == key), None)


@dataclass(frozen=True)
class _Layout:
    meta: dict[Meta, int]
    """Column of each kind."""
    questions: tuple[tuple[int, str], ...]
    """Column and verbatim text."""
    warnings: tuple[str, ...]


def read_workbook(content: bytes, name: str, *, vocabulary: Vocabulary, time_zone: str) -> Sheet:
    """
    Read xlsx or CSV. `time_zone` is that of the form's owner, in whose time Forms writes.

    Raises UnreadableFile.
    """
    filled = [row for row in rows_of(content, name) if any(row)]
    header, rows = filled[0], filled[1:]
    layout = _layout(header, rows, vocabulary)
    questions = tuple(_questions(layout, rows, vocabulary))
    moments = _Moments(rows, layout, time_zone)
    responses = [_response(row, layout, questions, (vocabulary, moments)) for row in rows]
    kept, repeated = _distinct(responses)
    warnings = (
        *layout.warnings,
        *_about_answers(questions, rows, vocabulary),
        *moments.warnings,
        *repeated,
    )
    return Sheet(questions=questions, responses=kept, raw_rows=len(rows), warnings=tuple(warnings))


def inspection(sheet: Sheet) -> dict[str, object]:
    """How a sheet is read, as `natverket survey inspect --json` prints it."""
    return {
        "n": len(sheet.responses),
        "raw_rows": sheet.raw_rows,
        "questions": [_inspected(question, sheet) for question in sheet.questions],
        "warnings": list(sheet.warnings),
    }


def _inspected(question: Question, sheet: Sheet) -> dict[str, object]:
    answered = sum(question.key in one.answers for one in sheet.responses)
    found = figures(sheet.responses, question) if question.meaning.is_rating else None
    return {
        "text": question.text,
        "meaning": question.meaning.value,
        "n": answered,
        "mean": decimal_string(found.total, found.n) if found and found.n else None,
    }


# ---------------------------------------------------------------- columns


def _layout(header: Row, rows: Sequence[Row], vocabulary: Vocabulary) -> _Layout:
    meta: dict[Meta, int] = {}
    questions: list[tuple[int, str]] = []
    warnings: list[str] = []
    for position, cell in enumerate(header):
        title = _shown(cell)
        kind = vocabulary.meta(title)
        if not title:
            if any(row[position] for row in rows):
                warnings.append(f"column {position + 1} has answers but no heading: left out")
        elif kind and kind not in meta and not _after_questions(kind, questions):
            meta[kind] = position
        elif not vocabulary.is_beside(title):
            questions.append((position, title))
    if Meta.ID not in meta:
        warnings.append("no column with the response's id: responses are told by time and answers")
    return _Layout(meta, tuple(questions), tuple(warnings))


def _after_questions(kind: Meta, questions: Sequence[tuple[int, str]]) -> bool:
    """A form that asks for a name or an address does so among its questions."""
    return bool(questions) and kind in {Meta.NAME, Meta.EMAIL, Meta.LANGUAGE}


def _questions(layout: _Layout, rows: Sequence[Row], vocabulary: Vocabulary) -> Iterable[Question]:
    used: Counter[str] = Counter()
    taken: set[Meaning] = set()
    for position, title in layout.questions:
        used[title] += 1
        standing = vocabulary.recognise(title)
        answers = [text for row in rows if (text := _shown(row[position]))]
        meaning = standing.meaning if standing else _meaning(answers, vocabulary)
        if meaning in taken:
            # Asked twice, as in a grid: only the first is the standing question.
            meaning, standing = Meaning.RATING, None
        if meaning in {Meaning.SATISFACTION, Meaning.USEFULNESS}:
            taken.add(meaning)
        yield Question(
            key=title if used[title] == 1 else f"{title} [{used[title]}]",
            text=title,
            position=position,
            meaning=meaning,
            standing=standing.key if standing else "",
        )


def _meaning(answers: Sequence[str], vocabulary: Vocabulary) -> Meaning:
    """What an unknown question asks for, from how it was answered."""
    if not answers:
        return Meaning.TEXT
    if all(vocabulary.rating(answer) for answer in answers):
        return Meaning.RATING
    if all(_is_date(answer) for answer in answers):
        return Meaning.DATE
    if any(answer.endswith(";") for answer in answers):
        return Meaning.CHOICES
    distinct = set(answers)
    short = all(len(answer) <= _LONGEST_OPTION and "\n" not in answer for answer in distinct)
    few = len(distinct) <= _MOST_OPTIONS and 2 * len(distinct) <= len(answers)
    return Meaning.CHOICE if short and few else Meaning.TEXT


def _is_date(answer: str) -> bool:
    return len(answer) <= len("2023-03-08 00:00:00") and bool(dates_in(answer, default_year=None))


def _about_answers(
    questions: Iterable[Question], rows: Sequence[Row], vocabulary: Vocabulary
) -> Iterable[str]:
    for question in questions:
        if question.meaning.is_rating:
            given = [text for row in rows if (text := _shown(row[question.position]))]
            odd = sorted({text for text in given if not vocabulary.rating(text)})
            if odd:
                shown = ", ".join(repr(text[:40]) for text in odd[:3])
                yield f"{question.text!r}: not on the scale of 1 to 6 and not counted: {shown}"
        if question.key != question.text:
            yield f"{question.text!r} comes more than once: kept apart by position"
    known = {question.standing for question in questions}
    if "satisfaction" not in known and not any(key.startswith("yearly_") for key in known):
        yield "no question is known as satisfaction: add its wording to questions.toml"
    elif "satisfaction" in known and "usefulness" not in known:
        yield "no question is known as usefulness: add its wording to questions.toml"


# ---------------------------------------------------------------- responses


def _response(
    row: Row,
    layout: _Layout,
    questions: Iterable[Question],
    known: "tuple[Vocabulary, _Moments]",
) -> Response:
    vocabulary, moments = known
    answers = {
        question.key: _answer(text, question, vocabulary)
        for question in questions
        if (text := _shown(row[question.position]))
    }
    submitted = moments.of(row)
    own = layout.meta.get(Meta.ID)
    given = _shown(row[own]) if own is not None else ""
    return Response(id=given or _made_id(submitted, answers), submitted=submitted, answers=answers)


def _answer(text: str, question: Question, vocabulary: Vocabulary) -> str:
    point = vocabulary.rating(text) if question.meaning.is_rating else None
    return str(point) if point else text


def _made_id(submitted: datetime | None, answers: dict[str, str]) -> str:
    """The same for the same answers at the same time, in whatever row they stand."""
    told = "\x1f".join(
        (submitted.isoformat() if submitted else "", *map("=".join, answers.items()))
    )
    return "made-" + hashlib.sha256(told.encode()).hexdigest()[:16]


def _distinct(responses: Iterable[Response]) -> tuple[tuple[Response, ...], tuple[str, ...]]:
    """Each response once, the last row of it; a flow that retries writes rows twice."""
    kept: dict[str, Response] = {}
    again = 0
    other: list[str] = []
    for one in responses:
        before = kept.get(one.id)
        if before:
            again += 1
            if before.answers != one.answers:
                other.append(one.id)
        kept[one.id] = one
    warnings = [f"{again} rows repeat a response and were left out"] if again else []
    if other:
        warnings.append(
            f"rows with the same id but other answers, the last counts: {', '.join(other[:5])}"
        )
    return tuple(kept.values()), tuple(warnings)


# ---------------------------------------------------------------- moments


class _Moments:
    """When responses were sent in: the completion time, else the start."""

    def __init__(self, rows: Sequence[Row], layout: _Layout, time_zone: str) -> None:
        kinds = (Meta.COMPLETION, Meta.START)
        self._columns = [layout.meta[kind] for kind in kinds if kind in layout.meta]
        self._zone = ZoneInfo(time_zone)
        cells = [row[column] for row in rows for column in self._columns]
        self._day_first = any(
            int(match[1]) > 12 for cell in cells if (match := _SLASHED.match(_shown(cell)))
        )
        odd = sum(bool(cell) and self._read(cell) is None for cell in cells)
        self.warnings = (f"{odd} times could not be read",) if odd else ()

    def of(self, row: Row) -> datetime | None:
        for column in self._columns:
            moment = self._read(row[column])
            if moment:
                return moment
        return None

    def _read(self, cell: Cell) -> datetime | None:
        moment = cell if isinstance(cell, datetime) else self._written(cell)
        if moment is None:
            return None
        aware = moment if moment.tzinfo else moment.replace(tzinfo=self._zone)
        return aware.astimezone(UTC).replace(microsecond=0)

    def _written(self, text: str) -> datetime | None:
        try:
            if re.fullmatch(r"\d{5}(?:\.\d+)?", text) and int(float(text)) in _SERIAL:
                return _EXCEL_ZERO + timedelta(days=float(text))
            slashed = _SLASHED.match(text)
            return self._slashed(slashed) if slashed else datetime.fromisoformat(text)
        except ValueError:
            return None

    def _slashed(self, match: re.Match[str]) -> datetime:
        """Forms' own export writes month first; a day above 12 anywhere tells otherwise."""
        first, second, year, hour, minute, second_, half = match.groups()
        day, month = (first, second) if self._day_first else (second, first)
        hours = int(hour) % 12 + 12 * (half.upper() == "P") if half else int(hour)
        full = int(year) if len(year) > 2 else 2000 + int(year)
        return datetime(  # noqa: DTZ001 - the zone is added by the caller
            full, int(month), int(day), hours, int(minute), int(second_ or 0)
        )


def _shown(cell: Cell) -> str:
    if not isinstance(cell, datetime):
        return cell
    midnight = cell.time() == datetime.min.time()
    return cell.date().isoformat() if midnight else cell.isoformat(sep=" ", timespec="seconds")
