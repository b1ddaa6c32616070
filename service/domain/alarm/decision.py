"""
When an administrator is told of a need: once it has lasted, once, and once that it is over.

Nobody is called for what heals by itself: each kind of need has a patience of its own. What comes
and goes is told at most once a day.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.domain.standing import Need, Who

QUIET = timedelta(minutes=30)
"""So long a need must be gone before it is said to be over."""
AGAIN_AFTER = timedelta(days=1)
"""Before the same thing is told again, come and go as it may."""
USUAL_PATIENCE = timedelta(hours=1)

_PATIENCE = {
    "credential": timedelta(),
    # Its day has come, and it is not over before somebody acts.
    "ending": timedelta(),
    "settings": timedelta(),
    "state": timedelta(),
    "space": timedelta(),
    "valve": timedelta(),
    # A right takes up to two hours to be felt once it is granted, and one to be asked for twice.
    "right": timedelta(hours=1),
    "way": timedelta(hours=1),
    "unreachable": timedelta(hours=4),
    "late": timedelta(hours=4),
    "stuck": timedelta(hours=6),
}


def patience(kind: str) -> timedelta:
    """Return how long a need of this kind is left to heal."""
    return _PATIENCE.get(kind, USUAL_PATIENCE)


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """A need that was told, or was to be: the latest time of each thing."""

    thing: str
    number: int
    """Which time it is that this thing is told, from 1."""
    told: datetime | None
    """When it was; None: every way refused it, and it is tried again at `retry_at`."""
    stage: int | None
    """How many days before an end it was told, where it has one."""
    subject: str
    network_id: str | None
    gone: datetime | None = None
    """Since when it is not there any more."""
    over: bool = False
    """That has been told, too."""
    retry_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Telling:
    """A need that is to be told now."""

    need: Need
    thing: str
    number: int
    stage: int | None


@dataclass(frozen=True, kw_only=True)
class Decision:
    tell: tuple[Telling, ...] = ()
    clear: tuple[Alarm, ...] = ()
    """What is over, and is to be said to be."""
    gone: tuple[Alarm, ...] = ()
    """What is not there any more since just now."""
    back: tuple[Alarm, ...] = ()
    """What has come back before it was said to be over: nobody is told."""

    @property
    def is_idle(self) -> bool:
        """Nothing is to be told or kept."""
        return not (self.tell or self.clear or self.gone or self.back)


def thing_of(need: Need) -> tuple[str, int | None]:
    """Return what a need is about, and how near its end is: after an `@` of its id, in days."""
    thing, _, stage = need.id.partition("@")
    return thing, int(stage) if stage.lstrip("-").isdecimal() else None


def decide(needs: Iterable[Need], alarms: Sequence[Alarm], now: datetime) -> Decision:
    """Decide from what there is and what was told before. Needs of others are left alone."""
    present = {thing_of(need)[0]: need for need in needs if need.who is Who.ADMIN}
    known = {alarm.thing: alarm for alarm in alarms}
    there = [alarm for alarm in known.values() if not alarm.over and alarm.told is not None]
    absent = [alarm for alarm in there if alarm.thing not in present]
    return Decision(
        tell=tuple(_tell(present, known, now)),
        clear=tuple(one for one in absent if one.gone is not None and now - one.gone >= QUIET),
        gone=tuple(one for one in absent if one.gone is None),
        back=tuple(one for one in there if one.thing in present and one.gone is not None),
    )


def _tell(present: dict[str, Need], known: dict[str, Alarm], now: datetime) -> Iterator[Telling]:
    for thing, need in present.items():
        _, stage = thing_of(need)
        number = _number(known.get(thing), stage, now)
        if number is not None and now - need.since >= patience(need.kind):
            yield Telling(need=need, thing=thing, number=number, stage=stage)


def _number(alarm: Alarm | None, stage: int | None, now: datetime) -> int | None:
    """Return under which number a need that is there is to be told; None: it is not."""
    if alarm is None:
        return 1
    if alarm.told is None:
        # Tried before, in vain: the same telling, unless it is too early.
        return alarm.number if alarm.retry_at is None or alarm.retry_at <= now else None
    is_nearer = stage is not None and alarm.stage is not None and stage < alarm.stage
    has_rested = now - alarm.told >= AGAIN_AFTER
    if (alarm.over and has_rested) or is_nearer:
        return alarm.number + 1
    return None
