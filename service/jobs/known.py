"""
The year as the ledger knows it: meetings, what was filed, what was answered.

Nothing here asks the tenant; the jobs' observing has kept what they saw.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from urllib.parse import unquote, urlsplit

from service.domain.actions import Folder, Shelf, begun_for, origin_of
from service.domain.attendance import Attendance
from service.domain.meeting import Invitation, Meeting, groups_of
from service.domain.names import folder_path, inbox_folder
from service.domain.plan.binding import Asked, Bindings, bind
from service.domain.plan.planned import PlannedRow, planned_rows
from service.domain.register import meeting_of
from service.domain.survey.responses import Question, SourceKind
from service.effects.register import SOURCE as REGISTER
from service.effects.register import base_of
from service.jobs.reading import read, register
from service.observe import Fields, SeenEvent, SeenItem, SeenRow
from service.parse.invitation import read_invitation
from service.ports import Effect, Status
from service.workplace import Workplace

CALENDAR = "calendar"
ATTENDANCE = "attendance"
FORMS = "forms"
JUDGED = "judged"
SHEETS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".csv")
"""Endings of what may hold a form's answers."""
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
NOTICED = "noticed"
FROM_ROW = "row/"
"""Begins the id of an event that a rebuild has made up from a row: no calendar has it."""
CAPTURED = ("recording", "captions", "transcript")
"""Origins of what Teams made of a meeting."""
INBOX = "Inkorg"
ASIDE = "Inkorg/Filat"
LIBRARY = 40
"""Characters left to a library's own part of a path, whatever its address is."""


@dataclass(frozen=True, kw_only=True)
class Noticed:
    """Since when something has been so, as far as we have seen."""

    meeting_id: str
    registration_seen: datetime | None = None
    """There is a registration link."""
    result_released: datetime | None = None
    """A coordinator has released the evaluation's result."""
    days: tuple[date, ...] = ()
    """Every first day that it was announced for, the last one being its own."""


@dataclass(frozen=True, kw_only=True)
class KnownForm:
    """One form's answers by one way: what it is for, and the version that was read."""

    item_id: str
    """Of the workbook or the export; `list/…` of a list's share; its answers are kept under it."""
    name: str
    ctag: str
    kind: SourceKind = SourceKind.WORKBOOK
    drive_id: str = ""
    """Where the file lies; empty for a list."""
    folder: str = ""
    """Below the folder of workbooks or the inbox."""
    parent_id: str | None = None
    url: str = ""
    sha256: str = ""
    created: datetime = NEVER
    since: datetime = NEVER
    """When we first saw it."""
    read: datetime = NEVER
    questions: tuple[Question, ...] = ()
    """In the sheet's order."""
    raw_rows: int = 0
    submitted: tuple[datetime, ...] = ()
    """When its responses were sent in: of very many a part, the last one among them."""
    warnings: tuple[str, ...] = ()
    """Of the last reading, in English."""
    problem: str = ""
    """Why it could not be read, or is not what it was; earlier answers stand."""
    held: tuple[str, ...] = ()
    """Ids of responses that it no longer shows and that are kept."""
    ended: bool = False
    """It is what a form held before it was started afresh: nothing is read any more."""
    meeting_id: str = ""
    """iCalUId; empty for the yearly survey, and where it could not be told."""
    year: int | None = None
    """Of the yearly survey."""
    nobodys: bool = False
    """A coordinator has said that it is no evaluation."""
    candidates: tuple[str, ...] = ()
    """iCalUIds of the meetings that it may be for, the likeliest first."""
    why: str = ""
    """How it was told what it is for, or why it could not."""

    @property
    def is_asked(self) -> bool:
        """It has answers, and nobody knows whose it is."""
        return self.raw_rows > 0 and not (self.meeting_id or self.year is not None or self.nobodys)


@dataclass(frozen=True, kw_only=True)
class Judged:
    """
    A sheet among people's files, looked into; known by its id at its source.

    Until a version of it has been, nobody files it: it may be full of personal answers.
    """

    version: str
    export: bool
    closed: bool = False
    """It may hold rows, and nobody can look into it: coordinators say what it is."""


