"""Waking, and a clock that jumps: nothing twice, nothing lost, no haste."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.jobs.spec import Job, LastOfMonth, Poll, Wakes, Weekdays
from service.schedule import SET_BACK, Entry, Timetable, Waker, keep_waking, trigger

NOON = datetime(2023, 6, 14, 10, 0, tzinfo=UTC)  # a Wednesday


def entry(wakes: Wakes = Poll(setting="drives")) -> Entry:  # noqa: B008
    """Every quarter of an hour, at minutes of the network's own."""

    async def observe(at: object) -> None: ...

    job: Job[Any] = Job(
        name="example", does="", wakes=wakes, observe=observe, plan=lambda seen, now: ()
    )
    made = trigger(job, "x", "Europe/Stockholm", {"drives": 15})
    return Entry(job=job, network_id="x", trigger=made, last=NOON)


# ---------------------------------------------------------------- a clock that jumps


@given(
    steps=st.lists(st.timedeltas(min_value=timedelta(hours=-3), max_value=timedelta(days=40))),
    wakes=st.sampled_from([Poll(setting="drives"), Weekdays(at="08:30"), LastOfMonth(at="18:00")]),
)
def test_any_jumps(steps: list[timedelta], wakes: Wakes) -> None:
    """Whatever the clock does: nothing is due twice at a moment, nothing lies before a wake-up."""
    one, now = entry(wakes), NOON
    for step in steps:
        now += step
        while (period := one.due(now)) is not None:
            assert period <= now
            one.ran(period)
            assert one.due(now) is None
        assert one.next_wake(now) > now


def test_put_back_a_little() -> None:
    """A second is corrected after a suspension: what ran at that time does not run again."""
    one = entry()
    period = one.next_wake(NOON)
    assert one.due(period) == period
    one.ran(period)
    for seconds in range(0, int(SET_BACK.total_seconds()), 60):
        assert one.due(period - timedelta(seconds=seconds)) is None


@pytest.mark.parametrize("ran", [True, False])
def test_put_back_by_years(*, ran: bool) -> None:
    """A machine that began in 2036 by an empty battery goes on at once in its own year."""
    one, far = entry(Weekdays(at="08:30")), NOON + timedelta(days=13 * 365)
    period = one.due(far)
    assert period is not None
    if ran:
        one.ran(period)
    assert one.due(NOON) is None
    assert one.next_wake(NOON) - NOON < timedelta(days=1)
    assert one.due(NOON + timedelta(days=1)) is not None


class Counting:
    """A trigger that knows how often it was asked."""

    def __init__(self, trigger: Any) -> None:
        self.trigger, self.calls = trigger, 0

    def get_next_fire_time(self, previous: None, now: datetime) -> datetime:
        self.calls += 1
        found: datetime = self.trigger.get_next_fire_time(previous, now)
        return found


@pytest.mark.parametrize("back", [timedelta(hours=1), timedelta(days=30)])
def test_put_forward(back: timedelta) -> None:
    """After a long sleep the last occurrence is due, found without asking for all of them."""
    one = entry()
    counting = Counting(one.trigger)
    one.trigger = counting
    period = one.due(NOON + back)
    assert period is not None
    assert NOON + back - timedelta(minutes=15) < period <= NOON + back
    one.due(NOON + back)
    assert counting.calls < 10


# ---------------------------------------------------------------- waking


def followed() -> Waker:
    waker = Waker()
    waker.follow(Timetable([entry()]))
    return waker


async def test_keep_waking() -> None:
    """The tick runs at once and then as soon as it asked to; `stop` ends it between two ticks."""
    stop, times = asyncio.Event(), 0

    async def tick() -> timedelta:
        nonlocal times
        times += 1
        if times == 3:
            stop.set()
        return timedelta(0)

    async with asyncio.timeout(20):
        await keep_waking(followed(), tick, stop)
    assert times == 3


async def test_the_tick_under_way_is_finished() -> None:
    """Stopped in the middle of a tick, it waits for its end."""
    stop, begun, go_on, told = asyncio.Event(), asyncio.Event(), asyncio.Event(), []

    async def tick() -> timedelta:
        begun.set()
        await go_on.wait()
        told.append("finished")
        return timedelta(days=1)

    async with asyncio.timeout(20):
        waker = followed()
        waking = asyncio.create_task(keep_waking(waker, tick, stop))
        await begun.wait()
        stop.set()
        waker.ring()
        await asyncio.sleep(0)
        assert not waking.done()
        go_on.set()
        await waking
    assert told == ["finished"]


async def test_stopped_while_nothing_is_due() -> None:
    """A tick that wants to sleep for a day is no reason to stay."""
    stop, slept = asyncio.Event(), asyncio.Event()

    async def tick() -> timedelta:
        slept.set()
        return timedelta(days=1)

    async with asyncio.timeout(20):
        waker = followed()
        waking = asyncio.create_task(keep_waking(waker, tick, stop))
        await slept.wait()
        stop.set()
        waker.ring()
        await waking


async def test_stopped_before_the_first_tick() -> None:
    """Stopped already, nothing runs."""
    stop, told = asyncio.Event(), []
    stop.set()

    async def tick() -> timedelta:
        told.append("ran")
        return timedelta(0)

    async with asyncio.timeout(20):
        await keep_waking(followed(), tick, stop)
    assert told == []


async def test_what_the_tick_raises_ends_it() -> None:
    """A fault of ours is not hidden in the scheduler's log."""

    async def tick() -> timedelta:
        raise KeyError("bug")

    async with asyncio.timeout(20):
        with pytest.raises(KeyError):
            await keep_waking(followed(), tick, asyncio.Event())
