"""Files that are not where they belong yet, or no more: what a coordinator may want to settle."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from service.domain.actions import Leave, Unread, item_id_of, origin_of
from service.domain.meeting import Meeting
from service.domain.placement import Unsure
from service.effects.placing import TRYING
from service.jobs.file_materials import plan
from service.jobs.known import owner_of
from service.jobs.materials.dropped import candidate_of
from service.jobs.materials.offered import unplaced_key
from service.jobs.materials.seen import Observed
from service.ports import Effect, Status


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """One file, and why it is listed."""

    name: str
    where: str
    """Path, source or meeting."""
    why: str
    candidates: tuple[Meeting, ...] = ()
    """Whose it may be, the likeliest first."""


@dataclass(frozen=True, kw_only=True)
class Overview:
    unplaced: tuple[Waiting, ...]
    """Nobody knows whose they are: a person has to say."""
    waiting: tuple[Waiting, ...]
    """Left for a reason that may pass by itself, or that a person can remove."""
    removed: tuple[Waiting, ...]
    """Filed once, and in neither library any more."""


def overview(seen: Observed, there: Collection[str], now: datetime) -> Overview:
    """`there` are the ids of everything in the two libraries."""
    unplaced = tuple(_unplaced(seen, now))
    told = {(one.name, one.why) for one in unplaced}
    waiting = {(one.name, one.why): one for one in (*_left(seen, now), *_held(seen))}
    return Overview(
        unplaced=unplaced,
        waiting=tuple(one for key, one in waiting.items() if key not in told),
        removed=tuple(_removed(seen, there)),
    )


def _unplaced(seen: Observed, now: datetime) -> Iterator[Waiting]:
    begun = {(origin_of(key), item_id_of(key)) for key in seen.known.filed}
    asked = [(candidate_of(item, seen.client_id), item.path) for item in seen.inbox]
    asked += [
        (offer.candidate, offer.candidate.folder or offer.candidate.origin)
        for offer in seen.offers
        if unplaced_key(offer.candidate) not in seen.others
    ]
    for candidate, where in asked:
        if (candidate.origin, candidate.id) in begun or seen.is_warm(candidate, now):
            continue
        answer = seen.answer(candidate)
        if isinstance(answer, Unsure):
            why = answer.reason.said(seen.words)
            yield Waiting(name=candidate.name, where=where, why=why, candidates=answer.candidates)


def _left(seen: Observed, now: datetime) -> Iterator[Waiting]:
    for action in plan(seen, now):
        match action:
            case Leave(subject=subject, why=why):
                yield Waiting(name=subject, where="", why=why)
            case Unread(subject=subject, error=error):
                yield Waiting(name=subject, where="", why=str(error))
            case _:
                continue


def _held(seen: Observed) -> Iterator[Waiting]:
    """What was begun and has failed: for now, or until a person does something."""
    for effect in seen.known.filed.values():
        if effect.reason and effect.status in (Status.CLAIMED, Status.PARKED):
            yield Waiting(name=_name(effect), where=_meeting(effect, seen), why=effect.reason)


def _removed(seen: Observed, there: Collection[str]) -> Iterator[Waiting]:
    for effect in seen.known.filed.values():
        if effect.status is Status.DONE and effect.remote_id and effect.remote_id not in there:
            since = f"filed {effect.created:%Y-%m-%d}"
            yield Waiting(name=_name(effect), where=_meeting(effect, seen), why=since)


def _name(effect: Effect) -> str:
    known = (effect.baseline.get(name) for name in ("name", "source_name", TRYING))
    return next((str(name) for name in known if name), effect.key)


def _meeting(effect: Effect, seen: Observed) -> str:
    meeting = seen.known.meeting(owner_of(effect))
    return f"{meeting.first_day} {meeting.title}" if meeting else "a meeting that is gone"
