"""The surveys' workbooks, as Forms keeps them in step with the responses."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

import xlsxwriter

from service.sandbox.seed.answers import answers
from service.sandbox.seed.chance import chance
from service.sandbox.seed.data import EvaluationData, Facts, Surveys, Tenant, Version
from service.sandbox.seed.days import Days
from service.sandbox.seed.documents import NOON, repacked
from service.sandbox.seed.invitations import person
from service.sandbox.seed.meetings import Meeting
from service.sandbox.seed.people import Somebody
from service.sandbox.timeline import Upload

HEADERS = {
    "sv": ("ID", "Starttid", "Slutförandetid", "E-post", "Namn"),
    "en": ("ID", "Start time", "Completion time", "Email", "Name"),
}
ANONYMOUS = Somebody("", "anonymous")
SILENT = 0.35
"""How many leave a free-text question empty."""


@dataclass(frozen=True, kw_only=True)
class Response:
    """One filled-in form: grades first, then texts."""

    started: datetime
    completed: datetime
    by: Somebody
    grades: tuple[int, ...]
    texts: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Workbook:
    """The responses so far. Forms writes hours without zone, in the time of the form's owner."""

    headers: tuple[str, ...]
    questions: tuple[str, ...]
    responses: tuple[Response, ...]
    comment: str

    def __call__(self) -> bytes:
        with io.BytesIO() as file:
            with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
                book.set_properties({"comments": self.comment, "created": NOON})
                moment = book.add_format({"num_format": "m/d/yy h:mm:ss"})
                sheet = book.add_worksheet("Sheet1")
                columns = [{"header": name} for name in (*self.headers, *self.questions)]
                for column in columns[1:3]:
                    column["format"] = moment
                sheet.set_column(1, 4, 18)
                rows = [_row(number, one) for number, one in enumerate(self.responses, start=1)]
                options = {"columns": columns, "data": rows, "name": "Table1"}
                sheet.add_table(0, 0, len(rows), len(columns) - 1, options)
            return repacked(file.getvalue())


@dataclass(frozen=True, kw_only=True)
class _Form:
    """A form and everybody's answers, of which a version shows the first ones."""

    key: str
    name: str
    headers: tuple[str, ...]
    questions: tuple[str, ...]
    opened: datetime
    last_day: date
    versions: tuple[Version, ...]
    grades: tuple[tuple[int, ...], ...]
    """A row of grades for each response."""
    texts: tuple[tuple[str, ...], ...]
    people: tuple[Somebody, ...]


def evaluation(
    meeting: Meeting,
    data: EvaluationData,
    surveys: Surveys,
    tenant: Tenant,
    people: Sequence[Somebody],
) -> Iterator[Upload]:
    """`people` are those who may have been there."""
    published = meeting.fact.published
    if published is None:
        raise ValueError(f"{meeting.key} was not evaluated")
    count = data.versions[-1].n
    draw = chance(meeting.key, "evaluation")
    grades = [answers(mean, count, draw) for mean in (published.satisfaction, published.usefulness)]
    form = _Form(
        key=meeting.key,
        name=meeting.text(data.file),
        headers=HEADERS[data.headers],
        questions=(data.satisfaction, data.usefulness, *data.texts),
        # The link is shown towards the end of the last day.
        opened=meeting.end - timedelta(minutes=20),
        last_day=meeting.last,
        versions=data.versions,
        grades=tuple(zip(*grades, strict=True)),
        texts=_texts(data.answers, surveys.answers, (len(data.texts), count), draw),
        people=(ANONYMOUS,) * count if data.anonymous else tuple(draw.sample(people, count)),
    )
    yield from _uploads(form, surveys, tenant, meeting.calendar)


def yearly(
    facts: Facts, surveys: Surveys, tenant: Tenant, calendar: Days, people: Sequence[Somebody]
) -> Iterator[Upload]:
    """The December survey; its year is that of the published figures, moved with the days."""
    data = surveys.yearly
    asked = facts.published.annual_survey
    year = str(data.opens.year)
    count = facts.published.annual_survey_respondents[year]
    draw = chance("yearly", year)
    grades = [answers(question.means[year], count, draw) for question in asked]
    first = calendar.day(data.opens)
    form = _Form(
        key="yearly",
        name=data.file.format(year=first.year),
        headers=HEADERS["sv"],
        questions=(*(question.question for question in asked), *data.texts),
        opened=calendar.at(first, data.versions[0].at) - timedelta(hours=7),
        last_day=first,
        versions=data.versions,
        grades=tuple(zip(*grades, strict=True)),
        texts=_texts(data.answers, surveys.answers, (len(data.texts), count), draw),
        people=tuple(draw.sample(people, count)),
    )
    yield from _uploads(form, surveys, tenant, calendar)


def _uploads(form: _Form, surveys: Surveys, tenant: Tenant, calendar: Days) -> Iterator[Upload]:
    """Each version holds the responses that had come; the last one all of them."""
    responses: list[Response] = []
    since = form.opened
    for version in form.versions:
        until = calendar.at(form.last_day + timedelta(days=version.days), version.at)
        responses += _responses(form, calendar, (len(responses), version.n), (since, until))
        since = until
        yield Upload(
            at=until,
            drive=surveys.library,
            folder=surveys.folder,
            name=form.name,
            content=Workbook(
                headers=form.headers,
                questions=form.questions,
                responses=tuple(responses),
                comment=surveys.comment,
            ),
            by=person(tenant, "sanna").id,
            make_folder=True,
        )


def _responses(
    form: _Form, calendar: Days, numbers: tuple[int, int], hours: tuple[datetime, datetime]
) -> Iterator[Response]:
    """Those that came between two versions, in the order they were sent in."""
    draw = chance(form.key, "times", str(numbers[0]))
    since, until = hours
    moments = sorted(_by_day(since, until, calendar, draw) for _ in range(*numbers))
    for number, completed in zip(range(*numbers), moments, strict=True):
        started = completed - timedelta(seconds=draw.randrange(45, 400))
        yield Response(
            started=calendar.local(max(started, form.opened)),
            completed=calendar.local(completed),
            by=form.people[number],
            grades=form.grades[number],
            texts=form.texts[number],
        )


def _by_day(since: datetime, until: datetime, calendar: Days, draw: Random) -> datetime:
    """A moment between the two at which people are up, in whole seconds."""
    seconds = int((until - since).total_seconds()) - 120
    while True:
        moment = since + timedelta(seconds=draw.randrange(60, seconds))
        if 7 <= calendar.local(moment).hour < 22:
            return moment


def _texts(
    own: Sequence[str], common: Sequence[str], shape: tuple[int, int], draw: Random
) -> tuple[tuple[str, ...], ...]:
    """Rows of free text: own sentences to the first question, common ones to the others."""
    questions, count = shape
    columns = [_column(own if number == 0 else common, count, draw) for number in range(questions)]
    return tuple(zip(*columns, strict=True))


def _column(said: Sequence[str], count: int, draw: Random) -> list[str]:
    """Everything said once, and the rest left empty."""
    most = min(len(said), round(count * (1 - SILENT)))
    column = [*draw.sample(said, most), *[""] * (count - most)]
    draw.shuffle(column)
    return column


def _row(number: int, response: Response) -> list[object]:
    return [
        number,
        response.started.replace(tzinfo=None),
        response.completed.replace(tzinfo=None),
        response.by.mail,
        response.by.name,
        *response.grades,
        *response.texts,
    ]
