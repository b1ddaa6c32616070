"""A thousand files beside those of the meetings, as acts: config/seeds/2023-files.toml."""

import io
import itertools
import re
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import quote

from service.sandbox.seed import data
from service.sandbox.seed.data import FileSeries, Tenant
from service.sandbox.seed.days import Days
from service.sandbox.seed.documents import TYPES
from service.sandbox.seed.invitations import person
from service.sandbox.seed.materials import INBOX, LIBRARY
from service.sandbox.timeline import (
    Act,
    Attach,
    AttachLink,
    GrantMailbox,
    MailArrives,
    MailFile,
    Site,
    Upload,
    World,
)

APART = timedelta(seconds=20)
SMALLEST, STEP = 1000, 40
"""Bytes: each content has a size of its own, so that a file is known wherever it has gone."""
MEMBERS, TEAM, DRIVE = "Dokumentation", "Dokument", "coordinator"
OWN, SHARED = "Nätverket", "Delat"
"""Folders of the coordinator's OneDrive: the one that is watched, and one that links lead to."""
MAIL_FOLDER = "Material"
ORIGINS = ("inbox", "event", "mail", "channel", "onedrive", "link", "folder")
_TYPES: Mapping[str, str] = {**TYPES, "zip": "application/zip", "ics": "text/calendar"}
_OFFICE = ("docx", "pptx", "xlsx")
_STARTS = {"pdf": b"%PDF-1.7\n", "jpg": b"\xff\xd8\xff\xe0", "png": b"\x89PNG\r\n\x1a\n"}


@dataclass(frozen=True)
class Filling:
    """As much of the real thing as tells what it is, then what makes it its own."""

    ending: str
    number: int

    @property
    def size(self) -> int:
        return SMALLEST + STEP * self.number

    def __call__(self) -> bytes:
        own = f"{self.number} ".encode()
        if self.ending in _OFFICE:
            return _zip(own.ljust(self.size - len(_zip(b"")), b"."))
        return (_STARTS.get(self.ending, b"") + own).ljust(self.size, b".")


@dataclass(frozen=True, kw_only=True)
class Dropped:
    """One file of the table, and when and where it turns up."""

    origin: str
    where: str
    name: str
    at: datetime
    series: FileSeries
    content: Filling

    @property
    def content_type(self) -> str:
        return _TYPES.get(self.content.ending, "application/octet-stream")


def dropped(files: data.Files, calendar: Days) -> tuple[Dropped, ...]:
    """Every file of every series, numbered in the order of the table."""
    numbers: dict[str, int] = {}
    found: list[Dropped] = []
    for origin in ORIGINS:
        for series in getattr(files, origin):
            for nth, name in enumerate(expanded(series.name)):
                key = f"like {series.like}" if series.like else str(len(found))
                one = Dropped(
                    origin=origin,
                    where=series.where,
                    name=unicodedata.normalize("NFD", name) if series.mac else name,
                    at=calendar.moment(series.at) + nth * APART,
                    series=series,
                    content=Filling(ending(name), numbers.setdefault(key, len(numbers))),
                )
                found.append(one)
    return tuple(found)


def ending(name: str) -> str:
    return name.rpartition(".")[2].casefold()


def expanded(pattern: str) -> tuple[str, ...]:
    """The names of a series: {01..12} counts, {A..E} spells, {one|two} lists."""
    parts = re.split(r"\{([^}]*)\}", pattern)
    choices = [_choices(part) if n % 2 else [part] for n, part in enumerate(parts)]
    return tuple("".join(each) for each in itertools.product(*choices))


def _choices(inner: str) -> Sequence[str]:
    first, dots, last = inner.partition("..")
    if not dots:
        return inner.split("|")
    if first.isdigit():
        return [str(n).zfill(len(first)) for n in range(int(first), int(last) + 1)]
    return [chr(letter) for letter in range(ord(first), ord(last) + 1)]


def with_drive(world: World, tenant: Tenant) -> World:
    """The coordinator has a OneDrive, which the daemon's app may read."""
    owner = person(tenant, "sanna")
    daemon, *others = world.apps
    return replace(
        world,
        apps=(replace(daemon, site_grants={DRIVE: "read"}), *others),
        sites=(*world.sites, Site(key=DRIVE, name=owner.name, owner=owner.id)),
    )


