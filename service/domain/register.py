"""
The register: one row a meeting, which the service and the coordinators share.

Who may write a column is its owner: the service, the coordinators, or both of them by a
three-way merge, in which what a person changed stands. Columns are described in
`config/register.toml`.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import cast
from zoneinfo import ZoneInfo

from service.domain.dates import date_value, day
from service.domain.meeting import Form, Invitation, Kind, Meeting, Status
from service.domain.network import Network
from service.domain.titles import groups_named, is_online, kind_of_meeting, on_site, title_of
from service.observe import Fields, FieldValue, SeenEvent


class Owner(StrEnum):
    SERVICE = "service"
    PREFILL = "prefill"
    COORDINATOR = "coordinator"


class Type(StrEnum):
    TEXT = "text"
    NOTE = "note"
    NUMBER = "number"
    DATE = "date"
    BOOLEAN = "boolean"
    CHOICE = "choice"


@dataclass(frozen=True, kw_only=True)
class Column:
    name: str
    """Internal, ASCII."""
    title: str
    """As shown to coordinators."""
    type: Type
    owner: Owner
    choices: tuple[tuple[str, str], ...] = ()
    """Key and shown value, in the order shown."""
    fill_in: bool = False
    indexed: bool = False
    unique: bool = False
    hidden: bool = False
    decimals: int = 0
    default: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Columns:
    register: tuple[Column, ...]
    library: tuple[Column, ...]

    @property
    def owners(self) -> dict[str, Owner]:
        """Of the register's columns, by internal name."""
        return {column.name: column.owner for column in self.register}


FORMS = {Form.PHYSICAL: "Fysisk", Form.DIGITAL: "Digital", Form.HYBRID: "Hybrid"}
KINDS = {
    Kind.GATHERING: "Träff",
    Kind.MEETING: "Möte",
    Kind.TRAINING: "Utbildning",
    Kind.WEBINAR: "Webbinarium",
}
STATUSES = {
    Status.PLANNED: "Planerat",
    Status.INVITED: "Inbjudan skickad",
    Status.HELD: "Genomfört",
    Status.CANCELLED: "Inställt",
}

_DAYS = ("NvDay1", "NvDay2", "NvDay3")
_LINE = 255
"""Characters that a text column holds."""
_YES, _NO = frozenset({"ja", "yes", "true", "1"}), frozenset({"nej", "nei", "no", "false", "0"})


# ---------------------------------------------------------------- the columns


def columns_from(data: Mapping[str, object]) -> Columns:
    """Read the parsed `config/register.toml`. Raises ValueError for what is no column."""
    return Columns(register=_columns(data, "register"), library=_columns(data, "library"))


def _columns(data: Mapping[str, object], part: str) -> tuple[Column, ...]:
    tables = cast(Sequence[Mapping[str, object]], data.get(part, ()))
    found = tuple(_column(table) for table in tables)
    names = [column.name for column in found]
    if twice := {name for name in names if names.count(name) > 1}:
        raise ValueError(f"{part} has a column twice: {', '.join(sorted(twice))}")
    return found


def _column(table: Mapping[str, object]) -> Column:
    known = Column.__dataclass_fields__
    if unknown := table.keys() - known.keys():
        raise ValueError(f"{table.get('name')}: unknown {', '.join(sorted(unknown))}")
    choices = cast(Mapping[str, str], table.get("choices", {}))
    default = table.get("default")
    return Column(
        name=str(table["name"]),
        title=str(table["title"]),
        type=Type(str(table["type"])),
        owner=Owner(str(table["owner"])),
        choices=tuple(choices.items()),
        fill_in=bool(table.get("fill_in")),
        indexed=bool(table.get("indexed")),
        unique=bool(table.get("unique")),
        hidden=bool(table.get("hidden")),
        decimals=cast(int, table.get("decimals", 0)),
        default=None if default is None else bool(default),
    )


# ---------------------------------------------------------------- the merge


def merge(
    desired: Fields, row: Fields | None, base: Fields | None, owners: Mapping[str, Owner]
) -> Fields:
    """
    Tell which columns to write now.

    `row` is what the list shows (None: there is no row yet), `base` what we wrote last
    (None: not known). Raises KeyError for a column that `owners` does not name.
    """
    writable = {name: value for name, value in desired.items() if _ours(owners[name])}
    if row is None:
        return {name: value for name, value in writable.items() if not is_empty(value)}
    return {
        name: value
        for name, value in writable.items()
        if not same(value, row.get(name))
        and (owners[name] is Owner.SERVICE or _untouched(name, row, base))
    }


