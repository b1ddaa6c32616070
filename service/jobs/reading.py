"""Takes a library's changes into the ledger."""

from service.errors import CursorExpired
from service.jobs.valve import refuse_emptied
from service.observe import Change, SeenItem
from service.workplace import Workplace


async def read_drive(at: Workplace, drive_id: str) -> None:
    """
    Read what is new since the last time; everything, where that is no longer known.

    Raises SourceEmptied where most of what was there is gone; nothing of that is kept then.
    """
    source = f"drive/{drive_id}"
    try:
        await _read(at, drive_id, await at.ledger.cursor(source))
    except CursorExpired:
        await read_anew(at, drive_id)


async def read_anew(at: Workplace, drive_id: str) -> None:
    """List everything, and take what the listing does not show for gone."""
    source = f"drive/{drive_id}"
    listed: set[str] = set()
    cursor: str | None = None
    async for page in at.drives.changes(drive_id, None):
        listed |= {change.id for change in page.changes if change.value is not None}
        cursor = page.cursor
        await at.ledger.absorb(source, page.changes)
    lost = (await at.ledger.seen(source, SeenItem)).keys() - listed
    await _let_go(at, drive_id, [Change[SeenItem](id=id_, value=None) for id_ in lost], cursor)


async def _read(at: Workplace, drive_id: str, since: str | None) -> None:
    """Keep what is there page by page; what is gone only when all of it is known."""
    source = f"drive/{drive_id}"
    gone: dict[str, Change[SeenItem]] = {}
    cursor: str | None = None
    async for page in at.drives.changes(drive_id, since):
        # Only a complete page needs what is known: reading that for each page would be slow.
        known = await at.ledger.seen(source, SeenItem) if page.complete else {}
        changes = page.against(known)
        gone |= {change.id: change for change in changes if change.value is None}
        here = [change for change in changes if change.value is not None]
        for change in here:
            gone.pop(change.id, None)
        cursor = page.cursor
        await at.ledger.absorb(source, here)
    await _let_go(at, drive_id, list(gone.values()), cursor)


async def _let_go(
    at: Workplace, drive_id: str, gone: list[Change[SeenItem]], cursor: str | None
) -> None:
    source = f"drive/{drive_id}"
    known = await at.ledger.seen(source, SeenItem)
    before = sum(not item.folder for item in known.values())
    files = [one.id for one in gone if one.id in known and not known[one.id].folder]
    refuse_emptied(f"library {drive_id}", before, files, at)
    await at.ledger.absorb(source, gone, cursor=cursor)
