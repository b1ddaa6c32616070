"""
Files that are written again: our own documents, and filed ones that changed at their source.

Edited by a person = cTag other than our last write's, and last written by somebody else
than our app (settled 25): that one is theirs now, and the new one lies beside it.
"""

from collections.abc import Mapping
from dataclasses import replace

from service.domain.actions import RefreshFile, RenewFile
from service.effects.contents import Bytes, digests, opened
from service.effects.folders import folder_id
from service.effects.placing import Place, under_a_free_name, uploaded
from service.effects.steps import (
    EDITED,
    begin,
    drive_of,
    effect_of,
    filed_item,
    is_edited,
    is_ours,
    named,
    settle,
    shown,
    tag,
)
from service.errors import Conflict, UploadMismatch
from service.observe import Fields, SeenItem
from service.ports import Content, Effect, Status, Target
from service.workplace import Workplace

REMOVED = "removed by a person"


async def refresh(action: RefreshFile, at: Workplace) -> bool:
    """Write a document of ours again where it says something else than before."""
    effect, fresh = await at.ledger.claim(action.key, job="documents", now=at.clock.now())
    if not fresh and effect.baseline.get("fingerprint") == action.source.fingerprint:
        return False
    drive_id = drive_of(at, action.folder.shelf)
    parent = await folder_id(action.folder, at)
    name, etag = action.name, None
    standing = await at.drives.item(drive_id, effect.remote_id) if effect.remote_id else None
    if standing is None:
        standing = await named(name, drive_id, parent, at)
    if standing is not None:
        if not is_edited(standing, effect, at):
            name, etag, parent = standing.name, standing.etag, standing.parent_id or parent
        else:
            name = action.name_beside
    target = Target(drive_id=drive_id, parent_id=parent, name=name, replace=etag)
    try:
        stored = await at.drives.store(target, Bytes(action.source.make()))
    except Conflict:
        # The name beside it is taken as well: an earlier, interrupted write of ours, or theirs.
        standing = await named(name, drive_id, parent, at)
        if standing is None or not is_ours(standing, at):
            raise
        target = replace(target, replace=standing.etag)
        stored = await at.drives.store(target, Bytes(action.source.make()))
    baseline = {**shown(stored.item), "fingerprint": action.source.fingerprint}
    await settle(_with(effect, stored.item, baseline), Status.DONE, at)
    return True


async def renew(action: RenewFile, at: Workplace) -> bool:
    """Bring a filed file to its source's new version, unless a person has touched it."""
    work = await begin(action.key, at)
    if work is None:
        return False
    filed = await effect_of(action.of, at)
    content = await opened(action.source, at)
    own = digests(action.source, content)
    news = {**own, "version": action.version}
    standing = await filed_item(filed, at)
    if standing is None:
        news["removed"] = True
    if standing is None or _same_bytes(own, filed.baseline):
        reason = REMOVED if standing is None else "the bytes are the same"
        await at.ledger.keep(replace(filed, baseline={**filed.baseline, **news}))
        await settle(work, Status.DROPPED, at, reason=reason)
        return False
    if is_edited(standing, filed, at):
        item = await _beside(standing, action, content, work, at)
        kept = {name: value for name, value in filed.baseline.items() if name != EDITED}
        columns = _columns(filed)
    else:
        item = standing
        if _differ(own, standing):  # else it was written before a crash
            item = await _over(standing, filed, content, work, at)
        kept = dict(filed.baseline)
        # The type may have become a person's word, and is in place.
        columns = {name: value for name, value in _columns(filed).items() if name != "NvType"}
    filed = _with(filed, item, {**kept, **shown(item), **news})
    await tag(filed, at, standing.drive_id, columns)
    await settle(work, Status.DONE, at)
    return True


def _differ(own: Mapping[str, object], there: SeenItem) -> bool:
    return (own.get("source_hash"), own.get("source_size")) != (there.quick_xor_hash, there.size)


def _columns(filed: Effect) -> Fields:
    columns = filed.baseline.get("columns")
    return columns if isinstance(columns, dict) else {}


async def _over(
    standing: SeenItem, filed: Effect, content: Content, work: Effect, at: Workplace
) -> SeenItem:
    """Raises Changed where a person was quicker; then the next run sees that she has edited it."""
    target = Target(
        drive_id=standing.drive_id,
        parent_id=standing.parent_id or "",
        name=standing.name,
        replace=standing.etag,
    )
    try:
        return await uploaded(target, content, work, at)
    except UploadMismatch as error:
        # The file itself is what was put aside: it is filed no more, until it is asked for.
        lost = replace(filed, phase="", remote_id=None)
        await settle(lost, Status.PARKED, at, reason=str(error))
        raise


async def _beside(
    standing: SeenItem, action: RenewFile, content: Content, work: Effect, at: Workplace
) -> SeenItem:
    async def put(target: Target, effect: Effect) -> SeenItem:
        return await uploaded(target, content, effect, at)

    place = Place(
        drive_id=standing.drive_id,
        parent=standing.parent_id or "",
        name=standing.name,
        version=action.version,
        taken=(standing.name,),
        label=action.label,
    )
    return await under_a_free_name(place, put, work, at)


def _same_bytes(own: Mapping[str, object], before: Mapping[str, object]) -> bool:
    names = ("source_sha256", "source_hash")
    return any(own.get(name) and own[name] == before.get(name) for name in names)


def _with(effect: Effect, item: SeenItem, baseline: Mapping[str, object]) -> Effect:
    return replace(effect, remote_id=item.id, etag=item.etag, baseline=baseline)
