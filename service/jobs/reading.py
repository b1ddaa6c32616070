"""Takes a library's changes into the ledger."""

from service.errors import CursorExpired
from service.observe import SeenItem
from service.workplace import Workplace


async def read_drive(at: Workplace, drive_id: str) -> None:
    """Read what is new since the last time; everything, where that is no longer known."""
    source = f"drive/{drive_id}"
    try:
        await _absorb(at, drive_id, source, await at.ledger.cursor(source))
    except CursorExpired:
        await at.ledger.forget(source)
        await _absorb(at, drive_id, source, None)


async def _absorb(at: Workplace, drive_id: str, source: str, cursor: str | None) -> None:
    async for page in at.drives.changes(drive_id, cursor):
        # Only a complete page needs what is known: reading that for each page would be slow.
        known = await at.ledger.seen(source, SeenItem) if page.complete else {}
        await at.ledger.absorb(source, page.against(known), cursor=page.cursor)
