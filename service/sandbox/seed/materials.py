"""Files of the meetings: with the event, in the inbox, and astray."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from service.sandbox.seed import letters
from service.sandbox.seed.chance import chance
from service.sandbox.seed.data import FileData, Tenant, Unplaceable
from service.sandbox.seed.days import Days
from service.sandbox.seed.documents import TYPES, Document
from service.sandbox.seed.invitations import person
from service.sandbox.seed.meetings import Meeting
from service.sandbox.timeline import Act, Attach, Upload

LIBRARY = "Samordning"
INBOX = "Inkorg"
POINTS = 5
PROGRAMMES = ("Program", "Dagordning", "Inbjudan")
"""How the name of a file begins that holds the programme and not what was said."""


def materials(meeting: Meeting, tenant: Tenant, *, own_folder: bool) -> Iterator[Act]:
    """`own_folder`: the coordinator makes the inbox's subfolder, since the service never will."""
    for file in meeting.detail.files:
        name = meeting.text(file.name)
        content = _document(meeting, file, name)
        at = _when(meeting, file)
        if file.to == "event":
            kind = TYPES[content.ending]
            yield Attach(at=at, key=meeting.key, name=name, content_type=kind, content=content)
            continue
        in_folder = file.to == "folder"
        yield Upload(
            at=at,
            drive=LIBRARY,
            folder=f"{INBOX}/{meeting.folder}" if in_folder else INBOX,
            name=name,
            content=content,
            by=person(tenant, file.by).id,
            make_folder=in_folder and own_folder,
        )


def unplaceable(file: Unplaceable, tenant: Tenant, calendar: Days) -> Upload:
    stem, ending = _parts(file.name)
    lines = ("Bilder och kartor läggs in före träffen.", "Underlag under arbete.")
    return Upload(
        at=calendar.moment(file.at),
        drive=LIBRARY,
        folder=INBOX,
        name=file.name,
        content=Document(ending=ending, title=stem, author="Exempel", lines=lines),
        by=person(tenant, file.by).id,
    )


def _when(meeting: Meeting, file: FileData) -> datetime:
    if file.days is None:
        return meeting.invited + timedelta(minutes=4)
    from_day = meeting.first if file.days < 0 else meeting.last
    return meeting.calendar.at(from_day + timedelta(days=file.days), file.at)


def _document(meeting: Meeting, file: FileData, name: str) -> Document:
    """What is written depends on the name alone, or on what the file is like."""
    stem, ending = _parts(name)
    title = meeting.text(file.like) or stem
    draw = chance(meeting.key, title if file.like else f"{file.to}/{name}")
    about = f"{meeting.fact.title}, {meeting.words['span']}"
    programme = stem.startswith(PROGRAMMES)
    named = [letters.speaker(one) for one in meeting.detail.speakers]
    lines = (
        meeting.detail.programme
        if programme
        else draw.sample(meeting.detail.points, min(POINTS, len(meeting.detail.points)))
    )
    author = "Kommunnätverket" if programme or not named else draw.choice(named)
    return Document(ending=ending, title=title, author=author, lines=(about, *lines, *named))


def _parts(name: str) -> tuple[str, str]:
    stem, _, ending = name.rpartition(".")
    return stem, ending
