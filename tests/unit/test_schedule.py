"""When jobs wake, and which occurrence is due: the same everywhere, nothing twice, nothing lost."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from service.jobs import JOBS
from service.jobs.spec import ClockPoll, Job, LastOfMonth, Poll, Wakes, Weekdays, WorkdayPoll
from service.schedule import (
    ASK_AGAIN,
    LOOK_BACK,
    Entry,
    Timetable,
    trigger,
)
from service.settings.kinds import PARTS_OF_A_DAY

ZONE = "Europe/Stockholm"
SPRING, AUTUMN = date(2023, 3, 26), date(2023, 10, 29)
NETWORKS = ("kommunnatverket", "natverk-2", "x")
DEFAULTS = {
    "calendar": 15,
    "drives": 10,
    "channel": 60,
    "surveys": 60,
    "meetings": 60,
    "reminders": 15,
}
NOON = datetime(2023, 6, 14, 10, 0, tzinfo=UTC)  # a Wednesday


def job(wakes: Wakes) -> Job[Any]:
    async def observe(at: object) -> None: ...

    return Job(name="example", does="", wakes=wakes, observe=observe, plan=lambda seen, now: ())


def fires(
    wakes: Wakes,
    first: datetime,
    last: datetime,
    *,
    minutes: int = 15,
    network: str = NETWORKS[0],
) -> Iterator[datetime]:
    """Every fire time in the span, as the timetable asks for them."""
    poll = dict.fromkeys(DEFAULTS, minutes)
    entry = Entry(
        job=job(wakes),
        network_id=network,
        trigger=trigger(job(wakes), network, ZONE, poll),
        last=first,
    )
    while (following := entry.next_wake(first)) < last:
        yield following
        first = following


def day_of(day: date, days: int = 1) -> tuple[datetime, datetime]:
    begin = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(ZONE))
    end = begin + timedelta(days=days)  # of the wall clock
    return begin.astimezone(UTC), end.astimezone(UTC)


def shown(moments: Iterator[datetime]) -> list[str]:
    return [moment.astimezone(ZoneInfo(ZONE)).strftime("%H:%M") for moment in moments]


# ---------------------------------------------------------------- fire times


@pytest.mark.parametrize("each", JOBS, ids=lambda each: each.name)
def test_of_job_and_network_alone(each: Job[Any]) -> None:
    """Asked again, from anywhere, the same times: there are no dice and no memory."""
    for network in NETWORKS:
        begin, end = day_of(date(2023, 6, 30))
        once = list(fires(each.wakes, begin, end, network=network))
        noon = begin + timedelta(hours=12)

        assert once == list(fires(each.wakes, begin, end, network=network))
        assert list(fires(each.wakes, noon, end, network=network)) == [t for t in once if t > noon]


def test_networks_are_spread() -> None:
    """Not every network asks at the same minute."""
    begin, end = day_of(date(2023, 6, 14))
    minutes = {
        next(fires(Poll(setting="surveys"), begin, end, minutes=60, network=f"natverk-{n}")).minute
        for n in range(20)
    }
    assert len(minutes) > 5


@pytest.mark.parametrize("minutes", PARTS_OF_A_DAY)
@pytest.mark.parametrize(
    "wakes",
    [Poll(setting="drives"), WorkdayPoll(setting="reminders"), ClockPoll(setting="reminders")],
)
def test_any_poll_value(wakes: Wakes, minutes: int) -> None:
    """Every value that the settings allow makes a trigger that fires, and not from two to three."""
    begin, end = day_of(date(2023, 6, 14))
    for network in NETWORKS:
        found = list(fires(wakes, begin, end, minutes=minutes, network=network))
        assert found
        assert not any(time.startswith("02:") for time in shown(iter(found)))


@pytest.mark.parametrize("minutes", [minutes for minutes in PARTS_OF_A_DAY if minutes < 720])
def test_poll_is_as_often_as_it_says(minutes: int) -> None:
    """The times between two readings are what was set; round the forbidden hour, up to twice."""
    begin, end = day_of(date(2023, 6, 14))
    found = list(fires(Poll(setting="drives"), begin, end, minutes=minutes))
    gaps = sorted(later - sooner for sooner, later in pairwise(found))

    assert gaps[0] == gaps[len(gaps) // 2] == timedelta(minutes=minutes)
    assert gaps[-1] <= max(timedelta(minutes=2 * minutes), timedelta(minutes=minutes + 60))


@pytest.mark.parametrize("day", [SPRING, AUTUMN], ids=["spring", "autumn"])
@pytest.mark.parametrize("minutes", PARTS_OF_A_DAY)
def test_clock_changes(day: date, minutes: int) -> None:
    """On both days the clocks show the same fire times as on any other: none twice, none lost."""
    for network in NETWORKS:
        poll = Poll(setting="drives")
        usual = fires(poll, *day_of(day - timedelta(days=7)), minutes=minutes, network=network)
        changing = list(fires(poll, *day_of(day), minutes=minutes, network=network))

        assert shown(iter(changing)) == shown(usual)
        assert changing == sorted(set(changing))


@pytest.mark.parametrize("each", JOBS, ids=lambda each: each.name)
@pytest.mark.parametrize("day", [SPRING, AUTUMN], ids=["spring", "autumn"])
def test_clock_changes_for_every_job(each: Job[Any], day: date) -> None:
    """The week of a clock change has the local fire times of another week."""
    monday = day - timedelta(days=6)
    usual = shown(fires(each.wakes, *day_of(monday - timedelta(days=7), 7)))
    changing = shown(fires(each.wakes, *day_of(monday, 7)))

    if not isinstance(each.wakes, LastOfMonth):
        assert changing == usual
    assert not any(time.startswith("02:") for time in changing)


def test_workday_poll() -> None:
    """Posts are looked for on weekdays from 08 to 17, local time."""
    poll = WorkdayPoll(setting="reminders")
    found = shown(fires(poll, *day_of(date(2023, 6, 16))))

    assert (found[0], found[-1], len(found)) == ("08:00", "16:45", 36)
    assert list(fires(poll, *day_of(date(2023, 6, 17), 2))) == []  # Saturday and Sunday


def test_clock_poll() -> None:
    """What is due at half past seven is found then, on a Saturday too, by every network."""
    poll = ClockPoll(setting="reminders")
    for network in NETWORKS:
        found = shown(fires(poll, *day_of(date(2023, 6, 17)), network=network))
        assert "07:30" in found
        assert len(found) == 23 * 4 - 1  # the first is asked for after midnight


def test_weekdays() -> None:
    """Once on every weekday, at the local hour, summer and winter."""
    wakes = Weekdays(at="08:30")
    assert shown(fires(wakes, *day_of(date(2023, 6, 12), 7))) == ["08:30"] * 5
    assert shown(fires(wakes, *day_of(date(2023, 12, 11), 7))) == ["08:30"] * 5


def test_last_of_month() -> None:
    """On the last day of every month, leap years too."""
    wakes = LastOfMonth(at="18:00")
    found = fires(wakes, *day_of(date(2024, 1, 1), 366))
    local = [moment.astimezone(ZoneInfo(ZONE)) for moment in found]

    lasts = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    assert [moment.day for moment in local] == lasts
    assert {moment.strftime("%H:%M") for moment in local} == {"18:00"}


# ---------------------------------------------------------------- what is due


def entry(wakes: Wakes = Poll(setting="drives"), last: datetime | None = NOON) -> Entry:  # noqa: B008
    """Every quarter of an hour, at minutes of the network's own."""
    return Entry(
        job=job(wakes),
        network_id="x",
        trigger=trigger(job(wakes), "x", ZONE, DEFAULTS | {"drives": 15}),
        last=last,
    )


