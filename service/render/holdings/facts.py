"""What the service knows, as files that other programs read: JSON, and text where it is one."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from enum import Enum
from fractions import Fraction
from typing import Any

from service.domain.attendance import Attendance
from service.domain.network import Network
from service.domain.register import Column
from service.domain.survey.figures import Figures, decimal_string
from service.domain.survey.responses import Question, Response, SourceRead
from service.observe import Fields, FieldValue, SeenEvent
from service.ports import Effect, HistoryPoint


def as_json(value: object) -> bytes:
    """Write as JSON that people can read, too; equal input gives equal bytes."""
    text = json.dumps(value, ensure_ascii=False, indent=1, default=_plain)
    return f"{text}\n".encode()


def _plain(value: object) -> object:
    match value:
        case datetime() | date():
            return value.isoformat()
        case Enum():
            return value.value
        case frozenset():
            return sorted(value)
        case _:
            raise TypeError(type(value).__name__)


def plain(value: FieldValue) -> str | int | float | None:
    """A column's value as a cell has it: a tick as text."""
    return str(value).lower() if isinstance(value, bool) else value


def register_row(fields: Fields, columns: Sequence[Column]) -> list[dict[str, Any]]:
    """Every column of a row: ours by their titles, then those that the network has added."""
    titles = {column.name: column for column in columns}
    ours = [
        {
            "name": name,
            "title": column.title,
            "owner": column.owner.value,
            "value": fields.get(name),
        }
        for name, column in titles.items()
    ]
    others = sorted(fields.keys() - titles.keys())
    return [
        *ours,
        *({"name": n, "title": n, "owner": "", "value": fields[n]} for n in others),
    ]


def invitation(event: SeenEvent, text: str) -> bytes:
    """The invitation as plain text, with who was invited."""
    head = (
        event.subject,
        f"{event.start.isoformat()} – {event.end.isoformat()}",
        event.location,
        f"Organizer: {event.organizer}",
        f"Invited: {', '.join(event.invited)}",
        f"Accepted: {', '.join(event.accepted)}",
    )
    return "\n".join((*head, "", text, "")).encode()


def attendance(counted: Attendance | None, days: Sequence[int | None]) -> dict[str, Any]:
    return {
        "typed_per_day": list(days),
        "teams_count": counted.count if counted else None,
        "organisations": [
            {"name": name, "count": count}
            for name, count in (counted.organisations if counted else ())
        ],
    }


# ---------------------------------------------------------------- surveys


def survey(
    n: int,
    rated: Iterable[tuple[Question, Figures]],
    sources: Iterable[SourceRead],
    *,
    answers: str,
) -> dict[str, Any]:
    """Figures with where they come from; `answers` says what became of the single ones."""
    return {
        "n": n,
        "answers": answers,
        "questions": [{**_question(q), **_figures(counted)} for q, counted in rated],
        "sources": [asdict(source) for source in sources],
    }


def responses(questions: Iterable[Question], given: Iterable[Response]) -> dict[str, Any]:
    return {
        "questions": [_question(question) for question in questions],
        "responses": [
            {"id": one.id, "submitted": one.submitted, "answers": dict(one.answers)}
            for one in given
        ],
    }


def _question(question: Question) -> dict[str, Any]:
    return {
        "key": question.key,
        "text": question.text,
        "meaning": question.meaning.value,
        "standing": question.standing,
    }


def _figures(counted: Figures) -> dict[str, Any]:
    return {
        "n": counted.n,
        "sum": counted.total,
        "mean": decimal_string(counted.total, counted.n) if counted.n else None,
        "distribution": {str(point): of for point, of in counted.by_point},
    }


# ---------------------------------------------------------------- the service's doings


def effects(done: Iterable[Effect]) -> list[dict[str, Any]]:
    """What the service did: keys, when, how it stands. No tokens, no upload links."""
    return [
        {
            "key": one.key,
            "job": one.job,
            "status": one.status.value,
            "begun": one.created,
            "updated": one.updated,
            "reason": one.reason,
            "name": one.baseline.get("name"),
            "url": one.baseline.get("web_url"),
        }
        for one in done
    ]


def history(points: Iterable[HistoryPoint]) -> list[dict[str, Any]]:
    return [asdict(point) for point in points]


def network(one: Network) -> dict[str, Any]:
    """The network as its description has it; holidays are the calendar's."""
    told: Mapping[str, Any] = asdict(one)
    return {
        name: str(value) if isinstance(value, Fraction) else value
        for name, value in told.items()
        if name not in {"holidays", "survey"}
    }
