"""
Files into folders: stored or moved, then given their columns, each step recorded.

A crash between the steps heals at the next run: the name is written down before the file
is stored, so a file of our own under it which no effect claims yet is the one that we stored
before we could say so.
"""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import replace
from urllib.parse import quote

from service.domain.actions import (
    Folder,
    FromEvent,
    FromItem,
    FromMail,
    FromRecording,
    FromTranscript,
    Made,
    MoveFile,
    PrepareFolder,
    RefreshFile,
    Shelf,
    Source,
    StoreFile,
    TagFile,
)
from service.domain.filing import free_name
from service.errors import Conflict, NotFound
from service.observe import Fields, SeenItem
from service.parse.transcript import captions
from service.ports import Content, Effect, Status, Stored, Target, UploadState
from service.workplace import Workplace

NAMES_TRIED = 50
TRYING = "trying"
"""Name under which a file is being stored: after a crash it alone may be the one we stored."""


class Bytes:
    """Content that is in memory already."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.size: int | None = len(data)

    async def read(self, offset: int = 0) -> AsyncIterator[bytes]:
        yield self.data[offset:]


async def prepare(action: PrepareFolder, at: Workplace) -> bool:
    effect, _ = await at.ledger.claim(action.folder.key, job="folders", now=at.clock.now())
    if effect.status is not Status.CLAIMED:
        return False
    await _folder_id(action.folder, at)
    return True


async def store(action: StoreFile, at: Workplace) -> bool:
    effect = await _begin(action.key, at)
    if effect is None:
        return False
    if effect.phase == "":
        content = await _open(action.source, at)
        twin = await _twin(action, content, at)
        if twin:
            await _settle(at, effect, Status.DROPPED, reason=f"same bytes as {twin}")
            return False
        parent = await _folder_id(action.folder, at)
        item = await _stored(action, content, parent, effect, at)
        effect = await _remember(at, effect, item, phase="stored", content=content)
    await _tag(effect, at, _drive(at, action.folder.shelf), action.columns)
    return True


async def move(action: MoveFile, at: Workplace) -> bool:
    effect = await _begin(action.key, at)
    if effect is None:
        return False
    drive_id = _drive(at, action.folder.shelf)
    if effect.phase == "":
        twin = await _same_hash(action, at)
        if twin:
            await _settle(at, effect, Status.DROPPED, reason=f"the same bytes are filed as {twin}")
            return False
        parent = await _folder_id(action.folder, at)
        item = await _moved(action, drive_id, parent, at)
        effect = await _remember(at, effect, item, phase="stored")
    await _tag(effect, at, drive_id, action.columns)
    return True


async def tag(action: TagFile, at: Workplace) -> bool:
    effect = await _begin(action.key, at)
    if effect is None:
        return False
    effect = await _remember(at, effect, action.item, phase="stored")
    await _tag(effect, at, action.item.drive_id, action.columns)
    return True


async def refresh(action: RefreshFile, at: Workplace) -> bool:
    """
    Write a document of ours again where it says something else than before.

    Edited by a person = cTag other than our last write's, and last written by somebody
    else than our app (settled 25): that one is theirs now, and the new one lies beside it.
    """
    effect, fresh = await at.ledger.claim(action.key, job="documents", now=at.clock.now())
    if not fresh and effect.baseline.get("fingerprint") == action.source.fingerprint:
        return False
    drive_id = _drive(at, action.folder.shelf)
    parent = await _folder_id(action.folder, at)
    name, etag = action.name, None
    standing = await at.drives.item(drive_id, effect.remote_id) if effect.remote_id else None
    if standing is None:
        standing = await _named(name, drive_id, parent, at)
    if standing is not None:
        if not _is_edited(standing, effect, at):
            name, etag, parent = standing.name, standing.etag, standing.parent_id or parent
        else:
            name = action.name_beside
    target = Target(drive_id=drive_id, parent_id=parent, name=name, replace=etag)
    try:
        stored = await at.drives.store(target, Bytes(action.source.make()))
    except Conflict:
        # The name beside it is taken as well: an earlier, interrupted write of ours, or theirs.
        standing = await _named(name, drive_id, parent, at)
        if standing is None or not _is_ours(standing, at):
            raise
        target = replace(target, replace=standing.etag)
        stored = await at.drives.store(target, Bytes(action.source.make()))
    baseline = {**_baseline(stored.item), "fingerprint": action.source.fingerprint}
    await at.ledger.keep(
        replace(
            effect,
            status=Status.DONE,
            remote_id=stored.item.id,
            etag=stored.item.etag,
            baseline=baseline,
            updated=at.clock.now(),
        )
    )
    return True


# ---------------------------------------------------------------- steps


async def _begin(key: str, at: Workplace) -> Effect | None:
    """Claim; None where there is nothing (more) to do now."""
    now = at.clock.now()
    effect, fresh = await at.ledger.claim(key, job="filing", now=now)
    if fresh or effect.status is Status.CLAIMED:
        waits = effect.not_before is not None and effect.not_before > now
        return None if waits else effect
    if effect.status is Status.PARKED and effect.not_before and effect.not_before <= now:
        return effect
    return None


async def _stored(
    action: StoreFile, content: Content, parent: str, effect: Effect, at: Workplace
) -> SeenItem:
    drive_id = _drive(at, action.folder.shelf)

    async def keep(state: UploadState) -> None:
        await at.ledger.keep(replace(effect, upload=state, updated=at.clock.now()))

    taken: list[str] = []
    tried = effect.baseline.get(TRYING)
    for _ in range(NAMES_TRIED):
        name = str(tried) if tried and not taken else free_name(action.name, taken)
        if name != tried:
            effect = replace(effect, baseline={TRYING: name}, updated=at.clock.now())
            await at.ledger.keep(effect)
        target = Target(drive_id=drive_id, parent_id=parent, name=name)
        try:
            stored: Stored = await at.drives.store(target, content, resume=effect.upload, keep=keep)
        except Conflict:
            standing = await _named(name, drive_id, parent, at) if name == tried else None
            if standing is not None and await _is_orphan(standing, at):
                return standing
            taken.append(name)
        else:
            return stored.item
    raise Conflict(action.name, f"{NAMES_TRIED} names are taken in {action.folder.path}")


async def _moved(action: MoveFile, drive_id: str, parent: str, at: Workplace) -> SeenItem:
    standing = await at.drives.item(drive_id, action.item.id)
    if standing is not None and standing.parent_id == parent:
        return standing  # moved before a crash
    taken: list[str] = []
    for _ in range(NAMES_TRIED):
        name = free_name(action.name, taken)
        try:
            return await at.drives.move(action.item, drive_id=drive_id, parent_id=parent, name=name)
        except Conflict:
            taken.append(name)
    raise Conflict(action.name, f"{NAMES_TRIED} names are taken in {action.folder.path}")


async def _tag(effect: Effect, at: Workplace, drive_id: str, columns: Fields) -> None:
    """Write the columns, read the item back, and only then call it filed."""
    item_id = effect.remote_id or ""
    if columns:
        await at.drives.set_columns(drive_id, item_id, columns)
        effect = replace(effect, baseline={**effect.baseline, "kind": columns.get("NvType")})
    item = await at.drives.item(drive_id, item_id)
    if item is None:
        raise NotFound(f"file {item_id}", "it was removed while it was being filed")
    effect = replace(effect, baseline={**effect.baseline, **_baseline(item)}, etag=item.etag)
    await _settle(at, effect, Status.DONE)


async def _remember(
    at: Workplace, effect: Effect, item: SeenItem, *, phase: str, content: Content | None = None
) -> Effect:
    baseline = dict(_baseline(item))
    if isinstance(content, Bytes):
        baseline["source_sha256"] = hashlib.sha256(content.data).hexdigest()
    effect = replace(
        effect,
        phase=phase,
        remote_id=item.id,
        etag=item.etag,
        baseline=baseline,
        upload=None,
        updated=at.clock.now(),
    )
    await at.ledger.keep(effect)
    return effect


async def _settle(at: Workplace, effect: Effect, status: Status, *, reason: str = "") -> None:
    await at.ledger.keep(
        replace(effect, status=status, reason=reason, not_before=None, updated=at.clock.now())
    )


def _baseline(item: SeenItem) -> dict[str, object]:
    return {
        "name": item.name,
        "path": item.path,
        "ctag": item.ctag,
        "size": item.size,
        "hash": item.quick_xor_hash,
        "web_url": item.web_url,
    }


# ---------------------------------------------------------------- looking


def _drive(at: Workplace, shelf: Shelf) -> str:
    match shelf:
        case Shelf.DOCUMENTATION:
            return at.places.documentation
        case Shelf.COORDINATION:
            return at.places.coordination


async def _folder_id(folder: Folder, at: Workplace) -> str:
    """The folder's id; by its id alone once it is known, so that a renamed one is followed."""
    effect, _ = await at.ledger.claim(folder.key, job="folders", now=at.clock.now())
    if effect.status is Status.DONE and effect.remote_id:
        return effect.remote_id
    item = await at.drives.ensure_folder(_drive(at, folder.shelf), folder.path)
    effect = replace(effect, remote_id=item.id, baseline=_baseline(item))
    await _settle(at, effect, Status.DONE)
    return item.id