@dataclass(frozen=True, kw_only=True)
class Known:
    """What a plan about meetings starts from."""

    meetings: tuple[Meeting, ...]
    """Of the network, by start; cancelled ones among them."""
    rows: Mapping[str, SeenRow]
    """Register rows by meeting id."""
    bases: Mapping[str, Fields]
    """What we last wrote into each row, by meeting id."""
    filed: Mapping[str, Effect]
    """Effects of files, by key."""
    planned: tuple[PlannedRow, ...] = ()
    """Rows that are no meeting's (yet), by date."""
    questions: tuple[Asked, ...] = ()
    """Of which meeting some of them may be."""
    waiting: frozenset[str] = frozenset()
    """Ids of meetings that get no row before such a question is answered."""

    def meeting(self, meeting_id: str) -> Meeting | None:
        return next((meeting for meeting in self.meetings if meeting.id == meeting_id), None)

    def effects_of(self, meeting_id: str) -> tuple[Effect, ...]:
        """Every file that was filed, or is still to be, wherever people have moved it since."""
        return tuple(effect for effect in self.filed.values() if owner_of(effect) == meeting_id)

    def files_of(self, meeting_id: str) -> tuple[Effect, ...]:
        """Files that are in place: stored and tagged."""
        return tuple(e for e in self.effects_of(meeting_id) if e.status is Status.DONE)

    def materials_of(self, meeting_id: str) -> tuple[Effect, ...]:
        """Files that people made for the meeting: neither recording nor captions."""
        return tuple(
            effect for effect in self.files_of(meeting_id) if origin_of(effect.key) not in CAPTURED
        )

    def recording_of(self, meeting_id: str) -> Effect | None:
        """The first recording that is in place."""
        return next((e for e in self.files_of(meeting_id) if origin_of(e.key) == "recording"), None)


def owner_of(effect: Effect) -> str:
    """Id of the meeting whose file it is by now."""
    return str(effect.baseline.get("meeting") or begun_for(effect.key))


def removed(filed: Iterable[Effect], there: Collection[str]) -> Iterator[Effect]:
    """What was filed and is in neither library any more; `there` are the ids of what is."""
    return (
        effect
        for effect in filed
        if effect.status is Status.DONE and effect.remote_id and effect.remote_id not in there
    )


async def known(at: Workplace) -> Known:
    """Read the ledger."""
    events = await at.ledger.seen(CALENDAR, SeenEvent)
    shown = await at.ledger.seen(REGISTER, SeenRow)
    counts = await at.ledger.seen(ATTENDANCE, Attendance)
    written = await at.ledger.effects("row/")
    seen = await noticed(at)
    planned = planned_rows(shown.values(), at.network)
    bindings = _bindings(planned, events.values(), _by_meeting(shown), written, at)
    bound = {meeting_id: shown[row.row_id] for meeting_id, row in bindings.rows.items()}
    rows = _by_meeting(shown) | bound
    meetings = [
        _remembered(_counted(meeting, counts.get(meeting.id)), seen.get(meeting.id))
        for event in events.values()
        if (meeting := _meeting(event, rows, written, at)) is not None
    ]
    return Known(
        meetings=tuple(sorted(meetings, key=lambda meeting: (meeting.start, meeting.id))),
        rows=rows,
        bases={
            meeting_id: base_of(effect, rows.get(meeting_id))
            for key, effect in written.items()
            if (meeting_id := key.removeprefix("row/")) not in bound
            or _is_of(effect, bound[meeting_id])
        },
        filed=await at.ledger.effects("file/"),
        planned=tuple(row for row in planned if row not in bindings.rows.values()),
        questions=bindings.questions,
        waiting=bindings.waiting,
    )


def _bindings(
    planned: tuple[PlannedRow, ...],
    events: Iterable[SeenEvent],
    rows: Mapping[str, SeenRow],
    written: Mapping[str, Effect],
    at: Workplace,
) -> Bindings:
    """Whose the planned rows are; where there is none, no event is looked at for it."""
    if not planned:
        return Bindings()
    meetings = [_meeting(event, rows, written, at) for event in events]
    return bind(planned, [one for one in meetings if one is not None], rows, at.network)


def _is_of(effect: Effect, row: SeenRow) -> bool:
    """Tell whether it was this row that we wrote: of another one, that is gone, nothing holds."""
    return effect.remote_id in (None, row.id)


