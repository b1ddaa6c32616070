"""
Files that are written again: our own documents, and filed ones that changed at their source.

Edited by a person = cTag other than our last write's, and last written by somebody else
than our app (settled 25): that one is theirs now, and the new one lies beside it.
"""

from collections.abc import Mapping
from dataclasses import replace

from service.domain.actions import RefreshFile, RenewFile
from service.domain.names import free_name
from service.effects.contents import Bytes, digests, opened
from service.effects.folders import folder_id
from service.effects.placing import NAMES_TRIED, uploaded
from service.effects.steps import (
    begin,
    drive_of,
    effect_of,
    is_edited,
    is_ours,
    named,
    settle,
    shown,
    tag,
)
from service.errors import Conflict
from service.observe import SeenItem
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
    standing = await _standing(filed, at)
    if standing is None:
        news["removed"] = True
    if standing is None or _same_bytes(own, filed.baseline):
        reason = REMOVED if standing is None else "the bytes are the same"
        await at.ledger.keep(replace(filed, baseline={**filed.baseline, **news}))
        await settle(work, Status.DROPPED, at, reason=reason)
        return False
    item = await _written(action, standing, filed, content, work, at)
    filed = _with(filed, item, {**filed.baseline, **news})
    columns = filed.baseline.get("columns")
    await tag(filed, at, standing.drive_id, columns if isinstance(columns, dict) else {})
    await settle(work, Status.DONE, at)
    return True


async def _standing(filed: Effect, at: Workplace) -> SeenItem | None:
    """The filed file, in whichever of the two libraries it lies."""
    for drive_id in (at.places.documentation, at.places.coordination):
        item = await at.drives.item(drive_id, filed.remote_id or "")
        if item is not None:
            return item
    return None


def _same_bytes(own: Mapping[str, object], before: Mapping[str, object]) -> bool:
    names = ("source_sha256", "source_hash")
    return any(own.get(name) and own[name] == before.get(name) for name in names)


async def _written(  # noqa: PLR0913  what is written, over what, from what
    action: RenewFile,
    standing: SeenItem,
    filed: Effect,
    content: Content,
    work: Effect,
    at: Workplace,
) -> SeenItem:
    parent = standing.parent_id or ""
    over = Target(
        drive_id=standing.drive_id, parent_id=parent, name=standing.name, replace=standing.etag
    )
    if not is_edited(standing, filed, at):
        return await uploaded(over, content, work, at)
    taken = [standing.name]
    for _ in range(NAMES_TRIED):
        name = free_name(standing.name, taken, action.label)
        try:
            return await uploaded(replace(over, name=name, replace=None), content, work, at)
        except Conflict:
            taken.append(name)
    raise Conflict(action.name, f"{NAMES_TRIED} names are taken in its folder")


def _with(effect: Effect, item: SeenItem, baseline: Mapping[str, object]) -> Effect:
    return replace(effect, remote_id=item.id, etag=item.etag, baseline=baseline)