def _ours(owner: Owner) -> bool:
    return owner is not Owner.COORDINATOR


def _untouched(name: str, row: Fields, base: Fields | None) -> bool:
    """Nobody has changed the column since we wrote it; without a base: nobody has filled it."""
    return same(row.get(name), base.get(name) if base is not None else None)


def is_empty(value: FieldValue) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def same(one: FieldValue, other: FieldValue) -> bool:
    """Compare as people see it: SharePoint gives numbers as floats and dates as moments."""
    if is_empty(one) or is_empty(other):
        return is_empty(one) and is_empty(other)
    if isinstance(one, bool) or isinstance(other, bool):
        return flag(one) is not None and flag(one) == flag(other)
    if isinstance(one, int | float) or isinstance(other, int | float):
        first, second = number(one), number(other)
        return first is not None and second is not None and abs(first - second) < 1e-9
    days = day(one), day(other)
    if None not in days:
        return days[0] == days[1]
    return _plain(str(one)) == _plain(str(other))


def _plain(text: str) -> str:
    lines = unicodedata.normalize("NFC", text).replace("\xa0", " ").splitlines()
    return "\n".join(line.rstrip() for line in lines).strip()


# ---------------------------------------------------------------- values of columns


def number(value: FieldValue) -> float | None:
    try:
        return (
            None
            if value is None
            else float(value.replace(",", ".") if isinstance(value, str) else value)
        )
    except ValueError:
        return None


def count(value: FieldValue) -> int | None:
    """A whole number of people, or None for anything else."""
    found = number(value)
    return int(found) if found is not None and found >= 0 and found == int(found) else None


def flag(value: FieldValue) -> bool | None:
    """Yes or no; None where neither is said ("Enligt form" too)."""
    word = str(value).strip().casefold().removesuffix(".0")
    return True if word in _YES else False if word in _NO else None


def text(value: FieldValue) -> str:
    return "" if value is None else str(value).strip()


def shorten(value: str, most: int = _LINE) -> str:
    """One line of at most so many characters, cut at a word."""
    line = " ".join(value.split())
    if len(line) <= most:
        return line
    cut = line[: most - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut).rstrip(" ,;–-") + "…"


# ---------------------------------------------------------------- what the service wants


def fields_of(meeting: Meeting, *, network: Network) -> Fields:
    """What the row should say, service and prefill columns; empty ones are None."""
    zone = ZoneInfo(network.time_zone)
    hours = (moment.astimezone(zone).strftime("%H:%M") for moment in (meeting.start, meeting.end))
    values: dict[str, FieldValue] = {
        "NvMeetingId": meeting.id,
        "NvStart": date_value(meeting.first_day),
        "NvEnd": date_value(meeting.last_day),
        "NvTime": "–".join(hours),
        "NvStatus": STATUSES[meeting.status],
        "Title": shorten(meeting.title),
        "NvForm": FORMS[meeting.form],
        "NvKind": KINDS[meeting.kind],
        # A choice of several is unreliable through Graph; one filled-in text is not.
        "NvGroups": "; ".join(network.group(group).name for group in meeting.groups),
        "NvPlace": shorten(meeting.place),
        "NvSpeakers": meeting.speakers,
        "NvSummary": meeting.summary,
        "NvAttendedFrom": meeting.attended_from,
        "NvRegLink": meeting.registration_link,
        "NvRegBy": date_value(meeting.register_by),
        "NvRegTerms": shorten(meeting.terms),
        "NvQuestionsBy": date_value(meeting.questions_by),
        "NvSurveyLink": meeting.survey_link,
        "NvSurveyCloses": date_value(meeting.survey_closes),
    }
    if meeting.teams_count is not None:
        values["NvTeamsCount"] = meeting.teams_count
    return {name: None if is_empty(value) else value for name, value in values.items()}


# ---------------------------------------------------------------- the meeting as it stands


def meeting_of(  # noqa: PLR0913 - one value from everything that is known of a meeting
    *,
    event: SeenEvent,
    invitation: Invitation,
    row: Fields | None,
    groups: tuple[str, ...],
    time_zone: str,
    now: datetime,
    base: Fields | None = None,
    network: Network | None = None,
) -> Meeting:
    """
    Put together what the invitation says and what people have typed in the row.

    With `base`, what we wrote last, a column that nobody changed follows the invitation
    and one that was emptied is empty. Group names of the row need the `network`.
    """
    read = _Reading(row, base)
    first_day, last_day = _local_days(event, ZoneInfo(time_zone))
    place = read.text("NvPlace", on_site(invitation.place) or on_site(event.location))
    form = read.form(_form(event, invitation, place))
    meeting = Meeting(
        id=event.ical_uid,
        title=read.text("Title", title_of(event.subject, groups, network)),
        groups=_groups(read, groups, network),
        form=form,
        kind=read.kind(kind_of_meeting(event.subject, form)),
        start=event.start,
        end=event.end,
        first_day=first_day,
        last_day=last_day,
        place=place,
        status=_status(event, read, now),
        organizer=event.organizer,
        join_url=event.join_url,
        event_id=event.id,
        has_attachments=event.has_attachments,
        invitation=invitation,
    )
    return _with_coordinators(_with_prefill(meeting, read), read)


