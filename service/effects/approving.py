"""What coordinators decide about posts: let out, hold back, take back."""

from collections.abc import Mapping
from dataclasses import replace

from service.domain.actions import Announce
from service.domain.post import PREFIX, parse_key
from service.domain.routes import Transport
from service.effects.amending import VIA
from service.effects.amending import withdraw as withdraw_in_place
from service.effects.posting import (
    APPROVED,
    SENT_AGAIN,
    SETTLED,
    WAITS_FOR_APPROVAL,
    described,
)
from service.ports import Delivery, Effect, Receipt, Status
from service.workplace import Workplace

IS_APPROVED = "approved"
WITHDRAWN = "withdrawn by a coordinator"
_HELD, _SHOWN = "held/", "shown"


async def waiting_for_approval(at: Workplace) -> list[Effect]:
    """Posts of the first weeks that wait for a coordinator's tick."""
    posts = (await at.ledger.effects(PREFIX)).values()
    return [effect for effect in posts if effect.reason == WAITS_FOR_APPROVAL]


async def approve(effect: Effect, at: Workplace) -> None:
    """Let the next run post it, if it is still useful then."""
    now = at.clock.now()
    approved = {**effect.baseline, APPROVED: True}
    await at.ledger.keep(
        replace(effect, baseline=approved, not_before=now, reason=IS_APPROVED, updated=now)
    )


async def approve_ahead(action: Announce, at: Workplace) -> None:
    """Approve a message before it is due; nothing is sent, and without use it is let go."""
    now = at.clock.now()
    effect, fresh = await at.ledger.claim(action.key, job="posts", now=now)
    if fresh:
        told = {**described(action), APPROVED: True}
        begun = replace(effect, status=Status.PARKED, baseline=told, not_before=now)
        await at.ledger.keep(replace(begun, reason=IS_APPROVED, updated=now))


async def let_out(key: str, at: Workplace) -> None:
    """Approve a post that is yet to be made, because a person makes it; again, if refused."""
    now = at.clock.now()
    effect, _ = await at.ledger.claim(key, job="posts", now=now)
    if effect.status is Status.PARKED or not effect.attempts:
        approved = {**effect.baseline, APPROVED: True}
        await at.ledger.keep(replace(effect, baseline=approved, not_before=now))


async def note_correction(effect: Effect, at: Workplace) -> None:
    """Write down of a post that another one says that it does not hold."""
    await _drop(effect, f"{WITHDRAWN}; a correction was posted", at)


async def hold(what: str, shown: str, at: Workplace) -> None:
    """Stop every post about a meeting (its id) or of a kind, until it is released."""
    await _mark(what, Status.DONE, at, {_SHOWN: shown})


async def release(what: str, at: Workplace) -> None:
    """Let out again what is useful still; nothing is said twice."""
    await _mark(what, Status.DROPPED, at, {})


async def _mark(what: str, status: Status, at: Workplace, told: Mapping[str, object]) -> None:
    now = at.clock.now()
    effect, _ = await at.ledger.claim(f"{_HELD}{what}", job="posts", now=now)
    await at.ledger.keep(replace(effect, status=status, baseline=told, updated=now))


async def held(at: Workplace) -> dict[str, str]:
    """Ids of meetings, and kinds, of which nothing is posted; what people call them."""
    found = await at.ledger.effects(_HELD)
    return {
        key.removeprefix(_HELD): str(effect.baseline.get(_SHOWN, ""))
        for key, effect in found.items()
        if effect.status is Status.DONE
    }


async def withdraw(effect: Effect, at: Workplace) -> Receipt | None:
    """
    Take a post back, or keep it from being sent; None where it cannot be taken back.

    A correction is to be posted then.
    """
    if effect.status is Status.DROPPED:
        return Receipt(delivery=Delivery.PROVED)
    if _never_left(effect):
        await _drop(effect, WITHDRAWN, at)
        return Receipt(delivery=Delivery.PROVED)
    key = parse_key(effect.key)
    via = effect.baseline.get(VIA)
    outlet = at.outlet(key.channel, Transport(str(via))) if key and via else None
    receipt = await withdraw_in_place(effect, outlet) if outlet else None
    if receipt is not None and receipt.delivery is Delivery.PROVED:
        await _drop(effect, WITHDRAWN, at)
    return receipt


def _never_left(effect: Effect) -> bool:
    """Tell of what was not sent yet, or was refused."""
    if effect.status is Status.PARKED:
        return effect.reason != SENT_AGAIN
    return effect.status not in SETTLED and not effect.attempts


async def _drop(effect: Effect, reason: str, at: Workplace) -> None:
    now = at.clock.now()
    await at.ledger.keep(
        replace(effect, status=Status.DROPPED, reason=reason, not_before=None, updated=now)
    )
