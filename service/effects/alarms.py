"""
What administrators were told, as the ledger keeps it.

An effect each time that a thing is told, `alarm/<channel>/<thing>/<number>`, claimed before it is
sent and recorded after; one more, `…/over`, for telling that it has ended.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import quote, unquote

from service.domain.alarm import Alarm, Decision, Telling
from service.ports import Clock, Delivery, Effect, Receipt, Status

JOB = "alarm"
RETRY = timedelta(hours=1)
"""Where every way refused and none said when to come again."""


class Kept(Protocol):
    """What of a `Ledger` is used here."""

    async def effects(self, prefix: str = "") -> dict[str, Effect]: ...

    async def claim(self, key: str, *, job: str, now: datetime) -> tuple[Effect, bool]: ...

    async def keep(self, effect: Effect) -> None: ...


_STAGE, _SUBJECT, _NETWORK, _GONE, _TOLD = "stage", "subject", "network", "gone", "told"
_OVER = "over"


class Book:
    """The alarms in a ledger: an effect each time that a thing is told, and one for its end."""

    def __init__(self, ledger: Kept, channel: str, clock: Clock) -> None:
        self._ledger = ledger
        self._prefix = f"{JOB}/{channel}/"
        self._clock = clock

    async def alarms(self) -> list[Alarm]:
        """Return the latest alarm of each thing."""
        effects = await self._ledger.effects(self._prefix)
        found: dict[str, Alarm] = {}
        for key, effect in effects.items():
            thing, number, *end = key.removeprefix(self._prefix).split("/")
            if end or (thing in found and found[thing].number > int(number)):
                continue
            alarm = _alarm(unquote(thing), int(number), effect)
            over = effects.get(f"{key}/{_OVER}")
            found[thing] = replace(alarm, over=over is not None and not _is_untold(over))
        return list(found.values())

    async def note(self, decision: Decision) -> None:
        """Keep since when things are gone, and that they are back."""
        now = self._clock.now().isoformat()
        for alarm in decision.gone:
            await self._mark(alarm, now)
        for alarm in decision.back:
            await self._mark(alarm, "")

    async def claim(self, one: Telling) -> bool:
        """Take a telling upon us; False: another process has."""
        effect, fresh = await self._begin(self._key(one.thing, one.number))
        if not fresh and not self._may_be_sent(effect):
            return False
        need = one.need
        baseline: dict[str, object] = {
            _STAGE: "" if one.stage is None else str(one.stage),
            _SUBJECT: need.subject,
            _NETWORK: need.network_id or "",
        }
        await self._ledger.keep(_sending(replace(effect, baseline=baseline)))
        return True

    async def claim_end(self, alarm: Alarm) -> bool:
        """Take upon us to tell that something is over."""
        effect, fresh = await self._begin(self._end(alarm))
        if fresh or self._may_be_sent(effect):
            await self._ledger.keep(_sending(effect))
            return True
        return False

    async def record(self, one: Telling, receipt: Receipt | None) -> None:
        await self._settle(self._key(one.thing, one.number), receipt)

    async def record_end(self, alarm: Alarm, receipt: Receipt | None) -> None:
        await self._settle(self._end(alarm), receipt)

    async def _settle(self, key: str, receipt: Receipt | None) -> None:
        now = self._clock.now()
        effect = (await self._ledger.effects(key))[key]
        if receipt is not None and receipt.delivery is Delivery.REFUSED:
            again = receipt.retry_at or now + RETRY
            settled = replace(effect, status=Status.PARKED, not_before=again, reason=receipt.reason)
        else:
            told = {**effect.baseline, _TOLD: now.isoformat()}
            settled = replace(effect, status=Status.DONE, baseline=told)
        await self._ledger.keep(replace(settled, updated=now))

    async def _mark(self, alarm: Alarm, gone: str) -> None:
        key = self._key(alarm.thing, alarm.number)
        effect = (await self._ledger.effects(key))[key]
        await self._ledger.keep(replace(effect, baseline={**effect.baseline, _GONE: gone}))

    async def _begin(self, key: str) -> tuple[Effect, bool]:
        return await self._ledger.claim(key, job=JOB, now=self._clock.now())

    def _may_be_sent(self, effect: Effect) -> bool:
        waits = effect.not_before is not None and effect.not_before > self._clock.now()
        return _is_untold(effect) and not waits

    def _key(self, thing: str, number: int) -> str:
        return f"{self._prefix}{quote(thing, safe='')}/{number}"

    def _end(self, alarm: Alarm) -> str:
        return f"{self._key(alarm.thing, alarm.number)}/{_OVER}"


def _alarm(thing: str, number: int, effect: Effect) -> Alarm:
    said = {name: str(text) for name, text in effect.baseline.items()}
    told = said.get(_TOLD)
    return Alarm(
        thing=thing,
        number=number,
        # Claimed and never recorded: it may have been told, at the latest then.
        told=None if _is_untold(effect) else _moment(told) or effect.updated,
        stage=int(said[_STAGE]) if said.get(_STAGE) else None,
        subject=said.get(_SUBJECT, thing),
        network_id=said.get(_NETWORK) or None,
        gone=_moment(said.get(_GONE)),
        retry_at=effect.not_before,
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _is_untold(effect: Effect) -> bool:
    """Whether it surely was not told: every way refused it, or it was begun and nothing sent."""
    begun = effect.status is Status.CLAIMED and not effect.attempts
    return begun or effect.status is Status.PARKED


def _sending(effect: Effect) -> Effect:
    """As it is from before it is sent until what came of it is known."""
    return replace(effect, status=Status.CLAIMED, attempts=effect.attempts + 1, not_before=None)


class Unkept:
    """Implements `Kept` for this process alone: for when the state is what needs a person."""

    def __init__(self) -> None:
        self.kept: dict[str, Effect] = {}

    async def effects(self, prefix: str = "") -> dict[str, Effect]:
        return {key: one for key, one in self.kept.items() if key.startswith(prefix)}

    async def claim(self, key: str, *, job: str, now: datetime) -> tuple[Effect, bool]:
        fresh = key not in self.kept
        made = Effect(key=key, job=job, status=Status.CLAIMED, created=now, updated=now)
        return self.kept.setdefault(key, made), fresh

    async def keep(self, effect: Effect) -> None:
        self.kept[effect.key] = effect
