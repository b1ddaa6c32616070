"""
Posts: sent once, and believed only when they are seen in the channel.

A flow accepts a card and tells nothing more, and an answer can be lost on the way. So a
post that was begun and is not yet seen is looked for in the channel until `proof_wait` is
over; only then, and only if it is still useful, is it sent again (settled 32).
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from service.domain.actions import Announce, Forgo
from service.domain.post import COORDINATORS, key_in, parse_key
from service.errors import CursorExpired, Forbidden, NotFound
from service.observe import SeenMessage
from service.ports import Delivery, Effect, Message, Messages, Status
from service.workplace import Workplace

PREFIX = "v1/"
NOT_PROVED = "sent, not proved"
APPROVED = "approved"
LINKS = "links"
"""In a post's baseline: every address that it gives, a line each."""
WAITS_FOR_APPROVAL = "waits for a coordinator's approval"
UNPROVED = frozenset({Status.CLAIMED, Status.QUEUED})


class Pending(Exception):
    """Whether the post arrived is not known yet; ask again at `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


async def announce(action: Announce, at: Workplace) -> bool:
    """Post, or raise Pending while an earlier try of the same post may still arrive."""
    now = at.clock.now()
    effect, fresh = await at.ledger.claim(action.key, job="posts", now=now)
    if not fresh:
        if effect.status not in UNPROVED and not _may_retry(effect, now):
            return False
        if effect.status in UNPROVED:
            if action.channel not in at.messages:
                # Nothing can prove it: at most once is the promise then.
                await _settle(at, effect, Status.DONE, reason=NOT_PROVED)
                return False
            until = effect.updated + at.rules.proof_wait
            if now < until:
                raise Pending(until)
    if now >= action.useful_until:
        await _settle(at, effect, Status.DROPPED, reason="no longer useful")
        return False
    if _needs_approval(action, effect, at):
        shown = replace(effect, baseline=_told(action), not_before=None)
        await _settle(at, shown, Status.PARKED, reason=WAITS_FOR_APPROVAL)
        return False
    return await _send(action, effect, at)


def _needs_approval(action: Announce, effect: Effect, at: Workplace) -> bool:
    """In the first weeks what members would read waits for a tick; coordinators' own does not."""
    first_weeks = at.clock.now() < at.posts_wait_until and action.channel != COORDINATORS
    return first_weeks and not (effect.attempts or effect.baseline.get(APPROVED))


async def waiting_for_approval(at: Workplace) -> list[Effect]:
    """Posts of the first weeks that wait for a coordinator's tick."""
    posts = (await at.ledger.effects(PREFIX)).values()
    return [effect for effect in posts if effect.reason == WAITS_FOR_APPROVAL]


async def approve(effect: Effect, at: Workplace) -> None:
    """Let the next run post it, if it is still useful then."""
    now = at.clock.now()
    approved = {**effect.baseline, APPROVED: True}
    await at.ledger.keep(
        replace(effect, baseline=approved, not_before=now, reason="approved", updated=now)
    )


async def forgo(action: Forgo, at: Workplace) -> bool:
    """Settle what will not be posted, or not again. Nothing reaches the tenant."""
    effect, _ = await at.ledger.claim(action.key, job="posts", now=at.clock.now())
    if effect.status in (Status.DONE, Status.DROPPED):
        return False
    readable = channel_of(action.key, at) in at.messages
    if effect.status in UNPROVED and effect.attempts and not readable:
        # It was sent once, and nothing says that it did not arrive.
        await _settle(at, effect, Status.DONE, reason=NOT_PROVED)
    else:
        await _settle(at, effect, Status.DROPPED, reason=action.why)
    return False


async def prove(at: Workplace) -> None:
    """Read the channels where posts wait for their proof, and settle those that are seen."""
    waiting = {
        key: effect
        for key, effect in (await at.ledger.effects(PREFIX)).items()
        if effect.status in UNPROVED
    }
    for channel in dict.fromkeys(channel_of(key, at) for key in waiting):
        if channel not in at.messages:
            continue
        try:
            await read_channel(at, channel)
        except (Forbidden, NotFound):
            if channel != COORDINATORS:
                raise
            await _believe(channel, waiting, at)
            continue
        for message in (await at.ledger.seen(channel_source(at, channel), SeenMessage)).values():
            for link in message.links:
                effect = waiting.pop(key_in(link.url) or "", None)
                if effect is not None:
                    await _settle(at, replace(effect, remote_id=message.id), Status.DONE)


async def _believe(channel: str, waiting: Mapping[str, Effect], at: Workplace) -> None:
    """Settle what was sent to a channel that turns out to be closed to the app, as private ones."""
    for key, effect in waiting.items():
        if effect.attempts and channel_of(key, at) == channel:
            await _settle(at, effect, Status.DONE, reason=NOT_PROVED)


async def read_channel(at: Workplace, channel: str) -> None:
    """Take in what is new in a channel that may be read; everything, if the cursor has expired."""
    messages = at.messages.get(channel)
    if messages is None:
        return
    source = channel_source(at, channel)
    try:
        await _absorb(at, messages, source, await at.ledger.cursor(source))
    except CursorExpired:
        await at.ledger.forget(source)
        await _absorb(at, messages, source, None)


def channel_source(at: Workplace, channel: str) -> str:
    return f"channel/{at.places.channels[channel]}"


def channel_of(key: str, at: Workplace) -> str:
    """Role of the channel that a post's key names; empty where it is none of the network's now."""
    parsed = parse_key(key)
    roles = {channel_id: role for role, channel_id in at.places.channels.items()}
    return roles.get(parsed.channel, "") if parsed else ""


async def _absorb(at: Workplace, messages: Messages, source: str, cursor: str | None) -> None:
    async for page in messages.changes(cursor):
        await at.ledger.absorb(source, page.changes, cursor=page.cursor)


async def _send(action: Announce, effect: Effect, at: Workplace) -> bool:
    now = at.clock.now()
    effect = replace(
        effect,
        status=Status.CLAIMED,
        attempts=effect.attempts + 1,
        not_before=None,
        baseline=_told(action),
        updated=now,
    )
    await at.ledger.keep(effect)
    receipt = await at.posters[action.channel].post(_message(action))
    match receipt.delivery:
        case Delivery.PROVED:
            await _settle(at, replace(effect, remote_id=receipt.message_id), Status.DONE)
        case Delivery.QUEUED:
            await _settle(at, effect, Status.QUEUED)
        case Delivery.REFUSED:
            parked = replace(effect, not_before=receipt.retry_at)
            await _settle(at, parked, Status.PARKED, reason=receipt.reason)
            return False
        case Delivery.UNKNOWN:
            pass  # stays claimed: the channel will tell
    return True


def _message(action: Announce) -> Message:
    return Message(
        key=action.key,
        card=action.card,
        groups=action.groups,
        appointment=action.appointment,
    )


def _told(action: Announce) -> dict[str, object]:
    links = "\n".join(action.links)
    return {"title": action.title, "channel": action.channel, LINKS: links, **action.told}


def _may_retry(effect: Effect, now: datetime) -> bool:
    return (
        effect.status is Status.PARKED
        and effect.not_before is not None
        and effect.not_before <= now
    )


async def _settle(at: Workplace, effect: Effect, status: Status, *, reason: str = "") -> None:
    await at.ledger.keep(replace(effect, status=status, reason=reason, updated=at.clock.now()))