class _Reading:
    """The row read with the invitation's word as what holds otherwise."""

    def __init__(self, row: Fields | None, base: Fields | None) -> None:
        self.row: Fields = row or {}
        self._there = row is not None
        self._base = base

    def value(self, name: str, otherwise: FieldValue) -> FieldValue:
        own = self.row.get(name)
        if not self._there or (self._base is None and is_empty(own)):
            return otherwise
        if self._base is not None and same(own, self._base.get(name)):
            return otherwise
        return own

    def text(self, name: str, otherwise: str) -> str:
        return text(self.value(name, otherwise))

    def day(self, name: str, otherwise: date | None) -> date | None:
        return day(self.value(name, date_value(otherwise)))

    def flag(self, name: str, *, otherwise: bool) -> bool:
        said = flag(self.row.get(name))
        return otherwise if said is None else said

    def form(self, otherwise: Form) -> Form:
        shown = self.text("NvForm", FORMS[otherwise]).casefold()
        return {label.casefold(): form for form, label in FORMS.items()}.get(shown, otherwise)

    def kind(self, otherwise: Kind) -> Kind:
        shown = self.text("NvKind", KINDS[otherwise]).casefold()
        return {label.casefold(): kind for kind, label in KINDS.items()}.get(shown, otherwise)


def _with_prefill(meeting: Meeting, read: _Reading) -> Meeting:
    said = meeting.invitation
    return replace(
        meeting,
        speakers=read.text("NvSpeakers", said.speakers),
        summary=read.text("NvSummary", said.summary),
        attended_from=read.text("NvAttendedFrom", ""),
        registration_link=read.text("NvRegLink", said.registration_link),
        register_by=read.day("NvRegBy", said.register_by),
        terms=read.text("NvRegTerms", said.terms),
        questions_by=read.day("NvQuestionsBy", said.questions_by),
        survey_link=read.text("NvSurveyLink", said.survey_link),
        survey_closes=read.day("NvSurveyCloses", said.survey_closes),
    )


def _with_coordinators(meeting: Meeting, read: _Reading) -> Meeting:
    counts = [count(read.row.get(name)) for name in _DAYS]
    while counts and counts[-1] is None:
        counts.pop()
    return replace(
        meeting,
        row_id=text(read.row.get("id")) or None,
        day_counts=tuple(counts),
        teams_count=count(read.row.get("NvTeamsCount")),
        invited_count=count(read.row.get("NvInvited")),
        quotes=text(read.row.get("NvQuotes")),
        expects_survey=flag(read.row.get("NvExpectSurvey")),
        expects_recording=flag(read.row.get("NvExpectRecording")),
        publish_recording=read.flag("NvPublishRecording", otherwise=True),
        publish_transcript=read.flag("NvPublishTranscript", otherwise=False),
        publish_result=read.flag("NvPublishResult", otherwise=False),
        hold=read.flag("NvHold", otherwise=False),
    )


def _local_days(event: SeenEvent, zone: ZoneInfo) -> tuple[date, date]:
    """An end at midnight belongs to the day before it."""
    first = event.start.astimezone(zone).date()
    last = (event.end.astimezone(zone) - timedelta(microseconds=1)).date()
    return first, max(first, last)


def _status(event: SeenEvent, read: _Reading, now: datetime) -> Status:
    if event.cancelled or read.flag("NvCancelled", otherwise=False):
        return Status.CANCELLED
    return Status.HELD if event.end <= now else Status.INVITED


def _groups(read: _Reading, groups: tuple[str, ...], network: Network | None) -> tuple[str, ...]:
    if network is None:
        return groups
    names = {group.id: group.name for group in network.groups}
    shown = read.text("NvGroups", "; ".join(names[group] for group in groups))
    return groups_named(shown, network) or groups


def _form(event: SeenEvent, invitation: Invitation, place: str) -> Form:
    online = event.join_url or is_online(event.location) or is_online(invitation.place)
    if not online:
        return Form.PHYSICAL
    return Form.HYBRID if place else Form.DIGITAL