def columns_of(
    meeting: Meeting, group_names: Mapping[str, str], *, kind: str, source: str
) -> Fields:
    """Columns of a filed item, by internal name; the day at 12:00Z (settled 19)."""
    return {
        "NvGroups": "; ".join(group_names[group] for group in meeting.groups),
        "NvMeetingDate": f"{meeting.first_day.isoformat()}T12:00:00Z",
        "NvMeeting": meeting.title,
        "NvType": kind,
        "NvMeetingId": meeting.id,
        "NvSource": source,
    }


async def read_register(at: Workplace) -> None:
    """
    Take in what coordinators have typed.

    Whoever is about to show something to members reads it first: a "no" may be minutes old.
    """
    await read(register(at), at)


async def written(at: Workplace, prefix: str) -> dict[str, object]:
    """Keys of what was done under a prefix, to the fingerprint of what was written, if any."""
    return {
        key: effect.baseline.get("fingerprint")
        for key, effect in (await at.ledger.effects(prefix)).items()
        if effect.status is Status.DONE
    }


async def noticed(at: Workplace) -> dict[str, Noticed]:
    return await at.ledger.seen(NOTICED, Noticed)


async def items(at: Workplace, drive_id: str) -> dict[str, SeenItem]:
    """The last sight of everything in a library."""
    return await at.ledger.seen(f"drive/{drive_id}", SeenItem)


def is_waiting(item: SeenItem) -> bool:
    """Tell whether a file lies in the inbox, and was not put aside there."""
    inside = item.path == INBOX or item.path.startswith(f"{INBOX}/")
    return inside and not item.folder and not f"{item.path}/".startswith(f"{ASIDE}/")


def meeting_folder(meeting: Meeting, at: Workplace) -> Folder:
    """The members' folder of a meeting."""
    return Folder(
        key=f"folder/documentation/{meeting.id}",
        shelf=Shelf.DOCUMENTATION,
        path=folder_path(
            meeting,
            at.network,
            joint_label=at.texts.say("files.joint"),
            before=len(unquote(urlsplit(at.places.site_url).path)) + LIBRARY,
        ),
    )


def underlag_folder(meeting: Meeting) -> Folder:
    """The coordinators' folder of a meeting: raw answers, attendance, transcripts."""
    name = inbox_folder(meeting).removeprefix("Inkorg/")
    return Folder(
        key=f"folder/coordination/{meeting.id}",
        shelf=Shelf.COORDINATION,
        path=f"Underlag/{meeting.first_day.year}/{name}",
    )


def _meeting(
    event: SeenEvent, rows: Mapping[str, SeenRow], written: Mapping[str, Effect], at: Workplace
) -> Meeting | None:
    """Put a meeting together; one whose parts are the very same as before is remembered."""
    now = at.clock.now()
    row, base = rows.get(event.ical_uid), written.get(f"row/{event.ical_uid}")
    bound = row is not None and not row.fields.get("NvMeetingId")
    if row is not None and bound and base is not None and not _is_of(base, row):
        base = None
    parts = (event, row, base, event.end <= now)
    return at.memory.recall(
        ("meeting", event.id, bound), parts, partial(_put_together, event, row, base, at)
    )


def _put_together(
    event: SeenEvent, row: SeenRow | None, base: Effect | None, at: Workplace
) -> Meeting | None:
    groups = groups_of(event, at.network)
    if not groups:
        return None
    return meeting_of(
        event=event,
        invitation=at.memory.recall(("invitation", event.id), (event,), partial(_read, event, at)),
        row=row.fields if row else None,
        groups=groups,
        time_zone=at.network.time_zone,
        now=at.clock.now(),
        base=base_of(base, row) if base else None,
        network=at.network,
    )


def _read(event: SeenEvent, at: Workplace) -> Invitation:
    return read_invitation(
        event.body_html, default_year=event.start.year, language=at.network.language
    )


def _counted(meeting: Meeting, attendance: Attendance | None) -> Meeting:
    return meeting if attendance is None else replace(meeting, teams_count=attendance.count)


def _remembered(meeting: Meeting, notice: Noticed | None) -> Meeting:
    """With the days that it was moved from: files may still be called by them."""
    before = tuple(day for day in notice.days if day != meeting.first_day) if notice else ()
    return replace(meeting, former_days=before) if before else meeting


def _by_meeting(rows: Mapping[str, SeenRow]) -> dict[str, SeenRow]:
    return {
        str(row.fields["NvMeetingId"]): row
        for row in rows.values()
        if row.fields.get("NvMeetingId")
    }
