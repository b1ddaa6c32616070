"""The workbook in which Forms lays the responses."""

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec
import xlsxwriter

from service.sandbox.forms import questions
from service.sandbox.forms.questions import Asked
from service.sandbox.store import Row
from service.sandbox.timeline.surveys import Given
from service.sandbox.wire import Json

_MADE = datetime(2000, 1, 1, 12)  # noqa: DTZ001 - document properties know no zone
"""The day it was really made would make its bytes differ."""
_MOMENT = "m/d/yy h:mm:ss"
_DAY = "m/d/yyyy"
_WIDTH = 18
Value = str | float | datetime | date | None


@dataclass(frozen=True)
class _Column:
    header: str
    value: Callable[[Row, Json], Value]
    """Of a response and its answers."""
    format: str | None = None


def workbook(form: Row, responses: Sequence[Row], zone: str) -> bytes:
    """The same bytes for the same responses."""
    columns = list(_columns(form, ZoneInfo(zone)))
    headers = questions.unique([column.header for column in columns])
    rows = [
        [column.value(response, answers) for column in columns]
        for response in responses
        for answers in (msgspec.json.decode(response["answers"]),)
    ]
    with io.BytesIO() as file:
        with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
            book.set_properties({"title": form["title"], "created": _MADE})
            sheet = book.add_worksheet("Sheet1")
            formats = {name: book.add_format({"num_format": name}) for name in (_MOMENT, _DAY)}
            shown = [
                {"header": header, **({"format": formats[c.format]} if c.format else {})}
                for header, c in zip(headers, columns, strict=True)
            ]
            sheet.set_column(1, len(columns) - 1, _WIDTH)
            # A table without a single response still has one empty row.
            last = max(1, len(rows))
            options = {"columns": shown, "data": rows, "name": "Table1"}
            sheet.add_table(0, 0, last, len(columns) - 1, options)
        return file.getvalue()


def _columns(form: Row, zone: ZoneInfo) -> Iterator[_Column]:
    language = form["language"]
    number, start, end, mail, name = questions.HEADERS[language]
    yield _Column(number, lambda response, _: response["id"])
    yield _Column(start, lambda response, _: _local(response["started"], zone), _MOMENT)
    yield _Column(end, lambda response, _: _local(response["completed"], zone), _MOMENT)
    yield _Column(mail, lambda response, _: response["mail"])
    yield _Column(name, lambda response, _: response["name"])
    if form["last_modified"]:
        yield _Column(
            questions.LAST_MODIFIED[language],
            lambda response, _: _local(response["changed"], zone) if response["changed"] else None,
            _MOMENT,
        )
    total, feedback, points_of, feedback_of = questions.QUIZ[language]
    asked = list(questions.asked(questions.of(form)))
    if form["quiz"]:
        yield _Column(total, lambda _, answers: sum(points(one, answers) or 0 for one in asked))
        yield _Column(feedback, lambda *_: None)
    for one in asked:
        yield _answer(one)
        if form["quiz"]:
            yield _points(points_of.format(one.title), one)
            yield _Column(feedback_of.format(one.title), lambda *_: None)


def _answer(one: Asked) -> _Column:
    day = _DAY if one.question.kind == "date" else None
    return _Column(one.title, lambda _, answers: shown(one, answers.get(one.key)), day)


def _points(header: str, one: Asked) -> _Column:
    return _Column(header, lambda _, answers: points(one, answers))


def points(one: Asked, answers: Json) -> float | None:
    """None where there is nothing to be right about."""
    if one.question.points is None:
        return None
    return one.question.points if answers.get(one.key) == one.question.right else 0


def shown(one: Asked, given: Given | list[str] | None) -> Value:
    """Several labels are joined and end with a semicolon; a rating is a number."""
    if isinstance(given, tuple | list):
        return "".join(f"{label};" for label in given)
    if given is not None and one.question.kind == "date":
        return date.fromisoformat(str(given))
    return given


def _local(text: str, zone: ZoneInfo) -> datetime:
    """Forms writes the hours of its owner, without a zone."""
    return datetime.fromisoformat(text).astimezone(zone).replace(tzinfo=None, microsecond=0)
