"""The thousand files of the seed `2023-files`, each with the place that a person would give it."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from urllib.parse import quote
from zoneinfo import ZoneInfo

from service.domain.candidate import Candidate
from service.domain.kinds import is_material
from service.domain.meeting import Form, Kind, Meeting, Status
from service.observe import SeenAttachment
from service.sandbox.seed import data, files
from service.sandbox.seed.days import Days
from service.sandbox.seed.files import Dropped

ZONE = ZoneInfo("Europe/Stockholm")
Place = date | tuple[date, ...] | None
"""A meeting's first day; Oplacerat with the meetings in question; or no material at all."""
SITE = "https://natverket.sharepoint.com/sites/Kommunnatverket"
ONEDRIVE = "https://natverket-my.sharepoint.com/personal/sanna_pahitt_natverket_example"
FURTHER = {
    "NATVERKET_NETWORK_MAIL_FOLDER": "Material",
    "NATVERKET_NETWORK_WATCHED_FOLDERS": "; ".join(
        (
            f"{SITE}/Dokument/{quote('Frågor och svar')}",
            f"{ONEDRIVE}/Dokument/{quote('Nätverket')}",
        )
    ),
}
"""What an admin sets so that the folders of the seed are read, too."""


@dataclass(frozen=True)
class Expected:
    file: Dropped
    place: Place


@cache
def table() -> tuple[Expected, ...]:
    """Every file of every series. Raises KeyError for one that the table does not place."""
    places = tomllib.loads((data.folder() / "2023-files-places.toml").read_text(encoding="utf-8"))
    seeded = files.dropped(data.read("2023-files", data.Files), Days(0, ZONE))
    return tuple(Expected(file, _place(places[file.origin][key(file)])) for file in seeded)


def key(file: Dropped) -> str:
    """How the table names a file: its folder, meeting or mail, and its series."""
    return f"{file.where} › {file.series.name}" if file.where else file.series.name


def _place(written: object) -> Place:
    if isinstance(written, date):
        return written
    return tuple(written) if isinstance(written, list) else None


@cache
def meetings() -> tuple[Meeting, ...]:
    """The year's meetings, the cancelled one too, as they stand when all is over."""
    facts = data.read("2023", data.Facts).meetings
    details = data.read("2023-meetings", data.Meetings)
    located = {detail.date: detail for detail in details.meetings}
    held = (_meeting(fact, located[fact.start]) for fact in facts)
    return tuple(sorted((*held, *_cancelled(details)), key=lambda one: one.start))


def _meeting(fact: data.Fact, detail: data.Detail) -> Meeting:
    last = fact.end or fact.start
    online = fact.form == "digital"
    return Meeting(
        id=fact.start.isoformat(),
        title=fact.title,
        groups=fact.groups,
        form=Form.DIGITAL if online else Form.PHYSICAL,
        kind=Kind.MEETING,
        start=datetime.combine(fact.start, detail.start, ZONE),
        end=datetime.combine(last, detail.end, ZONE),
        first_day=fact.start,
        last_day=last,
        place="" if online else detail.location,
        status=Status.HELD,
    )


def _cancelled(details: data.Meetings) -> Iterator[Meeting]:
    for off in details.cancelled:
        fact = data.Fact(
            start=off.date, groups=off.groups, form="digital", title=off.title, participants=()
        )
        like = next(iter(details.meetings))
        yield replace(_meeting(fact, like), status=Status.CANCELLED)


def candidate(file: Dropped) -> Candidate:
    """As the jobs see the file at its source."""
    hangs = file.origin in ("event", "link")
    origin = "folder" if file.origin in ("channel", "onedrive") else file.origin
    return Candidate(
        origin=origin,
        id=f"{file.origin} {file.content.number}",
        version="1",
        name=file.name,
        modified=file.at,
        content_type=file.content_type,
        size=file.content.size,
        folder="" if hangs or file.origin == "mail" else _folder(file),
        words=file.where if file.origin == "mail" else "",
        hangs_on=file.where if hangs else "",
    )


def _folder(file: Dropped) -> str:
    """A meeting's subfolder of the inbox is called by its day and title."""
    first, slash, rest = file.where.partition("/")
    by_day = {one.id: f"{one.first_day} {one.title}" for one in meetings()}
    own = by_day.get(first, first) if file.origin == "inbox" else first
    return own + slash + rest


def is_for_the_participants(file: Dropped) -> bool:
    """What `is_material` says of it, where a source has such things as logos."""
    if file.origin == "link":
        return not file.name.startswith("https://")
    return file.origin not in ("event", "mail") or is_material(
        SeenAttachment(
            holder_id="",
            id="",
            name=file.name,
            content_type=file.content_type,
            size=file.content.size,
            inline=file.series.inline,
            is_file=True,
            modified=file.at,
        )
    )
