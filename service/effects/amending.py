"""
Changing what was posted: a correction in its own place, where the transport can.

A flow and a mail give no id by which anything could be changed: there a correction is a
post of its own.
"""

from collections.abc import AsyncIterator
from dataclasses import replace

from service.domain.actions import Announce
from service.domain.post import PREFIX, parse_key
from service.domain.routes import Transport
from service.ports import Changeable, Delivery, Effect, Message, Receipt, Status
from service.workplace import Outlet, Workplace

MEETING, VIA = "meeting_id", "via"
"""In a post's baseline: the meeting that it is about, and by what it was sent."""
CORRECTED = "corrected in place"


async def amend(action: Announce, outlet: Outlet, at: Workplace) -> Receipt | None:
    """
    Put a correction in the place of what it corrects, in every post that there is.

    None where there is nothing, or something that cannot be changed, since another transport
    posted it: it is to be posted then. What was done already is done again, which changes
    nothing.
    """
    poster = outlet.poster
    if not action.corrects or not isinstance(poster, Changeable):
        return None
    changed, stands = "", False
    async for effect in _said_before(action, outlet, at):
        if effect.baseline.get(VIA) != outlet.via:
            stands = True
            continue
        message = Message(
            key=effect.key,
            card=action.card,
            groups=action.groups,
            appointment=action.appointment,
        )
        receipt = await poster.update(effect.remote_id or "", message)
        if receipt.delivery is Delivery.PROVED:
            changed = receipt.message_id or effect.remote_id or ""
            # A draft that is replaced has another id from then on.
            await at.ledger.keep(replace(effect, remote_id=changed))
        elif receipt.delivery is Delivery.UNKNOWN or receipt.retry_at is not None:
            # An update may be repeated: nobody gets two of it.
            again = receipt.retry_at or at.clock.now()
            return Receipt(delivery=Delivery.REFUSED, reason=receipt.reason, retry_at=again)
    if stands or not changed:
        return None
    return Receipt(delivery=Delivery.PROVED, message_id=changed, reason=CORRECTED)


async def _said_before(action: Announce, outlet: Outlet, at: Workplace) -> AsyncIterator[Effect]:
    """Yield what people have read in the channel about the meeting, each message once."""
    found = (await at.ledger.effects(PREFIX)).values()
    seen = set[str]()
    for effect in sorted(found, key=lambda one: one.created):
        key = parse_key(effect.key)
        if (
            key is not None
            and key.channel == outlet.channel
            and effect.key != action.key
            and effect.status is Status.DONE
            and effect.baseline.get(MEETING) == action.corrects
            and effect.baseline.get(VIA) != Transport.DRY
            and effect.remote_id
            and effect.remote_id not in seen
        ):
            seen.add(effect.remote_id)
            yield effect


async def withdraw(effect: Effect, outlet: Outlet) -> Receipt | None:
    """Take a post back; None where it cannot be, so that a correction has to be posted."""
    if not isinstance(outlet.poster, Changeable) or not effect.remote_id:
        return None
    return await outlet.poster.withdraw(effect.remote_id)
