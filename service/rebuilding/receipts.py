"""What was disposed of, by the receipts in Gallring: it must not be collected again."""

from dataclasses import replace

from service.domain.retention import Remaining
from service.effects.steps import shown
from service.jobs.frozen import FROZEN
from service.jobs.known import items
from service.jobs.retention import DISPOSALS, FOLDER
from service.observe import Change, SeenItem
from service.parse.receipt import read_receipt
from service.rebuilding import filed
from service.rebuilding.found import Findings, What


async def read_receipts(found: Findings) -> None:
    """Freeze the figures of the answers that are gone, and close their forms for good."""
    at = found.at
    there = (await items(at, at.places.coordination)).values()
    for item in sorted(there, key=lambda one: (one.created, one.id)):
        if item.path != FOLDER or item.folder or not item.name.endswith(".xlsx"):
            continue
        content = at.drives.content(item.drive_id, item.id)
        remaining = read_receipt(b"".join([piece async for piece in content.read()]))
        if remaining is not None:
            await _keep(item, remaining, found)


async def _keep(item: SeenItem, remaining: Remaining, found: Findings) -> None:
    at, disposal = found.at, remaining.disposal
    done = replace(disposal, done=disposal.done or item.created, url=item.web_url)
    await at.ledger.absorb(DISPOSALS, [Change(id=done.id, value=done)])
    await at.ledger.absorb(FROZEN, [Change(id=one.survey, value=one) for one in remaining.frozen])
    key = f"disposal-receipt/{done.id}"
    told = {**shown(item), "fingerprint": key}
    await found.keep(What.DISPOSAL, filed.done(key, "documents", item, told))
