"""Reading where posts should be: what is seen there has been posted."""

from collections.abc import Mapping
from dataclasses import replace

from service.domain.digest import remembered
from service.domain.post import PREFIX, Key, key_in, parse_key
from service.effects.posting import SEEN, UNPROVED, unread
from service.errors import CursorExpired, Forbidden, NotFound
from service.observe import SeenMessage
from service.ports import Effect, Messages, Status
from service.workplace import Workplace


async def prove(at: Workplace) -> None:
    """Read the channels where posts wait for their proof, and settle those that are seen."""
    waiting = {
        key: effect
        for key, effect in (await at.ledger.effects(PREFIX)).items()
        if effect.status in UNPROVED and effect.attempts
    }
    for channel in dict.fromkeys(_channel_of(key) for key in waiting):
        if channel not in at.messages:
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


async def _settle_seen(message: SeenMessage, waiting: dict[str, Effect], at: Workplace) -> None:
    now = at.clock.now()
    for link in message.links:
        effect = waiting.pop(key_in(link.url) or "", None)
        if effect is not None:
            seen = replace(effect, remote_id=message.id, status=Status.DONE, phase=SEEN, reason="")
            await at.ledger.keep(replace(seen, updated=now))


async def _believe(channel: str, waiting: Mapping[str, Effect], at: Workplace) -> None:
    """Settle what was sent to where the app may not read after all, as to private channels."""
    for key, effect in waiting.items():
        if _channel_of(key) == channel:
            await at.ledger.keep(replace(unread(effect, at), updated=at.clock.now()))


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
