"""Files that are not where they belong yet, or no more: what a coordinator may want to settle."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from service.domain.actions import Leave, Unread, item_id_of, origin_of
from service.domain.gaps import reason_of
from service.domain.gaps_in_words import why
from service.domain.meeting import Meeting
from service.domain.placement import Unsure
from service.effects.placing import TRYING
from service.effects.steps import ERROR
from service.jobs.file_materials import plan
from service.jobs.known import owner_of, removed
from service.jobs.materials.dropped import candidate_of
from service.jobs.materials.offered import unplaced_key
from service.jobs.materials.seen import Observed, Sheet
from service.ports import Effect, Status


@dataclass(frozen=True, kw_only=True)
class Listed:
    """One file, and why it is listed."""

    name: str
    where: str
    """Path, source or meeting."""
    why: str
    candidates: tuple[Meeting, ...] = ()
    """Whose it may be, the likeliest first."""


@dataclass(frozen=True, kw_only=True)
class Lists:
    unplaced: tuple[Listed, ...]
    """Nobody knows whose they are: a person has to say."""
    waiting: tuple[Listed, ...]
    """Left for a reason that may pass by itself, or that a person can remove."""
    removed: tuple[Listed, ...]
    """Filed once, and in neither library any more."""


def lists(seen: Observed, there: Collection[str], now: datetime) -> Lists:
    """`there` are the ids of everything in the two libraries."""
    unplaced = tuple(_unplaced(seen, now))
    told = {(one.name, one.why) for one in unplaced}
    waiting = {(one.name, one.why): one for one in (*_left(seen, now), *_held(seen))}
    return Lists(
        unplaced=unplaced,
        waiting=tuple(one for key, one in waiting.items() if key not in told),
        removed=tuple(_removed(seen, there)),
    )


def _unplaced(seen: Observed, now: datetime) -> Iterator[Listed]:
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
        if seen.sheet(candidate) is not Sheet.NONE:
            continue
        answer = seen.answer(candidate)
        if isinstance(answer, Unsure):
            why = answer.reason.said(seen.words)
            yield Listed(name=candidate.name, where=where, why=why, candidates=answer.candidates)


def _left(seen: Observed, now: datetime) -> Iterator[Listed]:
    for action in plan(seen, now):
        match action:
            case Leave(subject=subject, why=why):
                yield Listed(name=subject, where="", why=why)
            case Unread(subject=subject, error=error):
                yield Listed(name=subject, where="", why=str(error))
            case _:
                continue


def _held(seen: Observed) -> Iterator[Listed]:
    """What was begun and has failed: for now, or until a person does something."""
    for effect in seen.known.filed.values():
        if effect.reason and effect.status in (Status.CLAIMED, Status.PARKED):
            error = effect.baseline.get(ERROR)
            reason = why(reason_of(str(error)), seen.words) if error else effect.reason
            yield Listed(name=_name(effect), where=_meeting(effect, seen), why=reason)


def _removed(seen: Observed, there: Collection[str]) -> Iterator[Listed]:
    for effect in removed(seen.known.filed.values(), there):
        since = seen.words.say("waiting.since", date=f"{effect.created:%Y-%m-%d}")
        yield Listed(name=_name(effect), where=_meeting(effect, seen), why=since)


def _name(effect: Effect) -> str:
    known = (effect.baseline.get(name) for name in ("name", "source_name", TRYING))
    return next((str(name) for name in known if name), effect.key)


def _meeting(effect: Effect, seen: Observed) -> str:
    meeting = seen.known.meeting(owner_of(effect))
    if meeting is None:
        return seen.words.say("waiting.lost_meeting")
    return f"{meeting.first_day} {meeting.title}"