def _is_ours(item: SeenItem, at: Workplace) -> bool:
    return item.modified_by_app == at.places.client_id


def _is_edited(item: SeenItem, effect: Effect, at: Workplace) -> bool:
    """Other columns are no edit: the cTag tells whether the content is what we wrote last."""
    as_written = item.id == effect.remote_id and item.ctag == effect.baseline.get("ctag")
    return not _is_ours(item, at) and not as_written


async def _named(name: str, drive_id: str, parent: str, at: Workplace) -> SeenItem | None:
    """What has the name in a folder, wherever people have moved that, whatever they call it."""
    folder = await at.drives.item(drive_id, parent)
    if folder is None:
        return None
    path = "/".join(part for part in (folder.path, folder.name, name) if part)
    return await at.drives.find(drive_id, path)


async def _is_orphan(item: SeenItem, at: Workplace) -> bool:
    """Tell whether we stored this file, and crashed before we could say so."""
    if not _is_ours(item, at):
        return False
    effects = await at.ledger.effects()
    return all(effect.remote_id != item.id for effect in effects.values())


async def _twin(action: StoreFile, content: Content, at: Workplace) -> str:
    """Name of a file of the same meeting that was filed from the same bytes."""
    if not isinstance(content, Bytes) or not action.meeting_id:
        return ""
    digest = hashlib.sha256(content.data).hexdigest()
    siblings = f"file/{quote(action.meeting_id, safe='')}/"
    for effect in (await at.ledger.effects(siblings)).values():
        if effect.key != action.key and effect.baseline.get("source_sha256") == digest:
            return str(effect.baseline.get("name"))
    return ""


