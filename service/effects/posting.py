"""
Posts: sent once, and believed only when they are seen where they should be.

A flow accepts a card and tells nothing more, and an answer can be lost on the way. So a
message that was begun and is not yet seen is looked for until `proof_wait` is over; only
then, and only if it is still useful, is it sent again (settled 32). Where nothing can be
read, the network's choice decides between at most once and at least once.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from service.domain.actions import Announce, Forgo
from service.domain.period import at as local_time
from service.domain.period import local_day
from service.domain.post import COORDINATORS, PREFIX, parse_key
from service.domain.routes import TAKEN_BACK, InDoubt
from service.effects.amending import VIA, amend
from service.ports import Delivery, Effect, Message, Receipt, Status
from service.workplace import Outlet, Workplace

APPROVED = "approved"
TITLE, POST, ALL_OF = "title", "post", "all_of"
LINKS = "links"
"""In a post's baseline: every address that it gives, a line each."""
USEFUL = "useful_until"
"""And the moment from which it is no use any more."""
PUBLISHED = "published"
"""And the figures of evaluations that it tells, a line each: of every try that may have arrived."""

GIVEN, SEEN = "id given", "seen"
"""Phases of a post that is known to be there: the service gave its id, or it was read."""

UNPROVED = frozenset({Status.CLAIMED, Status.QUEUED})
SETTLED = frozenset({Status.DONE, Status.DROPPED})

ACCEPTED = "accepted; nothing tells whether it arrived"
DOUBTFUL = "no answer came; it may have arrived or not, and is not sent twice"
SENT_AGAIN = "no answer came; it is sent again, and may arrive twice"
WAITS_FOR_APPROVAL = "waits for a coordinator's approval"
NEVER_SEEN = "it was never seen where it should be, and is of no use any more"
NO_USE = "no longer useful"
ENOUGH_TODAY = "the channel has had as many posts today as it may"
NO_SUCH_WAY = "the settings name no such channel"

MOST_TRIES = 5
"""Where it is sent again in doubt: a flow that always loses its answers would never end it."""


class Pending(Exception):
    """Whether the post arrived is not known yet; ask again at `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


async def announce(action: Announce, at: Workplace) -> bool:
    """Post, or raise Pending while an earlier try of the same post may still arrive."""
    now = at.clock.now()
    effect, fresh = await at.ledger.claim(action.key, job="posts", now=now)
    outlet = at.outlet(action.channel, action.via)
    if not fresh and not await _is_to_be_sent(effect, at):
        return False
    if outlet is None:
        await _settle(at, _told(effect, action), Status.PARKED, reason=NO_SUCH_WAY)
    elif now >= action.useful_until:
        await _settle(at, effect, Status.DROPPED, reason=NO_USE)
    elif _needs_approval(outlet, effect, at):
        shown = replace(_told(effect, action), not_before=None)
        await _settle(at, shown, Status.PARKED, reason=WAITS_FOR_APPROVAL)
    elif await _is_too_much(action, effect, outlet, at):
        later = replace(_told(effect, action), not_before=_tomorrow(at))
        await _settle(at, later, Status.PARKED, reason=ENOUGH_TODAY)
    else:
        return await _send(action, effect, outlet, at)
    return False


async def _is_to_be_sent(effect: Effect, at: Workplace) -> bool:
    """Tell whether what was begun before is to be sent (again) now. Raises Pending."""
    now = at.clock.now()
    if effect.status not in UNPROVED:
        return _may_retry(effect, now)
    if not effect.attempts:
        return True  # Begun, and stopped before anything was sent.
    key = parse_key(effect.key)
    if key is not None and key.channel in at.messages:
        until = effect.updated + at.rules.proof_wait
        if now < until:
            raise Pending(until)
        return True
    stands = unread(effect, at)
    await at.ledger.keep(replace(stands, updated=now))
    return stands.status is Status.PARKED


def unread(effect: Effect, at: Workplace) -> Effect:
    """Return how a sent post stands that nothing can prove: the network's choice decides."""
    if effect.status is Status.QUEUED:
        return replace(effect, status=Status.DONE, reason=ACCEPTED)
    if at.rules.in_doubt is InDoubt.AGAIN and effect.attempts < MOST_TRIES:
        again = at.clock.now()
        return replace(effect, status=Status.PARKED, not_before=again, reason=SENT_AGAIN)
    return replace(effect, status=Status.DONE, reason=DOUBTFUL)


def _may_retry(effect: Effect, now: datetime) -> bool:
    return (
        effect.status is Status.PARKED
        and effect.not_before is not None
        and effect.not_before <= now
    )


def _needs_approval(outlet: Outlet, effect: Effect, at: Workplace) -> bool:
    """In the first weeks what members would read waits for a tick; coordinators' own does not."""
    first_weeks = at.clock.now() < at.posts_wait_until and outlet.role != COORDINATORS
    return first_weeks and not (effect.attempts or effect.baseline.get(APPROVED))


async def _is_too_much(action: Announce, effect: Effect, outlet: Outlet, at: Workplace) -> bool:
    """What puts an earlier post right breaks the cap: it cannot wait for another day."""
    corrects = action.kind == TAKEN_BACK or action.kind in at.rules.reminders.limits.uncapped
    if effect.attempts or corrects:
        return False
    return await _sent_today(outlet, at) >= at.rules.posts_a_day