# ---------------------------------------------------------------- as acts


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What the acts of the files stand on."""

    tenant: Tenant
    world: World
    inbox: Mapping[str, str]
    """Name of a meeting's subfolder, by its first day."""
    members: Mapping[str, str]
    """Path of a meeting's folder in the members' library, by its first day."""


def acts(files: Sequence[Dropped], ground: Ground) -> Iterator[Act]:
    mails = [one for one in files if one.origin == "mail"]
    yield _mail_may_be_read(ground)
    yield from _mails(mails, ground.tenant)
    for one in files:
        match one.origin:
            case "inbox":
                yield _into_inbox(one, ground)
            case "event":
                yield _to_event(one)
            case "channel":
                channel = ground.world.channels[0].name
                yield _upload(one, ground, TEAM, f"{channel}/{one.where}".rstrip("/"))
            case "onedrive":
                yield _upload(one, ground, f"{DRIVE}/{TEAM}", f"{OWN}/{one.where}".rstrip("/"))
            case "link":
                yield from _linked(one, ground)
            case "folder":
                yield _upload(one, ground, MEMBERS, ground.members[one.where], make=False)


def _upload(one: Dropped, ground: Ground, drive: str, folder: str, *, make: bool = True) -> Upload:
    return Upload(
        at=one.at,
        drive=drive,
        folder=folder,
        name=one.name,
        content=one.content,
        by=person(ground.tenant, "sanna").id,
        make_folder=make,
    )


def _into_inbox(one: Dropped, ground: Ground) -> Upload:
    """A meeting's subfolder is the service's to make; what lies in it is the person's."""
    first, slash, rest = one.where.partition("/")
    segments = (INBOX, ground.inbox.get(first, first), rest)
    folder = "/".join(segment for segment in segments if segment)
    own = bool(slash) or (bool(first) and first not in ground.inbox)
    return _upload(one, ground, LIBRARY, folder, make=own)


def _to_event(one: Dropped) -> Attach:
    return Attach(
        at=one.at,
        key=one.where,
        name=one.name,
        content_type=one.content_type,
        content=one.content,
        inline=one.series.inline,
    )


def _linked(one: Dropped, ground: Ground) -> Iterator[Act]:
    if one.name.startswith("https://"):
        yield AttachLink(at=one.at, key=one.where, name=one.name, url=one.name)
        return
    folder = f"{SHARED}/{one.where}"
    yield replace(_upload(one, ground, f"{DRIVE}/{TEAM}", folder), at=one.at - APART)
    host = ground.world.domain.partition(".")[0]
    owner = re.sub(r"[^a-z0-9]", "_", person(ground.tenant, "sanna").mail)
    path = quote(f"/personal/{owner}/{TEAM}/{folder}/{one.name}")
    url = f"https://{host}-my.sharepoint.com{path}"
    yield AttachLink(at=one.at, key=one.where, name=one.name, url=url)


def _mail_may_be_read(ground: Ground) -> GrantMailbox:
    """The daemon's app gets Exchange's role for mail as well, when the year begins."""
    return GrantMailbox(
        at=ground.world.start,
        app=ground.world.apps[0].client_id,
        mailbox=ground.tenant.mailbox,
        role="Mail.Read",
    )


def _mails(files: Sequence[Dropped], tenant: Tenant) -> Iterator[MailArrives]:
    """Files of one subject and hour came in one mail."""
    guests = [guest.mail for guest in tenant.people if guest.guest]
    by_mail = itertools.groupby(files, key=lambda one: (one.series.at, one.where))
    for number, ((_, subject), some) in enumerate(by_mail):
        together = tuple(some)
        yield MailArrives(
            at=together[0].at,
            key=f"file mail {number}",
            sender=guests[number % len(guests)],
            subject=subject,
            body_html="<html><body><p>Hej! Se bifogat.</p></body></html>",
            folder=MAIL_FOLDER,
            files=tuple(_enclosed(one) for one in together),
        )


def _enclosed(one: Dropped) -> MailFile:
    return MailFile(
        name=one.name,
        content_type=one.content_type,
        content=one.content,
        inline=one.series.inline,
    )


def _zip(filling: bytes) -> bytes:
    """The least that Office's files are."""
    with io.BytesIO() as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as made:
            made.writestr(zipfile.ZipInfo("[Content_Types].xml"), filling)
        return file.getvalue()