async def _same_hash(action: MoveFile, at: Workplace) -> str:
    """The same, as far as the service's own hash can tell: it rewrites Office files and PDFs."""
    if action.item.quick_xor_hash is None or not action.meeting_id:
        return ""
    siblings = f"file/{quote(action.meeting_id, safe='')}/"
    for effect in (await at.ledger.effects(siblings)).values():
        same = effect.baseline.get("hash") == action.item.quick_xor_hash
        if effect.status is Status.DONE and same and effect.remote_id != action.item.id:
            return str(effect.baseline.get("name"))
    return ""


async def _open(source: Source, at: Workplace) -> Content:
    match source:
        case FromEvent(attachment=attachment):
            return Bytes(await _whole(at.calendar.attachment(attachment)))
        case FromMail(attachment=attachment):
            if at.mail is None:
                raise NotFound("mail folder", "no folder of the mailbox is watched any more")
            return Bytes(await _whole(at.mail.attachment(attachment)))
        case FromItem(item=item):
            return at.drives.content(item.drive_id, item.id)
        case FromRecording(organizer=organizer, recording=recording):
            return at.meetings.recording(organizer, recording)
        case FromTranscript(organizer=organizer, transcript=transcript, captions=False):
            return Bytes(await at.meetings.transcript(organizer, transcript))
        case FromTranscript(organizer=organizer, transcript=transcript):
            return Bytes(captions(await at.meetings.transcript(organizer, transcript)))
        case Made(make=make):
            return Bytes(make())


async def _whole(content: Content) -> bytes:
    """An attachment in memory: Exchange takes none above 150 MB, and serves no ranges."""
    return b"".join([piece async for piece in content.read()])
