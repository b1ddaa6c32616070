"""What the service knows of a meeting or a year, as parts of an export."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote
from zoneinfo import ZoneInfo

from service.domain.attendance import Attendance
from service.domain.holding import About, People
from service.domain.meeting import Meeting
from service.domain.post import Appointment, parse_key
from service.domain.register import Column
from service.domain.survey.responses import Question, Response
from service.effects.posting import LINKS
from service.jobs.evaluations import (
    Evaluation,
    evaluations,
    yearly_surveys,
)
from service.jobs.holdings.parts import Part
from service.jobs.known import ATTENDANCE, CALENDAR, FORMS, Known, KnownForm, items, owner_of
from service.jobs.said import Said, said
from service.observe import Fields, SeenEvent
from service.parse.lines import lines_of
from service.ports import Effect
from service.render.holdings import facts as told
from service.render.holdings.words import HoldingWords
from service.render.sheets import Value, table_workbook
from service.workplace import Workplace

FACTS, ANSWERS = "facts", "answers"


@dataclass(frozen=True, kw_only=True)
class State:
    """What the state holds of everything, read once."""

    known: Known
    events: dict[str, SeenEvent]
    """By iCalUId."""
    attendance: dict[str, Attendance]
    evaluations: dict[str, Evaluation]
    yearly: dict[int, Evaluation]
    forms: tuple[KnownForm, ...]
    posts: tuple[Said, ...]
    effects: tuple[Effect, ...]


async def state(at: Workplace, facts: Known) -> State:
    events = (await at.ledger.seen(CALENDAR, SeenEvent)).values()
    return State(
        known=facts,
        events={event.ical_uid: event for event in events},
        attendance=await at.ledger.seen(ATTENDANCE, Attendance),
        evaluations=await evaluations(at),
        yearly=await yearly_surveys(at),
        forms=tuple((await at.ledger.seen(FORMS, KnownForm)).values()),
        posts=tuple(await said(at)),
        effects=tuple((await at.ledger.effects()).values()),
    )


@dataclass(frozen=True, kw_only=True)
class Writer:
    """Makes parts of what is known, in one folder."""

    words: HoldingWords
    under: str = ""

    def fact(self, name: str, data: bytes, people: People = People.NO) -> Part:
        return self._part(FACTS, name, data, people)

    def answers(self, name: str, data: bytes, people: People = People.NO) -> Part:
        return self._part(ANSWERS, name, data, people)

    def table(self, name: str, rows: Sequence[Sequence[Value]]) -> bytes:
        """A workbook to read: its columns are called as `columns.<name>` says, by semicolons."""
        return table_workbook(
            title=self.words.say(f"facts.{name}"),
            name=self.words.say(f"names.{name}"),
            header=self.words.say(f"columns.{name}").split("; "),
            rows=rows,
        )

    def _part(self, section: str, name: str, data: bytes, people: People) -> Part:
        stem, _, extension = name.rpartition(".")
        title = self.words.say(f"facts.{stem}")
        return Part(
            folders=(self.under, self.words.say(f"folders.{section}")),
            name=f"{self.words.say(f'names.{stem}')}.{extension}",
            about=About(title=title, section=section, people=people, meeting=self.under),
            data=data,
        )


# ---------------------------------------------------------------- of a meeting


async def of_meeting(meeting: Meeting, of: State, write: Writer, at: Workplace) -> list[Part]:
    row = of.known.rows.get(meeting.id)
    counted = of.attendance.get(meeting.id)
    parts = [
        write.fact("attendance.json", told.as_json(told.attendance(counted, meeting.day_counts))),
        *_posts([one for one in of.posts if _is_about(one, meeting)], write, at),
        write.fact("effects.json", told.as_json(told.effects(_effects(meeting, of)))),
    ]
    if row is not None:
        parts += _register(row.fields, at.columns.register, write)
    if event := of.events.get(meeting.id):
        parts += _event(event, meeting, write)
    if evaluation := of.evaluations.get(meeting.id):
        parts += _evaluation(evaluation, write)
    forms = [form for form in of.forms if form.meeting_id == meeting.id]
    return parts + await _workbooks(forms, write, at)


def _register(fields: Fields, columns: Iterable[Column], write: Writer) -> list[Part]:
    row = told.register_row(fields, tuple(columns))
    table = [(one["title"], one["name"], told.plain(one["value"])) for one in row]
    return [
        write.fact("register.xlsx", write.table("register", table), People.MAY),
        write.fact("register.json", told.as_json(row), People.MAY),
    ]


def _event(event: SeenEvent, meeting: Meeting, write: Writer) -> list[Part]:
    # What writes calendars takes long to load; most starts write none.
    from service.render.calendar_file import calendar_file  # noqa: PLC0415

    appointment = Appointment(
        uid=event.ical_uid,
        start=event.start,
        end=event.end,
        title=event.subject,
        place=meeting.place or event.location,
        url=event.join_url or "",
        changed=event.modified,
        cancelled=event.cancelled,
    )
    text = "\n".join(line.text for line in lines_of(event.body_html))
    return [
        write.fact("event.ics", calendar_file(appointment, organizer=event.organizer), People.YES),
        write.fact("invitation.txt", told.invitation(event, text), People.YES),
    ]


def _evaluation(one: Evaluation, write: Writer) -> list[Part]:
    answers = "disposed" if one.frozen else "kept"
    figures = told.as_json(told.survey(one.n, one.rated, one.sources, answers=answers))
    parts = [write.answers("figures.json", figures)]
    if one.responses:
        parts += _responses(one.questions, one.responses, write)
    return parts


def _responses(
    questions: tuple[Question, ...], given: tuple[Response, ...], write: Writer
) -> list[Part]:
    """Verbatim for programs, and as a workbook in which nothing is taken for a formula."""
    sheet = table_workbook(
        title=write.words.say("facts.responses"),
        name=write.words.say("facts.responses"),
        header=tuple(question.text for question in questions),
        rows=[tuple(one.answers.get(q.key, "") for q in questions) for one in given],
    )
    data = told.as_json(told.responses(questions, given))
    return [
        write.answers("responses.json", data, People.YES),
        write.answers("responses.xlsx", sheet, People.YES),
    ]


async def _workbooks(forms: Iterable[KnownForm], write: Writer, at: Workplace) -> list[Part]:
    """The files that answers were read from, as far as they lie where the app reads."""
    drive = at.places.survey_drive
    seen = await items(at, drive) if drive else {}
    above = (write.under, write.words.say(f"folders.{ANSWERS}"))
    return [
        Part(
            folders=above,
            name=item.name,
            about=About(
                title=item.name,
                section=ANSWERS,
                meeting=write.under,
                people=People.YES,
                url=item.web_url,
                lay=item.path,
                modified=item.modified,
            ),
            item=item,
        )
        for form in forms
        if (item := seen.get(form.item_id)) is not None
    ]


def _is_about(one: Said, meeting: Meeting) -> bool:
    return _subject(one) == meeting.id or one.effect.baseline.get("meeting_id") == meeting.id


def _posts(posts: list[Said], write: Writer, at: Workplace) -> list[Part]:
    """What was said, when and where, and how that is known: to read, and for programs."""
    zone = ZoneInfo(at.network.time_zone)
    rows = [
        (
            f"{one.at.astimezone(zone):%Y-%m-%d %H:%M}",
            one.title,
            one.kind,
            one.role,
            at.texts.say(f"posted.{one.how}"),
            "\n".join(_links(one)),
        )
        for one in posts
    ]
    return [
        write.fact("posts.xlsx", write.table("posts", rows)),
        write.fact("posts.json", told.as_json([_post(one) for one in posts])),
    ]


def _links(one: Said) -> list[str]:
    return str(one.effect.baseline.get(LINKS) or "").split()


def _subject(one: Said) -> str:
    key = parse_key(one.key)
    return key.subject if key else ""


def _post(one: Said) -> dict[str, object]:
    return {
        "key": one.key,
        "title": one.title,
        "kind": one.kind,
        "channel": one.role,
        "via": one.via,
        "how_known": one.how.value,
        "updated": one.at,
        "message_id": one.effect.remote_id,
        "links": _links(one),
        "reason": one.reason,
    }


def _effects(meeting: Meeting, of: State) -> list[Effect]:
    """Those whose key names the meeting, as it stands in keys, and its files."""
    names = {meeting.id, quote(meeting.id, safe="")}
    return [
        one
        for one in of.effects
        if (one.key.startswith("file/") and owner_of(one) == meeting.id)
        or (not one.key.startswith("file/") and names & set(one.key.split("/")))
    ]


# ---------------------------------------------------------------- of a year


async def of_year(year: int, of: State, write: Writer, at: Workplace) -> list[Part]:
    meetings = {one.id for one in of.known.meetings}
    posts = [one for one in of.posts if one.at.year == year and _subject(one) not in meetings]
    done = [one for one in of.effects if str(year) in one.key and not one.key.startswith("file/")]
    members = [(m.code, m.name, m.via) for m in at.network.members if m.belongs_in(year)]
    parts = [
        write.fact("network.json", told.as_json(told.network(at.network)), People.MAY),
        write.fact("history.json", told.as_json(told.history(await at.journal.history()))),
        *_posts(posts, write, at),
        write.fact("effects.json", told.as_json(told.effects(done))),
        write.fact("members.xlsx", write.table("members", members)),
    ]
    if survey := of.yearly.get(year):
        parts += _evaluation(survey, write)
    return parts + await _workbooks([f for f in of.forms if f.year == year], write, at)
