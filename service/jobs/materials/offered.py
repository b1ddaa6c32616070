"""Files of the sources: copied into the meeting's folder, and renewed when they change there."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from hashlib import sha256

from service.domain.actions import (
    Action,
    Leave,
    RenewFile,
    StoreFile,
    begun_for,
    file_key,
    item_id_of,
    origin_of,
)
from service.domain.candidate import Candidate
from service.domain.kinds import kind_of
from service.domain.meeting import Meeting, Status
from service.domain.names import safe_name
from service.domain.placement import Placed, Unsure
from service.effects.placements import UNPLACED_FOLDER
from service.jobs.materials.seen import FINISHED, Observed, Sheet, stands
from service.jobs.sources import Offer
from service.ports import Effect
from service.ports import Status as EffectStatus

KEPT_IF_UNPLACED = frozenset({"mail", "unplanned"})
"""Sources that people fill for us alone: what cannot be placed is not left there unseen."""


def offered(seen: Observed, now: datetime) -> Iterator[Action]:
    filed = _by_source(seen.known.filed)
    for offer in seen.offers:
        candidate = offer.candidate
        if seen.is_warm(candidate, now):
            yield Leave(subject=candidate.name, why=seen.words.say("waiting.still_warm"))
            continue
        before = filed.get((candidate.origin, candidate.id))
        sheet = seen.sheet(candidate)
        if sheet is not Sheet.NONE and not _is_filed(before, candidate):
            yield from _set_aside(offer, sheet, seen)
        elif before is None:
            yield from _first_time(offer, seen)
        elif before.status in FINISHED:
            yield from _renewed(offer, before, seen)
        else:
            yield from _again(offer, before, seen)


def _is_filed(before: Effect | None, candidate: Candidate) -> bool:
    return (
        before is not None
        and before.status in FINISHED
        and before.baseline.get("version") in (None, candidate.version)
    )


def _set_aside(offer: Offer, sheet: Sheet, seen: Observed) -> Iterator[Action]:
    """A survey's answers that came by mail lie in the inbox from now on; others stay."""
    if sheet is Sheet.EXPORT and offer.candidate.origin in KEPT_IF_UNPLACED:
        yield from _kept(offer, seen)
    else:
        why = seen.words.say(f"waiting.{sheet}")
        yield Leave(subject=offer.candidate.name, why=why)


def _first_time(offer: Offer, seen: Observed) -> Iterator[Action]:
    candidate = offer.candidate
    if unplaced_key(candidate) in seen.others:
        yield from _kept(offer, seen)
        return
    match seen.answer(candidate):
        case Placed(meeting=meeting, reason=reason):
            if meeting.status is not Status.CANCELLED:
                yield _store(offer, meeting, seen, reason.said(seen.words))
        case Unsure() as unsure:
            yield from _unplaced(offer, unsure, seen)


def _again(offer: Offer, before: Effect, seen: Observed) -> Iterator[Action]:
    """Begun and not finished: it stays the meeting's for which it was begun."""
    meeting = seen.known.meeting(begun_for(before.key))
    if stands(before):
        yield Leave(subject=offer.candidate.name, why=before.reason)
    elif meeting is not None:
        yield _store(offer, meeting, seen)


def _store(offer: Offer, meeting: Meeting, seen: Observed, why: str = "") -> StoreFile:
    candidate = offer.candidate
    return StoreFile(
        key=file_key(meeting.id, candidate.origin, candidate.id),
        folder=seen.folders[meeting.id],
        name=safe_name(candidate.name),
        source=offer.source,
        columns=seen.columns(
            meeting,
            kind=kind_of(candidate.name, candidate.content_type),
            source=f"{candidate.origin}:{candidate.id}",
        ),
        meeting_id=meeting.id,
        why=why,
        version=candidate.version,
    )


def _renewed(offer: Offer, before: Effect, seen: Observed) -> Iterator[Action]:
    """What was filed in another version than the source's, once for each version."""
    candidate = offer.candidate
    had = before.baseline.get("version")
    if before.status is not EffectStatus.DONE or not had or had == candidate.version:
        return
    key = f"renew/{before.key}/{_short(candidate.version)}"
    effect = seen.others.get(key)
    if effect is not None and stands(effect):
        yield Leave(subject=candidate.name, why=effect.reason)
    elif effect is None or effect.status not in FINISHED:
        yield RenewFile(
            key=key,
            of=before.key,
            name=safe_name(candidate.name),
            label=seen.words.say("files.new_version"),
            source=offer.source,
            version=candidate.version,
        )


def _unplaced(offer: Offer, unsure: Unsure, seen: Observed) -> Iterator[Action]:
    if offer.candidate.origin in KEPT_IF_UNPLACED:
        yield from _kept(offer, seen)
    else:
        yield Leave(subject=offer.candidate.name, why=unsure.reason.said(seen.words))


def _kept(offer: Offer, seen: Observed) -> Iterator[Action]:
    """Into Oplacerat, once: from there on it is that file whose meeting is sought."""
    candidate = offer.candidate
    before = seen.others.get(unplaced_key(candidate))
    if before is not None and stands(before):
        yield Leave(subject=candidate.name, why=before.reason)
    elif before is None or before.status not in FINISHED:
        yield StoreFile(
            key=unplaced_key(candidate),
            folder=UNPLACED_FOLDER,
            name=safe_name(candidate.name),
            source=offer.source,
            columns={},
            meeting_id="",
            version=candidate.version,
        )


def _by_source(filed: Mapping[str, Effect]) -> dict[tuple[str, str], Effect]:
    return {(origin_of(key), item_id_of(key)): effect for key, effect in filed.items()}


def unplaced_key(candidate: Candidate) -> str:
    return f"unplaced/{candidate.origin}/{_short(candidate.id)}"


def _short(text: str) -> str:
    """Ids at a source are long, and eTags hold quotes."""
    return sha256(text.encode()).hexdigest()[:24]
