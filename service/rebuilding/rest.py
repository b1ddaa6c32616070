"""
What the jobs would do on what is known again, and what of it was surely or perhaps done.

Each job is asked; nothing is done. What converges by itself (rows, columns, folders) is left
to the jobs. What makes something new is proved by its place, by the register's hashes, or held.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import quote

from service.domain.actions import (
    Action,
    Announce,
    Folder,
    Made,
    MoveFile,
    PrepareFolder,
    RefreshFile,
    Shelf,
    StoreFile,
)
from service.effects.placements import UNPLACED
from service.effects.steps import EDITED, drive_of, shown
from service.errors import NatverketError
from service.jobs import JOBS, compare_sources, file_materials
from service.jobs.engine import preview
from service.jobs.known import items
from service.jobs.materials.seen import Observed
from service.jobs.spec import Job
from service.observe import SeenItem
from service.parse.office import parts_digest
from service.ports import Effect, Status
from service.rebuilding import filed
from service.rebuilding.found import Findings, Held, What
from service.rebuilding.posts import HELD, settle_announcement
from service.workplace import Workplace

ROUNDS = 2
"""What one job has found, another reads."""


async def settle_rest(found: Findings) -> None:
    for _ in range(ROUNDS):
        for job in JOBS:
            if job.wanted(found.at) and job is not compare_sources.JOB:
                await _settle(job, found)
    await _versions(found)


async def _settle(job: Job[Any], found: Findings) -> None:
    try:
        actions = await preview(job, found.at)
    except NatverketError as error:
        found.note(f"{job.name} could not look: {error} {error.remedy}")
        return
    for action in actions:
        await _settle_one(action, found)


async def _settle_one(action: Action, found: Findings) -> None:
    match action:
        case PrepareFolder(folder=folder):
            await adopt_folder(folder, found)
        case StoreFile():
            await _stored(action, found)
        case MoveFile():
            await _moved(action, found)
        case RefreshFile():
            await _refreshed(action, found)
        case Announce():
            await settle_announcement(action, found)
        case _:
            pass


# ---------------------------------------------------------------- folders


async def adopt_folder(folder: Folder, found: Findings, *, url: str = "") -> bool:
    """Know a folder again that lies where we make it."""
    if folder.key in await found.at.ledger.effects(folder.key):
        return True
    path = await _path(folder, found)
    item = await _at(folder.shelf, path, found) if path else None
    if item is None or not item.folder:
        return False
    await found.keep(What.FOLDER, filed.folder(replace(folder, path=path), item, url))
    return True


async def _path(folder: Folder, found: Findings) -> str:
    if folder.within is None:
        return folder.path
    above = await _path(folder.within, found)
    return f"{above}/{folder.path}"


async def _at(shelf: Shelf, path: str, found: Findings) -> SeenItem | None:
    """From what was read a moment ago: nothing is asked."""
    drive = drive_of(found.at, shelf)
    there = await items(found.at, drive)
    wanted = path.strip("/").casefold()
    return next(
        (one for one in there.values() if f"{one.path}/{one.name}".strip("/").casefold() == wanted),
        None,
    )


# ---------------------------------------------------------------- files


async def _stored(action: StoreFile, found: Findings) -> None:
    if not found.was_done(action.key):
        await _hold_file(action.key, action.name, found)
        return
    path = f"{await _path(action.folder, found)}/{action.name}"
    item = await _at(action.folder.shelf, path, found)
    if item is not None and not item.folder and await _is_free(item, found):
        await adopt_folder(action.folder, found)
        effect = filed.done(action.key, "filing", item, shown(item))
        await found.keep(What.FILE, effect)
        return
    await _removed(action.key, action.name, found)


async def _moved(action: MoveFile, found: Findings) -> None:
    """Out of the inbox nothing is filed twice; but what was moved back there stays there."""
    if found.was_done(action.key):
        await _removed(action.key, action.item.name, found)
    elif action.item.path == UNPLACED and action.key.startswith("file/"):
        await _hold_file(action.key, action.item.name, found)


async def _removed(key: str, name: str, found: Findings) -> None:
    now = found.at.clock.now()
    effect = Effect(
        key=key,
        job="filing",
        status=Status.DROPPED,
        baseline={"name": name},
        reason=found.at.texts.say("waiting.was_removed"),
        created=now,
        updated=now,
    )
    await found.keep(What.REMOVED, effect)


async def _hold_file(key: str, name: str, found: Findings) -> None:
    now = found.at.clock.now()
    effect = Effect(
        key=key,
        job="filing",
        status=Status.PARKED,
        baseline={"name": name, HELD: True},
        reason=found.at.texts.say("waiting.rebuilt"),
        created=now,
        updated=now,
    )
    await found.hold(Held(key=key, what="file", name=name), effect)


def held_files(effects: Iterable[Effect]) -> list[Effect]:
    """Files that a rebuild could not prove, and that nobody has let go yet."""
    return [one for one in effects if one.baseline.get(HELD) and one.status is Status.PARKED]


async def _is_free(item: SeenItem, found: Findings) -> bool:
    effects = await found.at.ledger.effects()
    return all(effect.remote_id != item.id for effect in effects.values())


# ---------------------------------------------------------------- documents of ours


async def _refreshed(action: RefreshFile, found: Findings) -> None:
    """
    A document is known by its name: the newest of ours, also one that lies beside a person's.

    One of ours that says something else by now is written anew in its place by the next run. A
    person's is left, and so is one that was removed, until what it says changes.
    """
    at = found.at
    if action.key in await at.ledger.effects(action.key):
        return
    item = await _document(action, found)
    if item is not None:
        await adopt_folder(action.folder, found)
        told = await _told(item, action.source, at)
        await found.keep(What.DOCUMENT, filed.done(action.key, "documents", item, told))
    elif found.was_done(action.key):
        now = at.clock.now()
        gone = Effect(
            key=action.key,
            job="documents",
            status=Status.DONE,
            baseline={"fingerprint": action.source.fingerprint},
            created=now,
            updated=now,
        )
        await found.keep(What.REMOVED, gone)


async def _told(item: SeenItem, source: Made, at: Workplace) -> dict[str, object]:
    told = {**shown(item), "fingerprint": source.fingerprint}
    if item.modified_by_app != at.places.client_id:
        return {**told, EDITED: True}
    content = at.drives.content(item.drive_id, item.id)
    there = b"".join([piece async for piece in content.read()])
    return told if _says_the_same(there, source.make()) else shown(item)


def _says_the_same(there: bytes, wanted: bytes) -> bool:
    """An Office file is another in every library: compared by the parts that were written."""
    parts = parts_digest(there)
    return there == wanted or (bool(parts) and parts == parts_digest(wanted))


async def _document(action: RefreshFile, found: Findings) -> SeenItem | None:
    drive = drive_of(found.at, action.folder.shelf)
    folder = await _path(action.folder, found)
    stem, _, ending = action.name.rpartition(".")
    there = [
        item
        for item in (await items(found.at, drive)).values()
        if not item.folder and item.path.casefold() == folder.casefold()
        if item.name == action.name
        or (item.name.startswith(f"{stem} (") and item.name.endswith(f").{ending}"))
    ]
    client_id = found.at.places.client_id
    return max(
        there,
        key=lambda one: (one.modified_by_app == client_id, one.created, one.id),
        default=None,
    )


# ---------------------------------------------------------------- versions


async def _versions(found: Findings) -> None:
    """What lies at the sources now is what was filed: later changes there are new versions."""
    at = found.at
    try:
        seen: Observed = await file_materials.observe(at)
    except NatverketError as error:
        found.note(f"versions at the sources could not be read: {error}")
        return
    effects: Mapping[str, Effect] = seen.known.filed
    by_source = {tuple(key.split("/", 3)[2:]): key for key in effects}
    for offer in seen.offers:
        candidate = offer.candidate
        key = by_source.get((candidate.origin, quote(candidate.id, safe="")))
        effect = effects.get(key or "")
        if effect is None or effect.status is not Status.DONE or effect.baseline.get("version"):
            continue
        baseline = {**effect.baseline, "version": candidate.version}
        await at.ledger.keep(replace(effect, baseline=baseline))


def earliest(effects: Mapping[str, Effect], now: datetime) -> datetime:
    """Since when the service has been at work, as far as the tenant tells."""
    return min((effect.created for effect in effects.values()), default=now)
