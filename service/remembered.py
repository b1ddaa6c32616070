"""What of a network's places in the tenant is known without asking: the state remembers it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from service.outlets import channels_of
from service.ports import Ledger, Status
from service.settings import NetworkSettings
from service.workplace import Places, Watched

STARTED, PLACES = "started", "places"
"""Keys of the service's own notes in the ledger; no job's begins so."""
_JOB = "service"
_OF = "of"
_FOUND = ("site_url", "documentation", "coordination", "survey_drive", "register_url")


async def begun(ledger: Ledger, now: datetime) -> datetime:
    """Tell when the service began with this network: now, if it had not yet."""
    started, _ = await ledger.claim(STARTED, job=_JOB, now=now)
    return started.created


async def since(ledger: Ledger) -> datetime | None:
    """Tell the same, and begin nothing."""
    started = (await ledger.effects(STARTED)).get(STARTED)
    return started.created if started else None


async def remember(places: Places, chosen: NetworkSettings, ledger: Ledger, now: datetime) -> None:
    """Keep what was found, where that is news. Raises StateError."""
    found: dict[str, object] = {name: getattr(places, name) for name in _FOUND}
    found["watched"] = [[each.drive_id, each.path, each.address] for each in places.watched]
    found[_OF] = _named(chosen)
    note, _ = await ledger.claim(PLACES, job=_JOB, now=now)
    if note.baseline != found:
        done = replace(note, status=Status.DONE, baseline=found, updated=now)
        await ledger.keep(done)


async def remembered(chosen: NetworkSettings, client_id: str, ledger: Ledger) -> Places:
    """
    Return the places as they were found last; without ids where they have not been, or
    where the settings name others by now. Raises StateError.
    """
    unknown = Places(
        client_id=client_id,
        site_url=chosen.site,
        documentation="",
        coordination="",
        survey_drive=None,
        survey_folder=(chosen.survey_folder or "").partition("/")[2],
        channels=channels_of(chosen),
    )
    note = (await ledger.effects(PLACES)).get(PLACES)
    if note is None or note.baseline.get(_OF) != _named(chosen):
        return unknown
    found: Mapping[str, Any] = note.baseline
    watched = (Watched(drive_id=d, path=p, address=a) for d, p, a in found["watched"])
    return replace(unknown, watched=tuple(watched), **{name: found[name] for name in _FOUND})


def _named(chosen: NetworkSettings) -> list[str]:
    """What the settings call the places: other names are other places."""
    return [
        chosen.site,
        chosen.library,
        chosen.coordination,
        chosen.register_list,
        chosen.survey_folder or "",
        *(chosen.watched_folders or ()),
    ]
