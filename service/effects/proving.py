"""Reading where posts should be: what is seen there has been posted."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from service.domain.digest import remembered, worth_remembering
from service.domain.post import PREFIX, Key, key_in, parse_key
from service.effects.posting import (
    DOUBTFUL,
    NEVER_SEEN,
    NO_USE,
    SEEN,
    SENT_AGAIN,
    UNPROVED,
    USEFUL,
    unread,
)
from service.errors import CursorExpired, Forbidden, NotFound
from service.observe import Change, SeenMessage
from service.ports import Effect, Messages, Status
from service.workplace import Workplace


async def prove(at: Workplace) -> None:
    """Read where posts wait for their proof; settle what is seen, and what nobody waits for."""
    posts = await at.ledger.effects(PREFIX)
    waiting = {
        key: effect
        for key, effect in posts.items()
        if effect.status in UNPROVED and effect.attempts
    }
    for channel in dict.fromkeys(_channel_of(key) for key in waiting):
        if channel not in at.messages:
            await _believe(channel, waiting, at, after=at.rules.proof_wait)
            continue
        try:
            await read_channel(at, channel)
        except (Forbidden, NotFound):
            if channel == at.common_channel:
                raise
            await _believe(channel, waiting, at)
            continue
        for message in (await at.ledger.seen(channel_source(channel), SeenMessage)).values():
            await _settle_seen(message, waiting, at)
    parked = (one for one in posts.values() if one.status is Status.PARKED)
    await _end((*waiting.values(), *parked), at)


async def _settle_seen(message: SeenMessage, waiting: dict[str, Effect], at: Workplace) -> None:
    now = at.clock.now()
    for link in message.links:
        effect = waiting.pop(key_in(link.url) or "", None)
        if effect is not None:
            seen = replace(effect, remote_id=message.id, status=Status.DONE, phase=SEEN, reason="")
            await at.ledger.keep(replace(seen, updated=now))


async def _believe(
    channel: str, waiting: dict[str, Effect], at: Workplace, *, after: timedelta = timedelta()
) -> None:
    """Settle what was sent to where nothing can be read, as to private channels."""
    now = at.clock.now()
    for key, effect in tuple(waiting.items()):
        if _channel_of(key) == channel and now >= effect.updated + after:
            await at.ledger.keep(replace(unread(effect, at), updated=now))
            del waiting[key]


async def _end(unsettled: Iterable[Effect], at: Workplace) -> None:
    """
    Settle what is of no use any more, although no plan may speak of it.

    Its meeting may be gone, its kind held, or its letter be without news by now. What waits
    for a tick stays as it is: it tells that nobody gave one.
    """
    now = at.clock.now()
    for effect in unsettled:
        until = effect.baseline.get(USEFUL)
        if until is None or now < datetime.fromisoformat(str(until)):
            continue
        status, reason = Status.DROPPED, NO_USE
        if effect.reason == SENT_AGAIN:
            status, reason = Status.DONE, DOUBTFUL
        elif effect.status in UNPROVED:
            if now < effect.updated + at.rules.proof_wait:
                continue
            reason = NEVER_SEEN
        elif effect.not_before is None:
            continue
        ended = replace(effect, status=status, reason=reason, not_before=None, updated=now)
        await at.ledger.keep(ended)


async def read_channel(at: Workplace, channel: str) -> None:
    """Take in what is new in a channel that may be read; everything, if the cursor has expired."""
    messages = at.messages.get(channel)
    if messages is None:
        return
    source = channel_source(channel)
    try:
        await _absorb(at, messages, source, await at.ledger.cursor(source))
    except CursorExpired:
        await at.ledger.forget(source)
        await _absorb(at, messages, source, None)
    await relieve(at, channel)


async def relieve(at: Workplace, channel: str) -> None:
    """
    Let go of what nothing will be made of any more, with its words and who said them.

    That a post of ours was seen stands in its effect, not here.
    """
    source, now = channel_source(channel), at.clock.now()
    messages = await at.ledger.seen(source, SeenMessage)
    spent = [id_ for id_, one in messages.items() if not worth_remembering(one, now)]
    if spent:
        await at.ledger.absorb(source, [Change[SeenMessage](id=id_, value=None) for id_ in spent])
    await at.ledger.let_go(source)


def channel_source(channel: str) -> str:
    """Name a channel's messages in the ledger."""
    return f"channel/{channel}"


async def _absorb(at: Workplace, messages: Messages, source: str, cursor: str | None) -> None:
    async for page in messages.changes(cursor):
        # What nothing will be made of is not kept: a channel may have thousands of messages.
        changes = remembered(page.changes, at.clock.now())
        await at.ledger.absorb(source, changes, cursor=page.cursor)


def _channel_of(key: str) -> str:
    parsed: Key | None = parse_key(key)
    return parsed.channel if parsed else ""