async def _sent_today(outlet: Outlet, at: Workplace) -> int:
    zone = at.network.time_zone
    today = local_day(at.clock.now(), zone)
    effects = (await at.ledger.effects(PREFIX)).values()
    return sum(
        effect.attempts > 0
        and local_day(effect.updated, zone) == today
        and (key := parse_key(effect.key)) is not None
        and key.channel == outlet.channel
        for effect in effects
    )


def _tomorrow(at: Workplace) -> datetime:
    zone = at.network.time_zone
    return local_time(local_day(at.clock.now(), zone) + timedelta(days=1), "00:00", zone)


async def forgo(action: Forgo, at: Workplace) -> bool:
    """Settle what will not be posted, or not again. Nothing reaches the tenant."""
    now = at.clock.now()
    first, _ = await at.ledger.claim(action.key, job="posts", now=now)
    others = str(first.baseline.get(ALL_OF, "")).split("\n")
    for key in dict.fromkeys((action.key, *filter(None, others))):
        effect, _ = await at.ledger.claim(key, job="posts", now=now)
        if effect.status in SETTLED:
            continue
        parsed = parse_key(key)
        readable = parsed is not None and parsed.channel in at.messages
        if effect.status in UNPROVED and effect.attempts and not readable:
            # It was sent once, and nothing says that it did not arrive.
            queued = effect.status is Status.QUEUED
            await _settle(at, effect, Status.DONE, reason=ACCEPTED if queued else DOUBTFUL)
        else:
            await _settle(at, effect, Status.DROPPED, reason=action.why)
    return False


# ---------------------------------------------------------------- sending


async def _send(action: Announce, effect: Effect, outlet: Outlet, at: Workplace) -> bool:
    effect = replace(
        _told(effect, action),
        status=Status.CLAIMED,
        not_before=None,
        reason="",
        updated=at.clock.now(),
    )
    tried = replace(effect, attempts=effect.attempts + 1)
    # What is changed in its place may be changed again after a crash: nothing is sent yet.
    await at.ledger.keep(effect if action.corrects else tried)
    receipt = await amend(action, outlet, at)
    if receipt is None:
        if action.corrects:
            await at.ledger.keep(tried)
        receipt = await outlet.poster.post(message_of(action))
    return await settle_by(receipt, tried, at)


async def look_again_at(action: Announce, at: Workplace) -> datetime | None:
    """
    Return when today a post is to be looked after: refused for a time, or not seen yet.

    A weekly letter would else wait for the next morning.
    """
    effect = (await at.ledger.effects(action.key)).get(action.key)
    if effect is None:
        return None
    when = effect.not_before if effect.status is Status.PARKED else None
    if effect.status in UNPROVED and effect.attempts and action.channel in at.messages:
        when = effect.updated + at.rules.proof_wait
    return when if when is not None and when < _tomorrow(at) else None


def message_of(action: Announce) -> Message:
    return Message(
        key=action.key,
        card=action.card,
        groups=action.groups,
        appointment=action.appointment,
    )


async def settle_by(receipt: Receipt, effect: Effect, at: Workplace) -> bool:
    """Write down what an answer means; tell whether something may have been posted."""
    via = str(effect.baseline.get(VIA, ""))
    at.meter.posted(at.network.id, via, receipt.delivery.value)
    match receipt.delivery:
        case Delivery.PROVED:
            proved = replace(effect, remote_id=receipt.message_id, phase=GIVEN)
            await _settle(at, proved, Status.DONE, reason=receipt.reason)
        case Delivery.QUEUED:
            await _settle(at, effect, Status.QUEUED)
        case Delivery.REFUSED:
            parked = replace(effect, not_before=receipt.retry_at)
            await _settle(at, parked, Status.PARKED, reason=receipt.reason)
            return False
        case Delivery.UNKNOWN:
            # It stays claimed: where it should be will tell.
            await _settle(at, effect, Status.CLAIMED, reason=receipt.reason)
    return True


def described(action: Announce) -> dict[str, object]:
    """Return what a post's baseline says of it."""
    return {
        TITLE: action.card.title,
        VIA: action.via.value,
        POST: action.post,
        ALL_OF: "\n".join(action.all_of),
        LINKS: "\n".join(action.links),
        USEFUL: action.useful_until.isoformat(),
        **action.told,
    }


def _told(effect: Effect, action: Announce) -> Effect:
    """Keep what is said with the post, for whoever asks and for later corrections."""
    said = described(action)
    if APPROVED in effect.baseline:
        said[APPROVED] = True
    if effect.attempts and (before := str(effect.baseline.get(PUBLISHED) or "")):
        lines = (*before.split("\n"), *action.told.get(PUBLISHED, "").split("\n"))
        said[PUBLISHED] = "\n".join(dict.fromkeys(filter(None, lines)))
    return replace(effect, baseline=said)


async def _settle(at: Workplace, effect: Effect, status: Status, *, reason: str = "") -> None:
    await at.ledger.keep(replace(effect, status=status, reason=reason, updated=at.clock.now()))
