"""The steps that filings are made of: begun, placed, tagged, each written down."""

from dataclasses import replace

from service.domain.actions import Shelf
from service.errors import NotFound
from service.observe import Fields, SeenItem
from service.ports import Effect, Status
from service.workplace import Workplace

ERROR = "error"
"""In the baseline: the class of the error that an effect last met."""
STORED = "stored"
"""Phase: the file is in place, its columns may be still to be written."""
EDITED = "edited"
"""In the baseline: a person had written in the file before we wrote to it again."""


async def begin(key: str, at: Workplace) -> Effect | None:
    """Claim what happens once; None where there is nothing (more) to do now."""
    now = at.clock.now()
    effect, fresh = await at.ledger.claim(key, job="filing", now=now)
    if fresh or effect.status is Status.CLAIMED:
        waits = effect.not_before is not None and effect.not_before > now
        return None if waits else effect
    if effect.status is Status.PARKED and effect.not_before and effect.not_before <= now:
        return effect
    return None


async def take_up(key: str, at: Workplace) -> Effect | None:
    """Claim what may happen again and again; None where it waits for its time."""
    now = at.clock.now()
    effect, _ = await at.ledger.claim(key, job="filing", now=now)
    if effect.status in (Status.DONE, Status.DROPPED):
        effect = replace(effect, status=Status.CLAIMED, attempts=0, not_before=None, updated=now)
        await at.ledger.keep(effect)
        return effect
    waits = effect.not_before is not None and effect.not_before > now
    stands = effect.status is Status.PARKED and effect.not_before is None
    return None if waits or stands else effect


async def remember(effect: Effect, item: SeenItem, at: Workplace, **facts: object) -> Effect:
    """Write down that the file is in place, and what it was made from."""
    effect = replace(
        effect,
        phase=STORED,
        remote_id=item.id,
        etag=item.etag,
        baseline={**shown(item), **{name: value for name, value in facts.items() if value}},
        upload=None,
        updated=at.clock.now(),
    )
    await at.ledger.keep(effect)
    return effect


async def tag(effect: Effect, at: Workplace, drive_id: str, columns: Fields) -> None:
    """Write the columns, read the item back, and only then call it filed."""
    item_id = effect.remote_id or ""
    baseline = dict(effect.baseline)
    if columns:
        await at.drives.set_columns(drive_id, item_id, columns)
        before = baseline.get("columns")
        kept = before if isinstance(before, dict) else {}
        baseline |= {"columns": {**kept, **columns}}
        if "NvType" in columns:
            baseline["kind"] = columns["NvType"]
    item = await _read_back(drive_id, item_id, at)
    if item.checked_out:
        # A library that requires check-out keeps it from everybody else until then.
        await at.drives.check_in(drive_id, item_id, "")
        item = await _read_back(drive_id, item_id, at)
    await settle(replace(effect, baseline=baseline | shown(item), etag=item.etag), Status.DONE, at)


async def looked_at(effect: Effect, drive_id: str, at: Workplace) -> Effect:
    """
    The effect, which knows from now on whether a person has edited its file.

    To be called before columns are written or the file is moved: after that the service
    names our app as the one who wrote last, whoever did.
    """
    item = await at.drives.item(drive_id, effect.remote_id or "")
    if item is None or effect.baseline.get(EDITED) or not is_edited(item, effect, at):
        return effect
    effect = replace(effect, baseline={**effect.baseline, EDITED: True})
    await at.ledger.keep(effect)
    return effect


async def _read_back(drive_id: str, item_id: str, at: Workplace) -> SeenItem:
    item = await at.drives.item(drive_id, item_id)
    if item is None:
        raise NotFound(f"file {item_id}", "it was removed while it was being filed")
    return item


async def settle(effect: Effect, status: Status, at: Workplace, *, reason: str = "") -> None:
    await at.ledger.keep(
        replace(effect, status=status, reason=reason, not_before=None, updated=at.clock.now())
    )


async def effect_of(key: str, at: Workplace) -> Effect:
    """The effect under a key that a plan has read before."""
    return (await at.ledger.effects(key))[key]


async def filed_item(effect: Effect, at: Workplace) -> SeenItem | None:
    """The filed file, in whichever of the two libraries it lies."""
    for drive_id in (at.places.documentation, at.places.coordination):
        item = await at.drives.item(drive_id, effect.remote_id) if effect.remote_id else None
        if item is not None:
            return item
    return None


def shown(item: SeenItem) -> dict[str, object]:
    """What the tenant shows of a file right after our write: the baseline."""
    return {
        "name": item.name,
        "path": item.path,
        "ctag": item.ctag,
        "size": item.size,
        "hash": item.quick_xor_hash,
        "web_url": item.web_url,
    }


def drive_of(at: Workplace, shelf: Shelf) -> str:
    match shelf:
        case Shelf.DOCUMENTATION:
            return at.places.documentation
        case Shelf.COORDINATION:
            return at.places.coordination


def is_ours(item: SeenItem, at: Workplace) -> bool:
    return item.modified_by_app == at.places.client_id


def is_edited(item: SeenItem, effect: Effect, at: Workplace) -> bool:
    """
    Edited by a person: other content than our last write's, and last written by a person.

    Other columns are no edit: the cTag tells of the content alone (settled 25).
    """
    if item.id == effect.remote_id and effect.baseline.get(EDITED):
        return True
    as_written = item.id == effect.remote_id and item.ctag == effect.baseline.get("ctag")
    return not is_ours(item, at) and not as_written


async def named(name: str, drive_id: str, parent: str, at: Workplace) -> SeenItem | None:
    """What has the name in a folder, wherever people have moved that, whatever they call it."""
    folder = await at.drives.item(drive_id, parent)
    if folder is None:
        return None
    path = "/".join(part for part in (folder.path, folder.name, name) if part)
    return await at.drives.find(drive_id, path)
