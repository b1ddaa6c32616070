"""The parts of an export: files of the tenant, and what the service writes from its state."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import PurePosixPath

from service.domain.actions import origin_of
from service.domain.holding import About, Absent, People
from service.domain.meeting import Meeting
from service.domain.names import inbox_folder
from service.jobs.known import Known, items, known, owner_of, read_register
from service.jobs.reading import read_drive
from service.observe import FileColumns, SeenItem
from service.ports import Effect, Status
from service.workplace import Workplace

SHELVES = ("documentation", "coordination")
"""Of the two libraries, as sections and as keys of folders name them."""
WITH_PEOPLE = frozenset({"recording", "captions", "transcript"})


@dataclass(frozen=True, kw_only=True)
class Part:
    """A file to be laid out: an item of the tenant, or bytes of ours."""

    folders: tuple[str, ...]
    name: str
    about: About
    item: SeenItem | None = None
    data: bytes = b""


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """A library as it was seen a moment ago."""

    section: str
    files: tuple[SeenItem, ...]
    paths: Mapping[str, str]
    """Of its folders, by id."""
    columns: Mapping[tuple[str, str], FileColumns]
    """By path and name."""


@dataclass(frozen=True, kw_only=True)
class Stock:
    """Everything that parts are taken from."""

    known: Known
    shelves: tuple[Shelf, ...]
    owners: Mapping[str, Effect]
    """The filing of an item, by its id."""
    folders: Mapping[str, Effect]
    """By key."""
    naming: frozenset[str]
    """Ids of our own documents that name people or hold their answers."""


async def stock(at: Workplace) -> Stock:
    """Read what is new in both libraries and the register. Raises SourceEmptied, Forbidden."""
    await read_register(at)
    drives = (at.places.documentation, at.places.coordination)
    for drive_id in drives:
        await read_drive(at, drive_id)
    facts = await known(at)
    ours = [
        effect.remote_id
        for prefix in ("attendees/", "sheet/")
        for effect in (await at.ledger.effects(prefix)).values()
    ]
    return Stock(
        known=facts,
        shelves=tuple(
            [await _shelf(name, drive, at) for name, drive in zip(SHELVES, drives, strict=True)]
        ),
        owners={e.remote_id: e for e in facts.filed.values() if e.remote_id},
        folders=await at.ledger.effects("folder/"),
        naming=frozenset(filter(None, ours)),
    )


async def _shelf(section: str, drive_id: str, at: Workplace) -> Shelf:
    seen = (await items(at, drive_id)).values()
    return Shelf(
        section=section,
        files=tuple(item for item in seen if not item.folder),
        paths={i.id: f"{i.path}/{i.name}".strip("/") for i in seen if i.folder},
        columns={(row.path, row.name): row for row in await at.drives.all_columns(drive_id)},
    )


# ---------------------------------------------------------------- of a meeting


def of_meeting(meeting: Meeting, of: Stock, under: str, words: Mapping[str, str]) -> list[Part]:
    """Every file of a meeting, in both libraries, wherever people have moved it."""
    return [
        _part(item, home, shelf, of, (words[shelf.section], under))
        for shelf in of.shelves
        for item in shelf.files
        if (home := _home(item, meeting, shelf, of)) is not None
    ]


def _home(item: SeenItem, meeting: Meeting, shelf: Shelf, of: Stock) -> str | None:
    """The folder of the meeting that a file lies in, empty for elsewhere; None: not its file."""
    owner = of.owners.get(item.id)
    theirs = owner is not None and owner_of(owner) != meeting.id
    for home in () if theirs else _homes(meeting, shelf, of):
        if f"{item.path}/".startswith(f"{home}/"):
            return home
    return "" if owner is not None and not theirs else None


def _homes(meeting: Meeting, shelf: Shelf, of: Stock) -> list[str]:
    made = of.folders.get(f"folder/{shelf.section}/{meeting.id}")
    found = [shelf.paths.get(made.remote_id or "")] if made else []
    if shelf.section == SHELVES[1]:
        inbox = of.folders.get(f"folder/inbox/{meeting.id}")
        known_as = shelf.paths.get(inbox.remote_id or "") if inbox else None
        found.append(known_as or inbox_folder(meeting))
    return [home for home in found if home]


def _part(item: SeenItem, home: str, shelf: Shelf, of: Stock, above: tuple[str, str]) -> Part:
    library, under = above
    inside = PurePosixPath(item.path).relative_to(home).parts if home else ()
    return Part(
        folders=(under, library, *inside),
        name=item.name,
        about=replace(told_of(item, shelf), people=_people(item, of), meeting=under),
        item=item,
    )


def told_of(item: SeenItem, shelf: Shelf) -> About:
    """What the index says of a file as it lies in its library."""
    row = shelf.columns.get((item.path, item.name))
    fields = row.fields if row else {}
    return About(
        title=item.name,
        section=shelf.section,
        type=str(fields.get("NvType") or ""),
        registry_no=str(fields.get("NvRegistryNo") or ""),
        dispose_after=str(fields.get("NvDisposeAfter") or "")[:10],
        url=row.url if row else item.web_url,
        lay=item.path,
        modified=item.modified,
    )


def _people(item: SeenItem, of: Stock) -> People:
    owner = of.owners.get(item.id)
    made = owner is not None and origin_of(owner.key) in WITH_PEOPLE
    shown = item.content_type.startswith(("image/", "video/"))
    return People.YES if made or shown or item.id in of.naming else People.MAY


def absent_from(meeting: Meeting, of: Stock, under: str, words: Mapping[str, str]) -> list[Absent]:
    """What was filed and is gone, or could not be filed, and why."""
    there = {item.id for shelf in of.shelves for item in shelf.files}
    found = []
    for effect in of.known.effects_of(meeting.id):
        if effect.status is Status.DONE and effect.remote_id not in there:
            found.append(_absent(effect, under, words["removed"]))
        elif effect.status is Status.PARKED:
            found.append(_absent(effect, under, effect.reason))
    return found


def _absent(effect: Effect, under: str, why: str) -> Absent:
    name = str(effect.baseline.get("name") or effect.baseline.get("source_name") or effect.key)
    about = About(title=name, section=SHELVES[0], meeting=under)
    return Absent(about=about, why=why, gone=True)


# ---------------------------------------------------------------- of a year


def of_year(year: int, of: Stock, taken: frozenset[str], words: Mapping[str, str]) -> list[Part]:
    """What lies in a year's folders or has the year in its name, and is no meeting's."""
    fits = partial(_is_of_year, year)
    return [
        Part(
            folders=(words[shelf.section], *PurePosixPath(item.path).parts),
            name=item.name,
            about=told_of(item, shelf),
            item=item,
        )
        for shelf in of.shelves
        for item in shelf.files
        if item.id not in taken and fits(item)
    ]


def _is_of_year(year: int, item: SeenItem) -> bool:
    """In the inbox a year in a name is a guess, and the file may be anybody's."""
    parts = PurePosixPath(item.path).parts
    named = any(str(year) in part for part in (*parts, item.name))
    return named and (not parts or parts[0] != "Inkorg")
