"""Takes what has changed in the tenant's sources into the ledger."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

from service.effects.register import SOURCE as REGISTER
from service.errors import CursorExpired
from service.jobs.valve import is_emptied, refuse_emptied
from service.observe import Change, Page, SeenItem, SeenMail, SeenRow
from service.workplace import Watched, Workplace

T = TypeVar("T")

MAILS = "mail"


async def nowhere(ids: list[str]) -> list[str]:
    """Take what is gone for lost."""
    return ids


@dataclass(frozen=True, kw_only=True)
class Readable(Generic[T]):
    """Something that tells its changes since a cursor."""

    source: str
    """Its name in the ledger."""
    kind: type[T]
    subject: str
    """Its name for people."""
    changes: Callable[[str | None], AsyncIterator[Page[T]]]
    lost: Callable[[list[str]], Awaitable[list[str]]] = nowhere
    """Of what is gone, the ids that did not just go elsewhere."""


def library(drive_id: str, at: Workplace) -> Readable[SeenItem]:
    return Readable(
        source=f"drive/{drive_id}",
        kind=SeenItem,
        subject=f"library {drive_id}",
        changes=partial(at.drives.changes, drive_id),
        lost=partial(_not_moved, drive_id, at),
    )


async def _not_moved(drive_id: str, at: Workplace, gone: list[str]) -> list[str]:
    """Without those that were moved to the other library: by us, or by a coordinator."""
    others = {at.places.documentation, at.places.coordination} - {drive_id}
    return [
        item_id
        for item_id in gone
        if not any([await at.drives.item(other, item_id) for other in others])
    ]


def register(at: Workplace) -> Readable[SeenRow]:
    return Readable(source=REGISTER, kind=SeenRow, subject="register", changes=at.register.changes)


def mails(at: Workplace) -> Readable[SeenMail] | None:
    if at.mail is None:
        return None
    return Readable(source=MAILS, kind=SeenMail, subject="mail folder", changes=at.mail.changes)


async def read_drive(at: Workplace, drive_id: str) -> None:
    await read(library(drive_id, at), at)


def lies_in(item: SeenItem, watched: Watched) -> bool:
    """Tell whether a file lies in a watched folder, however deep."""
    inside = f"{item.path}/".startswith(f"{watched.path}/") if watched.path else True
    return inside and not item.folder


async def read(this: Readable[T], at: Workplace) -> None:
    """
    Read what is new since the last time; everything, where that is no longer known.

    Raises SourceEmptied where most of what was there is gone; nothing of that is kept then.
    """
    since = await at.ledger.cursor(this.source)
    if since is None:
        await read_anew(this, at)
        return
    try:
        await _read_since(since, this, at)
    except CursorExpired:
        await read_anew(this, at)


async def read_anew(this: Readable[T], at: Workplace) -> None:
    """List everything, and take what the listing does not show for gone."""
    listed: set[str] = set()
    cursor: str | None = None
    async for page in this.changes(None):
        here = [change for change in page.changes if change.value is not None]
        listed |= {change.id for change in here}
        cursor = page.cursor
        await at.ledger.absorb(this.source, here)
    known = await at.ledger.seen(this.source, this.kind)
    gone = [Change[T](id=id_, value=None) for id_ in known.keys() - listed]
    await _let_go(gone, known, this, at, cursor=cursor)


async def _read_since(since: str, this: Readable[T], at: Workplace) -> None:
    """Keep what is there page by page; what is gone only when all of it is known."""
    gone: dict[str, Change[T]] = {}
    cursor: str | None = None
    async for page in this.changes(since):
        # Only a complete page needs what is known: reading that for each page would be slow.
        known = await at.ledger.seen(this.source, this.kind) if page.complete else {}
        changes = page.against(known)
        here = [change for change in changes if change.value is not None]
        gone |= {change.id: change for change in changes if change.value is None}
        for change in here:
            gone.pop(change.id, None)
        cursor = page.cursor
        await at.ledger.absorb(this.source, here)
    known = await at.ledger.seen(this.source, this.kind) if gone else {}
    await _let_go(list(gone.values()), known, this, at, cursor=cursor)


async def _let_go(
    gone: list[Change[T]],
    known: Mapping[str, T],
    this: Readable[T],
    at: Workplace,
    *,
    cursor: str | None,
) -> None:
    fresh = [one.id for one in gone if one.id in known]
    if is_emptied(len(known), len(fresh)):
        fresh = await this.lost(fresh)
    refuse_emptied(this.subject, len(known), fresh, at)
    await at.ledger.absorb(this.source, gone, cursor=cursor)