def test_due() -> None:
    """Nothing is due before the next fire time, the occurrence is from then on, until it ran."""
    one = entry()
    period = one.next_wake(NOON)

    assert one.due(period - timedelta(seconds=1)) is None
    assert one.due(period) == one.due(period + timedelta(minutes=1)) == period
    one.ran(period)
    assert one.due(period + timedelta(minutes=1)) is None


def test_missed_ones_are_one() -> None:
    """After a night's sleep the last occurrence is due, and no earlier one after it."""
    one = entry()
    morning = NOON + timedelta(hours=20)
    period = one.due(morning)

    assert period is not None
    assert morning - timedelta(minutes=15) < period <= morning
    one.ran(period)
    assert one.due(morning) is None


def test_fire_times_of_a_moment_are_not_repeated() -> None:
    """An occurrence that ran at its very fire time is not due again at that moment."""
    one = entry()
    period = one.next_wake(NOON)
    one.ran(period)

    assert one.due(period) is None
    assert one.next_wake(period) > period


def test_first_start_looks_back() -> None:
    """A job that has never run catches up its last occurrence, a month's report too."""
    report = entry(LastOfMonth(at="18:00"), last=None)
    assert report.due(NOON) == datetime(2023, 5, 31, 16, 0, tzinfo=UTC)
    assert timedelta(days=31) < LOOK_BACK


def test_first_start_goes_on() -> None:
    """Where it had nothing to catch up, the next occurrence is due at its time."""
    one = entry(Weekdays(at="08:30"), last=None)
    caught_up = one.due(NOON)
    assert caught_up == datetime(2023, 6, 14, 6, 30, tzinfo=UTC)
    one.ran(caught_up)
    assert one.due(NOON) is None
    assert one.due(NOON + timedelta(days=1)) == caught_up + timedelta(days=1)


def test_postpone() -> None:
    """A postponed period is due again at its time, under its own identity, and then once."""
    daily = entry(Weekdays(at="08:30"), last=None)
    period = daily.due(NOON)
    assert period is not None
    daily.postpone(period, NOON + timedelta(minutes=40))

    assert daily.due(NOON + timedelta(minutes=39)) is None
    assert daily.next_wake(NOON) == NOON + timedelta(minutes=40)
    assert daily.due(NOON + timedelta(minutes=40)) == period
    daily.ran(period)
    assert daily.due(NOON + timedelta(minutes=41)) is None


def test_a_newer_occurrence_takes_over() -> None:
    """Where the next occurrence comes first, the postponed one is not run beside it."""
    one = entry()
    period = one.next_wake(NOON)
    one.postpone(period, period + timedelta(minutes=30))
    newer = period + timedelta(minutes=15)

    assert one.due(newer) == newer
    one.ran(newer)
    assert one.due(newer + timedelta(minutes=14)) is None


def test_left_to_another_process() -> None:
    """A postponed period whose time is over is asked for again, and not without pause."""
    daily = entry(Weekdays(at="08:30"), last=None)
    period = daily.due(NOON)
    assert period is not None
    daily.postpone(period, NOON)

    assert daily.next_wake(NOON) == NOON + ASK_AGAIN
    assert daily.due(NOON + ASK_AGAIN) == period


def test_timetable() -> None:
    """What is due at once comes in the order of the jobs, and the first wake-up counts."""
    poll, daily = entry(), entry(Weekdays(at="08:30"))
    table = Timetable([daily, poll])
    tomorrow = NOON + timedelta(days=1)

    assert [one for one, _ in table.due(tomorrow)] == [daily, poll]
    assert table.next_wake(NOON) == poll.next_wake(NOON)
    assert table.due(NOON) == []


def test_a_person_at_once() -> None:
    """Asked for now, it is due now and once; what was due already is what runs."""
    daily = entry(Weekdays(at="08:30"), last=NOON)
    daily.at_once(NOON + timedelta(hours=1))
    period = daily.due(NOON + timedelta(hours=1))
    assert period == NOON + timedelta(hours=1)
    daily.ran(period)
    assert daily.due(NOON + timedelta(hours=1)) is None

    missed = daily.due(NOON + timedelta(days=2))
    daily.at_once(NOON + timedelta(days=2))
    assert daily.due(NOON + timedelta(days=2)) == missed


def test_another_timetable_goes_on() -> None:
    """Made anew with other times, nothing is due that ran, and what waits still waits."""
    before, after = entry(), entry(last=None)
    period = before.next_wake(NOON)
    before.failed(period, period)
    table = Timetable([after])
    table.take_over(Timetable([before]))

    assert (after.last, after.again, after.failures) == (period, before.again, 1)
    assert table.entry("x", "example") is after
    assert table.entry("y", "example") is None
